"""Rows that both databases had before: what most of them show alike holds for the others."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.diff.lists.seeded_rows import departures
from tests.unit.compare.building import departures as judged_departures


def rows(*shown: tuple[Any, str]) -> list[dict[str, Any]]:
    return [
        {"id": number, "url": f"/docs/{number}", "name": f"n-{at}", "created_at": time}
        for at, (number, time) in enumerate(shown)
    ]


HOURS = [f"2024-03-0{day}T09:00:00Z" for day in (1, 2, 3, 4, 5)]
SEEDED = rows(*((n + 11, time) for n, time in enumerate(HOURS)))


def found(base: Any, cand: Any) -> list[str]:
    return [
        "/".join(map(str, (one.path[0][1], one.path[1])))
        for one in departures(as_read(base), as_read(cand))
    ]


def as_read(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: as_read(one) for key, one in tree.items()}
    if isinstance(tree, list):
        return [as_read(one) for one in tree]
    return str(tree).encode() if isinstance(tree, int) else tree


def changed(at: int, **members: Any) -> list[dict[str, Any]]:
    return [{**row, **members} if index == at else row for index, row in enumerate(SEEDED)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 910),
        ("id", 13),
        ("url", "/docs/110"),
        ("created_at", "2026-03-02T09:00:00Z"),
        ("created_at", "2024-03-02T09:00:05Z"),
    ],
)
def test_one_older_row_shows_something_else(name: str, value: Any) -> None:
    assert found(SEEDED, changed(1, **{name: value})) == [f"1/{name}"]
    assert judged_departures(SEEDED, changed(1, **{name: value}), shared_state=False) != []


def test_rows_that_came_later_have_their_own_on_each_side() -> None:
    ours, theirs = (
        [
            *SEEDED,
            *rows((40 + at, f"2026-11-2{at}T08:15:2{at}Z"), (41 + at, "2026-11-26T08:15:27Z")),
        ]
        for at in (1, 5)
    )
    assert found(ours, theirs) == []


def test_two_databases_that_were_filled_at_another_time_have_nothing_alike() -> None:
    theirs = rows(*((n + 21, time.replace("T09", "T11")) for n, time in enumerate(HOURS)))
    assert found(SEEDED, theirs) == []


def test_times_of_one_suite_are_alike_to_the_second_by_chance() -> None:
    seconds = ["12:00:01", "12:00:02", "12:00:02", "12:00:04", "12:00:05", "12:00:07"]
    ours = rows(*((n, f"2026-11-20T{time}Z") for n, time in enumerate(seconds, 1)))
    seconds[2] = "12:00:03"
    theirs = rows(*((n, f"2026-11-20T{time}Z") for n, time in enumerate(seconds, 1)))
    assert found(ours, theirs) == []


def test_a_row_that_differs_in_a_word_as_well_is_another_row() -> None:
    assert found(SEEDED, changed(1, id=77, name="other")) == []
