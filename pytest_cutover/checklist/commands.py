"""Running the team's commands: with a time limit, and without what they print being trusted."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pytest_cutover.backends.process.supervised import LaunchError, SupervisedProcess
from pytest_cutover.backends.run_dir import temporary
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.command import Command
from pytest_cutover.config.constraints import REFERENCE

_TAIL_LINES: Final = 15


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command: `status` is None where it did not end, or did not start.

    `tail` are its last lines without secrets, `problem` says why there is no status.
    """

    shown: str
    status: int | None
    output: str
    tail: str
    problem: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it ended with 0."""
        return self.status == 0


def run(
    command: Command, context: Context, *, as_candidate: bool = False, apart: bool = False
) -> Ran:
    """Run a command to its end or its time limit; nothing of it is left running.

    With `as_candidate` it has the variables of a candidate that this run launched; with `apart`
    what it writes to standard error is in its tail and not in its output.

    Whatever it prints is scrubbed of the session's secrets, of the values of variables that have a
    telling name, and of passwords in URLs.
    """
    shown = clean(command.shown, context)
    try:
        env = _environment(command, context, as_candidate=as_candidate)
    except KeyError as error:
        problem = f"needs the environment variable {error.args[0]}, which is not set"
        return Ran(shown, None, "", "", problem)
    with temporary("command") as folder:
        log, errors = folder / "log", folder / "errors"
        log.touch()
        errors.touch()
        try:
            process = SupervisedProcess.start(
                command.argv,
                env=env,
                cwd=context.root / command.cwd,
                log_path=log,
                errors_path=errors if apart else None,
                grace_s=2.0,
            )
        except (LaunchError, OSError) as error:
            return Ran(shown, None, "", "", f"could not be started: {clean(str(error), context)}")
        try:
            status = _wait(process, command.timeout)
        finally:
            process.stop()
        output, beside = (one.read_text("utf-8", "replace") for one in (log, errors))
    lines = [*output.splitlines(), *beside.splitlines()]
    tail = clean("\n".join(lines[-_TAIL_LINES:]), context)
    problem = "" if status is not None else f"was still running after {command.timeout:g} s"
    return Ran(shown, status, output, tail, problem)


def checked(
    command: Command, context: Context, *, what: str, as_candidate: bool = False
) -> CheckResult:
    """Make a check of a command: 0 passes, anything else fails, and no end decides nothing."""
    ran = run(command, context, as_candidate=as_candidate)
    if ran.problem:
        return undecided(f"{what}: {ran.problem}", _said(ran))
    if ran.succeeded:
        return passed(f"{what}: `{ran.shown}` succeeded")
    return failed(f"{what}: status {ran.status}", _said(ran), limit="status 0", next=ran.shown)


def clean(text: str, context: Context) -> str:
    """Return the text without secrets."""
    return context.scrub(text)


def _said(ran: Ran) -> str:
    said = f" It said last:\n{ran.tail}" if ran.tail.strip() else " It said nothing."
    return (
        f"`{ran.shown}` ended with status {ran.status}." * (ran.status is not None)
        + (f"`{ran.shown}` {ran.problem}." * (ran.status is None))
        + said
    )


def candidate_environment(context: Context) -> dict[str, str] | None:
    """Return the variables of the candidate's process, where this run launched it; None
    otherwise.
    """
    if context.candidate_pid is None:
        return None
    try:
        raw = Path(f"/proc/{context.candidate_pid}/environ").read_bytes()
    except OSError:
        return _environment_by_psutil(context.candidate_pid)
    pairs = (os.fsdecode(line).partition("=") for line in raw.split(b"\0") if b"=" in line)
    return {name: value for name, _, value in pairs}


def _environment_by_psutil(pid: int) -> dict[str, str] | None:
    """Return the same where there is no /proc; None without the extra that brings psutil."""
    try:
        import psutil
    except ImportError:
        return None
    try:
        return dict(psutil.Process(pid).environ())
    except psutil.Error:
        return None


def _environment(command: Command, context: Context, *, as_candidate: bool) -> dict[str, str]:
    """Return the process's own variables and the command's; the telling ones are secrets from
    now on.
    """
    env = dict(os.environ)
    if as_candidate:
        env |= candidate_environment(context) or {}
    for name, value in command.env.items():
        env[name] = REFERENCE.sub(lambda found: os.environ[found[1]], value)
    context.session.secrets.observe_environment(env)
    return env


def _wait(process: SupervisedProcess, timeout_s: float) -> int | None:
    deadline = time.monotonic() + timeout_s
    while (status := process.poll()) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return status
