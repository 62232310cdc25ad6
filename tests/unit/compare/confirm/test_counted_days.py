"""What a service counts of each day, where each write counts one more: no page of the newest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

DAYS = ("2026-11-25", "2026-11-26", "2026-11-27")
Row = dict[str, Any]


def days(count: int, at: int = 2) -> list[Row]:
    return [{"day": day, "n": count if index == at else 0} for index, day in enumerate(DAYS)]


FAULTS: dict[str, Callable[[int], list[Row]]] = {
    "alike": days,
    "counted on another day": lambda count: days(count, at=1),
    "counted twice": lambda count: days(2 * count),
    "never counted": lambda _: days(0),
    "the days before": lambda count: days(count)[:2],
}


@pytest.mark.parametrize("shared", [None, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_days_with_counts_go_on_by_their_counts(fault: str, shared: bool | None) -> None:
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=shared), lambda _: None)
    written = dict.fromkeys(Side, 0)

    def asked(side: Side) -> Transcript:
        code = new_unique("K")
        written[side] += 1
        made = exchange(
            {"id": str(uuid4()), "kind": code}, method="POST", sent={"kind": code}, status=201
        )
        shown = (FAULTS[fault] if side is Side.CANDIDATE else days)(written[side])
        return transcript(made, exchange({"days": shown}), side=side, generated=[("K", code)])

    found = settled(state, judge, asked)
    assert bool(found.differences) is (fault != "alike")
    assert fault != "alike" or not (found.account.open or found.inconclusive)


def test_days_counted_by_both_on_one_database() -> None:
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=True), lambda _: None)
    written = [0]

    def asked(side: Side) -> Transcript:
        code = new_unique("K")
        written[0] += 1
        made = exchange(
            {"id": str(uuid4()), "kind": code}, method="POST", sent={"kind": code}, status=201
        )
        read = exchange({"days": days(written[0])})
        return transcript(made, read, side=side, generated=[("K", code)])

    found = settled(state, judge, asked)
    assert (found.differences, found.account.open) == ((), {})
