"""What one load of both sides showed, and what the rules say about it.

Written by ``load``, read by ``measurements`` and the gate. Pure: values in, values out.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pytest_cutover.performance.stats.clustering import Stalls, dispersion
from pytest_cutover.performance.stats.counters import MOST_FAIL_DISCOUNT
from pytest_cutover.performance.stats.machine import MachineRecord
from pytest_cutover.performance.stats.proportions import Exceedances
from pytest_cutover.performance.stats.resources import LoadPair, MemorySlice, PoolSample, PoolWatch
from pytest_cutover.performance.stats.samples import Side

WARM_UP_SLICES = 2
"""The first slice of each side is a warm-up: connections, compilers, caches."""
PROBE_RATE_PER_S = 20.0
"""How often the open-loop probe asks: every stall of a quarter of a second is seen."""
_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One request as locust timed it. ``slice`` is -1 where it left outside every slice."""

    slice: int
    side: Side
    endpoint: str
    at_s: float
    latency_ms: float
    status: int
    failed: bool

    @property
    def counted_ms(self) -> float:
        """The latency that the rules count: a failure is slower than any limit."""
        return math.inf if self.failed else self.latency_ms


@dataclass(frozen=True, slots=True)
class Slice:
    """One side's turn. ``cpu`` is the busiest generator process's share of a core.

    ``due`` requests should have left in it, ``late`` of them left late.
    """

    index: int
    side: Side
    start_s: float
    end_s: float
    cpu: float
    due: int
    late: int

    @property
    def duration_s(self) -> float:
        """How long it took."""
        return max(1e-9, self.end_s - self.start_s)


@dataclass(frozen=True, slots=True)
class OpenLoopResult:
    """A request of the open-loop probe: latency from when it should have left."""

    intended_s: float
    latency_ms: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """A resource of one side over time, in its unit."""

    name: str
    side: Side
    unit: str
    times_s: tuple[float, ...]
    values: tuple[float, ...]
    limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRun:
    """One load. ``problem`` says why it is no evidence; then the rest may be empty.

    ``pool_problem`` and ``memory_problem`` say why these were not watched. ``pool`` has the bound
    and what was seen before, during and after.
    """

    users: int
    nodeid: str = ""
    problem: str = ""
    requests: tuple[LoadRequest, ...] = ()
    slices: tuple[Slice, ...] = ()
    rss: tuple[tuple[float, int], ...] = ()
    memory_problem: str = ""
    pool_bound: int = 0
    pool_before: tuple[PoolSample, ...] = ()
    pool_during: tuple[PoolSample, ...] = ()
    pool_after: tuple[PoolSample, ...] = ()
    pool_problem: str = ""
    probe_endpoint: str = ""
    probe: tuple[OpenLoopResult, ...] = ()
    watched: tuple[Watched, ...] = field(default=())
    machine: MachineRecord = field(default_factory=MachineRecord)

    @property
    def measured(self) -> tuple[LoadRequest, ...]:
        """The requests of the slices after the warm-up."""
        return tuple(one for one in self.requests if one.slice >= WARM_UP_SLICES)

    @property
    def throttled(self) -> tuple[int, int]:
        """How many of the baseline's and of the candidate's were answered 429."""
        refused = [one.side for one in self.requests if one.status == 429]
        return refused.count(Side.BASELINE), refused.count(Side.CANDIDATE)

    def of(self, side: Side, endpoint: str | None = None) -> list[LoadRequest]:
        """Return the measured requests of one side, of one endpoint or all."""
        return [
            one for one in self.measured if one.side is side and endpoint in (None, one.endpoint)
        ]

    def failures(self) -> tuple[Exceedances, Exceedances]:
        """Return the failed and all requests of the candidate, with their discounts, and the
        baseline.

        Those of the warm-up too: a failed request is failed however cold the machine. What was
        throttled is neither served nor failed.
        """
        parts = []
        for side in (Side.CANDIDATE, Side.BASELINE):
            mine = [one for one in self.requests if one.side is side and one.status != 429]
            slow = [one.failed for one in mine]
            by = dispersion([one.at_s for one in mine], slow, window_s=_WINDOW_S)
            shares = Exceedances(sum(slow), len(mine), by, min(by, MOST_FAIL_DISCOUNT))
            parts.append(shares)
        return parts[0], parts[1]

    @staticmethod
    def pooled(parts: Iterable[tuple[Exceedances, Exceedances]]) -> tuple[Exceedances, Exceedances]:
        """Add up the failures of several loads; the largest discount holds for all."""
        candidate = baseline = Exceedances(0, 0)
        for of_candidate, of_baseline in parts:
            candidate = _plus(candidate, of_candidate)
            baseline = _plus(baseline, of_baseline)
        return candidate, baseline

    def pairs(self) -> list[LoadPair]:
        """Return the slice pairs after the warm-up, in order; a pair with a silent side is
        infinite.
        """
        found = []
        for left, right in self.slice_pairs():
            first = left if left.side is Side.BASELINE else right
            second = right if first is left else left
            found.append(
                LoadPair(
                    baseline_ms=self._median_ms(first),
                    candidate_ms=self._median_ms(second),
                    generator_cpu=max(left.cpu, right.cpu),
                    asked_per_s=max(left.due, right.due) / left.duration_s,
                    achieved_per_s=min(_on_time(left), _on_time(right))
                    * max(left.due, right.due)
                    / left.duration_s,
                )
            )
        return found

    def slice_pairs(self) -> list[tuple[Slice, Slice]]:
        """Neighbouring slices of both sides, after the warm-up."""
        late = [one for one in self.slices if one.index >= WARM_UP_SLICES]
        ordered = sorted(late, key=lambda one: one.index)
        return [
            (a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False) if a.side != b.side
        ]

    def _median_ms(self, part: Slice) -> float:
        values = [one.counted_ms for one in self.requests if one.slice == part.index]
        return statistics.median(values) if values else math.inf

    def memory_slices(self) -> list[MemorySlice]:
        """Return the smallest resident size in each slice of the candidate, with requests until
        then.
        """
        found = []
        served = 0
        per_slice: dict[int, int] = {}
        for one in self.requests:
            if one.side is Side.CANDIDATE:
                per_slice[one.slice] = per_slice.get(one.slice, 0) + 1
        served = per_slice.get(-1, 0)
        for part in sorted(self.slices, key=lambda one: one.index):
            if part.side is not Side.CANDIDATE:
                continue
            served += per_slice.get(part.index, 0)
            seen = [size for at, size in self.rss if part.start_s <= at <= part.end_s]
            if seen and part.index >= WARM_UP_SLICES:
                found.append(MemorySlice(requests=served, minimum_bytes=min(seen)))
        return found

    def pool_watch(self) -> PoolWatch:
        """Return what was seen of the pool; the last slice of the candidate tells whether it still
        serves.

        A connection that is lost looks idle to the database; only that nobody gets it tells.
        """
        mine = [part for part in self.slices if part.side is Side.CANDIDATE]
        last = max(mine, key=lambda part: part.index, default=None)
        after = [one for one in self.requests if last and one.slice == last.index]
        served = sum(not one.failed for one in after)
        refused = sum(one.failed for one in self.requests if one.side is Side.CANDIDATE)
        return PoolWatch(
            bound=self.pool_bound,
            concurrency=self.users,
            before=self.pool_before,
            during=self.pool_during,
            after=self.pool_after,
            refused=refused if not served else 0,
            served_after=(served >= self.pool_bound) if after or mine else None,
        )

    def stalls(self, slow_ms: float, *, interval_s: float) -> Stalls:
        """Return the stalls of the candidate that the open-loop probe saw."""
        timeline = [(one.intended_s, one.failed or one.latency_ms > slow_ms) for one in self.probe]
        return Stalls.seen(timeline, gap_s=2 * interval_s)


def discount_of(requests: Sequence[LoadRequest], limit_ms: float) -> float:
    """How many slow requests of a load count as one."""
    slow = [one.counted_ms > limit_ms for one in requests]
    return dispersion([one.at_s for one in requests], slow, window_s=_WINDOW_S)


def _plus(left: Exceedances, right: Exceedances) -> Exceedances:
    return Exceedances(
        left.over + right.over,
        left.total + right.total,
        max(left.pass_discount, right.pass_discount),
        max(left.fail_discount, right.fail_discount),
    )


def _on_time(part: Slice) -> float:
    return 1.0 if not part.due else 1 - part.late / part.due
