"""Memory, load and the pool."""

from __future__ import annotations

import math
import random
from itertools import permutations

import pytest

from pytest_cutover.performance.stats.decision import Caveat, Decision, RuleVerdict
from pytest_cutover.performance.stats.resources import (
    LoadPair,
    MemorySlice,
    PoolSample,
    PoolWatch,
    judge_load,
    judge_memory,
    judge_pool,
)
from pytest_cutover.performance.stats.slopes import theil_sen
from tests.unit.performance.blocks import STRICT


def memory(bytes_per_request: float, *, slices: int = 20, noise: float = 50_000) -> Decision:
    chance = random.Random(4)
    return judge_memory(
        [
            MemorySlice(1000 * i, int(80e6 + bytes_per_request * 1000 * i + chance.gauss(0, noise)))
            for i in range(slices)
        ],
        limit=100,
        strictness=STRICT,
    )


def test_a_leak_of_20_kb_per_request_fails() -> None:
    decision = memory(20_000)
    assert decision.verdict == RuleVerdict.FAIL
    assert decision.observed.estimate == pytest.approx(20_000, rel=0.01)


def test_a_leak_of_200_bytes_fails_or_stays_open_and_never_passes() -> None:
    assert memory(200).verdict == RuleVerdict.FAIL
    assert memory(200, noise=3_000_000).verdict == RuleVerdict.INCONCLUSIVE
    assert memory(200, noise=3_000_000).has(Caveat.GROWTH)


def test_stable_memory_passes() -> None:
    decision = memory(0, slices=25)
    assert decision.verdict == RuleVerdict.PASS
    assert decision.observed.lower <= 0 <= decision.observed.upper < 100
    assert not decision.notes


def test_growth_within_the_limit_passes_and_is_told() -> None:
    decision = memory(50, slices=25)
    assert decision.verdict == RuleVerdict.PASS
    assert decision.has(Caveat.GROWTH)


def test_too_few_requests_to_see_a_leak_at_the_limit_never_pass() -> None:
    decision = memory(0, slices=20)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert "load with at least 20972 requests" in decision.notes[0].sentence


def test_a_pass_on_memory_says_what_it_could_have_missed() -> None:
    assert "growth of less than" in memory(0, slices=25).reach


def test_memory_needs_eight_slices() -> None:
    decision = memory(20_000, slices=7)
    assert (decision.verdict, decision.more_samples_needed) == (RuleVerdict.INCONCLUSIVE, 1)


def test_memory_that_levels_off_was_warming_up() -> None:
    slices = [
        MemorySlice(1000 * i, 80_000_000 + 1_000_000 * min(i, 12) + 50_000 * i) for i in range(24)
    ]
    decision = judge_memory(slices, limit=100, strictness=STRICT)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.WARM_UP)


def test_the_interval_of_a_slope_errs_as_often_as_it_says() -> None:
    """Exactly: over all orders of six values without a trend."""
    x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    bounds = [
        theil_sen(x, list(y), alpha_lower=0.05, alpha_upper=0.1)
        for y in permutations([1.0, 2.5, 4.2, 8.0, 9.1, 12.7])
    ]
    assert sum(b.lower > 0 for b in bounds) / len(bounds) <= 0.05
    assert 0 < sum(b.upper < 0 for b in bounds) / len(bounds) <= 0.1


def test_a_slope_is_exact_without_noise_and_unknown_without_points() -> None:
    x = [float(i) for i in range(30)]
    assert theil_sen(x, [3 * i for i in x], alpha_lower=0.05, alpha_upper=0.05).lower == 3.0
    assert math.isnan(theil_sen([1.0], [1.0], alpha_lower=0.05, alpha_upper=0.05).estimate)
    assert math.inf == theil_sen([1, 2], [1, 2], alpha_lower=0.05, alpha_upper=0.05).upper
    with pytest.raises(ValueError, match="as many y as x"):
        theil_sen([1.0], [], alpha_lower=0.05, alpha_upper=0.05)


def load(
    ratios: list[float], *, cpu: float = 0.4, achieved: float = 100.0, asked: float = 100.0
) -> Decision:
    pairs = [LoadPair(10.0, 10.0 * r, cpu, asked, achieved) for r in ratios]
    return judge_load(pairs, users=100, strictness=STRICT)


def test_seven_slice_pairs_without_degradation_pass_and_six_do_not() -> None:
    assert (
        load([1.1] * 6).verdict,
        load([1.1] * 6).more_samples_needed,
    ) == (RuleVerdict.INCONCLUSIVE, 1)
    assert load([1.1] * 7).verdict == RuleVerdict.PASS
    assert load([1.1] * 7).endpoint == "100 users"


def test_twice_as_slow_under_load_fails() -> None:
    decision = load([2.0] * 14)
    assert decision.verdict == RuleVerdict.FAIL
    assert decision.observed.lower > 1.5


@pytest.mark.parametrize("trouble", [{"cpu": 0.8}, {"achieved": 90.0}])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_generator_that_measured_itself_has_no_verdict(
    trouble: dict[str, float], ratio: float
) -> None:
    decision = load([ratio] * 20, **trouble)
    assert decision.verdict == RuleVerdict.INCONCLUSIVE
    assert decision.has(Caveat.GENERATOR)
    assert not decision.open


def test_no_slices_are_no_evidence() -> None:
    assert (load([]).verdict, load([]).more_samples_needed) == (RuleVerdict.INCONCLUSIVE, 7)


def pool(
    *,
    during: int = 10,
    after_busy: int = 0,
    refused: int = 0,
    concurrency: int = 100,
    served: bool | None = True,
) -> Decision:
    return judge_pool(
        PoolWatch(
            bound=10,
            concurrency=concurrency,
            before=(PoolSample(0, 2, 0),),
            during=tuple(PoolSample(t, during, during) for t in range(5)),
            after=(PoolSample(9, 10, after_busy),),
            refused=refused,
            served_after=served,
        )
    )


def test_a_pool_at_its_bound_that_comes_back_passes() -> None:
    assert pool().verdict == RuleVerdict.PASS


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (pool(during=11), "11 connections were seen, the bound is 10"),
        (pool(refused=3), "3 requests failed for want of a connection"),
        (pool(after_busy=4), "4 connections were still in use after the load, 0 before it"),
        (pool(served=False), "10 requests at once were not served after the load"),
    ],
)
def test_a_pool_that_is_unbounded_or_gives_nothing_back_fails(
    decision: Decision, sentence: str
) -> None:
    assert decision.verdict == RuleVerdict.FAIL
    assert any(sentence in note.sentence for note in decision.notes)


def test_a_pool_that_was_not_put_to_the_test_is_inconclusive() -> None:
    assert pool(concurrency=8).verdict == RuleVerdict.INCONCLUSIVE
    assert pool(served=None).verdict == RuleVerdict.INCONCLUSIVE
