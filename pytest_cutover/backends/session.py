"""What changes while a run goes on: where the sides answer, who is logged in, what was not run.

What was asked for is the `RunPlan`, which a session holds and nobody changes. The rooms are given
one session each other's work meets in; there is no second way from room to room.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.login import Credentials
from pytest_cutover.backends.process.twins import StandIn
from pytest_cutover.backends.redaction.secrets import Secrets, of_authorization
from pytest_cutover.config.run_plan import RunPlan
from pytest_cutover.core.endpoint import EndpointIndex
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import LeftOut, Received

COMPARED = ("characterization", "negative")
CROSSOVER = "crossover"
AGAIN = "baseline-again"


@dataclass(slots=True)
class Session:
    """One run as it goes on.

    - `urls`, `problems`: filled when the target is started; a side with a problem does not answer.
    - `deaths`: what became of a launched side in mid-run.
    - `credentials`: what the login of a side left, or why it failed.
    - `not_run`: the node ids that were left out because a side does not answer.
    - `set_aside`: the node ids that the phase of the plan does not run.
    - `left_out`: what the project itself took out of the run, and why it is no evidence.
    - `usage_errors`: what a worker refuses, for the controller to show.
    - `received`: the evidence that reports brought to the controller.
    - `lost_workers`: workers that have not said which secrets they met.
    - `endpoints`: the templates that markers and contract name.
    - `logins`: what the login of all tests asked each side, in this process.
    - `seeds`: what `cutover_seed` was told on each side, in this process.
    - `builds`: which build of each side answers, where that is known; `notes`: why not.
    - `rebuilt`: how it is known that a side is another build at the end than it was before.
    - `mirrors`: what is recorded from the baseline is sent to the candidate just now.
    - `launched_s`: between which times the run launched both sides; empty where it did not.
    """

    plan: RunPlan
    urls: dict[Side, str] = field(default_factory=dict)
    problems: dict[Side, str] = field(default_factory=dict)
    deaths: dict[Side, str] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    credentials: dict[Side, Credentials | str] = field(default_factory=dict)
    not_run: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    usage_errors: list[str] = field(default_factory=list)
    received: Received = field(default_factory=Received)
    lost_workers: list[str] = field(default_factory=list)
    endpoints: EndpointIndex = field(default_factory=EndpointIndex)
    logins: dict[Side, Recorder] = field(default_factory=dict)
    seeds: dict[Side, Recorder] = field(default_factory=dict)
    builds: dict[Side, str] = field(default_factory=dict)
    rebuilt: dict[Side, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    launched_s: tuple[float, ...] = ()
    mirrors: bool = False
    _transports: dict[Side, SideTransport] = field(default_factory=dict)

    def learn_configured_secrets(self) -> None:
        """Learn what the configuration sends and what backends are given: it may turn up."""
        self.secrets.observe_environment(os.environ)
        given = self.plan.from_controller
        for value in given.secrets if given else ():
            self.secrets.add(value)
        for side in Side:
            self.secrets.observe_environment(self.plan.spec(side).env)
            for name, value in self.plan.spec(side).headers.items():
                if name.lower() in ("authorization", "proxy-authorization"):
                    for secret in of_authorization(value):
                        self.secrets.add(secret, credential=True)
                else:
                    self.secrets.add(value, credential=True)

    def scrub_log(self, text: str) -> str:
        """Return the log of a backend without secrets; without a line where they are not known."""
        if self.lost_workers:
            return (
                f"This log is not kept: {', '.join(self.lost_workers)} ended without telling which "
                "secrets it met, and they may stand here.\n"
                "Run again without -n, or without what ended it, to have the log.\n"
            )
        return self.secrets.scrub_log(text)

    def transport(self, side: Side) -> SideTransport:
        """Return the one transport of a side; made when first asked for."""
        if side not in self._transports:
            plan = self.plan
            spec, timeouts = plan.spec(side), plan.config.timeouts
            cap = plan.target.rate_cap_per_s
            self._transports[side] = SideTransport(
                side,
                self.urls[side],
                permissions=Permissions(
                    writes=plan.target.may_write,
                    requests_per_s=cap / plan.workers if cap else None,
                    why_not=_how_to_allow_writes(plan),
                ),
                bounds=Bounds(
                    connect_s=timeouts.connect_s,
                    read_s=timeouts.read_s,
                    write_s=timeouts.write_s,
                    total_s=timeouts.total_s,
                    max_body_bytes=plan.config.limits.max_body_bytes,
                ),
                verify=spec.verify if isinstance(spec.verify, bool) else str(spec.verify),
            )
        return self._transports[side]

    def side_of(self, variant: str) -> Side:
        """Return the side that a variant of a test asks now."""
        if self.mirrors:
            return Side.CANDIDATE
        return Side.BASELINE if variant == AGAIN else Side(variant)

    @contextlib.contextmanager
    def mirroring(self) -> Iterator[None]:
        """Have the candidate asked by the variants that are recorded from the baseline."""
        self.mirrors = True
        try:
            yield
        finally:
            self.mirrors = False

    @contextlib.contextmanager
    def standing_in(self, side: Side, twin: StandIn) -> Iterator[None]:
        """Have another process asked in the place of a side, with a login of its own."""
        url, transport = self.urls[side], self._transports.pop(side, None)
        credentials = self.credentials.pop(side, None)
        self.urls[side] = twin.url
        if twin.transport is not None:
            self._transports[side] = twin.transport
        if twin.credentials is not None:
            self.credentials[side] = twin.credentials
        try:
            yield
        finally:
            twin.transport = self._transports.pop(side, None)
            twin.credentials = self.credentials.pop(side, None)
            self.urls[side] = url
            if transport is not None:
                self._transports[side] = transport
            if credentials is not None:
                self.credentials[side] = credentials

    def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            transport.close()


def _how_to_allow_writes(plan: RunPlan) -> str:
    if plan.target.name in plan.config.targets:
        return (
            f"If this environment may be written to, set `writes = true` in "
            f"[targets.{plan.target.name}] of {plan.config.source_name}."
        )
    return "If both may be written to, add --cutover-writes."


SESSION = pytest.StashKey[Session]()
RECORDERS = pytest.StashKey[dict[str, Recorder]]()
