"""Rows that both databases had before: what most of them show alike holds for the others."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.diff.lists.seeded_rows import departures
from pytest_cutover.core.exchange import Side
from tests.unit.compare.building import brief, exchange, judged, transcript
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


def entries(*ids: int) -> dict[str, Any]:
    """A feed of XML, in which the suite made each row, a moment later on one side."""
    return {
        "feed": [
            {"title": "The feed"},
            *(
                {"entry": [{"id": f"tag:feed,2024:{one}"}, {"title": f"n-{one}"}], "#close": " "}
                for one in ids
            ),
        ]
    }


def test_no_two_rows_have_one_id() -> None:
    ours = entries(97, 96, 95, 94, 93)

    def told(*ids: int) -> list[Any]:
        return [one.cand for one in departures(ours, entries(*ids))]

    assert told(97, 96, 95, 97, 93) == ["tag:feed,2024:97"]
    assert told(97, 96, 95, 94, 94) == ["tag:feed,2024:94"]
    assert told(98, 97, 96, 95, 94) == []
    assert told(97, 96, 95, 94, 93) == []
    # Of what a row refers to two may be one, and each side has rows of its own.
    of_others = [{"id": at, "author": {"id": 7 + at}} for at in range(5)]
    by_one = [{"id": at, "author": {"id": 7}} for at in range(5)]
    assert found(of_others, by_one) == []


def test_a_whole_minute_was_set_by_hand() -> None:
    def page(fraction: str) -> list[dict[str, Any]]:
        later = [(40 + at, f"2026-11-26T08:15:27.1{at}Z") for at in range(4)]
        return rows(*later, (11, f"2024-03-18T13:00:00.{fraction}Z"))

    assert found(page("000"), page("090")) == ["4/created_at"]
    assert found(page("090"), page("000")) == ["4/created_at"]
    assert found(page("090"), page("070")) == []


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


def test_so_it_is_where_the_candidate_has_a_row_less_which_somebody_may_have_accepted() -> None:
    without_one = [*SEEDED[:3], *SEEDED[4:]]
    assert found(SEEDED, without_one) == []
    assert found(without_one, SEEDED) == []
    assert found([*SEEDED[:3], *SEEDED[4:]], changed(1, id=910)) == ["1/id"]
    assert found([*SEEDED, SEEDED[-1]], changed(1, id=910)) == ["1/id"]


def test_and_in_a_page_whose_last_line_is_not_there() -> None:
    def page(*, end: str = "</html>\n", wrong: int = -1) -> bytes:
        lines = "".join(
            f'<li><a href="/docs/{at}{"0" if at == wrong else ""}">No. {at}</a></li>'
            for at in range(21, 29)
        )
        return f"<html><body><ul>{lines}</ul></body>{end}".encode()

    def told(ours: bytes, theirs: bytes) -> list[tuple[str, str]]:
        html = [("Content-Type", "text/html")]
        sides = [
            transcript(exchange(body=body, headers=html, target="/docs"), side=side)
            for side, body in ((Side.BASELINE, ours), (Side.CANDIDATE, theirs))
        ]
        return brief(judged(*sides, shared_state=False).differences)

    accepted = told(page(), page(end=""))
    assert told(page(), page()) == []
    assert accepted
    wrong = told(page(), page(end="", wrong=23))
    assert [one for one in wrong if one not in accepted] == [
        ("identity", "/0/html/0/body/0/ul/2/li/0/@href")
    ]
