"""The rule over an endpoint's slowest requests. Called by the sampling stage and the gate."""

from __future__ import annotations

import math

from pytest_cutover.performance.stats import caveats
from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.decision import (
    Decision,
    Estimate,
    Note,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.eprocess import fewest_to_pass
from pytest_cutover.performance.stats.outliers import Outliers
from pytest_cutover.performance.stats.proportions import QUANTILE_TESTS
from pytest_cutover.performance.stats.rules import with_exclusions


def judge_maximum(tally: EndpointTally, *, strictness: Strictness, outliers: Outliers) -> Decision:
    """Judge the slowest requests: two or more beyond twice the limit never pass.

    They fail once the outliers of the whole run are proven to be the candidate's (see
    ``outliers``); until then the answer is open. One is a warning. Failed requests have no latency
    here; the error rate judges them. A pass takes as many requests as a P99 takes without any
    exceedance.
    """
    limit = tally.limits.max_ms
    if limit is None:
        raise ValueError(f"maximum of {tally.endpoint}: expected max_ms, got none; set one")
    slow = tally.candidate.ever_over(2 * limit) - tally.candidate.failures
    if slow > 1:
        return _outliers(tally, limit, slow, strictness, outliers)
    fewest = fewest_to_pass(QUANTILE_TESTS[PerformanceRule.P99], 0, strictness.log_pass)
    more = max(0, fewest - tally.candidate.kept)
    warning = (caveats.one_outlier(tally.candidate.largest_ms),) if slow else ()
    if more:
        note = caveats.too_few(tally.candidate.kept, more, "requests")
        return _maximum(tally, limit, RuleVerdict.INCONCLUSIVE, more, (note, *warning))
    return _maximum(tally, limit, RuleVerdict.PASS, 0, warning)


def _outliers(
    tally: EndpointTally, limit: float, slow: int, strictness: Strictness, outliers: Outliers
) -> Decision:
    """Judge two or more requests beyond twice the limit."""
    if outliers.proven(strictness):
        return _maximum(tally, limit, RuleVerdict.FAIL, 0, ())
    needed = outliers.needed(strictness)
    # So many more outliers, at the pace at which they came.
    more = None if needed is None else needed * (tally.candidate.kept // slow)
    note = caveats.outliers(slow, outliers.candidate, outliers.baseline, needed)
    notes: tuple[Note, ...] = (note,)
    baseline_slow = tally.baseline.ever_over(2 * limit)
    if baseline_slow:
        notes = (caveats.environment(baseline_slow / tally.baseline.kept, 0.0), note)
    return _maximum(tally, limit, RuleVerdict.INCONCLUSIVE, more, notes)


def _maximum(
    tally: EndpointTally,
    limit: float,
    verdict: RuleVerdict,
    more: int | None,
    notes: tuple[Note, ...],
) -> Decision:
    verdict, more, notes = with_exclusions(tally, verdict, more, notes)
    largest = tally.candidate.largest_ms
    return Decision(
        rule=PerformanceRule.MAXIMUM,
        endpoint=tally.endpoint,
        verdict=verdict,
        limit=limit,
        unit="ms",
        observed=Estimate(largest, largest, math.inf),
        samples=tally.candidate.kept,
        more_samples_needed=more,
        notes=notes,
        reach=tally.reach.sentence() if verdict is RuleVerdict.PASS else "",
    )
