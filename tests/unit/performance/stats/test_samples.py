"""Blocks, pairs, outcomes and the schedule."""

from __future__ import annotations

import math
from itertools import islice

import pytest

from pytest_cutover.performance.stats.samples import (
    Block,
    BlockOrder,
    RequestOutcome,
    Side,
    Timed,
    outcome_of,
    turns,
)
from tests.unit.performance.blocks import HEALTH, alike, block, measured


@pytest.mark.parametrize(
    ("status", "first", "expected"),
    [
        (201, None, RequestOutcome.OK),
        (201, 201, RequestOutcome.OK),
        (409, 201, RequestOutcome.STATUS),
        (409, 409, RequestOutcome.OK),
        (500, None, RequestOutcome.ERROR),
        (503, 503, RequestOutcome.ERROR),
        (None, 200, RequestOutcome.ERROR),
        (429, 200, RequestOutcome.THROTTLED),
        (429, None, RequestOutcome.THROTTLED),
    ],
)
def test_a_status_unlike_the_first_of_its_side_is_a_failure(
    status: int | None, first: int | None, expected: RequestOutcome
) -> None:
    assert expected == outcome_of(status, first)


@pytest.mark.parametrize("order", list(BlockOrder))
def test_each_pair_has_both_sides_and_the_middle_has_one(order: BlockOrder) -> None:
    taken = block((1, 2), (3, 4), order=order)
    assert [(pair.baseline.side, pair.candidate.side) for pair in taken.pairs] == [
        (Side.BASELINE, Side.CANDIDATE)
    ] * 2
    left, right = taken.same_side
    assert left.side is right.side
    assert {1, 2, 3, 4} == {
        request.latency_ms for pair in taken.pairs for request in (pair.baseline, pair.candidate)
    }


def test_a_block_in_which_drift_does_not_cancel_is_refused() -> None:
    requests = tuple(
        Timed(side, 0, 0, 1) for side in (*BlockOrder.BCCB.sides[:2], *BlockOrder.BCCB.sides[:2])
    )
    with pytest.raises(ValueError, match="expected the order BCCB or CBBC, got BCBC"):
        Block(HEALTH, requests)  # type: ignore[arg-type]


@pytest.mark.parametrize("latency", [-1.0, math.nan, math.inf])
def test_a_latency_that_no_clock_gives_is_refused(latency: float) -> None:
    with pytest.raises(ValueError, match="finite number of milliseconds"):
        Timed(Side.CANDIDATE, 0, 0, latency)


def test_a_failed_baseline_drops_the_pair_and_a_failed_candidate_counts_as_slowest() -> None:
    broken = block((1, 1), (1, 1), outcomes={Side.BASELINE: RequestOutcome.ERROR})
    slow = block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.STATUS})
    tally, _ = measured([broken, slow])
    assert tally.dropped == 1
    assert [1.0, math.inf, 1.0] == sorted(tally.candidate.latencies_ms, key=lambda x: x == 1.0) or (
        sorted(tally.candidate.latencies_ms) == [1.0, 1.0, math.inf]
    )
    assert tally.candidate.failures == 1
    assert tally.baseline.failures == 1
    assert tally.baseline.count == tally.candidate.count == 3


def test_a_failure_counts_as_over_any_limit_also_when_the_limit_is_asked_for_later() -> None:
    tally, _ = measured([block((1, 1), (1, 1), outcomes={Side.CANDIDATE: RequestOutcome.ERROR})])
    assert tally.candidate.over_limit(1e9) == 1
    tally.add(block((1, 1), (5e9, 1)))
    assert tally.candidate.over_limit(1e9) == 2


def test_a_tally_refuses_the_blocks_of_another_endpoint() -> None:
    tally, _ = measured([])
    with pytest.raises(ValueError, match="expected its own blocks"):
        tally.add(block((1, 1), (1, 1), endpoint="POST /api/lots"))


def test_the_same_seed_gives_the_same_schedule_and_both_orders_come_up() -> None:
    first = list(islice(turns(lambda: ("a", "b"), seed=7), 100))
    assert first == list(islice(turns(lambda: ("a", "b"), seed=7), 100))
    assert [endpoint for endpoint, _ in first] == ["a", "b"] * 50
    assert set(BlockOrder) == {order for _, order in first}


def test_the_schedule_gives_a_decided_endpoint_no_further_turn_and_ends_with_the_last() -> None:
    left = [("a", "b"), ("b",), ("b",), ()]
    got = [endpoint for endpoint, _ in turns(lambda: left.pop(0), seed=1)]
    assert got == ["a", "b", "b", "b"]


def test_the_reach_is_the_longest_gap_between_visits_and_the_time_watched() -> None:
    tally, _ = measured(alike(100))
    assert tally.reach.gap_s == pytest.approx(0.02, abs=0.005)
    assert tally.reach.watched_s == pytest.approx(2.0, abs=0.05)
    assert "stalls shorter than" in tally.reach.sentence()
