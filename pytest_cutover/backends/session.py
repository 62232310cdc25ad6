"""What a session knows about its two backends; shared by the rooms through one stash key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.backends.http.client import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.login import Credentials
from pytest_cutover.backends.redaction.secrets import Secrets, of_authorization
from pytest_cutover.config.model import Config
from pytest_cutover.config.target import BackendSpec, Target
from pytest_cutover.core.evidence import Received
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.invocation import Invocation

COMPARED = ("characterization", "negative")
CROSSOVER = "crossover"
AGAIN = "baseline-again"


@dataclass(slots=True)
class SessionState:
    """One run: its target, where the sides answer, and the secrets seen.

    `asked` says whether the gate was asked for on the command line. `handed` is what a controller
    gave to this worker. `command` repeats the run. `urls` and `problems` are filled when the target
    is started, `held_back` with the node ids that were not run because of the problems, `deaths`
    with what became of a launched side in mid-run.
    `remembered` tells whether a test can be judged without the baseline. `complaints` are a
    worker's, for the controller to show. `received` is the evidence that reports brought to the
    controller. `lost_workers` have not said which secrets they met.
    """

    config: Config
    target: Target
    asked: bool
    phase: str
    report_dir: Path
    run_id: str
    started_s: float
    is_worker: bool
    handed: Mapping[str, Any] | None
    recording: bool
    command: Invocation = field(default_factory=Invocation)
    urls: dict[Side, str] = field(default_factory=dict)
    problems: dict[Side, str] = field(default_factory=dict)
    deaths: dict[Side, str] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    held_back: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    remembered: Callable[[str], bool] = lambda _test: False
    workers: int = 1
    received: Received = field(default_factory=Received)
    lost_workers: list[str] = field(default_factory=list)
    logins: dict[Side, Credentials | str] = field(default_factory=dict)
    _transports: dict[Side, SideTransport] = field(default_factory=dict)

    def spec(self, side: Side) -> BackendSpec:
        """The configuration of one side."""
        spec: BackendSpec = getattr(self.target, str(side))
        return spec

    @property
    def spool_dir(self) -> Path:
        """A folder of this run alone, for what is too large to travel as evidence."""
        return self.report_dir / f".run-{self.run_id}"

    def remember_configured_secrets(self) -> None:
        """What the configuration sends, and what the backends are given, may turn up anywhere."""
        self.secrets.observe_environment(os.environ)
        for value in (self.handed or {}).get("secrets", ()):
            self.secrets.add(value)
        for side in Side:
            self.secrets.observe_environment(self.spec(side).env)
            for name, value in self.spec(side).headers.items():
                if name.lower() in ("authorization", "proxy-authorization"):
                    for secret in of_authorization(value):
                        self.secrets.add(secret)
                else:
                    self.secrets.add(value)

    def scrub_log(self, text: str) -> str:
        """The log of a backend, without secrets; without a line where they are not known."""
        if self.lost_workers:
            return (
                f"This log is not kept: {', '.join(self.lost_workers)} ended without telling which "
                "secrets it met, and they may stand here.\n"
                "Run again without -n, or without what ended it, to have the log.\n"
            )
        return self.secrets.scrub_log(text)

    def transport(self, side: Side) -> SideTransport:
        """The one transport of a side; made when first asked for."""
        if side not in self._transports:
            spec, timeouts = self.spec(side), self.config.timeouts
            cap = self.target.rate_cap_per_s
            self._transports[side] = SideTransport(
                side,
                self.urls[side],
                permissions=Permissions(
                    writes=self.target.may_write,
                    requests_per_s=cap / self.workers if cap else None,
                    why_not=self._how_to_allow_writes(),
                ),
                bounds=Bounds(
                    connect_s=timeouts.connect_s,
                    read_s=timeouts.read_s,
                    write_s=timeouts.write_s,
                    total_s=timeouts.total_s,
                    max_body_bytes=self.config.limits.max_body_bytes,
                ),
                verify=spec.verify if isinstance(spec.verify, bool) else str(spec.verify),
            )
        return self._transports[side]

    def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            transport.close()

    def _how_to_allow_writes(self) -> str:
        if self.target.name in self.config.targets:
            return (
                f"If this environment may be written to, set `writes = true` in "
                f"[targets.{self.target.name}] of {self.config.source_name}."
            )
        return "If both may be written to, add --cutover-writes."


SESSION = pytest.StashKey[SessionState]()
RECORDERS = pytest.StashKey[dict[str, Recorder]]()
