"""What a run is: made from the options and the configuration before any room exists, then fixed.

Every room is built from the same plan, and none changes it. What really changes while a run goes
on is a `Session` (`backends/session.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_cutover.config.checklist import Phase
from pytest_cutover.config.model import Config, Fuzz
from pytest_cutover.config.target import BackendSpec, Family, Target
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.invocation import Invocation


@dataclass(frozen=True, slots=True, kw_only=True)
class FromController:
    """What a worker of pytest-xdist is given by its controller, as plain values.

    `urls`, `problems` and `pids` are by the name of the side; a side that the run did not launch
    has no process id. `environments` are the variables that the project gave to a launched side.
    `launched_s` is when both were launched and when they were ready, in seconds since the epoch;
    empty where the run did not launch both.
    """

    run_id: str
    started_s: float
    workers: int
    urls: Mapping[str, str]
    problems: Mapping[str, str]
    pids: Mapping[str, int | None]
    secrets: tuple[str, ...] = field(repr=False)
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    launched_s: tuple[float, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return what travels to the worker: from memory to memory, never over a disk."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> FromController:
        """Read what `to_plain` gave; sequences may arrive as lists."""
        sequences = {name: tuple(plain[name]) for name in ("secrets", "launched_s")}
        return cls(**{**plain, **sequences})


@dataclass(frozen=True, slots=True)
class SetAside:
    """A family that is asked for and not judged in this phase, and why."""

    family: Family
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """One run, as it was asked for.

    - `gate_requested`: the command line asks for the verdict; the ini file alone does not.
    - `recording`: goldens are written, and nothing is judged.
    - `required`: the families without which there is no GO in this phase.
    - `set_aside`: the families that other phases judge, and this one does not.
    - `fuzz`: what is to be generated; None for nothing.
    - `narrowed`: the options and arguments that make the run smaller than the suite.
    - `run_id`: names the run in its own folders, in values that must be new, in the report.
    - `started_s`: seconds since the epoch.
    - `workers`: processes that run tests, at least 1.
    - `from_controller`: given to a worker of pytest-xdist; None elsewhere.
    - `command`: repeats the run.
    """

    config: Config
    target: Target
    phase: Phase = Phase.PRE_CUTOVER
    gate_requested: bool = False
    recording: bool = False
    required: tuple[Family, ...] = (Family.PARITY,)
    set_aside: tuple[SetAside, ...] = ()
    fuzz: Fuzz | None = None
    narrowed: str = ""
    report_dir: Path = Path(".cutover")
    run_id: str = ""
    started_s: float = 0.0
    workers: int = 1
    from_controller: FromController | None = None
    command: Invocation = field(default_factory=Invocation)

    @property
    def is_worker(self) -> bool:
        """Whether this process only runs tests: the controller launches, decides and writes."""
        return self.from_controller is not None

    @property
    def only_checklist(self) -> bool:
        """Whether traffic moves in this phase, so that nothing but the checklist runs."""
        return not self.phase.runs_the_suite

    def judges(self, family: Family) -> bool:
        """Whether a family is judged in this phase at all."""
        return family is Family.CHECKLIST or not self.only_checklist

    def spec(self, side: Side) -> BackendSpec:
        """Return the configuration of one side."""
        return self.target.baseline if side is Side.BASELINE else self.target.candidate

    @property
    def spool_dir(self) -> Path:
        """A folder of this run alone, for what is too large to travel as evidence."""
        return self.report_dir / f".run-{self.run_id}"


def required_in(phase: Phase, asked_for: tuple[Family, ...]) -> tuple[Family, ...]:
    """Return the families that must be judged in a phase, of those that are asked for.

    Both sides are compared before traffic moves; from then on the checklist decides alone.
    """
    return asked_for if phase.runs_the_suite else (Family.CHECKLIST,)


def set_aside_in(phase: Phase, asked_for: tuple[Family, ...]) -> tuple[SetAside, ...]:
    """Return the families that are asked for and that a phase neither asks nor judges."""
    if phase.runs_the_suite:
        return ()
    reason = f"in the phase {phase} only the checklist runs"
    return tuple(SetAside(one, reason) for one in asked_for if one is not Family.CHECKLIST)
