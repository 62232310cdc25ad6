"""The end of a page of the newest rows, where several workers write: who is pushed off it first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, transcript

Row = dict[str, Any]
Fault = Callable[[list[Row]], None]
# What tests of other workers asked for, the newest last. `tower` and `castle` cross.
OURS = [("river", 12), ("museum", 12), ("castle", 12), ("tower", 12), ("garden", 16)]
THEIRS = [("river", 12), ("museum", 12), ("tower", 12), ("castle", 12), ("garden", 16)]
AROUND = [("river", 12), ("tower", 12), ("museum", 12), ("castle", 12), ("garden", 16)]


def judged(
    size: int,
    rounds: int = 0,
    fault: Fault | None = None,
    theirs: list[tuple[str, int]] = THEIRS,
) -> tuple[Judged, int]:
    """What comes of a page of so many queries, of which each round asks a new one; a disturbed
    round first, if `rounds` are not given, and then as many as are wanted.
    """
    kept: list[list[tuple[float, str, int]]] = [
        [(NOON_S - 9.137 + at + side / 7, *one) for at, one in enumerate(rows)]
        for side, rows in enumerate((OURS, theirs))
    ]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.3179
        code, own = new_unique("key"), kept[side is Side.CANDIDATE]
        own.append((now_s, f"lost {code}", 0))
        rows = [
            {
                "q": words,
                "hits": hits,
                "at": datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds"),
            }
            for at_s, words, hits in own[: -size - 1 : -1]
        ]
        if fault and side is Side.CANDIDATE:
            fault(rows)
        search = exchange({"total": 0}, target=f"/search?q={code}", at_s=now_s)
        page = exchange(rows, target="/queries", at_s=now_s)
        return transcript(search, page, side=side, generated=[("key", code)])

    judge = Judge(Rulebook(shared_state=False, others_write=True), lambda _: None)
    case = TestState(None, None)
    if not rounds:
        case.disturbed = Round(asked(Side.BASELINE), asked(Side.CANDIDATE))
    while True:
        case.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        found = judge.live(case)
        done = len(case.rounds)
        if done == rounds or (not rounds and not judge.wants_round(case, found)):
            return found, done


def last_is_another(rows: list[Row]) -> None:
    rows[-1]["q"] = "bridge"


def last_counts_more(rows: list[Row]) -> None:
    rows[-1]["hits"] += 1


def last_is_there_twice(rows: list[Row]) -> None:
    rows[-1] = dict(rows[-2])


@pytest.mark.parametrize("rounds", [2, 4])
def test_a_row_that_both_sides_have_shown_before_is_pushed_off_one_side_first(rounds: int) -> None:
    """The first round shows `tower` and `castle` on both sides, the second one of them."""
    found, _ = judged(4, rounds)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


def test_the_round_that_others_disturbed_has_shown_it_too() -> None:
    found, _ = judged(4)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


def test_where_no_round_before_shows_both_it_is_left_open() -> None:
    """The page is cut between them in the disturbed round and in the next one."""
    found, rounds = judged(4, theirs=AROUND)
    assert found.differences == ()
    assert found.inconclusive is not None
    assert f"by chance in {rounds} rounds" in found.inconclusive


@pytest.mark.parametrize("fault", [last_is_another, last_counts_more, last_is_there_twice])
@pytest.mark.parametrize("size", [3, 4, 5])
def test_what_is_wrong_with_the_last_row_is_found(size: int, fault: Fault) -> None:
    found, _ = judged(size, fault=fault)
    assert any(one.exchange == 1 for one in found.differences)
