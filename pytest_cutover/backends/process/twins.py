"""Further processes of a backend that the run launches, for what is a process's own.

Started when they are first needed, in the process that runs the test, and stopped at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_cutover.backends.http.transport import SideTransport
from pytest_cutover.backends.login import Credentials
from pytest_cutover.backends.process.launch import launch
from pytest_cutover.backends.process.supervised import SupervisedProcess
from pytest_cutover.backends.run_dir import RunFolder, temporary
from pytest_cutover.config.target import BackendSpec
from pytest_cutover.core.exchange import Side


@dataclass(slots=True)
class StandIn:
    """What is asked in the place of a side for a while, and who is logged in there.

    `problem` says why it does not answer.
    """

    url: str
    problem: str = ""
    process: SupervisedProcess | None = None
    transport: SideTransport | None = None
    credentials: Credentials | str | None = None
    users: dict[str, Credentials | str] = field(default_factory=dict)

    def stop(self) -> None:
        """Close its connections, and end the process if it is one."""
        if self.transport is not None:
            self.transport.close()
            self.transport = None
        if self.process is not None:
            self.process.stop()
            self.process = None


@dataclass(slots=True)
class Twins:
    """The twins of a run, by side, in the order in which they were started."""

    _started: list[StandIn] = field(default_factory=list)
    _logs: RunFolder | None = None

    def start(self, side: Side, spec: BackendSpec, environment: Mapping[str, str]) -> StandIn:
        """Launch one more process of a side; one that does not come up has a problem."""
        if self._logs is None:
            self._logs = temporary("logs")
        log = self._logs.path / f"twin-{len(self._started) + 1}-{side}.log"
        running = launch(side, spec, environment, log)
        made = StandIn(running.url, running.problem or "", running.process)
        self._started.append(made)
        return made

    def named(self, url: str) -> StandIn:
        """Take a process that somebody else runs for a twin."""
        self._started.append(StandIn(url))
        return self._started[-1]

    def stop(self) -> None:
        """Stop all of them; nothing is left behind."""
        try:
            for one in self._started:
                one.stop()
        finally:
            self._started.clear()
            if self._logs is not None:
                self._logs.remove()
                self._logs = None
