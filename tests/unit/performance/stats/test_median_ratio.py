"""The rule on P50 over the shapes that latencies have, by simulation with fixed seeds."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.decision import RuleVerdict, Strictness
from pytest_cutover.performance.stats.median_ratio import MedianRatio
from pytest_cutover.performance.stats.ratio import RatioRule, judge_p50_ratio

Floats = npt.NDArray[np.float64]
Side = Callable[[np.random.Generator, int], Floats]
RUNS = 40
STRICT = Strictness(gates=20)
PASS, FAIL, OPEN = RuleVerdict.PASS, RuleVerdict.FAIL, RuleVerdict.INCONCLUSIVE


def one_mode(ratio: float, sd: float) -> Side:
    return lambda chance, n: 20 * ratio * chance.lognormal(0, sd, n)


def two_modes(fast: float, ratio: float = 1.0) -> Side:
    return lambda chance, n: (
        ratio * np.where(chance.random(n) < fast, 30.0, 180.0) * chance.lognormal(0, 0.05, n)
    )


def heavy_tail(ratio: float) -> Side:
    return lambda chance, n: 20 * ratio * (0.5 + chance.pareto(2, n))


def answers(
    baseline: Side, candidate: Side, *, most: int, runs: int = RUNS
) -> Counter[RuleVerdict]:
    """What so many runs end with, each looked at on a grid until it is decided."""
    grid = [8 * round(2 * 1.4**step) for step in range(20)]
    found: Counter[RuleVerdict] = Counter()
    for seed in range(runs):
        chance = np.random.default_rng(seed)
        left, right = baseline(chance, most), candidate(chance, most)
        verdict = OPEN
        for n in [one for one in grid if one < most] + [most]:
            tally = EndpointTally("GET /x")
            tally.baseline.latencies_ms = array("d", left[:n])
            tally.candidate.latencies_ms = array("d", right[:n])
            verdict = judge_p50_ratio(tally, RatioRule(), strictness=STRICT, explain=False).verdict
            if verdict is not OPEN:
                break
        found[verdict] += 1
    return found


@pytest.mark.parametrize(
    ("baseline", "candidate"), [(0.7, 0.45), (0.6, 0.4), (0.55, 0.45), (0.52, 0.48)]
)
def test_a_cache_that_hits_less_often_hardly_ever_passes(baseline: float, candidate: float) -> None:
    """By chance alone: one run in twenty at most."""
    found = answers(two_modes(baseline), two_modes(candidate), most=1000)
    assert found[PASS] <= 0.05 * RUNS


def test_a_cache_that_hits_less_often_fails_when_enough_was_measured() -> None:
    assert answers(two_modes(0.6), two_modes(0.4), most=3000, runs=20)[FAIL] == 20


@pytest.mark.parametrize("candidate", [0.6, 0.55])
def test_the_same_median_in_two_modes_never_fails(candidate: float) -> None:
    found = answers(two_modes(0.6), two_modes(candidate), most=2000)
    assert found[FAIL] == 0
    assert found[PASS] >= (RUNS if candidate == 0.6 else RUNS // 2)


def test_half_and_half_on_both_sides_never_fails() -> None:
    assert answers(two_modes(0.5), two_modes(0.5), most=1000)[FAIL] == 0


def test_both_modes_twice_as_slow_fail() -> None:
    assert answers(two_modes(0.6), two_modes(0.6, 2.0), most=2000)[FAIL] == RUNS


@pytest.mark.parametrize(
    ("baseline", "candidate", "most", "expected"),
    [
        (one_mode(1, 0.1), one_mode(1.0, 0.1), 24, PASS),
        (one_mode(1, 0.1), one_mode(1.3, 0.1), 80, PASS),
        (one_mode(1, 0.1), one_mode(2.0, 0.1), 80, FAIL),
        (one_mode(1, 0.3), one_mode(1.0, 0.3), 150, PASS),
        (one_mode(1, 0.3), one_mode(2.0, 0.3), 300, FAIL),
        (one_mode(1, 0.6), one_mode(1.0, 0.6), 300, PASS),
        (one_mode(1, 0.6), one_mode(2.0, 0.6), 1500, FAIL),
        (heavy_tail(1), heavy_tail(1.0), 300, PASS),
        (heavy_tail(1), heavy_tail(2.0), 1500, FAIL),
    ],
)
def test_shapes_of_one_mode_are_decided_within_their_budget(
    baseline: Side, candidate: Side, most: int, expected: RuleVerdict
) -> None:
    assert answers(baseline, candidate, most=most, runs=20)[expected] == 20


def test_wide_shapes_of_slow_requests_are_decided_about_as_often_as_they_can_be() -> None:
    """180 requests a side: no rule that holds for every shape decides more than 99 and 64 %."""
    equal = answers(one_mode(1, 0.6), one_mode(1.0, 0.6), most=180)
    slower = answers(one_mode(1, 0.6), one_mode(2.0, 0.6), most=180)
    assert (equal[PASS] >= 0.9 * RUNS, equal[FAIL]) == (True, 0)
    assert (slower[FAIL] >= 0.25 * RUNS, slower[PASS]) == (True, 0)


@pytest.mark.parametrize("sd", [0.1, 0.3])
def test_on_the_limit_hardly_anything_passes_and_nothing_fails(sd: float) -> None:
    found = answers(one_mode(1, sd), one_mode(1.5, sd), most=800)
    assert found[PASS] <= RUNS * 0.05
    assert found[FAIL] == 0


latencies = st.lists(st.integers(1, 9).map(float), min_size=1, max_size=12)


@given(latencies, latencies, st.sampled_from([1.0, 1.5, 2.0]))
def test_observed_values_hold_the_least_over_every_split(
    left: list[float], right: list[float], limit: float
) -> None:
    """Splits between and beyond the observed ones never have less evidence."""
    found = MedianRatio.of(np.array(left), np.array(right), limit=limit)
    every = np.arange(0.25, 10, 0.25)
    baseline, candidate = np.array(left)[:, None], np.array(right)[:, None] / limit
    more = MedianRatio(
        samples=found.samples,
        passing=np.stack(((baseline <= every).sum(0), (candidate > every).sum(0))),
        failing=np.stack(((baseline >= every).sum(0), (candidate <= every).sum(0))),
    )
    assert found.log_e_below() <= more.log_e_below() + 1e-9
    assert found.log_e_above() <= more.log_e_above() + 1e-9


def test_without_samples_there_is_no_evidence() -> None:
    found = MedianRatio.of(np.array([]), np.array([]), limit=1.5)
    assert (found.log_e_below(), found.log_e_above()) == (-math.inf, -math.inf)
