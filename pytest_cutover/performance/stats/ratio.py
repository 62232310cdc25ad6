"""The regression rule: is the candidate's P50 more than so much above the baseline's?

The claim is about the ratio of the two medians, and `median_ratio` tests it as such. Pairs of
neighbours, which drift of the machine hits alike, may decide earlier, but only while both medians
are located: with two modes half of the pairs agree while the median is six times as high. Called
by the sampling stage and the gate. Imports numpy and scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats import caveats
from pytest_cutover.performance.stats.counters import EndpointTally
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
from pytest_cutover.performance.stats.median_ratio import MedianRatio, gap_in, median_interval
from pytest_cutover.performance.stats.proportions import (
    HALF,
    Exceedances,
    quantile_estimate,
    settle,
    share_estimate,
    still_needed,
)

COST_FACTOR = 3.0
"""Below this many times the client's own cost a ratio compares the client with itself."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RatioRule:
    """``regression`` 0.5 allows +50 %; below ``floor_ms`` on both sides no ratio matters.

    ``client_cost_ms`` is the P50 of the same clock against a null server in the same run.
    """

    regression: float = 0.5
    floor_ms: float = 0.0
    client_cost_ms: float = 0.0

    def __post_init__(self) -> None:
        """Refuse values under which the rule means nothing."""
        for name in ("regression", "floor_ms", "client_cost_ms"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected a number >= 0, got {getattr(self, name)!r}")

    @property
    def limit(self) -> float:
        """The ratio that the candidate may reach."""
        return 1 + self.regression


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: RuleVerdict
    more: int | None
    notes: tuple[Note, ...]


def judge_p50_ratio(
    tally: EndpointTally, rule: RatioRule, *, strictness: Strictness, explain: bool = True
) -> Decision:
    """Judge the ratio of medians at every split of both sides, or by adjacent pairs if earlier.

    ``observed`` is the median of the paired ratios with its bounds. A median that may lie on either
    side of a gap is inconclusive, *median in a gap*.
    """
    measured_b = np.array(tally.baseline.latencies_ms, dtype=np.float64)
    measured_c = np.array(tally.candidate.latencies_ms, dtype=np.float64)
    baseline = np.maximum(measured_b - rule.client_cost_ms, 0.0)
    candidate = np.maximum(measured_c - rule.client_cost_ms, 0.0)
    shares = Exceedances(int(np.sum(candidate > rule.limit * baseline)), len(candidate))
    answer = _answer(tally, rule, shares, (measured_b, measured_c), strictness)
    if answer is None:
        answer = _by_medians(rule, shares, (baseline, candidate), strictness)
    noise = caveats.noise(tally, rule.limit) if explain else None
    notes = (*answer.notes, noise) if noise else answer.notes
    if tally.dropped:
        notes = (*notes, caveats.dropped(tally.dropped, tally.candidate.count))
    return Decision(
        rule=PerformanceRule.P50_RATIO,
        endpoint=tally.endpoint,
        verdict=answer.verdict,
        limit=rule.limit,
        unit="ratio",
        observed=_observed(baseline, candidate, strictness) if explain else UNKNOWN,
        samples=shares.total,
        more_samples_needed=answer.more,
        notes=notes,
        share=share_estimate(HALF, shares, strictness) if explain else None,
        medians_ms=medians_ms(measured_b, measured_c),
    )


def judge_plain_ratio(
    endpoint: str,
    rule: RatioRule,
    *,
    baseline_ms: Sequence[float],
    candidate_ms: Sequence[float],
    strictness: Strictness,
) -> Decision:
    """Report the ratio of medians of two series that were not interleaved; it decides nothing.

    One side after the other, drift alone moves the ratio beyond any limit that is worth having.
    """
    half = Strictness(gates=1, alpha=strictness.alpha / 2)
    sides = [
        np.maximum(np.asarray(values, dtype=np.float64) - rule.client_cost_ms, 0.0)
        for values in (baseline_ms, candidate_ms)
    ]
    baseline, candidate = (quantile_estimate(HALF, side, half) for side in sides)
    known = bool(baseline_ms) and bool(candidate_ms)
    sentence = (
        "the two sides were measured one after the other, where drift looks like a regression: "
        "use the fixture paired_benchmark, which interleaves them"
    )
    return Decision(
        rule=PerformanceRule.P50_RATIO,
        endpoint=endpoint,
        verdict=RuleVerdict.INCONCLUSIVE,
        limit=rule.limit,
        unit="ratio",
        observed=Estimate(
            ratio_of_medians(sides[0], sides[1]),
            candidate.lower / baseline.upper if baseline.upper else 0.0,
            candidate.upper / baseline.lower if baseline.lower else math.inf,
        )
        if known
        else UNKNOWN,
        samples=min(len(baseline_ms), len(candidate_ms)),
        more_samples_needed=None,
        notes=(Note(Caveat.NOT_INTERLEAVED, sentence),),
        medians_ms=medians_ms(baseline_ms, candidate_ms),
    )


def medians_ms(baseline: npt.ArrayLike, candidate: npt.ArrayLike) -> tuple[float, float] | None:
    """Return both medians as measured, the client's cost included; None without samples.

    Of an even number the lower of the two in the middle, which is the one that the report has.
    """
    sides = [np.sort(np.asarray(side, dtype=np.float64)) for side in (baseline, candidate)]
    if not all(len(side) for side in sides):
        return None
    left, right = (float(side[(len(side) - 1) // 2]) for side in sides)
    return left, right


def ratio_of_medians(baseline: Floats, candidate: Floats) -> float:
    """Return the candidate's median over the baseline's; nan or inf where that has no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.median(candidate) / np.median(baseline))


def _observed(baseline: Floats, candidate: Floats, strictness: Strictness) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(candidate > 0, candidate / baseline, 0.0)
    return quantile_estimate(HALF, ratios, strictness)


def _answer(
    tally: EndpointTally,
    rule: RatioRule,
    shares: Exceedances,
    measured: tuple[Floats, Floats],
    strictness: Strictness,
) -> _Answer | None:
    """Return the answer where pairs need not, or must not, be compared."""
    by_side = tally.baseline.throttled, tally.candidate.throttled
    if any(by_side):
        return _Answer(RuleVerdict.INCONCLUSIVE, None, (caveats.throttled(*by_side),))
    if not shares.total:
        more = still_needed(HALF, shares, shared_alpha(strictness))
        return _Answer(RuleVerdict.INCONCLUSIVE, more, (caveats.too_few(0, more, "pairs"),))
    medians = [float(np.median(side)) for side in measured]
    if max(medians) <= rule.floor_ms:
        below = Exceedances(int(np.sum(measured[1] > rule.floor_ms)), shares.total)
        if settle(HALF, below, strictness) is RuleVerdict.PASS:
            sentence = f"both medians are under the practical floor of {rule.floor_ms:g} ms"
            return _Answer(RuleVerdict.PASS, 0, (Note(Caveat.FLOOR, sentence),))
        more = still_needed(HALF, below, strictness)
        return _Answer(
            RuleVerdict.INCONCLUSIVE, more, (caveats.too_few(shares.total, more, "pairs"),)
        )
    if min(medians) < COST_FACTOR * rule.client_cost_ms:
        sentence = (
            f"a median of {min(medians):.3g} ms is below {COST_FACTOR:g} times the client's own "
            f"cost of {rule.client_cost_ms:.3g} ms: set p50_floor_ms to what matters in "
            "practice, or make the workload longer"
        )
        return _Answer(RuleVerdict.INCONCLUSIVE, None, (Note(Caveat.CLIENT_COST, sentence),))
    return None


def shared_alpha(strictness: Strictness) -> Strictness:
    """Return the strictness of each of two rules, either of which may decide."""
    return replace(strictness, alpha=strictness.alpha / 2)


def _by_medians(
    rule: RatioRule,
    shares: Exceedances,
    sides: tuple[Floats, Floats],
    strictness: Strictness,
) -> _Answer:
    each = shared_alpha(strictness)
    splits = MedianRatio.of(*sides, limit=rule.limit)
    located = [median_interval(side, each) for side in sides]
    by_pairs = all(one.spans_less_than(rule.limit) for one in located)
    agreed = settle(HALF, shares, each) if by_pairs else RuleVerdict.INCONCLUSIVE
    above = ratio_of_medians(*sides) > rule.limit
    if above is (agreed is RuleVerdict.PASS):
        agreed = RuleVerdict.INCONCLUSIVE
    verdict = splits.verdict(each)
    verdict = agreed if verdict is RuleVerdict.INCONCLUSIVE else verdict
    if verdict is RuleVerdict.FAIL:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = (sides[1] / sides[0]).tolist()
        note, _ = caveats.warming(ratios, "pairs")
        later = ratio_of_medians(*(side[shares.total // 2 :] for side in sides))
        if note and later <= rule.limit:
            return _Answer(RuleVerdict.INCONCLUSIVE, shares.total, (note,))
    if verdict is not RuleVerdict.INCONCLUSIVE:
        return _Answer(verdict, 0, ())
    more = splits.still_needed(each)
    agreeing = (shares.rate > HALF.limit) is above
    may_be_located = by_pairs or not all(one.bounded for one in located)
    if may_be_located and agreeing and (sooner := still_needed(HALF, shares, each)) is not None:
        more = sooner if more is None else min(more, sooner)
    gap = gap_in(sides, located, rule.limit)
    note = caveats.gap(gap, shares.total) if gap else caveats.too_few(shares.total, more, "pairs")
    return _Answer(RuleVerdict.INCONCLUSIVE, more, (note,))
