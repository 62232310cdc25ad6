"""Running counts over the blocks of a run: what the rules look at after every block.

Adding a block costs microseconds; nothing is recounted. Imports the standard library only.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_cutover.performance.stats.clustering import Reach, Stalls, TailClusters
from pytest_cutover.performance.stats.decision import PerformanceRule
from pytest_cutover.performance.stats.samples import Block, RequestOutcome, Side, Timed, TimedPair

APPROACH = 0.5
"""The slow tail of the whole run begins at this share of a limit."""

MOST_FAIL_DISCOUNT = 16.0
"""Clustering delays a fail by this factor at most, and so never blocks one.

Without any discount a backend that just keeps its limit, in bursts of 30 requests of the run, is
failed by chance one time in seven; with an unbounded one, a long burst is never enough to fail.
A burst of 30 holds at most 15 of the candidate's requests, or 16 where it is cut unevenly.
"""


@dataclass(frozen=True, slots=True)
class JudgedLimits:
    """The limits of one endpoint in ms; None where it has none."""

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None

    def __post_init__(self) -> None:
        """Refuse a limit that nothing can keep."""
        for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms"):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise ValueError(
                    f"{name}: expected a finite number of milliseconds > 0, got {value!r}; "
                    "leave it out where there is no limit"
                )

    def of(self, rule: PerformanceRule) -> float | None:
        """Return the limit in ms that a rule judges by."""
        return {
            PerformanceRule.P50: self.p50_ms,
            PerformanceRule.P95: self.p95_ms,
            PerformanceRule.P99: self.p99_ms,
            PerformanceRule.MAXIMUM: self.max_ms,
        }.get(rule)


@dataclass(slots=True)
class SideTally:
    """One side of an endpoint. ``latencies_ms`` holds the kept requests in order, failures inf.

    The first ``cold`` of them are the warm-up: no quantile is about them, errors and the maximum
    are.
    """

    latencies_ms: array[float] = field(default_factory=lambda: array("d"))
    cold: int = 0
    failures: int = 0
    throttled: int = 0
    reopened: int = 0
    largest_ms: float = 0.0
    over: dict[float, int] = field(default_factory=dict)

    def watch(self, limit_ms: float) -> None:
        """Count exceedances of this limit from now on, and those seen already, in ms."""
        if limit_ms not in self.over:
            self.over[limit_ms] = sum(value > limit_ms for value in self.latencies_ms)

    def add(self, latency_ms: float) -> None:
        """Count one kept request, a failure as inf."""
        self.latencies_ms.append(latency_ms)
        if self.largest_ms < latency_ms < math.inf:
            self.largest_ms = latency_ms
        for limit in self.over:
            if latency_ms > limit:
                self.over[limit] += 1

    def ever_over(self, limit_ms: float) -> int:
        """Return how many kept requests were slower than a limit in ms, the warm-up's too."""
        self.watch(limit_ms)
        return self.over[limit_ms]

    def over_limit(self, limit_ms: float) -> int:
        """Return how many requests after the warm-up were slower than a limit in ms."""
        cold = sum(value > limit_ms for value in self.latencies_ms[: self.cold])
        return self.ever_over(limit_ms) - cold

    @property
    def warm_ms(self) -> array[float]:
        """The latencies in ms after the warm-up, in order, failures inf."""
        return self.latencies_ms[self.cold :] if self.cold else self.latencies_ms

    @property
    def kept(self) -> int:
        """How many requests were kept, the warm-up's too."""
        return len(self.latencies_ms)

    @property
    def count(self) -> int:
        """How many requests there are after the warm-up."""
        return len(self.latencies_ms) - self.cold


@dataclass(slots=True)
class EndpointTally:
    """All blocks of one endpoint. Both sides' latencies line up: index i is one kept pair.

    ``at_s`` has when each of them left, in seconds on the clock of its requests.
    """

    endpoint: str
    limits: JudgedLimits = JudgedLimits()
    baseline: SideTally = field(default_factory=SideTally)
    candidate: SideTally = field(default_factory=SideTally)
    same_side: dict[Side, list[tuple[float, float]]] = field(
        default_factory=lambda: {Side.BASELINE: [], Side.CANDIDATE: []}
    )
    at_s: array[float] = field(default_factory=lambda: array("d"))
    blocks: int = 0
    dropped: int = 0
    _watched_s: float = 0.0
    _last_s: float = math.nan
    _gap_s: float = 0.0

    def add(self, block: Block) -> None:
        """Count the next block of this endpoint. Raises ValueError for another endpoint's."""
        if block.endpoint != self.endpoint:
            raise ValueError(
                f"tally of {self.endpoint}: expected its own blocks, got one of {block.endpoint}"
            )
        self.blocks += 1
        for pair in block.pairs:
            self._add_pair(pair)
        left, right = block.same_side
        if not left.failed and not right.failed:
            self.same_side[left.side].append((left.latency_ms, right.latency_ms))
        for request in block.requests:
            if request.side is Side.CANDIDATE:
                self._visit(request)

    def _add_pair(self, pair: TimedPair) -> None:
        for side, request in ((self.baseline, pair.baseline), (self.candidate, pair.candidate)):
            side.throttled += request.outcome is RequestOutcome.THROTTLED
            side.reopened += request.reopened
            if side is self.baseline or pair.kept:
                side.failures += request.failed and request.outcome is not RequestOutcome.THROTTLED
        if not pair.kept:
            self.dropped += 1
            return
        self.at_s.append(pair.baseline.start_s)
        self.baseline.add(pair.baseline.counted_ms)
        self.candidate.add(pair.candidate.counted_ms)

    @property
    def cold(self) -> int:
        """How many first pairs are left out as the warm-up, the same number on each side."""
        return self.candidate.cold

    def leave_out(self, cold: int) -> None:
        """Take so many first pairs for the warm-up."""
        self.baseline.cold = self.candidate.cold = cold

    def pause(self) -> None:
        """Nobody visits this endpoint for a while: that is no gap between two visits."""
        self._last_s = math.nan

    def _visit(self, request: Timed) -> None:
        if math.isnan(self._last_s):
            self._watched_s += request.end_s - request.start_s
        else:
            self._gap_s = max(self._gap_s, request.start_s - self._last_s)
            self._watched_s += request.end_s - self._last_s
        self._last_s = request.end_s

    @property
    def not_kept(self) -> bool:
        """Whether the candidate ends most of its connections, and the baseline keeps most."""
        return self.candidate.reopened > self.blocks > self.baseline.reopened

    @property
    def reach(self) -> Reach:
        """What the visits of this endpoint could have missed."""
        return Reach(gap_s=self._gap_s, watched_s=self._watched_s)

    @property
    def requests_per_s(self) -> float:
        """The pace of this endpoint's candidate requests over the run."""
        watched = self.reach.watched_s
        return self.candidate.kept / watched if watched > 0 else 0.0


class RunTail:
    """The slow tail of a whole run, over all endpoints: how far its requests come in clusters."""

    def __init__(self, limits: Mapping[str, JudgedLimits]) -> None:
        """Take the limits by endpoint; endpoints without one add nothing to its rule."""
        self._limits = dict(limits)
        self._clusters: dict[tuple[PerformanceRule, float], TailClusters] = {
            (rule, share): TailClusters()
            for rule in (PerformanceRule.P95, PerformanceRule.P99)
            for share in (1.0, APPROACH)
        }
        self._clusters[PerformanceRule.ERRORS, 1.0] = TailClusters()
        self._stalls: list[Stalls] = []

    def add(self, block: Block) -> None:
        """Count the next block of the run, of whatever endpoint."""
        kept = [pair.candidate for pair in block.pairs if pair.kept]
        limits = self._limits.get(block.endpoint, JudgedLimits())
        for (rule, share), clusters in self._clusters.items():
            if rule is PerformanceRule.ERRORS:
                clusters.add(block.endpoint, sum(request.failed for request in kept))
                continue
            limit = limits.of(rule)
            if limit is not None:
                slow = sum(request.counted_ms > share * limit for request in kept)
                clusters.add(block.endpoint, slow)

    def restart(self, tally: EndpointTally) -> None:
        """Forget what an endpoint showed in its warm-up, whose end has moved."""
        warm = tally.candidate.warm_ms
        for (rule, share), clusters in self._clusters.items():
            limit = tally.limits.of(rule)
            if rule is PerformanceRule.ERRORS or limit is None:
                continue
            clusters.forget(tally.endpoint)
            for first in range(0, len(warm), 2):
                slow = sum(value > share * limit for value in warm[first : first + 2])
                clusters.add(tally.endpoint, slow)

    def add_probe(self, stalls: Stalls) -> None:
        """Learn from what an open-loop probe of the candidate saw."""
        self._stalls.append(stalls)

    def at_limit(self, rule: PerformanceRule) -> TailClusters:
        """Return the clusters of the requests beyond the limits of a rule."""
        return self._clusters.get((rule, 1.0)) or TailClusters()

    def pass_discount(self, rule: PerformanceRule, *, requests_per_s: float) -> float:
        """Return how many requests count as one before a pass is believed: 1 or more.

        The largest of what the limit's own exceedances, the tail on its way to the limit, and
        the probe say, for an endpoint visited at this pace.
        """
        if rule not in (PerformanceRule.P95, PerformanceRule.P99, PerformanceRule.ERRORS):
            return 1.0
        run = [c.discount() for (of, _), c in self._clusters.items() if of is rule]
        probe = [stalls.discount(requests_per_s) for stalls in self._stalls]
        return max([*run, *probe]) if rule is not PerformanceRule.ERRORS else max(run)

    def fail_discount(self, rule: PerformanceRule) -> float:
        """Return how many requests count as one before a fail is believed: 1 to 16."""
        return min(MOST_FAIL_DISCOUNT, self.at_limit(rule).cautious_discount())
