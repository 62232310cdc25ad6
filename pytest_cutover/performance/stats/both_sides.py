"""A limit that the baseline breaks too: whether that excuses the candidate, on the same schedule.

The baseline excuses only what it is proven to break itself, and only a candidate that is not shown
to be worse. Called by the rules. Imports numpy and scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.decision import RuleVerdict, Strictness
from pytest_cutover.performance.stats.eprocess import RateTest, samples_needed
from pytest_cutover.performance.stats.proportions import HALF, Exceedances, settle

_RATES = 60
"""Between the two observed rates the evidence is smooth, and beyond them it only grows."""


@dataclass(frozen=True, slots=True)
class BaselineBeside:
    """How often the baseline was over the limit, and who was it alone.

    ``candidate_alone`` and ``baseline_alone`` count neighbouring pairs in which only that side was
    over; None where requests have no neighbours, as under load.
    """

    shares: Exceedances
    candidate_alone: int | None = None
    baseline_alone: int = 0

    @classmethod
    def of(cls, tally: EndpointTally, limit_ms: float) -> BaselineBeside:
        """Count the pairs of an endpoint against a limit in ms."""
        over = tally.baseline.over_limit(limit_ms)
        shares = Exceedances(over, tally.baseline.count)
        if not over:
            return cls(shares, tally.candidate.over_limit(limit_ms))
        baseline = np.array(tally.baseline.warm_ms) > limit_ms
        candidate = np.array(tally.candidate.warm_ms) > limit_ms
        return cls(shares, int(np.sum(candidate & ~baseline)), int(np.sum(baseline & ~candidate)))

    def breaks(self, test: RateTest) -> bool:
        """Say whether the baseline is over the limit too, proven or not."""
        return self.shares.total > 0 and self.shares.rate > test.limit

    def is_proven(self, test: RateTest, strictness: Strictness) -> bool:
        """Say whether it is proven to break the limit."""
        log_e = test.log_e_above(self.shares.over, self.shares.total)
        return self.breaks(test) and bool(log_e >= strictness.log_pass)

    def fails_without(self, test: RateTest, candidate: Exceedances, strictness: Strictness) -> bool:
        """Say whether the candidate fails where pairs in which both sides missed are set aside."""
        if self.candidate_alone is None:
            return settle(test, candidate, strictness) is RuleVerdict.FAIL
        both = candidate.over - self.candidate_alone
        rest = Exceedances(
            self.candidate_alone, candidate.total - both, 1.0, candidate.fail_discount
        )
        return settle(test, rest, strictness) is RuleVerdict.FAIL

    def shows_worse(self, test: RateTest, candidate: Exceedances, strictness: Strictness) -> bool:
        """Say whether the candidate is proven to be over the limit more often than the baseline.

        By the pairs in which one side alone was; without pairs, where at every rate either the
        baseline is proven to be below it or the candidate above: at twice the evidence, for the
        mean of two e-values that may depend on each other.
        """
        d = candidate.fail_discount
        if self.candidate_alone is not None:
            alone = self.candidate_alone + self.baseline_alone
            log_e = HALF.log_e_above(self.candidate_alone / d, alone / d)
            return alone > 0 and bool(log_e >= strictness.log_fail)
        least = math.inf
        if not self.shares.rate < candidate.rate:
            return False
        for rate in np.linspace(self.shares.rate, candidate.rate, _RATES + 2)[1:-1]:
            at = RateTest(float(rate), test.prior)
            below = at.log_e_below(self.shares.over / d, self.shares.total / d)
            above = at.log_e_above(candidate.over / d, candidate.total / d)
            least = min(least, float(np.logaddexp(below, above)) - math.log(2))
        return math.isfinite(least) and least >= strictness.log_fail

    def still_needed(self, candidate: Exceedances, strictness: Strictness) -> int | None:
        """Return how many more pairs would show the candidate to be worse; None if none would."""
        if self.candidate_alone is None or self.candidate_alone <= self.baseline_alone:
            return None
        alone = self.candidate_alone + self.baseline_alone
        more = samples_needed(
            HALF,
            self.candidate_alone,
            alone,
            log_pass=strictness.log_pass,
            log_fail=strictness.log_fail,
            discount=candidate.fail_discount,
        )
        return None if more is None else math.ceil(more * candidate.total / alone)
