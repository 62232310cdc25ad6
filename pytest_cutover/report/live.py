"""live.json: how a run that watches stands right now, for whoever looks on.

Written by the watch into `.cutover/runs/TARGET/PHASE/`, whole each time, at least once in every
scrape interval; read by `pytest-cutover room`. The time in `updated` is the heartbeat: a reader
that finds it older than `stale_after_s` has no news, and says so. Members that are added get a
default, and a reader ignores those that it does not know. Every string is free of secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pytest_cutover.core.atomic import replace_whole
from pytest_cutover.core.plain_json import ascii_json, typed
from pytest_cutover.report.annotated import Moment
from pytest_cutover.report.model import Action

VERSION: Final = 1
_NAME: Final = "live.json"


class LiveState(StrEnum):
    """Whether the run is still watching, and how it ended."""

    WATCHING = "watching"
    ENDED = "ended"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSide:
    """What one side does: totals since the watch began, the rates of the last look.

    None is *nobody can tell*, never zero. `p99_ms` is by endpoint; an endpoint without traffic is
    not in it, `p99_beyond` names those of which only a lower bound is known.
    """

    requests: float | None = None
    errors: float | None = None
    requests_per_s: float | None = None
    error_rate: float | None = None
    p99_ms: Mapping[str, float] = field(default_factory=dict)
    p99_beyond: tuple[str, ...] = ()
    instances: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTrigger:
    """One condition of the matrix that holds now: for how long, and when it acts.

    `acts_in_s` is None where it acts on nothing by itself, zero where it has acted.
    """

    condition: str
    action: str
    held_s: float
    needed_s: float
    acts_in_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveProbe:
    """How a probe answered last: `ok` is None where it could not be asked."""

    name: str
    ok: bool | None
    message: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePoint:
    """One look, for a chart: seconds since the watch began, and what the candidate did."""

    at_s: float
    requests_per_s: float | None = None
    error_rate: float | None = None
    p99_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A watch, as it stands. `p99_share` of a point is the worst P99 in parts of its limit.

    `certain` is false while nothing could be asked: `action` is then what is to be done about that,
    and never "keep monitoring". `line` is what the terminal shows. `watched` is the side whose
    metrics decide.
    """

    version: int = VERSION
    target: str
    phase: str
    run_id: str
    state: LiveState
    started: Moment
    updated: Moment
    stale_after_s: float
    elapsed_s: float
    window_s: float
    time_scale: float = 1.0
    watched: str = "candidate"
    action: Action
    certain: bool
    blind_s: float = 0.0
    reasons: tuple[str, ...] = ()
    line: str = ""
    baseline: LiveSide = LiveSide()
    candidate: LiveSide = LiveSide()
    triggers: tuple[LiveTrigger, ...] = ()
    probes: tuple[LiveProbe, ...] = ()
    points: tuple[LivePoint, ...] = ()

    def silent_s(self, now: datetime) -> float:
        """For how long there has been no heartbeat; zero while it is on time, or has ended."""
        if self.state is not LiveState.WATCHING:
            return 0.0
        age_s = (now - datetime.fromisoformat(self.updated)).total_seconds()
        return age_s if abs(age_s) > self.stale_after_s else 0.0


def run_folder(report_dir: Path, target: str, phase: str) -> Path:
    """Where the runs of one phase of a target stand."""
    name = quote(target, safe=" ")
    # Two dots alone would be another folder.
    return report_dir / "runs" / (name if name.strip(".") else name.replace(".", "%2E")) / phase


def live_path(report_dir: Path, target: str, phase: str) -> Path:
    """Where the live.json of a phase is."""
    return run_folder(report_dir, target, phase) / _NAME


def write_live(path: Path, live: Live) -> None:
    """Write it whole. Raises OSError; what stood there is then untouched."""
    replace_whole(path, (ascii_json(live, indent=1) + "\n").encode("ascii"))


def read_live(path: Path) -> Live | None:
    """Return what a watch wrote last; None where there is none that this version can read."""
    try:
        return typed(json.loads(path.read_text("utf-8")), Live)
    except (OSError, ValueError, RecursionError):
        return None
