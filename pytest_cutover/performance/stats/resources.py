"""The rules over what a backend uses under load: memory, connections, and how it holds up.

Called by the gate with what the load stage observed. Imports numpy and scipy through its
neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_cutover.core.numbers import percent
from pytest_cutover.performance.stats.decision import (
    UNKNOWN,
    Caveat,
    Decision,
    Estimate,
    Note,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.proportions import (
    HALF,
    Exceedances,
    quantile_estimate,
    settle,
    share_estimate,
    still_needed,
)
from pytest_cutover.performance.stats.ratio import RatioRule
from pytest_cutover.performance.stats.slopes import theil_sen

FEWEST_MEMORY_SLICES = 8
FEWEST_SLICE_PAIRS = 7
SLACK_BYTES = 2 * 1024 * 1024
"""So much may be leaked without a trace: into memory that was freed after start-up, in arenas."""
BUSIEST_GENERATOR = 0.7
"""Above this share of a core the load generator measures itself."""
LOWEST_RATE = 0.95
"""Below this share of the asked rate the load was not the one that was asked for."""


@dataclass(frozen=True, slots=True)
class MemorySlice:
    """The smallest resident size in a slice of the load, and the requests served until its end."""

    requests: int
    minimum_bytes: int


@dataclass(frozen=True, slots=True)
class LoadPair:
    """Two neighbouring slices of load: the medians in ms, and how the generator fared.

    ``generator_cpu`` is the larger share of a core of the two; ``asked_per_s`` and
    ``achieved_per_s`` are requests per second of the slower one.
    """

    baseline_ms: float
    candidate_ms: float
    generator_cpu: float
    asked_per_s: float
    achieved_per_s: float


@dataclass(frozen=True, slots=True)
class PoolSample:
    """One look at ``pg_stat_activity``: the backend's connections, and those not idle."""

    at_s: float
    connections: int
    busy: int


@dataclass(frozen=True, slots=True)
class PoolWatch:
    """What was seen of a pool before, during and after load beyond its bound.

    ``concurrency`` is how many requests were under way at once; ``refused`` how many failed for
    want of a connection; ``served_after`` whether ``bound`` requests at once were served when
    the load was over, None when that was not tried.
    """

    bound: int
    concurrency: int
    before: tuple[PoolSample, ...]
    during: tuple[PoolSample, ...]
    after: tuple[PoolSample, ...]
    refused: int
    served_after: bool | None


def judge_memory(
    slices: Sequence[MemorySlice], *, limit: float, strictness: Strictness
) -> Decision:
    """Judge the growth of resident memory, in bytes per request, after the warm-up.

    ``slices`` come in time order, without those of the warm-up. A pass takes enough requests to
    see a leak at the limit at all; one whose lower bound is above zero says that memory grows. A
    growth that levels off is a warm-up, not a leak.
    """
    x, y = [float(s.requests) for s in slices], [float(s.minimum_bytes) for s in slices]
    slope = theil_sen(
        x, y, alpha_lower=strictness.alpha / strictness.gates, alpha_upper=strictness.alpha
    )
    served = slices[-1].requests - slices[0].requests if slices else 0
    half = len(slices) // 2
    later = theil_sen(x[half:], y[half:], alpha_lower=0.05, alpha_upper=0.05)
    verdict, more = RuleVerdict.INCONCLUSIVE, 0
    notes: tuple[Note, ...] = ()
    if len(slices) < FEWEST_MEMORY_SLICES:
        more = FEWEST_MEMORY_SLICES - len(slices)
        notes = (_note(Caveat.TOO_FEW, f"{len(slices)} slices, {more} more needed: load longer"),)
    elif slope.upper < limit and served * limit < SLACK_BYTES:
        more = len(slices)
        sentence = (
            f"{served} requests at the limit are {served * limit / 1e6:.1f} MB, which freed memory "
            f"of the start may swallow: load with at least {SLACK_BYTES / limit:.0f} requests"
        )
        notes = (_note(Caveat.TOO_FEW, sentence),)
    elif slope.upper < limit:
        verdict = RuleVerdict.PASS
        if slope.lower > 0:
            notes = (_growth(slope, "keeps the limit, and is no plateau"),)
    elif slope.lower > limit and later.estimate > limit:
        verdict = RuleVerdict.FAIL
    elif slope.lower > limit:
        more = len(slices)
        sentence = "memory grew at first and then less than the limit: warm up for longer"
        notes = (_note(Caveat.WARM_UP, sentence),)
    else:
        more = len(slices)
        notes = (_growth(slope, "may be above the limit or not: load for longer"),)
    return Decision(
        rule=PerformanceRule.MEMORY,
        endpoint="candidate",
        verdict=verdict,
        limit=limit,
        unit="bytes per request",
        observed=slope,
        samples=len(slices),
        more_samples_needed=more,
        notes=notes,
        reach=_unseen(slope, served) if verdict is RuleVerdict.PASS else "",
    )


def _unseen(slope: Estimate, served: int) -> str:
    """Return what a pass on memory could have missed."""
    least = max(slope.upper, SLACK_BYTES / served if served else math.inf)
    return f"could have missed: growth of less than {least:.0f} bytes per request"


def _note(doubt: Caveat, sentence: str) -> Note:
    return Note(doubt, sentence)


def _growth(slope: Estimate, what: str) -> Note:
    return Note(
        Caveat.GROWTH,
        f"memory grows by {slope.estimate:.0f} bytes per request "
        f"[{slope.lower:.0f}, {slope.upper:.0f}]: it {what}",
    )


def judge_load(
    pairs: Sequence[LoadPair], *, users: int, strictness: Strictness, regression: float = 0.5
) -> Decision:
    """Judge whether the candidate holds up under so many users: slice medians, pair by pair.

    A generator above 70 % of a core, or below 95 % of the asked rate, makes a pair worthless;
    with any such pair the answer is inconclusive.
    """
    limit = RatioRule(regression=regression).limit
    ratios = [p.candidate_ms / p.baseline_ms if p.baseline_ms > 0 else math.inf for p in pairs]
    shares = Exceedances(sum(ratio > limit for ratio in ratios), len(ratios))
    verdict = settle(HALF, shares, strictness)
    more = 0 if verdict is not RuleVerdict.INCONCLUSIVE else still_needed(HALF, shares, strictness)
    notes: tuple[Note, ...] = ()
    median = sorted(ratios)[len(ratios) // 2] if ratios else math.nan
    if len(ratios) < FEWEST_SLICE_PAIRS or verdict is RuleVerdict.INCONCLUSIVE:
        verdict = RuleVerdict.INCONCLUSIVE
        more = more if more is None else max(more, FEWEST_SLICE_PAIRS - len(ratios))
        what = "no number of slices will decide" if more is None else f"about {more} more needed"
        notes = (_note(Caveat.TOO_FEW, f"{len(ratios)} slice pairs, {what}: load for longer"),)
    elif (median > limit) is (verdict is RuleVerdict.PASS):
        verdict, more = RuleVerdict.INCONCLUSIVE, len(ratios)
        notes = (_note(Caveat.SHAPE, "the slices disagree about the limit: load for longer"),)
    saturated = _saturation(pairs)
    if saturated:
        verdict, more, notes = RuleVerdict.INCONCLUSIVE, None, (saturated, *notes)
    return Decision(
        rule=PerformanceRule.LOAD,
        endpoint=f"{users} users",
        verdict=verdict,
        limit=limit,
        unit="ratio",
        observed=quantile_estimate(HALF, ratios, strictness) if ratios else UNKNOWN,
        samples=len(ratios),
        more_samples_needed=more,
        notes=notes,
        share=share_estimate(HALF, shares, strictness),
    )


def _saturation(pairs: Sequence[LoadPair]) -> Note | None:
    """Say that the load generator, not the backends, was measured."""
    cpu = max((pair.generator_cpu for pair in pairs), default=0.0)
    if cpu > BUSIEST_GENERATOR:
        return Note(
            Caveat.GENERATOR,
            f"the load generator used {percent(cpu, 0)} of a core "
            f"(at most {percent(BUSIEST_GENERATOR, 0)}): "
            "give it more processes, or another machine",
        )
    rates = [p.achieved_per_s / p.asked_per_s for p in pairs if p.asked_per_s > 0]
    lowest = min(rates, default=1.0)
    if lowest < LOWEST_RATE:
        return Note(
            Caveat.GENERATOR,
            f"only {percent(lowest, 0)} of the asked request rate was reached (at least "
            f"{percent(LOWEST_RATE, 0)}): ask for less, or give the generator more processes",
        )
    return None


def judge_pool(watch: PoolWatch) -> Decision:
    """Judge whether a connection pool is bounded, sufficient, and gets its connections back."""
    if watch.bound < 1:
        raise ValueError(f"bound of the pool: expected at least 1 connection, got {watch.bound}")
    seen = [sample.connections for sample in (*watch.before, *watch.during, *watch.after)]
    largest = max(seen, default=0)
    faults, gaps = _pool_faults(watch, largest), _pool_gaps(watch)
    verdict = RuleVerdict.FAIL if faults else RuleVerdict.INCONCLUSIVE if gaps else RuleVerdict.PASS
    return Decision(
        rule=PerformanceRule.POOL,
        endpoint="candidate",
        verdict=verdict,
        limit=watch.bound,
        unit="connections",
        observed=Estimate(largest, largest, math.inf) if seen else UNKNOWN,
        samples=len(watch.during),
        more_samples_needed=None if verdict is RuleVerdict.INCONCLUSIVE else 0,
        notes=tuple(Note(Caveat.GROWTH, fault) for fault in faults)
        + tuple(Note(Caveat.UNTESTED, gap) for gap in gaps),
    )


def _pool_faults(watch: PoolWatch, largest: int) -> list[str]:
    faults = []
    if largest > watch.bound:
        faults.append(f"{largest} connections were seen, the bound is {watch.bound}")
    if watch.refused:
        faults.append(
            f"{watch.refused} requests failed for want of a connection: look for a code path "
            "that does not give its connection back"
        )
    idle = max((sample.busy for sample in watch.before), default=0)
    left = min((sample.busy for sample in watch.after), default=idle)
    if left > idle:
        faults.append(f"{left} connections were still in use after the load, {idle} before it")
    if watch.served_after is False:
        faults.append(f"{watch.bound} requests at once were not served after the load")
    return faults


def _pool_gaps(watch: PoolWatch) -> list[str]:
    gaps = []
    if watch.concurrency <= watch.bound:
        gaps.append(
            f"{watch.concurrency} requests at once are not beyond the bound of {watch.bound}: "
            "load with more users"
        )
    if not watch.before or not watch.during or not watch.after:
        gaps.append("connections were not watched before, during and after the load: watch them")
    if watch.served_after is None:
        gaps.append("nobody tried whether the pool serves as many requests as before: try it")
    return gaps
