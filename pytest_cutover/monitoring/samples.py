"""What was seen: one look after another, and the limits they are held against. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.config.monitoring import ProbeKind
from pytest_cutover.monitoring.providers.provider import ProcessCounts

SHAPE_ALONE: Final = "held to status and shape alone, since no noise was learned before the switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerLimits:
    """What the matrix is made of; durations in seconds, already scaled."""

    window_s: float
    blind_s: float
    error_rate: float
    prepare: float
    roll_back: float
    roll_back_for_s: float
    p99_ms: Mapping[str, float]
    p99_factor: float
    p99_for_s: float
    enough_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """One probe, once: `ok` is None where it could not be asked.

    `departure` is how its answer departs from the baseline's, `held` to what it was held.
    """

    name: str
    kind: ProbeKind
    ok: bool | None
    message: str = ""
    departure: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look: counters by process, P99 by endpoint, probes; or the `problem` in their place.

    `counts` are as they stand, with `started_s` in seconds of this watch, as `at_s` is. `down` are
    processes that nobody can ask, though they may be serving. A P99 of None is an endpoint without
    traffic, or one whose P99 `p99_unknown` says why nobody can tell. Of the endpoints in
    `p99_beyond` it is only known that the P99 is above the value. `age_s` is how old the counters
    are. `jump_s` is by how much the clock of this machine jumped before this look. `doubt` says why
    there may be errors that are not counted.
    """

    at_s: float
    counts: Mapping[str, ProcessCounts] = field(default_factory=dict)
    down: frozenset[str] = frozenset()
    p99_ms: Mapping[str, float | None] = field(default_factory=dict)
    p99_unknown: Mapping[str, str] = field(default_factory=dict)
    p99_beyond: frozenset[str] = frozenset()
    probes: tuple[ProbeResult, ...] = ()
    problem: str = ""
    age_s: float = 0.0
    jump_s: float = 0.0
    doubt: str = ""

    @property
    def seen(self) -> bool:
        """Whether the counters could be read."""
        return bool(self.counts) and not self.problem

    @property
    def data_s(self) -> float:
        """When the counters were scraped: what a look says is true up to here, and no later."""
        return self.at_s - self.age_s


def last_seen_s(samples: Sequence[Sample]) -> float:
    """When counters could last be read: of what came later nothing is known."""
    return next((one.at_s for one in reversed(samples) if one.seen), 0.0)


def blind_for(samples: Sequence[Sample]) -> float:
    """For how long there has been no data, up to now."""
    if not samples or samples[-1].seen:
        return 0.0
    last_seen = next((one.data_s for one in reversed(samples) if one.seen), samples[0].at_s)
    return samples[-1].at_s - last_seen


def jumped_s(samples: Sequence[Sample]) -> float:
    """Return the greatest jump of this machine's clock in the history; zero for none."""
    return max((one.jump_s for one in samples), key=abs, default=0.0)
