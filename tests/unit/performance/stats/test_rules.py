"""Quantiles, the maximum and errors: what passes, what fails, what stays open, and why."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.performance.stats.clustering import Stalls
from pytest_cutover.performance.stats.counters import JudgedLimits, RunTail
from pytest_cutover.performance.stats.decision import Caveat, Decision, PerformanceRule, RuleVerdict
from pytest_cutover.performance.stats.maximum import judge_maximum
from pytest_cutover.performance.stats.outliers import Outliers
from pytest_cutover.performance.stats.proportions import Exceedances
from pytest_cutover.performance.stats.rules import (
    judge_errors,
    judge_latencies,
    judge_quantile,
)
from pytest_cutover.performance.stats.samples import Block, RequestOutcome, Side
from tests.unit.performance.blocks import HEALTH, STRICT, alike, block, measured

LIMITS = JudgedLimits(p50_ms=5, p95_ms=20, p99_ms=50, max_ms=100)


def judged(rule: PerformanceRule, blocks: list[Block], limits: JudgedLimits = LIMITS) -> Decision:
    tally, tail = measured(blocks, limits)
    return judge_quantile(tally, rule, strictness=STRICT, tail=tail)


def with_slow(count: int, every: int, *, slow_ms: float = 80.0, both: bool = False) -> list[Block]:
    """Blocks of which each ``every``-th has one slow candidate request (and baseline request)."""
    return [
        block((slow_ms if both else 1, 1), (slow_ms, 1), at_s=i * 0.02)
        if i % every == every - 1
        else block((1, 1), (1, 1), at_s=i * 0.02)
        for i in range(count)
    ]


def test_a_clean_p99_passes_at_432_requests_and_not_before() -> None:
    before = judged(PerformanceRule.P99, list(alike(215)))
    after = judged(PerformanceRule.P99, list(alike(216)))
    assert before.verdict == RuleVerdict.INCONCLUSIVE
    assert (before.samples, before.more_samples_needed) == (430, 2)
    assert before.has(Caveat.TOO_FEW)
    assert before.open
    assert math.inf == before.observed.upper
    assert after.verdict == RuleVerdict.PASS
    assert after.observed.upper <= 50
    assert "could have missed" in after.reach


@settings(max_examples=20)
@given(count=st.integers(0, 215))
def test_no_p99_passes_without_enough_samples_however_fast(count: int) -> None:
    assert judged(PerformanceRule.P99, list(alike(count))).verdict != RuleVerdict.PASS


def test_three_percent_of_slow_requests_fail_the_p99_and_not_its_neighbours() -> None:
    blocks = with_slow(1000, 16)
    assert judged(PerformanceRule.P99, blocks).verdict == RuleVerdict.FAIL
    assert judged(PerformanceRule.P95, blocks).verdict == RuleVerdict.PASS
    assert judged(PerformanceRule.P50, blocks).verdict == RuleVerdict.PASS
    decision = judged(PerformanceRule.P99, blocks)
    assert decision.share is not None
    assert decision.share.lower > 0.01
    assert decision.observed.lower > 50
    assert decision.more_samples_needed == 0


@settings(max_examples=10)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_lone_exceedances_does_not_matter(order: random.Random) -> None:
    """Exchangeable counts: only clustering may look at the order, and these never touch."""
    kinds = [True] * 3 + [False] * 97
    order.shuffle(kinds)
    blocks = []
    for slow in kinds:
        blocks.append(block((1, 1), (80.0 if slow else 1.0, 1)))
        blocks.extend(alike(3))
    decision = judged(PerformanceRule.P99, blocks)
    plain = judged(PerformanceRule.P99, with_slow(300, 100) + list(alike(100)))
    assert plain.verdict == decision.verdict
    assert plain.more_samples_needed == decision.more_samples_needed
    assert plain.observed == decision.observed


@settings(max_examples=30)
@given(extra=st.integers(0, 40), count=st.integers(0, 1500))
def test_more_slow_requests_never_turn_a_p99_that_did_not_pass_into_a_pass(
    extra: int, count: int
) -> None:
    rank = {RuleVerdict.PASS: 0, RuleVerdict.INCONCLUSIVE: 1, RuleVerdict.FAIL: 2}
    fast = [1.0] * count

    def verdict(slow: int) -> int:
        latencies = fast[slow:] + [99.0] * min(slow, count)
        decision = judge_latencies(
            HEALTH,
            PerformanceRule.P99,
            50,
            candidate_ms=latencies,
            baseline_ms=fast,
            strictness=STRICT,
        )
        return rank[decision.verdict]

    assert verdict(extra) <= verdict(extra + 1)


def test_a_limit_that_the_baseline_breaks_too_is_no_failure_of_the_candidate() -> None:
    decision = judged(PerformanceRule.P99, with_slow(1000, 16, both=True))
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.ENVIRONMENT)
    assert not decision.open


def over_p50(count: int, *, both: float, alone: float, baseline_alone: float = 0.0) -> Decision:
    """Judge a P50 limit of 5 ms: such shares of pairs are over it on both sides, or on one."""
    chance = random.Random(1)
    blocks = []
    for _ in range(count):
        pairs = []
        for _ in range(2):
            drawn = chance.random()
            candidate = drawn < both + alone
            baseline = drawn < both or both + alone <= drawn < both + alone + baseline_alone
            pairs.append((5.5 if baseline else 4.8, 5.6 if candidate else 4.8))
        (b1, c1), (b2, c2) = pairs
        blocks.append(block((b1, b2), (c1, c2)))
    return judged(PerformanceRule.P50, blocks, JudgedLimits(p50_ms=5.0))


def test_a_baseline_that_breaks_a_limit_by_a_hair_excuses_no_candidate_over_it_in_all() -> None:
    decision = over_p50(2000, both=0.51, alone=0.49)
    assert decision.verdict == RuleVerdict.FAIL
    assert not decision.has(Caveat.ENVIRONMENT)


def test_a_baseline_that_is_proven_to_break_a_limit_excuses_no_candidate_that_is_worse() -> None:
    assert over_p50(2000, both=0.6, alone=0.3).verdict == RuleVerdict.FAIL


def test_a_candidate_as_bad_as_a_baseline_that_is_proven_to_break_the_limit_is_excused() -> None:
    decision = over_p50(2000, both=0.5, alone=0.15, baseline_alone=0.15)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.ENVIRONMENT)


@pytest.mark.parametrize("rate", [0.02, 0.05])
def test_two_equal_sides_that_both_break_a_limit_are_not_failed(rate: float) -> None:
    """Either of them is found out first; without more evidence a third of such runs fail."""
    failed = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        slow = np.where(chance.random((800, 4)) < rate, 80.0, 1.0)
        tally, tail = measured([], LIMITS)
        for i, (a, b, c, d) in enumerate(slow.tolist()):
            each = block((a, b), (c, d), at_s=i * 0.02)
            tally.add(each)
            tail.add(each)
            if i % 40 == 39:
                decision = judge_quantile(
                    tally, PerformanceRule.P99, strictness=STRICT, tail=tail, explain=False
                )
                if decision.verdict is RuleVerdict.FAIL:
                    failed += 1
                    break
    assert failed <= 2


def test_a_limit_that_only_stalls_of_both_sides_break_is_the_machines() -> None:
    """Not proven of the baseline yet; without the pairs that both missed nothing is left."""
    blocks = [
        block((80, 80), (80, 80)) if i in (5, 15, 25, 35) else block((1, 1), (1, 1))
        for i in range(60)
    ]
    decision = judged(PerformanceRule.P99, blocks)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE


def test_no_machine_excuses_a_candidate_whose_ratio_is_beyond_its_own_limit() -> None:
    blocks = list(alike(300, baseline_ms=6.0, candidate_ms=12.0))
    tally, tail = measured(blocks, JudgedLimits(p50_ms=5.0))
    verdicts = [
        judge_quantile(
            tally, PerformanceRule.P50, strictness=STRICT, tail=tail, excusable=excusable
        ).verdict
        for excusable in (True, False)
    ]
    assert verdicts == [RuleVerdict.INCONCLUSIVE, RuleVerdict.FAIL]


@pytest.mark.parametrize(("baseline", "verdict"), [(450, "inconclusive"), (60, "fail")])
def test_under_load_a_baseline_excuses_only_a_candidate_that_is_not_worse(
    baseline: int, verdict: str
) -> None:
    decision = judge_latencies(
        HEALTH,
        PerformanceRule.P99,
        50,
        candidate_ms=[99.0] * 450 + [1.0] * 2550,
        baseline_ms=[99.0] * baseline + [1.0] * (3000 - baseline),
        strictness=STRICT,
    )
    assert decision.verdict == verdict


def test_bursts_may_block_a_pass() -> None:
    """Exceedances that would pass one by one do not pass as a few clusters."""
    clustered = [
        block((1, 1), (80, 80)) if i % 250 in (0, 1) else block((1, 1), (1, 1)) for i in range(1000)
    ]
    spread = with_slow(1000, 125)
    assert judged(PerformanceRule.P99, spread).verdict == RuleVerdict.PASS
    shorter = [
        block((1, 1), (80, 80)) if i in (100, 101) else block((1, 1), (1, 1)) for i in range(700)
    ]
    decision = judged(PerformanceRule.P99, shorter)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.BURSTS)
    assert any(
        "4 slow requests came in 1 clusters of up to 4" in n.sentence for n in decision.notes
    )
    assert judged(PerformanceRule.P99, clustered).verdict != RuleVerdict.FAIL


def test_bursts_never_block_a_fail() -> None:
    one_long_burst = [
        block((1, 1), (80, 80)) if 200 <= i < 300 else block((1, 1), (1, 1)) for i in range(1000)
    ]
    assert judged(PerformanceRule.P99, one_long_burst).verdict == RuleVerdict.FAIL
    two_percent = [
        block((1, 1), (80, 80)) if i % 100 < 2 else block((1, 1), (1, 1)) for i in range(5000)
    ]
    assert judged(PerformanceRule.P99, two_percent).verdict == RuleVerdict.FAIL


def test_a_probe_that_saw_a_stall_asks_for_more_samples() -> None:
    tally, tail = measured(alike(216), LIMITS)
    tail.add_probe(Stalls(durations_s=(0.5,), requests=(50,), watched_s=10))
    decision = judge_quantile(tally, PerformanceRule.P99, strictness=STRICT, tail=tail)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.BURSTS)
    assert decision.more_samples_needed is not None
    assert decision.more_samples_needed > 1000


def test_clusters_of_other_endpoints_count_for_an_endpoint_without_any() -> None:
    lots = "POST /api/lots"
    tally, _ = measured(alike(216), LIMITS)
    tail = RunTail({HEALTH: LIMITS, lots: LIMITS})
    for index, each in enumerate(alike(216)):
        tail.add(each)
        slow = 80.0 if index in (50, 51, 150, 151) else 1.0
        tail.add(block((1, 1), (slow, slow), endpoint=lots))
    decision = judge_quantile(tally, PerformanceRule.P99, strictness=STRICT, tail=tail)
    assert decision.has(Caveat.BURSTS)


def test_a_throttled_endpoint_has_no_verdict() -> None:
    throttled = block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.THROTTLED})
    decision = judged(PerformanceRule.P99, [*alike(300), throttled])
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.THROTTLED)
    assert not decision.open


def test_failures_of_the_candidate_count_as_slow() -> None:
    failing = [
        block(
            (1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.ERROR} if i % 12 == 0 else None
        )
        for i in range(1000)
    ]
    assert judged(PerformanceRule.P99, failing).verdict == RuleVerdict.FAIL


def test_without_samples_the_answer_is_inconclusive() -> None:
    decision = judged(PerformanceRule.P99, [])
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.more_samples_needed == 432


def test_a_rate_on_the_limit_says_that_no_number_of_samples_decides() -> None:
    decision = judged(PerformanceRule.P99, with_slow(1000, 50))
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.more_samples_needed is None
    assert "make it faster, or move the limit" in decision.notes[0].sentence
    assert judged(PerformanceRule.P99, with_slow(50, 50)).open


def test_a_p50_that_broke_its_limit_only_while_warming_up_is_not_failed() -> None:
    decision = judged(PerformanceRule.P50, [*alike(80, candidate_ms=9), *alike(40, candidate_ms=2)])
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.WARM_UP)
    steady = judged(PerformanceRule.P50, list(alike(120, candidate_ms=9)))
    assert steady.verdict == RuleVerdict.FAIL


def test_the_explanation_does_not_change_the_verdict() -> None:
    for blocks in (list(alike(216)), with_slow(1000, 16), with_slow(400, 100)):
        tally, tail = measured(blocks, LIMITS)
        long = judge_quantile(tally, PerformanceRule.P99, strictness=STRICT, tail=tail)
        short = judge_quantile(
            tally, PerformanceRule.P99, strictness=STRICT, tail=tail, explain=False
        )
        assert (long.verdict, long.more_samples_needed) == (
            short.verdict,
            short.more_samples_needed,
        )


@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan])
def test_a_limit_that_nothing_can_keep_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="p99_ms: expected a finite number"):
        JudgedLimits(p99_ms=value)


def test_a_rule_without_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a limit"):
        judged(PerformanceRule.P99, [], JudgedLimits(p50_ms=1))


def maximum(blocks: list[Block]) -> Decision:
    tally, _ = measured(blocks, LIMITS)
    outliers = Outliers({HEALTH: LIMITS})
    for each in blocks:
        outliers.add(each)
    return judge_maximum(tally, strictness=STRICT, outliers=outliers)


def test_one_request_beyond_twice_the_maximum_is_a_warning_and_two_do_not_pass() -> None:
    one = [*alike(216), block((1, 1), (201, 1))]
    two = [*one, block((1, 1), (201, 1))]
    assert (maximum(one).verdict, maximum(one).has(Caveat.OUTLIER)) == (RuleVerdict.PASS, True)
    assert (maximum(two).verdict, maximum(two).open) == (RuleVerdict.INCONCLUSIVE, True)
    assert (maximum(two).limit, maximum(two).observed.estimate) == (100, 201)


def test_outliers_that_only_the_candidate_has_fail_when_chance_no_longer_explains_them() -> None:
    def struck(times: int) -> RuleVerdict:
        return maximum([*alike(216), *[block((1, 1), (201, 1))] * times]).verdict

    assert [struck(9), struck(13)] == [RuleVerdict.INCONCLUSIVE, RuleVerdict.FAIL]


def test_outliers_that_strike_both_sides_alike_never_fail() -> None:
    strikes = [block((1, 1), (201, 1)), block((201, 1), (1, 1))] * 50
    decision = maximum([*alike(216), *strikes])
    assert (decision.verdict, decision.open) == (RuleVerdict.INCONCLUSIVE, False)
    assert decision.has(Caveat.ENVIRONMENT)


def test_a_maximum_passes_with_as_many_requests_as_a_clean_p99() -> None:
    assert maximum(list(alike(200))).more_samples_needed == 32
    assert maximum(list(alike(216))).verdict == RuleVerdict.PASS


def test_failed_requests_are_left_to_the_error_rate() -> None:
    failing = block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.ERROR})
    assert maximum([*alike(216), failing, failing, failing]).verdict == RuleVerdict.PASS


def errors(blocks: list[Block], load: tuple[Exceedances, Exceedances] | None = None) -> Decision:
    tally, tail = measured(blocks, LIMITS)
    load = load or (Exceedances(0, 0), Exceedances(0, 0))
    return judge_errors([tally], limit=0.001, strictness=STRICT, tail=tail, load=load)


def test_errors_are_pooled_with_those_under_load() -> None:
    alone = errors(list(alike(500)))
    assert alone.verdict == RuleVerdict.INCONCLUSIVE
    assert alone.more_samples_needed == 2678
    pooled = errors(list(alike(500)), (Exceedances(0, 3000), Exceedances(0, 3000)))
    assert pooled.verdict == RuleVerdict.PASS
    failing = errors(list(alike(500)), (Exceedances(60, 19_000), Exceedances(0, 19_000)))
    assert failing.verdict == RuleVerdict.FAIL
    environment = errors(list(alike(500)), (Exceedances(60, 19_000), Exceedances(55, 19_000)))
    assert environment.has(Caveat.ENVIRONMENT)


def test_the_bounds_of_a_quantile_are_consistent_with_its_verdict() -> None:
    latencies = [1.0 + i / 1000 for i in range(3000)]
    for limit in (2.0, 3.96, 3.97, 3.98, 3.99, 4.5):
        decision = judge_latencies(
            HEALTH,
            PerformanceRule.P99,
            limit,
            candidate_ms=latencies,
            baseline_ms=[1.0],
            strictness=STRICT,
        )
        bounds = decision.observed
        assert (bounds.upper <= limit) is (decision.verdict is RuleVerdict.PASS)
        assert (bounds.lower > limit) is (decision.verdict is RuleVerdict.FAIL)
