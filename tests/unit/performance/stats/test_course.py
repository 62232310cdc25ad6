"""The beginning and the direction of a run: what is left out, and what blocks a pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from pytest_cutover.config.performance import EndpointLimits, Performance
from pytest_cutover.core.endpoint import parse
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.stats.course import TrendDoubt, slow_at_first, trend_of, warm_up
from pytest_cutover.performance.stats.decision import (
    Caveat,
    Decision,
    PerformanceRule,
    RuleVerdict,
)
from pytest_cutover.performance.stats.samples import RequestOutcome, Side
from tests.unit.performance.blocks import HEALTH, block

Floats = npt.NDArray[np.float64]
Shape = Callable[[np.random.Generator, int], Floats]
SHAPES: dict[str, Shape] = {
    "sd 0.1": lambda chance, n: 20 * chance.lognormal(0, 0.1, n),
    "sd 0.6": lambda chance, n: 20 * chance.lognormal(0, 0.6, n),
    "two modes": lambda chance, n: (
        np.where(chance.random(n) < 0.6, 30.0, 180.0) * chance.lognormal(0, 0.05, n)
    ),
    "heavy tail": lambda chance, n: 20 * (0.5 + chance.pareto(2, n)),
}
LIMITS = EndpointLimits(p50_ms=40, p95_ms=60, p99_ms=80, max_ms=1000)


def measured(baseline: Floats, candidate: Floats) -> Measurements:
    """What a run knows after these pairs, latencies in ms and failures of the candidate as inf."""
    run = Measurements(Performance(endpoints={parse(HEALTH): LIMITS}), ())
    for i in range(0, len(baseline) - 1, 2):
        ours = candidate[i : i + 2]
        failed = np.isinf(ours)
        outcomes = {Side.CANDIDATE: RequestOutcome.ERROR} if failed.any() else {}
        # The block gives the outcome to the first request of a side.
        ours = np.sort(np.where(failed, 1.0, ours)) if failed.any() else ours
        left, right = (float(baseline[i]), float(baseline[i + 1])), (float(ours[0]), float(ours[1]))
        run.add(block(left, right, at_s=i * 0.05, outcomes=outcomes))
    return run


def decided(run: Measurements, rule: PerformanceRule) -> Decision:
    return next(one for one in run.latency(HEALTH) if one.rule is rule)


def steady(n: int, *, seed: int = 1, ms: float = 20.0, sd: float = 0.02) -> Floats:
    return ms * np.random.default_rng(seed).lognormal(0, sd, n)


@pytest.mark.parametrize("shape", SHAPES)
def test_equal_sides_are_hardly_ever_doubted(shape: str) -> None:
    doubts = left_out = 0
    for seed in range(200):
        chance = np.random.default_rng(seed)
        baseline, candidate = SHAPES[shape](chance, 256), SHAPES[shape](chance, 256)
        left_out += warm_up(baseline, candidate) > 0
        looks = (64, 128, 256)
        found = [trend_of(baseline[:n], candidate[:n]) for n in looks]
        doubts += any(one is not None and one.breaks(1.5) for one in found)
    assert doubts <= 10
    assert left_out <= 10


@pytest.mark.parametrize("cold", [8, 40, 100])
def test_a_cold_candidate_is_left_out_on_both_sides_and_its_p99_decided(cold: int) -> None:
    candidate = steady(700, seed=2)
    candidate[:cold] *= 6
    run = measured(steady(700), candidate)
    assert abs(run.tallies[HEALTH].cold - cold) <= 4
    decision = decided(run, PerformanceRule.P99)
    assert decision.verdict is RuleVerdict.PASS
    assert decision.samples == 700 - run.tallies[HEALTH].cold
    said = next(one.sentence for one in decision.notes if one.doubt is Caveat.WARM_UP)
    assert f"the first {run.tallies[HEALTH].cold} requests of each side are left out" in said
    assert decided(run, PerformanceRule.P50_RATIO).verdict is RuleVerdict.PASS


def test_both_sides_cold_are_left_out_together() -> None:
    baseline, candidate = steady(300), steady(300, seed=2)
    baseline[:60] *= 3
    candidate[:20] *= 3
    assert warm_up(baseline, candidate) == 60


def test_what_was_left_out_still_counts_for_errors_and_the_maximum() -> None:
    candidate = steady(700, seed=2)
    candidate[:40] *= 200
    run = measured(steady(700), candidate)
    assert run.tallies[HEALTH].cold == 40
    assert decided(run, PerformanceRule.MAXIMUM).verdict is not RuleVerdict.PASS
    candidate[:40] = 120
    candidate[4:40:8] = np.inf
    run = measured(steady(700), candidate)
    assert run.tallies[HEALTH].cold >= 36
    assert run.errors().observed.estimate == pytest.approx(5 / 700)


def test_a_beginning_of_failures_is_no_warm_up() -> None:
    candidate = steady(300, seed=2)
    candidate[:40] = np.inf
    assert warm_up(steady(300), candidate) == 0


@pytest.mark.parametrize("ms_a_request", [0.05, 0.02])
def test_latency_that_grows_with_each_request_does_not_pass(ms_a_request: float) -> None:
    n = 128
    candidate = steady(n, seed=2) + ms_a_request * np.arange(n)
    run = measured(steady(n), candidate)
    for rule in (PerformanceRule.P50_RATIO, PerformanceRule.P50):
        decision = decided(run, rule)
        assert decision.verdict is RuleVerdict.INCONCLUSIVE, rule
        assert decision.open
        said = next(one.sentence for one in decision.notes if one.doubt is Caveat.TREND)
        assert "the candidate's latency grows by 0.0" in said
    assert run.undecided([HEALTH]) == [HEALTH]


def test_a_machine_that_gets_slower_is_no_trend_of_the_candidate() -> None:
    n = 128
    growing = 0.05 * np.arange(n)
    run = measured(steady(n) + growing, steady(n, seed=2) + growing)
    assert decided(run, PerformanceRule.P50_RATIO).verdict is RuleVerdict.PASS


def test_a_baseline_that_is_still_getting_faster_is_no_growth_of_the_candidate() -> None:
    n = 400
    run = measured(steady(n) * (1.2 - 0.2 * np.arange(n) / n), steady(n, seed=2))
    assert decided(run, PerformanceRule.P50_RATIO).verdict is RuleVerdict.PASS


def test_what_levels_off_is_no_trend() -> None:
    n = 400
    level = 1 + 0.3 * (1 - np.exp(-np.arange(n) / 40))
    assert trend_of(steady(n), steady(n, seed=2) * level) is None
    assert trend_of(steady(n), steady(n, seed=2) * (1 + np.arange(n) / 1000))


def test_a_trend_that_noise_hides_for_a_moment_still_lasts() -> None:
    chance = np.random.default_rng(3)
    baseline = 20 * chance.lognormal(0, 0.05, 300)
    candidate = 20 * chance.lognormal(0, 0.05, 300)
    growing = candidate + 0.05 * np.arange(300)
    doubt = TrendDoubt()
    assert doubt.look(baseline[:128], growing[:128], limit=1.5) is not None
    assert doubt.look(baseline[:140], candidate[:140], limit=1.5) is doubt.seen
    later = doubt.look(baseline[:200], candidate[:200], limit=1.5)
    assert later is None or not later.breaks(1.5)


def test_a_burst_at_the_end_is_no_trend() -> None:
    n = 400
    candidate = steady(n, seed=2)
    candidate[-30:] *= 20
    found = trend_of(steady(n), candidate)
    assert found is None or not found.breaks(1.5)


def test_no_fail_is_believed_before_a_beginning_can_be_told() -> None:
    run = measured(steady(16), steady(16, ms=90))
    assert {one.verdict for one in run.latency(HEALTH)} == {RuleVerdict.INCONCLUSIVE}
    run = measured(steady(40), steady(40, ms=90))
    assert decided(run, PerformanceRule.P50_RATIO).verdict is RuleVerdict.FAIL


def test_a_limit_broken_in_the_first_half_only_is_not_failed_for_it() -> None:
    over = np.zeros(60, bool)
    over[[1, 5, 9, 13]] = True
    assert slow_at_first(over, 0.01)
    over[[33, 44, 55]] = True
    assert not slow_at_first(over, 0.01)


def test_failures_of_one_in_ten_are_no_regression_of_the_median() -> None:
    """On a noisy machine they would move the median by a third, and one process a bit more."""
    for seed in range(20):
        chance = np.random.default_rng(seed)
        baseline = 5 * chance.lognormal(0, 1.2, 600)
        candidate = 5 * 1.35 * chance.lognormal(0, 1.2, 600)
        candidate[9::10] = np.inf
        run = measured(baseline, candidate)
        assert decided(run, PerformanceRule.P50_RATIO).verdict is not RuleVerdict.FAIL
        assert run.errors().verdict is RuleVerdict.FAIL


def test_a_slow_candidate_that_also_fails_is_a_regression() -> None:
    candidate = steady(200, seed=2, ms=60)
    candidate[9::10] = np.inf
    run = measured(steady(200), candidate)
    assert decided(run, PerformanceRule.P50_RATIO).verdict is RuleVerdict.FAIL


def test_a_young_endpoint_is_measured_on_though_it_is_decided() -> None:
    run = measured(steady(60), steady(60, ms=90))
    assert run.undecided([HEALTH]) == [HEALTH]
    assert not any(one.open for one in run.latency(HEALTH) if one.rule is PerformanceRule.P50_RATIO)
