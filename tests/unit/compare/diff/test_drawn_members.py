"""What each row draws for itself, where each side has a database of its own."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import brief, exchange, transcript


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
