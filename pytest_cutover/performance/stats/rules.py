"""The rules over one endpoint's latencies, and over errors: P50, P95, P99, error rate.

Each may be asked after every block: the counts are running counts. ``explain=False`` leaves the
intervals out, for whoever only wants to know whether to go on sampling. Called by the sampling
stage and the gate. Imports numpy and scipy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from pytest_cutover.performance.stats import caveats
from pytest_cutover.performance.stats.both_sides import BaselineBeside
from pytest_cutover.performance.stats.counters import MOST_FAIL_DISCOUNT, EndpointTally, RunTail
from pytest_cutover.performance.stats.course import FEWEST_TO_FAIL, Trend, slow_at_first
from pytest_cutover.performance.stats.decision import (
    UNKNOWN,
    Decision,
    Estimate,
    Note,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.eprocess import RateTest
from pytest_cutover.performance.stats.proportions import (
    QUANTILE_TESTS,
    Exceedances,
    error_test,
    quantile_estimate,
    settle,
    share_estimate,
    still_needed,
)

ALL_ENDPOINTS = "all endpoints"


def _judge(
    test: RateTest,
    shares: Exceedances,
    baseline: BaselineBeside,
    strictness: Strictness,
    *,
    unit: str,
    excusable: bool = True,
) -> tuple[RuleVerdict, int | None, tuple[Note, ...]]:
    """Return verdict, samples still needed and notes of a share that the baseline must keep too.

    A candidate over its limit fails, unless the baseline is over it as well and excuses it.
    """
    verdict = settle(test, shares, strictness)
    if verdict is RuleVerdict.PASS:
        return verdict, 0, ()
    over = shares.total > 0 and shares.rate > test.limit
    if over and excusable and baseline.breaks(test):
        proven = baseline.is_proven(test, strictness)
        if verdict is RuleVerdict.FAIL and not baseline.excuses(test, shares, strictness):
            return verdict, 0, ()
        if proven or verdict is RuleVerdict.FAIL:
            note = caveats.environment(baseline.shares.rate, test.limit)
            more = baseline.still_needed(shares, strictness)
            if not proven:
                more = still_needed(test, baseline.shares, strictness)
            return RuleVerdict.INCONCLUSIVE, more, (note,)
    if verdict is RuleVerdict.FAIL:
        return verdict, 0, ()
    more = still_needed(test, shares, strictness)
    return verdict, more, (caveats.too_few(shares.total, more, unit),)


def judge_quantile(
    tally: EndpointTally,
    rule: PerformanceRule,
    *,
    strictness: Strictness,
    tail: RunTail,
    explain: bool = True,
    excusable: bool = True,
    trend: Trend | None = None,
) -> Decision:
    """Judge P50, P95 or P99 of an endpoint's candidate against its limit in ms.

    ``excusable`` False says that the candidate is slower than the baseline by more than is allowed,
    which no baseline that breaks the limit too excuses. ``trend`` is that of one side alone.
    Raises ValueError when the endpoint has no such limit.
    """
    limit = tally.limits.of(rule)
    if limit is None or rule not in QUANTILE_TESTS:
        raise ValueError(f"{rule} of {tally.endpoint}: expected a limit in ms, got none; set one")
    test, candidate = QUANTILE_TESTS[rule], tally.candidate
    pace = tally.requests_per_s
    shares = Exceedances(
        candidate.over_limit(limit),
        candidate.count,
        pass_discount=tail.pass_discount(rule, requests_per_s=pace),
        fail_discount=tail.fail_discount(rule),
    )
    baseline = BaselineBeside.of(tally, limit)
    verdict, more, notes = _judge(
        test, shares, baseline, strictness, unit="requests", excusable=excusable
    )
    if verdict is RuleVerdict.INCONCLUSIVE and shares.pass_discount > 1:
        plain = Exceedances(shares.over, shares.total)
        if settle(test, plain, strictness) is RuleVerdict.PASS:
            notes = (caveats.bursts(tail.at_limit(rule), shares.pass_discount, more),)
    if verdict is RuleVerdict.FAIL and (early := _too_early(tally, limit, test)):
        verdict, more, notes = RuleVerdict.INCONCLUSIVE, shares.total, (early,)
    if verdict is RuleVerdict.PASS and trend is not None:
        now = float(np.quantile(np.array(candidate.warm_ms), 1 - test.limit, method="higher"))
        if trend.breaks_ms(now, limit):
            verdict, more, notes = RuleVerdict.INCONCLUSIVE, None, (caveats.trend(trend),)
    verdict, more, notes = with_exclusions(tally, verdict, more, notes)
    return Decision(
        rule=rule,
        endpoint=tally.endpoint,
        verdict=verdict,
        limit=limit,
        unit="ms",
        observed=_quantile(test, candidate.warm_ms, shares, strictness, explain=explain),
        samples=candidate.count,
        more_samples_needed=more,
        notes=notes,
        share=share_estimate(test, shares, strictness) if explain else None,
        reach=tally.reach.sentence() if verdict is RuleVerdict.PASS else "",
    )


def _too_early(tally: EndpointTally, limit_ms: float, test: RateTest) -> Note | None:
    """Return why a fail is not believed yet: the run has only begun, or only began slowly."""
    over = np.array(tally.candidate.warm_ms) > limit_ms
    if len(over) < FEWEST_TO_FAIL:
        return caveats.too_few(len(over), FEWEST_TO_FAIL - len(over), "requests")
    return caveats.at_first(over) if slow_at_first(over, test.limit) else None


def _quantile(
    test: RateTest,
    values: Sequence[float],
    shares: Exceedances,
    strictness: Strictness,
    *,
    explain: bool,
) -> Estimate:
    if not explain:
        return UNKNOWN
    return quantile_estimate(
        test,
        values,
        strictness,
        pass_discount=shares.pass_discount,
        fail_discount=shares.fail_discount,
    )


def with_exclusions(
    tally: EndpointTally, verdict: RuleVerdict, more: int | None, notes: tuple[Note, ...]
) -> tuple[RuleVerdict, int | None, tuple[Note, ...]]:
    """Add what was left out; a throttled endpoint has no verdict."""
    by_side = tally.baseline.throttled, tally.candidate.throttled
    if any(by_side):
        return RuleVerdict.INCONCLUSIVE, None, (caveats.throttled(*by_side), *notes)
    return verdict, more, (*notes, *caveats.left_out(tally))


def judge_latencies(
    endpoint: str,
    rule: PerformanceRule,
    limit_ms: float,
    *,
    candidate_ms: Sequence[float],
    baseline_ms: Sequence[float],
    strictness: Strictness,
    discount: float = 1.0,
) -> Decision:
    """Judge a quantile of latencies that a load generator took, failures given as inf.

    ``discount`` is what ``clustering.dispersion`` says about the slow ones; ``rule`` is P50, P95
    or P99, ``limit_ms`` in ms.
    """
    test = QUANTILE_TESTS[rule]
    shares = Exceedances(
        sum(value > limit_ms for value in candidate_ms),
        len(candidate_ms),
        pass_discount=discount,
        fail_discount=min(discount, MOST_FAIL_DISCOUNT),
    )
    over = sum(value > limit_ms for value in baseline_ms)
    baseline = BaselineBeside(Exceedances(over, len(baseline_ms)))
    verdict, more, notes = _judge(test, shares, baseline, strictness, unit="requests")
    return Decision(
        rule=rule,
        endpoint=endpoint,
        verdict=verdict,
        limit=limit_ms,
        unit="ms",
        observed=_quantile(test, candidate_ms, shares, strictness, explain=True),
        samples=len(candidate_ms),
        more_samples_needed=more,
        notes=notes,
        share=share_estimate(test, shares, strictness),
    )


def judge_errors(
    tallies: Iterable[EndpointTally],
    *,
    limit: float,
    strictness: Strictness,
    tail: RunTail,
    load: tuple[Exceedances, Exceedances] = (Exceedances(0, 0), Exceedances(0, 0)),
    load_throttled: tuple[int, int] = (0, 0),
) -> Decision:
    """Judge the candidate's share of failed requests, pooled over endpoints and load.

    ``limit`` is a share (0.001 is 0.1 %); ``load`` has (failed, total) of the candidate, with its
    discounts, and of the baseline; ``load_throttled`` of the
    baseline's and of the candidate's requests under it were answered 429.
    """
    parts = list(tallies)
    of_candidate, of_baseline = load
    shares = Exceedances(
        sum(tally.candidate.failures for tally in parts) + of_candidate.over,
        sum(tally.candidate.kept for tally in parts) + of_candidate.total,
        max(
            tail.pass_discount(PerformanceRule.ERRORS, requests_per_s=0), of_candidate.pass_discount
        ),
        max(tail.fail_discount(PerformanceRule.ERRORS), of_candidate.fail_discount),
    )
    baseline = Exceedances(
        sum(tally.baseline.failures for tally in parts) + of_baseline.over,
        sum(tally.baseline.kept + tally.baseline.failures for tally in parts) + of_baseline.total,
    )
    test = error_test(limit)
    beside = BaselineBeside(baseline)
    verdict, more, notes = _judge(test, shares, beside, strictness, unit="requests")
    by_side = (
        sum(tally.baseline.throttled for tally in parts) + load_throttled[0],
        sum(tally.candidate.throttled for tally in parts) + load_throttled[1],
    )
    if any(by_side):
        note = caveats.throttled(*by_side)
        verdict, more, notes = RuleVerdict.INCONCLUSIVE, None, (note, *notes)
    estimate = share_estimate(test, shares, strictness)
    return Decision(
        rule=PerformanceRule.ERRORS,
        endpoint=ALL_ENDPOINTS,
        verdict=verdict,
        limit=limit,
        unit="share",
        observed=estimate,
        samples=shares.total,
        more_samples_needed=more,
        notes=notes,
        share=estimate,
    )
