"""Items of a list of which one is lost or more: what is left keeps its order."""

from __future__ import annotations

import pytest

from pytest_cutover.core.exchange import Exchange
from tests.unit.compare.building import brief, exchange, judged, transcript

DAYS = [f"2024-06-{day:02d},{100 + 7 * day},{day % 4}" for day in range(1, 13)]


def _told(base: list[str], cand: list[str], kind: str) -> list[tuple[str, str]]:
    def said(rows: list[str]) -> Exchange:
        if kind == "text/csv":
            body = "\r\n".join(("day,visits,rank", *rows, "")).encode()
            return exchange(body=body, headers=(("Content-Type", kind),))
        return exchange({"rows": [row.split(",") for row in rows]})

    found = judged(transcript(said(base)), transcript(said(cand)), shared_state=False)
    return brief(found.differences)


LOST = [*DAYS[:3], *DAYS[4:]]
MORE = [*DAYS[:3], "2024-07-01,7,1", *DAYS[3:]]


@pytest.mark.parametrize("kind", ["text/csv", "application/json"])
@pytest.mark.parametrize("rows", [LOST, MORE], ids=["one lost", "one more"])
def test_two_that_changed_places_beside_it_are_told(kind: str, rows: list[str]) -> None:
    moved = [*rows[:6], rows[7], rows[6], *rows[8:]]
    assert _told(DAYS, moved, kind) == [("order", "/rows"), ("length", "/rows")]


@pytest.mark.parametrize("kind", ["text/csv", "application/json"])
@pytest.mark.parametrize("rows", [LOST, MORE], ids=["one lost", "one more"])
def test_the_others_in_their_order_are_not_accused(kind: str, rows: list[str]) -> None:
    assert _told(DAYS, rows, kind) == [("length", "/rows")]


@pytest.mark.parametrize("kind", ["text/csv", "application/json"])
def test_equal_items_have_no_order_among_themselves(kind: str) -> None:
    base = [DAYS[0], DAYS[1], DAYS[1], DAYS[2], DAYS[1], DAYS[3]]
    assert _told(base, [*base[:4], base[5]], kind) == [("length", "/rows")]
