"""The one test behind every rate rule: a share of requests or pairs against what is allowed.

Called by the rules and by the simulation that shows their error rates. Imports numpy and scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats.decision import (
    UNKNOWN,
    Estimate,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.eprocess import RateTest, ranks, rate_bounds, samples_needed

QUANTILE_TESTS = {
    PerformanceRule.P50: RateTest(0.5, (1, 1)),
    PerformanceRule.P95: RateTest(0.05, (1, 10)),
    PerformanceRule.P99: RateTest(0.01, (1, 50)),
}
"""A quantile keeps its limit when the share of slower requests is at most this."""

HALF = QUANTILE_TESTS[PerformanceRule.P50]
"""The test of slice pairs, and of what is near a floor: at most half may be beyond the limit."""

MEDIANS = RateTest(0.5, (6, 6))
"""The test of P50 against the baseline, by pairs and by sides.

Its prior expects shares within some 14 % of a half. What is further away is decided long before an
endpoint has been measured for as long as a trend needs (64 pairs at least), and what is nearer
takes a fifth fewer requests than with the flat prior.
"""


def error_test(limit: float) -> RateTest:
    """Return the test of an error rate in 0..1; its prior expects half an error at the limit."""
    return RateTest(limit, (0.5, 0.5 / limit))


@dataclass(frozen=True, slots=True)
class Exceedances:
    """How many of ``total`` are over a limit, and how many of them count as one observation."""

    over: int
    total: int
    pass_discount: float = 1.0
    fail_discount: float = 1.0

    @property
    def rate(self) -> float:
        """The share over the limit, nan without any request."""
        return self.over / self.total if self.total else math.nan


def settle(test: RateTest, shares: Exceedances, strictness: Strictness) -> RuleVerdict:
    """Return what the counts say: the share keeps its limit, breaks it, or neither is shown."""
    if not shares.total:
        return RuleVerdict.INCONCLUSIVE
    c, d = shares.pass_discount, shares.fail_discount
    if shares.rate < test.limit:
        e = test.log_e_below(shares.over / c, shares.total / c)
        return RuleVerdict.PASS if e >= strictness.log_pass else RuleVerdict.INCONCLUSIVE
    e = test.log_e_above(shares.over / d, shares.total / d)
    return RuleVerdict.FAIL if e >= strictness.log_fail else RuleVerdict.INCONCLUSIVE


def still_needed(test: RateTest, shares: Exceedances, strictness: Strictness) -> int | None:
    """Return how many more would decide at the observed share; None when that is out of reach."""
    passing = shares.total == 0 or shares.rate < test.limit
    return samples_needed(
        test,
        shares.over,
        shares.total,
        log_pass=strictness.log_pass,
        log_fail=strictness.log_fail,
        discount=shares.pass_discount if passing else shares.fail_discount,
    )


def share_estimate(test: RateTest, shares: Exceedances, strictness: Strictness) -> Estimate:
    """Return the share with its bounds, which exclude the limit exactly when it is settled."""
    if not shares.total:
        return Estimate(math.nan, 0.0, 1.0)
    c, d = shares.pass_discount, shares.fail_discount
    levels = {"log_upper": strictness.log_pass, "log_lower": strictness.log_fail}
    _, upper = rate_bounds(shares.over / c, shares.total / c, test.prior, **levels)
    lower, _ = rate_bounds(shares.over / d, shares.total / d, test.prior, **levels)
    return Estimate(shares.rate, lower, upper)


def quantile_estimate(
    test: RateTest,
    values: npt.ArrayLike,
    strictness: Strictness,
    *,
    pass_discount: float = 1.0,
    fail_discount: float = 1.0,
) -> Estimate:
    """Return the quantile that ``test`` is about, with bounds valid at every sample size.

    A limit at or above the upper bound passes, one below the lower bound fails. The upper bound
    is infinite, the lower one 0, while there are too few values to say.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    if not n:
        return UNKNOWN
    passing, failing = ranks(
        test,
        n,
        log_pass=strictness.log_pass,
        log_fail=strictness.log_fail,
        pass_discount=pass_discount,
        fail_discount=fail_discount,
    )
    middle = float(ordered[max(0, math.ceil((1 - test.limit) * n - 1e-9) - 1)])
    upper = math.inf if passing < 0 else float(ordered[n - 1 - passing])
    lower = 0.0 if failing > n else float(ordered[n - failing])
    return Estimate(middle, lower, upper)
