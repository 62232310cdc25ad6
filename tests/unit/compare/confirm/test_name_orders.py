"""Lists that are sorted by the names that a test makes up: another order in each round."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, transcript

Order = Callable[[list[str]], list[str]]


def _in_reverse(names: list[str]) -> list[str]:
    return sorted(names, reverse=True)


def _as_written(names: list[str]) -> list[str]:
    return names


def _shuffled(names: list[str]) -> list[str]:
    return random.sample(names, len(names))


def _listed(baseline: Order, candidate: Order, size: int) -> Judged:
    """Ask a test that makes things up and lists them, for as many rounds as it wants."""
    case = TestState(None, None)
    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    while True:
        pairs = []
        for side, order in ((Side.BASELINE, baseline), (Side.CANDIDATE, candidate)):
            names = [new_unique("gate") for _ in range(size)]
            puts = [
                exchange(
                    body=b"", method="PUT", status=201, target=f"/f/{name}", endpoint="PUT /f/{n}"
                )
                for name in names
            ]
            rows = {"files": [{"href": f"/f/{name}", "kind": "text"} for name in order(names)]}
            made = [("gate", name) for name in names]
            pairs.append(transcript(*puts, exchange(rows, target="/f"), side=side, generated=made))
        case.rounds.append(Round(*pairs))
        judged = judge.live(case)
        if not judge.wants_round(case, judged):
            return judged


@pytest.mark.parametrize("order", [_in_reverse, _as_written, _shuffled])
def test_rows_that_the_candidate_sorts_no_more_are_found(order: Order) -> None:
    judged = _listed(sorted, order, 8)
    assert [(str(one.kind), one.pointer) for one in judged.differences] == [("order", "/files")]
    assert judged.differences[0].baseline != judged.differences[0].candidate


@pytest.mark.parametrize("size", [2, 3, 8])
@pytest.mark.parametrize("order", [sorted, _in_reverse])
def test_rows_that_both_sides_sort_are_in_order(order: Order, size: int) -> None:
    judged = _listed(order, order, size)
    assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})


def test_rows_in_no_order_are_in_none_on_either_side() -> None:
    for _ in range(5):
        judged = _listed(_shuffled, _shuffled, 4)
        assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})
