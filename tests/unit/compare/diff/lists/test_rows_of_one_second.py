"""Rows that tests before wrote in the second in which this one writes on one side, and not on the
other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, brief, exchange, settled, transcript


class _Users:
    """One database that both sides write to: five are written in a second."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self._at_s = NOON_S - 0.05

    def post(self, code: str) -> Exchange:
        self._at_s += 0.2
        at = datetime.fromtimestamp(self._at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = {"id": len(self.rows) + 1, "name": code, "created_at": at}
        self.rows.append(row)
        return self._exchange(row, status=201, method="POST", sent={"name": code})

    def get(self, *, lost: int = 0) -> Exchange:
        shown = [row for row in self.rows[::-1] if row["id"] != lost]
        return self._exchange({"users": shown})

    def _exchange(self, document: object, **more: object) -> Exchange:
        return exchange(document, target="/users", at_s=self._at_s, **more)  # type: ignore[arg-type]


def _found(*, lost: int) -> list[tuple[str, str]]:
    users, judge = _Users(), Judge(Rulebook(), lambda _: None)

    def asked(side: Side, *, reads: bool) -> Transcript:
        code = new_unique("User", side=side)
        exchanges = [users.post(code)]
        if reads:
            exchanges.append(users.get(lost=lost if side is Side.CANDIDATE else 0))
        return transcript(*exchanges, side=side, generated=[("User", code)])

    earlier = settled(TestState(None, None), judge, lambda side: asked(side, reads=False))
    judge = replace(judge, known=earlier.values)
    heard = settled(TestState(None, None), judge, lambda side: asked(side, reads=True))
    return brief(heard.differences)


def test_a_row_of_an_earlier_test_stands_for_itself() -> None:
    assert _found(lost=0) == []


def test_one_that_is_lost_is_found() -> None:
    assert _found(lost=2) == [("length", "/users")]
