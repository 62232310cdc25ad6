"""Processes that cannot outlive the run: backends, databases, load generators.

A `SupervisedProcess` is started through `_supervisor.py`, which ends the whole tree when it is
asked to, and also when this process disappears without a word. Called by `launch` and, through
`pytest_cutover.backends`, by projects that start something of their own beside the backends.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SUPERVISOR = Path(__file__).with_name("_supervisor.py")
_START_DEADLINE_S = 20.0
_LOG_TAIL_BYTES = 64 * 1024


class LaunchError(Exception):
    """A program could not be started, or ended before it was of use."""


@dataclass(slots=True)
class SupervisedProcess:
    """A running program with its log; `pid` is the program's own, not its supervisor's."""

    argv: tuple[str, ...]
    pid: int
    log_path: Path
    _supervisor: subprocess.Popen[bytes]
    _grace_s: float

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log_path: Path,
        errors_path: Path | None = None,
        user: str | int | None = None,
        group: str | int | None = None,
        stop_signal: int = signal.SIGTERM,
        grace_s: float = 10.0,
    ) -> SupervisedProcess:
        """Start `argv` with exactly `env`, its output appended to `log_path`.

        What it writes to standard error goes there too, or to `errors_path` where there is one.
        `user` and `group` need the rights to change to them. Raises LaunchError when the program
        cannot be started; says nothing about whether it is ready.
        """
        spec = {
            "argv": list(argv),
            "cwd": str(cwd),
            "log": str(log_path),
            "errors": str(errors_path) if errors_path else "",
            "user": user,
            "group": group,
            "stop_signal": int(stop_signal),
            "grace_s": grace_s,
        }
        supervisor = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SUPERVISOR), json.dumps(spec)],
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The supervisor writes there only when it breaks, and then somebody has to see it.
            stderr=None,
            start_new_session=True,
        )
        try:
            pid = _read_pid(supervisor, argv)
        except BaseException:
            _end(supervisor, grace_s)
            raise
        return cls(tuple(argv), pid, log_path, supervisor, grace_s)

    def poll(self) -> int | None:
        """Return the exit status, or None while the program runs."""
        return self._supervisor.poll()

    def gone(self) -> bool:
        """Whether the program itself is no more; what it started may still have to be stopped."""
        return is_gone(self.pid)

    def wait(self, timeout_s: float) -> int | None:
        """Return the exit status once everything of it is gone, or None when that takes longer."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._supervisor.wait(timeout_s)
        return None

    def stop(self) -> None:
        """Stop the program and everything it started; returns when all of it is gone."""
        _end(self._supervisor, self._grace_s)

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of the log."""
        with contextlib.suppress(OSError), self.log_path.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - _LOG_TAIL_BYTES))
            text = log.read().decode("utf-8", "replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""


def is_gone(pid: int) -> bool:
    """Whether a process that is not our child, and whose parent reaps it at once, has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def how_it_ended(status: int) -> str:
    """Return a status of `SupervisedProcess.poll`, in words; above 128 it is a signal's, as in
    a shell.
    """
    number = -status if status < 0 else status - 128
    try:
        return f"was ended by {signal.Signals(number).name} (status {128 + number})"
    except ValueError:
        return f"ended with status {status}"


def _read_pid(supervisor: subprocess.Popen[bytes], argv: Sequence[str]) -> int:
    assert supervisor.stdout is not None
    deadline = time.monotonic() + _START_DEADLINE_S
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([supervisor.stdout], [], [], left)[0]:
            raise LaunchError(f"`{' '.join(argv)}` did not start within {_START_DEADLINE_S:.0f} s")
        piece = os.read(supervisor.stdout.fileno(), 4096)
        if not piece:
            raise LaunchError(f"the supervisor of `{' '.join(argv)}` ended before it started it")
        line += piece
    word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
    if word != "pid":
        raise LaunchError(f"`{' '.join(argv)}` could not be started: {rest}")
    return int(rest)


def _end(supervisor: subprocess.Popen[bytes], grace_s: float) -> None:
    """Close the pipe that keeps the tree alive, and wait for the tree to be gone."""
    if supervisor.stdin is not None:
        with contextlib.suppress(OSError):
            supervisor.stdin.close()
    try:
        supervisor.wait(timeout=grace_s + 10)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
    if supervisor.stdout is not None:
        supervisor.stdout.close()
