"""Rows that an earlier run left in each database, of which each took its own time.

Nothing but a number that both databases counted tells which is which: the rest was drawn, and how
long they took is the same in two rows by chance.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = dict[str, Any]
PAGE = 24
STATES = ("done", "failed", "failed", "done", "cancelled")


class Jobs:
    """Two stores of jobs; each test hands one in and lists the newest."""

    def __init__(self, seed: int) -> None:
        self._chance = {side: random.Random(f"{seed} {side}") for side in Side}
        self._rows: dict[Side, list[Row]] = {side: [] for side in Side}
        self._now_s = NOON_S
        self.fault: Callable[[list[Row]], list[Row]] = lambda rows: rows
        for turn in range(8):
            for state in STATES:
                for side in Side:
                    self._hand_in(side, f"round {turn % 2}" if state == "done" else "", state)

    def _hand_in(self, side: Side, name: str, state: str = "done") -> Row:
        chance, rows = self._chance[side], self._rows[side]
        self._now_s += 0.3 + chance.random() / 10
        took_ms = chance.randrange(1, 7) if state == "cancelled" else chance.randrange(50, 300)
        row = {
            "id": f"job_{chance.getrandbits(64):016x}",
            "number": len(rows) + 1,
            "status": state,
            "name": name,
            "submitted_at": round(self._now_s, 3),
            "finished_at": round(self._now_s + took_ms / 1000, 3),
            "duration_ms": took_ms,
        }
        rows.append(row)
        return row

    def asked(self, side: Side) -> Transcript:
        name = new_unique("batch")
        row = self._hand_in(side, name)
        made = exchange(
            row, method="POST", target="/jobs", sent={"name": name}, status=201, at_s=self._now_s
        )
        rows = deepcopy(self._rows[side][::-1][:PAGE])
        shown = self.fault(rows) if side is Side.CANDIDATE else rows
        page = exchange({"jobs": shown}, target="/jobs", at_s=self._now_s)
        return transcript(made, page, side=side, generated=[("batch", name)])

    def judged(self) -> Judged:
        known = Correspondence()  # what the tests before gave out
        for one, other in zip(*(self._rows[side][-8:] for side in Side), strict=True):
            known.given_out("id", one["id"], other["id"])
        judge = Judge(Rulebook(shared_state=False), lambda _: None, known=known)
        return settled(TestState(None, None), judge, self.asked)


@pytest.mark.parametrize("seed", range(12))
def test_rows_of_an_earlier_run_are_told_by_their_number(seed: int) -> None:
    found = Jobs(seed).judged()
    assert found.differences == ()
    assert found.inconclusive is None
    assert found.account.open == {}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "fault",
    [
        lambda rows: rows[1:],
        lambda rows: rows[::-1],
        lambda rows: [*rows[:9], *rows[10:]],
        lambda rows: [*rows[:9], rows[9] | {"status": "lost"}, *rows[10:]],
        lambda rows: [*rows[:9], rows[9] | {"name": "foo"}, *rows[10:]],
    ],
    ids=["newest missing", "reversed", "one missing", "status", "name"],
)
def test_and_a_fault_in_one_is_found(fault: Callable[[list[Row]], list[Row]], seed: int) -> None:
    service = Jobs(seed)
    service.fault = fault
    assert service.judged().differences
