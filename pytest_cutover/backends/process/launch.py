"""Starting the backends of a target, waiting until they answer, and stopping them.

Called by `plugin` on the controller only; workers are given the URLs.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pytest_cutover.backends.http.client import wait_until_ready
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.process.supervised import LaunchError, SupervisedProcess, how_it_ended
from pytest_cutover.backends.run_dir import RunFolder, temporary
from pytest_cutover.config.target import BackendSpec, Target
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.sanitize import one_line

_ATTEMPTS = 3
_LAST_BREATH_S = 5.0
# Below what Linux (32768), macOS and Windows (49152) choose from, and what Kubernetes does (30000).
_PORTS = range(20_000, 30_000)
_LAST_LINE = 160
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_PORT_TAKEN = ("EADDRINUSE", "Address already in use", "address already in use", "errno 98")

Environment = Callable[[Side], Mapping[str, str]]


@dataclass(slots=True)
class RunningSide:
    """Where a side answers. `problem` is why it does not, in whole sentences."""

    side: Side
    url: str
    process: SupervisedProcess | None = None
    problem: str | None = None

    @property
    def pid(self) -> int | None:
        """The process id of a backend that the run launched."""
        return self.process.pid if self.process else None

    def death(self, *, look_twice: bool = False) -> str | None:
        """Why a backend that was launched and ready answers no more; None while it does.

        With `look_twice` it is also asked whether it lets anybody in: one that has just been
        killed, or closed its door, may still be there.
        """
        process = self.process
        if process is None:
            return None
        status = process.poll()
        if status is None:
            if not (process.gone() or (look_twice and _refuses(self.url))):
                return None
            status = process.wait(_LAST_BREATH_S)
        how = how_it_ended(status) if status is not None else "runs, and lets nobody in any more"
        return (
            f"the {self.side} backend ended during the run: `{' '.join(process.argv)}` {how}.\n"
            f"Expected it to answer until the end; whatever answered at {self.url} afterwards was "
            f"not it. Look in its log, and run again.\n"
            f"The last lines of its log:\n{_indented(process.log_tail(30))}"
        )


@dataclass(slots=True)
class RunningTarget:
    """Both sides of a target, for as long as a session lasts."""

    target: Target
    sides: dict[Side, RunningSide] = field(default_factory=dict)
    cleanup: ExitStack = field(default_factory=ExitStack)
    logs: RunFolder | None = None

    @property
    def problems(self) -> list[RunningSide]:
        """The sides that do not answer."""
        return [running for running in self.sides.values() if running.problem]

    def stop(self, keep_logs: Path | None, scrub: Callable[[str], str]) -> None:
        """Stop what was launched, then what the project started for it; keep scrubbed logs."""
        try:
            for running in self.sides.values():
                if running.process is not None:
                    running.process.stop()
        finally:
            try:
                self.cleanup.close()
            finally:
                self._keep_logs(keep_logs, scrub)

    def _keep_logs(self, keep_logs: Path | None, scrub: Callable[[str], str]) -> None:
        if self.logs is None:
            return
        try:
            if keep_logs is not None:
                keep_logs.mkdir(parents=True, exist_ok=True)
                for log in sorted(self.logs.path.glob("*.log")):
                    text = scrub(log.read_text("utf-8", "replace"))
                    (keep_logs / log.name).write_text(text, "utf-8")
        except OSError:
            # The report says that the folder cannot be written; a lost log changes no verdict.
            pass
        finally:
            self.logs.remove()
            self.logs = None


def start_target(target: Target, *, environment: Environment, cleanup: ExitStack) -> RunningTarget:
    """Start or find both sides of a resolved target.

    Never raises for a backend that does not come up: its `problem` says so, with the last lines of
    its log. `environment` gives more variables for a side that is launched.
    """
    running = RunningTarget(target, cleanup=cleanup)
    try:
        for side in Side:
            running.sides[side] = _start_side(running, side, environment)
    except BaseException:
        # Interrupted while waiting: what runs already must not outlive the run.
        running.stop(None, str)
        raise
    return running


def _start_side(running: RunningTarget, side: Side, environment: Environment) -> RunningSide:
    spec: BackendSpec = getattr(running.target, str(side))
    if not spec.launched:
        assert spec.url is not None
        return RunningSide(side, spec.url, problem=_find(side, spec, spec.url))
    if running.logs is None:
        running.logs = temporary("logs")
    try:
        extra = environment(side)
    except Exception as error:
        trace = "".join(traceback.format_exception(error)).rstrip()
        problem = (
            f"the {side} backend was not launched: the project's hook pytest_cutover_environment "
            f"failed: {type(error).__name__}: {error}\n"
            f"Expected the variables for the backend. Mend the hook in conftest.py:\n"
            f"{_indented(trace)}"
        )
        return RunningSide(side, "", problem=problem)
    log_path = running.logs.path / f"{running.target.name or 'adhoc'}-{side}.log"
    return launch(side, spec, extra, log_path)


def _find(side: Side, spec: BackendSpec, url: str) -> str | None:
    transport = _asking(side, url, spec)
    try:
        reason = wait_until_ready(
            transport,
            spec.ready,
            # A backend in service answers something; whether it is healthy is for the tests.
            accepts=lambda _status: True,
            deadline_s=min(spec.ready_timeout_s, 10.0),
            ended=lambda: None,
        )
    finally:
        transport.close()
    if reason is None:
        return None
    said, _, hint = reason.partition("\n")
    if hint:
        return f"the {side} backend cannot be asked: GET {url}{spec.ready}: {said}.\n{hint}"
    return (
        f"the {side} backend does not answer: GET {url}{spec.ready} was asked for "
        f"{min(spec.ready_timeout_s, 10.0):g} s and ended with {reason}.\n"
        f"Expected any HTTP answer. {_way_out(side, reason)}"
    )


def _way_out(side: Side, reason: str) -> str:
    """Return what to look at, by how the connection ended."""
    said = reason.lower()
    if "certificate" in said:
        return (
            "Its certificate is vouched for by nobody that this machine knows: name the CA with "
            f'verify = "ca.pem" in [targets.NAME.{side}], or correct the host name in the URL.'
        )
    if "wrong_version_number" in said or "record layer" in said or "ssl" in said:
        return "It does not speak TLS at this port as https needs: try http://, or another port."
    if "name or service" in said or "nodename" in said or "resolution" in said:
        return f"The host has no address here: check its name, the VPN, and the DNS.{_proxy()}"
    return (
        "Check host and port of the URL, and that it can be reached from here (VPN, firewall)."
        f"{_proxy()}"
    )


def _proxy() -> str:
    """Return what is to be known where the environment names a proxy: it would be measured too."""
    for name in _PROXIES:
        if os.environ.get(name) or os.environ.get(name.lower()):
            return f" {name} is set and not used: both sides are asked without a proxy."
    return ""


def launch(side: Side, spec: BackendSpec, extra: Mapping[str, str], log_path: Path) -> RunningSide:
    """Start a process of a side on a free port and wait until it is ready.

    One that does not come up has a `problem`, with the last lines of its log.
    """
    running = RunningSide(side, "")
    for _attempt in range(_ATTEMPTS):
        port = free_port()
        running.url = f"http://127.0.0.1:{port}{spec.base_path}"
        env = {**os.environ, **spec.env_for(port), **extra}
        command = spec.command_for(port)
        try:
            process = SupervisedProcess.start(command, env=env, cwd=spec.cwd, log_path=log_path)
        except LaunchError as error:
            running.problem = (
                f"the {side} backend could not be launched: {error}; check its command and cwd\n"
                f"Expected a program that starts in {spec.cwd}. It is started as command says in "
                f"[targets.NAME.{side}]."
            )
            return running
        try:
            reason = _wait(side, spec, running.url, process)
        except BaseException:
            process.stop()
            raise
        if reason is None:
            running.process, running.problem = process, None
            return running
        process.stop()
        tail = process.log_tail(30)
        last = tail.strip().rpartition("\n")[2].strip()
        said = f" ({one_line(last, _LAST_LINE)})" if last else ""
        running.problem = (
            f"the {side} backend did not become ready: GET {spec.base_path}{spec.ready} ended with "
            f"{reason}{said}.\n"
            f"Expected an accepted answer within {spec.ready_timeout_s:g} s from "
            f"`{' '.join(command)}`.\nThe last lines of its log:\n{_indented(tail)}"
        )
        if not any(word in tail for word in _PORT_TAKEN):
            break
    return running


def _wait(side: Side, spec: BackendSpec, url: str, process: SupervisedProcess) -> str | None:
    def ended() -> str | None:
        status = process.poll()
        return None if status is None else f"the process ending with status {status}"

    transport = _asking(side, url, spec)
    try:
        reason = wait_until_ready(
            transport,
            spec.ready,
            accepts=spec.is_ready,
            deadline_s=spec.ready_timeout_s,
            ended=ended,
        )
        # Another program may have taken the port and answered in its place.
        return reason or ended()
    finally:
        transport.close()


def _refuses(url: str) -> bool:
    """Whether nobody listens there; one whose queue is full does."""
    where = urlsplit(url)
    try:
        with socket.create_connection((where.hostname, where.port), timeout=1) as line:
            # The port is one of those that connections begin at, and then reach themselves.
            return bool(line.getsockname() == line.getpeername())
    except (ConnectionRefusedError, ConnectionResetError):
        return True  # reset: a program's door closes before the program is gone
    except OSError:
        return False


def _asking(side: Side, url: str, spec: BackendSpec) -> SideTransport:
    return SideTransport(
        side,
        url,
        permissions=Permissions(writes=False, requests_per_s=None),
        bounds=Bounds(connect_s=2.0, read_s=5.0, total_s=10.0),
        verify=spec.verify if isinstance(spec.verify, bool) else str(spec.verify),
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()) or "    (it is empty)"


def free_port() -> int:
    """Return a port that nobody listens on now, of those that a system gives to nobody unasked.

    A port of the system's own choice may be the next one's as well, before the backend has it.
    """
    for port in (*random.SystemRandom().sample(_PORTS, 50), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            free: int = probe.getsockname()[1]
            return free
    raise LaunchError("this machine has no free port")
