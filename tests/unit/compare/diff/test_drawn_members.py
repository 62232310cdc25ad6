"""What each row draws for itself, where each side has a database of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, brief, exchange, transcript


def row(side: str, number: int, **other: Any) -> dict[str, Any]:
    drawn = hashlib.sha1(f"{side} {number}".encode()).hexdigest()
    link = f"/dl/{drawn[:12]}?n=1&k={drawn[12:]}"
    return {"id": number, "name": "gate", "key": f"v1.{drawn}", "link": link} | other


def listed(side: Side, rows: list[dict[str, Any]]) -> Transcript:
    """A test that writes the last of these rows, and lists all of them."""
    written = exchange(rows[-1], method="POST", status=201, target="/rows")
    return transcript(written, exchange(rows, target="/rows"), side=side)


def found(cand: list[dict[str, Any]]) -> list[tuple[str, str]]:
    ours = listed(Side.BASELINE, [row("b", number) for number in range(1, 5)])
    again = listed(Side.BASELINE, [row("b", number) for number in range(1, 6)])
    golden = learn(ours, again)
    theirs = listed(Side.CANDIDATE, cand)
    return brief(compare(ours, theirs, golden=golden, shared_state=False).differences)


def test_what_each_row_draws_is_each_sides_own_in_rows_of_earlier_runs_too() -> None:
    assert found([row("c", number) for number in range(1, 5)]) == []


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (1, {"name": "fence"}),
        (1, {"key": "v2." + "a" * 40}),
        (2, {"key": "v1.none"}),
        (1, {"link": "/dl/none"}),
        (0, {"key": row("c", 2)["key"]}),
    ],
)
def test_what_is_not_drawn_and_the_form_of_what_is_are_held(
    place: int, other: dict[str, Any]
) -> None:
    rows = [row("c", number) for number in range(1, 5)]
    rows[place] |= other
    assert found(rows)


def timed(side: Side, times: list[float], now_s: float) -> Transcript:
    """A test that writes a comment, and lists those that the suite wrote in each of its runs."""
    rows = [
        {"id": number, "text": "again", "created": at}
        for number, at in enumerate([*times, now_s], 1)
    ]
    written = exchange(rows[-1], method="POST", status=201, target="/rows", at_s=now_s)
    return transcript(written, exchange(rows, target="/rows", at_s=now_s), side=side)


@pytest.mark.parametrize(
    ("move", "is_found"),
    [
        (lambda at: at + 0.0713, False),
        (lambda at: at + 3600, True),
        (lambda at: at + 1, True),
        (lambda at: round(at, 3), True),
        (lambda at: at + 500.25, True),
    ],
    ids=["written a moment later", "an hour", "a second", "rounded", "minutes"],
)
def test_rows_of_earlier_runs_are_as_old_as_a_suite_makes_them(
    move: Callable[[float], float], is_found: bool
) -> None:
    left = [NOON_S - 5000.12345, NOON_S - 4000.54321, NOON_S - 3000.77777]
    ours = timed(Side.BASELINE, left, NOON_S + 0.12345)
    again = timed(Side.BASELINE, [*left, NOON_S + 0.12345], NOON_S + 2.54321)
    theirs = timed(Side.CANDIDATE, list(map(move, left)), NOON_S + 1.23456)
    golden = learn(ours, again)
    assert bool(compare(ours, theirs, golden=golden, shared_state=False).differences) == is_found


def test_a_row_of_an_earlier_round_is_itself_in_the_next() -> None:
    first = timed(Side.BASELINE, [NOON_S - 5000.12345], NOON_S + 0.12345)
    again = timed(Side.BASELINE, [NOON_S - 5000.12345, NOON_S + 0.12345], NOON_S + 2.54321)
    golden = learn(first, again)
    same = RoundContext(same_side=True)
    assert brief(compare(first, again, same, golden=golden).differences) == []
