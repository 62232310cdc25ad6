"""A recorded page of the newest rows, on one database: other rows each time, the same on both
sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.unit.compare.building import brief, exchange, judged, transcript

CODES = ("qzrhkxpbtm41", "wvnckjdgsx83", "hbtrpmzqkf27", "xgdsvjwkcn65", "mkqpzthrbv19",
         "njxwcdfgsk72", "tzbhqmrpvk38", "skcdgwjxnv94", "vrptzkmhqb56",
         "fgxnsjckwd87")  # fmt: skip
Rows = Sequence[dict[str, Any]]


def page(last: int) -> Rows:
    """The five newest rows, where the newest has this number."""
    return [
        {"id": n, "name": f"reader{CODES[n % 10]}", "at": f"2026-03-02T12:00:{n % 60:02}Z"}
        for n in range(last, last - 5, -1)
    ]


def departs(ours: Rows, theirs: Rows) -> list[tuple[str, str]]:
    first, again, base, cand = (
        transcript(exchange({"users": rows})) for rows in (page(9), page(17), ours, theirs)
    )
    return brief(judged(base, cand, recorded=(first, again)).differences)


@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows[::-1],
        lambda rows: [*rows[1:], rows[0]],
        lambda rows: [rows[1], rows[0], *rows[2:]],
        lambda rows: [*rows[:3], rows[0], rows[4]],
    ],
    ids=["reversed", "turned", "two exchanged", "one twice"],
)
def test_rows_of_the_baseline_at_other_places_are_found(edit: Callable[[Rows], Rows]) -> None:
    assert departs(page(28), edit(page(28)))


@pytest.mark.parametrize("newer", [0, 1, 2])
def test_a_page_that_went_on_in_between_is_none(newer: int) -> None:
    assert departs(page(28), page(28 + newer)) == []
