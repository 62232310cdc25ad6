"""What a check is given: the session, its part of the configuration, and how to speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.session import Session
from pytest_cutover.checklist.results import CheckResult
from pytest_cutover.config.checklist import Checklist
from pytest_cutover.config.model import Config
from pytest_cutover.config.run_plan import RunPlan
from pytest_cutover.core.exchange import Exchange, Side


def _silent(_line: str) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class Context:
    """One run, as checks see it. `say` writes one line to the terminal.

    `candidate_pid` is that of a candidate which the run launched. `shared` holds what several
    checks of one run have in common: the watch is one, its items are four.
    """

    session: Session
    table: Checklist
    say: Callable[[str], None] = _silent
    candidate_pid: int | None = None
    shared: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> RunPlan:
        """What was asked for."""
        return self.session.plan

    @property
    def config(self) -> Config:
        """The whole configuration."""
        return self.plan.config

    @property
    def root(self) -> Path:
        """The folder that paths of the configuration start from."""
        return self.plan.config.root

    @property
    def scale(self) -> float:
        """What every duration is multiplied by."""
        return self.plan.target.time_scale

    def scrub(self, text: str) -> str:
        """Return the text without secrets."""
        return self.session.secrets.scrub(text)

    @contextmanager
    def client(
        self, side: Side, *, writes: bool = False, heard: list[Exchange] | None = None
    ) -> Iterator[Backend]:
        """Return a client of one side, under the consent and the rate of the target.

        `writes` is the consent that stands in the configuration beside one request. Every exchange
        is added to `heard`.
        """
        if not writes:
            with _opened(self.session.transport(side), self.session, heard) as client:
                yield client
            return
        with self._apart(side, self.session.urls[side], writes=True, heard=heard) as client:
            yield client

    @contextmanager
    def public_client(
        self, url: str, *, writes: bool | None = None, heard: list[Exchange] | None = None
    ) -> Iterator[Backend]:
        """Return a client of the address that users have, with connections of its own.

        `writes` and `heard` as above; `writes` is by default that of the target. TLS is verified
        as the candidate's is.
        """
        consent = self.plan.target.may_write if writes is None else writes
        with self._apart(Side.CANDIDATE, url, writes=consent, heard=heard) as client:
            yield client

    @contextmanager
    def _apart(
        self, side: Side, url: str, *, writes: bool, heard: list[Exchange] | None = None
    ) -> Iterator[Backend]:
        target, verify = self.plan.target, self.plan.spec(side).verify
        transport = SideTransport(
            side,
            url,
            permissions=Permissions(
                writes=writes,
                requests_per_s=target.rate_cap_per_s,
                why_not="Set `writes = true` in the table of this target if it may be written to.",
            ),
            bounds=Bounds(connect_s=5.0, read_s=10.0, write_s=10.0, total_s=20.0),
            verify=verify if isinstance(verify, bool) else str(verify),
        )
        try:
            with _opened(transport, self.session, heard) as client:
                yield client
        finally:
            transport.close()


def _opened(
    transport: SideTransport, session: Session, heard: list[Exchange] | None = None
) -> Backend:
    recorder = Recorder("checklist", transport.side, session_started_s=session.plan.started_s)
    backend = open_backend(transport, recorder, endpoint_of=lambda method, path: f"{method} {path}")
    backend.headers.update(session.plan.spec(transport.side).headers)

    def remember(_response: object) -> None:
        while recorder.exchanges:
            exchange = recorder.exchanges.pop()
            session.secrets.observe(exchange)
            if heard is not None:
                heard.append(exchange)

    backend.event_hooks = {"request": [], "response": [remember]}
    return backend


CheckFunction = Callable[[Context], CheckResult]
