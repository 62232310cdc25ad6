"""The rules over one load: degradation, latencies and stalls under load, memory, pool.

Called by the gate. Pure: values in, values out.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.config.performance import EndpointLimits
from pytest_cutover.core.numbers import percent
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.stats import caveats
from pytest_cutover.performance.stats.decision import (
    Caveat,
    Decision,
    Note,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.load_run import LoadRun, discount_of
from pytest_cutover.performance.stats.proportions import QUANTILE_TESTS
from pytest_cutover.performance.stats.resources import judge_load, judge_memory, judge_pool
from pytest_cutover.performance.stats.rules import judge_latencies
from pytest_cutover.performance.stats.samples import Side

_MOST_FAILED = 0.05
"""Above this share of failed requests the memory per request has no meaning."""


def degradation(measurements: Measurements, load: LoadRun) -> Decision:
    """Judge whether the candidate holds up under so many users."""
    decision = judge_load(
        load.pairs(),
        users=load.users,
        strictness=measurements.strictness,
        regression=measurements.settings.p50_regression,
    )
    return _unless_throttled(decision, load)


def load_latencies(measurements: Measurements, load: LoadRun) -> list[Decision]:
    """P50 and P99 of each endpoint under load, and P99 of the open-loop probe."""
    found = []
    for endpoint in sorted({one.endpoint for one in load.measured}):
        for rule, limit in _limits(measurements.own(endpoint)):
            candidate = load.of(Side.CANDIDATE, endpoint)
            decision = judge_latencies(
                endpoint,
                rule,
                limit,
                candidate_ms=[one.counted_ms for one in candidate],
                baseline_ms=[one.counted_ms for one in load.of(Side.BASELINE, endpoint)],
                strictness=measurements.strictness,
                discount=discount_of(candidate, limit) if rule is PerformanceRule.P99 else 1.0,
            )
            found.append(_said(_unless_throttled(decision, load), discount_of(candidate, limit)))
    return found


def _limits(own: EndpointLimits) -> list[tuple[PerformanceRule, float]]:
    p50 = own.load_p50_ms or own.p50_ms
    p99 = own.load_p99_ms or own.p99_ms
    return [
        (rule, limit)
        for rule, limit in ((PerformanceRule.P50, p50), (PerformanceRule.P99, p99))
        if limit
    ]


def memory(measurements: Measurements, load: LoadRun) -> Decision:
    """Judge whether the candidate's memory grows with each request."""
    decision = judge_memory(
        load.memory_slices(),
        limit=measurements.settings.memory_bytes_per_request,
        strictness=measurements.strictness,
    )
    candidate, _ = load.failures()
    if candidate.total and candidate.rate > _MOST_FAILED:
        sentence = (
            f"{percent(candidate.rate, 0)} of the candidate's requests failed: what waits for an "
            "answer holds memory that is no leak. Fix that first"
        )
        note = Note(Caveat.UNTESTED, sentence)
        return replace(decision, verdict=RuleVerdict.INCONCLUSIVE, notes=(note,), reach="")
    return _unless_throttled(decision, load)


def pool(load: LoadRun) -> Decision:
    """Is the candidate's pool bounded, and does it get its connections back?"""
    return _unless_throttled(judge_pool(load.pool_watch()), load)


def _unless_throttled(decision: Decision, load: LoadRun) -> Decision:
    if not any(load.throttled):
        return decision
    note = caveats.throttled(*load.throttled)
    return replace(
        decision,
        verdict=RuleVerdict.INCONCLUSIVE,
        more_samples_needed=None,
        notes=(note, *decision.notes),
    )


def _said(decision: Decision, discount: float) -> Decision:
    """Say that slow requests came in bursts, where that is why nothing is decided."""
    test = QUANTILE_TESTS[decision.rule]
    bursty = discount > 1 and decision.rule is PerformanceRule.P99 and decision.share is not None
    if (
        decision.verdict is not RuleVerdict.INCONCLUSIVE
        or not bursty
        or decision.has(Caveat.ENVIRONMENT)
    ):
        return decision
    sentence = (
        f"slow requests came in bursts, {discount:.1f} count as one (allowed: "
        f"{percent(test.limit, 0)} of all): find what stalls the candidate, or load for longer"
    )
    return replace(decision, notes=(Note(Caveat.BURSTS, sentence), *decision.notes))


def failed_load(load: LoadRun, strictness: Strictness) -> Decision:
    """Return the answer of a load that gave no data."""
    decision = judge_load([], users=load.users, strictness=strictness)
    return replace(decision, notes=(Note(Caveat.GENERATOR, load.problem),))
