"""A limit that the baseline breaks too: whether that excuses the candidate, on the same schedule.

A baseline that is proven to break it excuses a candidate that is not proven to be worse; one that
only seems to, a candidate that is not even likely to be. Called by the rules. Imports numpy and
scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

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

    def excuses(self, test: RateTest, candidate: Exceedances, strictness: Strictness) -> bool:
        """Say whether a candidate that breaks the limit is not failed, since the baseline may too.

        Where it is proven to, the candidate must be proven to be worse. Until then pairs in which
        both missed are set aside, and the candidate is likely to be worse: two equal sides that
        both break a limit are found out one after the other, and one of them is the first.
        """
        worse = self._log_e_worse(test, candidate)
        if self.is_proven(test, strictness):
            return worse < strictness.log_fail
        rest = candidate
        if self.candidate_alone is not None:
            both = candidate.over - self.candidate_alone
            rest = replace(candidate, over=self.candidate_alone, total=candidate.total - both)
        fails = settle(test, rest, strictness) is RuleVerdict.FAIL
        return not fails or worse < strictness.log_pass

    def _log_e_worse(self, test: RateTest, candidate: Exceedances) -> float:
        """Return log E, the evidence that the candidate is over the limit more often.

        By the pairs in which one side alone was; without pairs, the least over every rate of the
        evidence that the baseline is below it or the candidate above: the mean of two e-values
        that may depend on each other.
        """
        d = candidate.fail_discount
        if self.candidate_alone is not None:
            alone = self.candidate_alone + self.baseline_alone
            return float(HALF.log_e_above(self.candidate_alone / d, alone / d))
        if not self.shares.rate < candidate.rate:
            return -math.inf
        rates = np.linspace(self.shares.rate, candidate.rate, _RATES + 2)[1:-1]
        least = math.inf
        for rate in rates:
            at = RateTest(float(rate), test.prior)
            below = at.log_e_below(self.shares.over / d, self.shares.total / d)
            above = at.log_e_above(candidate.over / d, candidate.total / d)
            least = min(least, float(np.logaddexp(below, above)) - math.log(2))
        return least

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
