"""The regression of P50, pair by pair."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.performance.stats.decision import Caveat, Decision, RuleVerdict
from pytest_cutover.performance.stats.ratio import RatioRule, judge_p50_ratio, judge_plain_ratio
from pytest_cutover.performance.stats.samples import Block, BlockOrder, RequestOutcome, Side
from tests.unit.performance.blocks import STRICT, alike, block, measured

DEFAULT = RatioRule()


def judged(blocks: list[Block], rule: RatioRule = DEFAULT) -> Decision:
    tally, _ = measured(blocks)
    return judge_p50_ratio(tally, rule, strictness=STRICT)


def noisy(count: int, ratio: float, *, seed: int = 1, drift: float = 0.0) -> list[Block]:
    chance = random.Random(seed)
    blocks = []
    for index in range(count):
        factor = 1 + drift * (2 * index / count - 1)
        b, c = (
            [10 * factor * side * chance.lognormvariate(0, 0.2) for _ in range(2)]
            for side in (1.0, ratio)
        )
        order = chance.choice(list(BlockOrder))
        blocks.append(block((b[0], b[1]), (c[0], c[1]), order=order))
    return blocks


def test_equal_sides_pass_after_twelve_pairs() -> None:
    assert judged(list(alike(5))).verdict == RuleVerdict.INCONCLUSIVE
    assert judged(list(alike(5))).more_samples_needed in (2, 3, 4)
    decision = judged(list(alike(6)))
    assert decision.verdict == RuleVerdict.PASS
    assert (decision.observed.estimate, decision.limit) == (1.0, 1.5)


@pytest.mark.parametrize(("ratio", "verdict"), [(1.0, RuleVerdict.PASS), (2.0, RuleVerdict.FAIL)])
@pytest.mark.parametrize("drift", [-0.3, 0.0, 0.3])
def test_drift_hits_both_sides_and_changes_nothing(
    ratio: float, verdict: RuleVerdict, drift: float
) -> None:
    decision = judged(noisy(60, ratio, drift=drift))
    assert verdict == decision.verdict
    assert decision.observed.lower <= ratio <= decision.observed.upper


@settings(max_examples=20)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(order: random.Random) -> None:
    blocks = noisy(15, 1.2)
    expected = judged(blocks)
    order.shuffle(blocks)
    assert expected.verdict == judged(blocks).verdict
    assert expected.observed == judged(blocks).observed


@settings(max_examples=50)
@given(seed=st.integers(0, 500), ratio=st.floats(0.5, 3))
def test_a_slower_candidate_never_gets_a_better_answer(seed: int, ratio: float) -> None:
    rank = {RuleVerdict.PASS: 0, RuleVerdict.INCONCLUSIVE: 1, RuleVerdict.FAIL: 2}
    faster, slower = (judged(noisy(20, r, seed=seed)) for r in (ratio, ratio * 1.3))
    if not faster.has(Caveat.SHAPE) and not slower.has(Caveat.SHAPE):
        assert rank[faster.verdict] <= rank[slower.verdict]


def test_medians_that_are_far_apart_fail_though_most_pairs_are_not() -> None:
    """In two pairs of five nine times as slow, in the others less than half as much again."""
    crossed = []
    for i in range(400):
        b, c = ((1.0, 1.4), (2.0, 2.9), (3.0, 4.4), (0.5, 4.5), (0.5, 4.5))[i % 5]
        crossed.append(block((b, b), (c, c)))
    assert judged(crossed).verdict == RuleVerdict.FAIL


def hits(baseline: float, candidate: float, pairs: int, *, seed: int = 1) -> list[Block]:
    """Blocks of a cache: such a share of a side is answered in 30 ms, the rest in 180 ms."""
    chance = random.Random(seed)

    def taken(share: float) -> tuple[float, float]:
        first, second = (30.0 if chance.random() < share else 180.0 for _ in range(2))
        return first * chance.lognormvariate(0, 0.05), second * chance.lognormvariate(0, 0.05)

    return [block(taken(baseline), taken(candidate)) for _ in range(pairs // 2)]


def test_a_median_in_a_gap_is_inconclusive_and_says_both_shares() -> None:
    decision = judged(hits(0.6, 0.45, 180))
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.open
    sentence = next(one.sentence for one in decision.notes if one.doubt is Caveat.GAP)
    assert "median in a gap: of 180 pairs 6" in sentence
    assert "split the workload by what makes it slow" in sentence


def test_one_side_that_limits_the_rate_is_named_with_its_count() -> None:
    refused = block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.THROTTLED})
    decision = judged([*alike(30), *[refused] * 12])
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    said = "throttled: 12 of the candidate's requests were answered 429 (too many requests), "
    assert f"{said}and none of the baseline's" in decision.notes[0].sentence


def test_below_three_times_the_clients_cost_no_ratio_is_judged() -> None:
    decision = judged(list(alike(50, candidate_ms=2.0)), RatioRule(client_cost_ms=0.4))
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.CLIENT_COST)
    assert not decision.open


def test_the_clients_cost_is_taken_off_before_the_ratio() -> None:
    """2.0 against 1.4 ms is +43 %, but 1.6 against 1.0 is +60 %."""
    blocks = list(alike(50, baseline_ms=1.4, candidate_ms=2.0))
    assert judged(blocks).verdict == RuleVerdict.PASS
    decision = judged(blocks, RatioRule(client_cost_ms=0.4))
    assert decision.verdict == RuleVerdict.FAIL
    assert decision.observed.estimate == pytest.approx(1.6)


def test_under_the_practical_floor_no_ratio_matters() -> None:
    blocks = list(alike(50, baseline_ms=0.2, candidate_ms=0.6))
    rule = RatioRule(floor_ms=1.0, client_cost_ms=0.15)
    assert judged(blocks, rule).verdict == RuleVerdict.PASS
    assert judged(blocks, rule).has(Caveat.FLOOR)
    assert judged(blocks[:2], rule).verdict == RuleVerdict.INCONCLUSIVE
    assert judged(blocks, RatioRule(floor_ms=0.5)).verdict == RuleVerdict.FAIL


def test_waiting_for_the_machine_hides_no_regression() -> None:
    """Ten and twenty milliseconds, and up to 40 more of waiting on either side."""
    chance = random.Random(1)
    blocks = []
    for _ in range(300):
        b1, b2, c1, c2 = (ms + 40 * chance.random() for ms in (10, 10, 20, 20))
        blocks.append(block((b1, b2), (c1, c2)))
    tally, _ = measured(blocks)
    quiet, busy = (
        judge_p50_ratio(tally, DEFAULT, strictness=STRICT, busy=each) for each in (False, True)
    )
    assert quiet.verdict == RuleVerdict.PASS
    assert (busy.verdict, busy.open) == (RuleVerdict.INCONCLUSIVE, True)
    said = next(one.sentence for one in busy.notes if one.doubt is Caveat.NOISE)
    assert "on this busy machine both sides waited" in said
    alike_, _ = measured([block((b, b + 1), (b, b + 1)) for b in range(10, 70)])
    assert judge_p50_ratio(alike_, DEFAULT, strictness=STRICT, busy=True).verdict == quiet.verdict


def test_a_candidate_that_fails_is_slower_than_any_baseline() -> None:
    failing = [
        block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.ERROR}) for _ in range(200)
    ]
    decision = judged(failing)
    assert decision.verdict != RuleVerdict.PASS


def test_a_candidate_that_warms_up_is_not_failed_for_it() -> None:
    blocks = [*alike(60, candidate_ms=3), *alike(30, candidate_ms=1)]
    decision = judged(blocks)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.WARM_UP)


def test_neighbours_of_one_side_that_differ_by_more_than_the_limit_are_noise() -> None:
    blocks = [block((1, 1), (1, 4), order=BlockOrder.BCCB) for _ in range(3)]
    blocks += [block((1, 4), (1, 1), order=BlockOrder.CBBC) for _ in range(2)]
    assert judged(blocks).has(Caveat.NOISE)


@pytest.mark.parametrize("ratio", [1.0, 3.0])
def test_sides_that_were_not_interleaved_decide_nothing(ratio: float) -> None:
    decision = judge_plain_ratio(
        "GET /api/health",
        DEFAULT,
        baseline_ms=[9.0, 10.0, 11.0] * 30,
        candidate_ms=[9.0 * ratio, 10.0 * ratio, 11.0 * ratio] * 30,
        strictness=STRICT,
    )
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.NOT_INTERLEAVED)
    assert not decision.open
    assert decision.observed.estimate == ratio
    assert decision.observed.lower <= ratio <= decision.observed.upper


def test_nobody_measured_is_inconclusive_and_dropped_pairs_are_told() -> None:
    broken = {Side.BASELINE: RequestOutcome.ERROR}
    decision = judged([block((1, 1), (1, 1), outcomes=broken)])
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.DROPPED)
    assert judged([]).more_samples_needed == 11


@pytest.mark.parametrize(
    ("reopened", "told"),
    [({Side.CANDIDATE}, True), ({Side.BASELINE}, False), (set(Side), False), (set(), False)],
)
def test_a_candidate_that_keeps_no_connection_is_told(reopened: set[Side], told: bool) -> None:
    blocks = [block((1, 1), (1, 1), reopened=frozenset(reopened)) for _ in range(20)]
    assert judged(blocks).has(Caveat.NOT_KEPT) is told


@pytest.mark.parametrize("name", ["regression", "floor_ms", "client_cost_ms"])
def test_a_negative_setting_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected a number >= 0"):
        RatioRule(**{name: -1.0})
