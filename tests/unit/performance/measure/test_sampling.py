"""How the sampling stage shares the budget, whom it samples, and when it goes on after it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import cast

import pytest

from pytest_cutover.config.performance import EndpointLimits, Performance
from pytest_cutover.core.endpoint import parse
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.measure.sampling import Sampling, time_to_sample_s
from pytest_cutover.performance.measure.workload import Workload
from pytest_cutover.performance.stats.decision import RuleVerdict
from pytest_cutover.performance.stats.samples import Block, BlockOrder
from tests.unit.performance.blocks import HEALTH, block

BUDGET_S = 36.0


@pytest.mark.parametrize(
    ("spent_s", "left_s"), [(0.0, 60.0), (20.0, 40.0), (55.0, 30.0), (90.0, 30.0)]
)
def test_a_load_never_takes_more_than_half_of_the_time_from_the_tails(
    spent_s: float, left_s: float
) -> None:
    assert time_to_sample_s(60.0, spent_s) == left_s


@pytest.mark.parametrize(
    ("settings", "longest_s"),
    [
        (Performance(), 450.0),
        (Performance(budget_s=60.0), 60.0),
        (Performance(budget_s=60.0, budget_most_s=90.0), 90.0),
        (Performance(budget_most_s=180.0), 180.0),
    ],
)
def test_only_a_budget_that_nobody_set_may_grow_by_itself(
    settings: Performance, longest_s: float
) -> None:
    assert settings.longest_s == longest_s


class Slow:
    """A workload whose requests take as long as they are told, on a clock that nobody waits for."""

    def __init__(self, draw: Callable[[], float], ratio: float) -> None:
        self.draw, self.ratio, self.now_s = draw, ratio, 0.0

    def clock(self) -> float:
        return self.now_s

    def block(self, order: BlockOrder) -> Block:
        taken = [self.draw() for _ in range(2)], [self.ratio * self.draw() for _ in range(2)]
        self.now_s += 0.4
        baseline, candidate = ((one[0], one[1]) for one in taken)
        return block(baseline, candidate, order=order, at_s=self.now_s)


def sampled(slow: Slow, *, more_s: float) -> tuple[RuleVerdict, float, list[str]]:
    """Return the verdict on the ratio, when the stage ended, and the lines that it showed."""
    measurements = Measurements(Performance(endpoints={parse(HEALTH): EndpointLimits()}), ())
    lines: list[str] = []
    Sampling(
        measurements=measurements,
        workloads={HEALTH: cast(Workload, slow)},
        seed=1,
        budget_s=BUDGET_S,
        deadline_s=BUDGET_S,
        more_s=more_s,
        show=lines.append,
        clock=slow.clock,
    ).run()
    [decision] = measurements.latency(HEALTH)
    return decision.verdict, slow.now_s, lines


def wide(seed: int) -> Callable[[], float]:
    chance = random.Random(seed)
    return lambda: 100 * chance.lognormvariate(0, 0.6)


def test_what_some_more_would_decide_is_decided_after_the_budget_and_that_is_shown() -> None:
    verdict, ended_s, lines = sampled(Slow(wide(3), 2.0), more_s=BUDGET_S)
    assert verdict is RuleVerdict.FAIL
    assert BUDGET_S < ended_s < 2 * BUDGET_S
    assert "of 36 s, extended by up to 36 s" in lines[-1]


def test_a_budget_that_may_not_grow_ends_it() -> None:
    verdict, ended_s, lines = sampled(Slow(wide(3), 2.0), more_s=0.0)
    assert verdict is RuleVerdict.INCONCLUSIVE
    assert ended_s < BUDGET_S + 1
    assert "extended" not in lines[-1]


def test_nothing_is_asked_for_longer_that_as_much_again_would_not_decide() -> None:
    chance = random.Random(5)
    modes = Slow(lambda: (30 if chance.random() < 0.52 else 180) * chance.uniform(0.9, 1.1), 1.45)
    verdict, ended_s, _ = sampled(modes, more_s=BUDGET_S)
    assert verdict is RuleVerdict.INCONCLUSIVE
    assert ended_s < BUDGET_S + 1


@pytest.mark.parametrize("seed", [6, 47])
def test_a_trend_that_may_be_chance_is_looked_at_again_after_the_budget(seed: int) -> None:
    """Of runs of equal sides a few seem to have one; with half as many requests more it is gone."""
    assert sampled(Slow(wide(seed), 1.0), more_s=0.0)[0] is RuleVerdict.INCONCLUSIVE
    verdict, ended_s, _ = sampled(Slow(wide(seed), 1.0), more_s=BUDGET_S)
    assert verdict is RuleVerdict.PASS
    assert BUDGET_S + 1 < ended_s < 2 * BUDGET_S
