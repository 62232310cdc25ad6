"""What was seen, what came between two looks, and the limits it is held against. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pytest_cutover.config.monitoring import ProbeKind


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
    """One probe, once: `ok` is None where it could not be asked."""

    name: str
    kind: ProbeKind
    ok: bool | None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look: counters as they stand, P99 by endpoint, probes; or the `problem` in their place.

    A P99 of None is an endpoint without traffic, or one whose P99 `p99_unknown` says why nobody
    can tell. Of the endpoints in `p99_beyond` it is only known that the P99 is above the value.
    `age_s` is how old the counters are.
    """

    at_s: float
    requests: float | None = None
    errors: float | None = None
    p99_ms: Mapping[str, float | None] = field(default_factory=dict)
    p99_unknown: Mapping[str, str] = field(default_factory=dict)
    p99_beyond: frozenset[str] = frozenset()
    probes: tuple[ProbeResult, ...] = ()
    problem: str = ""
    age_s: float = 0.0

    @property
    def seen(self) -> bool:
        """Whether the counters could be read."""
        return self.requests is not None and self.errors is not None and not self.problem

    @property
    def data_s(self) -> float:
        """When the counters were scraped: what a look says is true up to here, and no later."""
        return self.at_s - self.age_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What came between two looks."""

    start_s: float
    end_s: float
    requests: float
    errors: float


def traffic_of(samples: Sequence[Sample]) -> tuple[list[Traffic], int]:
    """What came between looks, and how often a counter went backwards."""
    parts, resets = [], 0
    for before, after in pairwise(sample for sample in samples if sample.seen):
        assert before.requests is not None
        assert before.errors is not None
        assert after.requests is not None
        assert after.errors is not None
        requests = after.requests - before.requests
        errors = after.errors - before.errors
        if requests < 0 or errors < 0:
            resets += 1
            continue
        parts.append(
            Traffic(start_s=before.data_s, end_s=after.data_s, requests=requests, errors=errors)
        )
    return parts, resets


def last_seen_s(samples: Sequence[Sample]) -> float:
    """When counters could last be read: of what came later nothing is known."""
    return next((one.at_s for one in reversed(samples) if one.seen), 0.0)


def blind_for(samples: Sequence[Sample]) -> float:
    """For how long there has been no data, up to now."""
    if not samples or not samples[-1].problem:
        return 0.0
    last_seen = next((one.data_s for one in reversed(samples) if one.seen), samples[0].at_s)
    return samples[-1].at_s - last_seen
