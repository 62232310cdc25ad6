"""The regression rule: is the candidate's P50 more than so much above the baseline's?

The claim is about the ratio of the two medians, and `median_ratio` tests it as such. Pairs of
neighbours, which drift of the machine hits alike, may decide earlier, but only while both medians
are located: with two modes half of the pairs agree while the median is six times as high. Called
by the sampling stage and the gate. Imports numpy and scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats import caveats
from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.course import FEWEST_TO_FAIL, Trend, slow_at_first
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
from pytest_cutover.performance.stats.eprocess import MOST_SAMPLES
from pytest_cutover.performance.stats.median_ratio import (
    MedianInterval,
    MedianRatio,
    gap_in,
    median_interval,
)
from pytest_cutover.performance.stats.proportions import (
    HALF,
    MEDIANS,
    Exceedances,
    quantile_estimate,
    settle,
    share_estimate,
    still_needed,
)

FASTEST = 0.1
"""The share of requests that tell what a side takes without waiting for the machine."""
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
    tally: EndpointTally,
    rule: RatioRule,
    *,
    strictness: Strictness,
    explain: bool = True,
    trend: Trend | None = None,
    busy: bool = False,
) -> Decision:
    """Judge the ratio of medians at every split of both sides, or by adjacent pairs if earlier.

    ``observed`` is the median of the paired ratios with its bounds. A median that may lie on either
    side of a gap is inconclusive, *median in a gap*; a ``trend`` of one side alone blocks a pass,
    and on a ``busy`` machine so does a ratio of the fastest requests that is over the limit.
    """
    measured_b = np.array(tally.baseline.warm_ms, dtype=np.float64)
    measured_c = np.array(tally.candidate.warm_ms, dtype=np.float64)
    baseline = np.maximum(measured_b - rule.client_cost_ms, 0.0)
    candidate = np.maximum(measured_c - rule.client_cost_ms, 0.0)
    shares = Exceedances(int(np.sum(candidate > rule.limit * baseline)), len(candidate))
    answer = _answer(tally, rule, shares, (measured_b, measured_c), strictness)
    if answer is None:
        answer = _by_medians(rule, (baseline, candidate), strictness, explain=explain)
        if answer.verdict is RuleVerdict.PASS and trend and trend.breaks(rule.limit):
            answer = _Answer(RuleVerdict.INCONCLUSIVE, None, (caveats.trend(trend),))
        if answer.verdict is RuleVerdict.PASS and busy:
            answer = _diluted(rule, (baseline, candidate)) or answer
    noise = caveats.noise(tally, rule.limit) if explain else None
    notes = (*answer.notes, noise) if noise else answer.notes
    if not any(note.doubt is Caveat.THROTTLED for note in notes):
        notes = (*notes, *caveats.left_out(tally))
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
        share=share_estimate(MEDIANS, shares, strictness) if explain else None,
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
    return quantile_estimate(MEDIANS, ratios, strictness)


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
        more = still_needed(MEDIANS, shares, strictness)
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


@dataclass(frozen=True, slots=True)
class _BothRules:
    """What splits and pairs say of the same requests, latencies in ms.

    The evidence is the mean of both: an e-process where each is one, and at most a factor of two
    behind the stronger. Pairs that may not decide have none.
    """

    rule: RatioRule
    sides: tuple[Floats, Floats]
    strictness: Strictness
    shares: Exceedances
    located: tuple[MedianInterval, ...]
    splits: MedianRatio

    @classmethod
    def of(
        cls, rule: RatioRule, sides: tuple[Floats, Floats], strictness: Strictness
    ) -> _BothRules:
        """Count the pairs over the limit, and both sides at every split."""
        baseline, candidate = sides
        over = int(np.sum(candidate > rule.limit * baseline))
        located = tuple(median_interval(side, strictness) for side in sides)
        splits = MedianRatio.of(baseline, candidate, limit=rule.limit)
        return cls(rule, sides, strictness, Exceedances(over, len(candidate)), located, splits)

    @property
    def by_pairs(self) -> bool:
        """Whether both medians are located, so that pairs may decide."""
        return all(one.spans_less_than(self.rule.limit) for one in self.located)

    @property
    def above(self) -> bool:
        """Whether the ratio of the medians is over the limit."""
        return ratio_of_medians(*self.sides) > self.rule.limit

    @property
    def verdict(self) -> RuleVerdict:
        """What the evidence suffices for."""
        return self._verdict(1.0, by_pairs=self.by_pairs)

    def _verdict(self, factor: float, *, by_pairs: bool) -> RuleVerdict:
        """Return what so many times the requests would suffice for, at the same shares."""
        over, total = factor * self.shares.over, factor * self.shares.total
        below = above = -math.inf
        if by_pairs and not self.above:
            below = float(MEDIANS.log_e_below(over, total))
        elif by_pairs:
            above = float(MEDIANS.log_e_above(over, total))
        if _mean(self.splits.log_e_below(factor), below) >= self.strictness.log_pass:
            return RuleVerdict.PASS
        if _mean(self.splits.log_e_above(factor), above) >= self.strictness.log_fail:
            return RuleVerdict.FAIL
        return RuleVerdict.INCONCLUSIVE

    @property
    def still_needed(self) -> int | None:
        """About how many more pairs would decide at these shares; None if out of reach."""
        may_be_located = self.by_pairs or not all(one.bounded for one in self.located)
        factor, total = 1.1, self.shares.total
        while factor * total < MOST_SAMPLES and factor < 1e4:
            if self._verdict(factor, by_pairs=may_be_located) is not RuleVerdict.INCONCLUSIVE:
                return math.ceil((factor - 1) * total)
            factor *= 1.25
        return None


def _mean(one: float, other: float) -> float:
    """Return the logarithm of the mean of two kinds of evidence, each given as one."""
    return float(np.logaddexp(one, other)) - math.log(2)


def _by_medians(
    rule: RatioRule, sides: tuple[Floats, Floats], strictness: Strictness, *, explain: bool
) -> _Answer:
    seen = _BothRules.of(rule, sides, strictness)
    verdict, total = seen.verdict, seen.shares.total
    if verdict is RuleVerdict.FAIL and (early := _not_yet(seen)):
        return early
    if verdict is not RuleVerdict.INCONCLUSIVE:
        return _Answer(verdict, 0, ())
    if not explain:
        # How many more it takes is most of the work, and the next look does not ask.
        return _Answer(verdict, None, (caveats.too_few(total, None, "pairs"),))
    more = seen.still_needed
    gap = gap_in(sides, seen.located, rule.limit)
    note = caveats.gap(gap, total) if gap else caveats.too_few(total, more, "pairs")
    return _Answer(RuleVerdict.INCONCLUSIVE, more, (note,))


def _diluted(rule: RatioRule, sides: tuple[Floats, Floats]) -> _Answer | None:
    """Return why a pass on a busy machine is not believed, where it is not.

    Waiting for a core adds as much to both sides, and so brings their ratio nearer to one: 10 and
    20 ms become 25 and 35. The fastest requests waited least.
    """
    fastest = tuple(float(np.quantile(side, FASTEST, method="lower")) for side in sides)
    if fastest[1] <= rule.limit * fastest[0]:
        return None
    note = caveats.diluted(*fastest)
    return _Answer(RuleVerdict.INCONCLUSIVE, len(sides[0]), (note,))


def _not_yet(seen: _BothRules) -> _Answer | None:
    """Return why a fail is not believed: a run that has only begun, a cold one, or errors.

    A failure counts as slower than any answer, and so one in ten makes the candidate's median its
    56th percentile: on a noisy machine that alone is a third more. The error rate judges failures.
    """
    total, (baseline, candidate) = seen.shares.total, seen.sides
    if total < FEWEST_TO_FAIL:
        more = FEWEST_TO_FAIL - total
        return _Answer(RuleVerdict.INCONCLUSIVE, more, (caveats.too_few(total, more, "pairs"),))
    over = candidate > seen.rule.limit * baseline
    last = -(total // 4)
    later = ratio_of_medians(baseline[last:], candidate[last:])
    if later <= seen.rule.limit and slow_at_first(over, HALF.limit):
        return _Answer(RuleVerdict.INCONCLUSIVE, total, (caveats.at_first(over),))
    served = np.isfinite(candidate)
    if np.all(served):
        return None
    without = _BothRules.of(seen.rule, (baseline[served], candidate[served]), seen.strictness)
    if without.verdict is RuleVerdict.FAIL:
        return None
    note = caveats.failed(1 - float(np.mean(served)))
    return _Answer(RuleVerdict.INCONCLUSIVE, total, (note,))
