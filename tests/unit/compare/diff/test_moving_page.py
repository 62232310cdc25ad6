"""A page of the newest rows on shared data: each side writes, and the page moves on."""

from __future__ import annotations

from typing import Any

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from tests.unit.compare.building import brief, exchange, transcript

CODES = {
    number: f"click{code}"
    for number, code in enumerate(
        ("bqwzxvbcm32", "dqwzxvbcm53", "fqwzxvbcm73", "hqwzxvbcm95", "kqwzxvbcm45"), start=11
    )
} | {number: f"click{number}" for number in (8, 9, 10)}


def page(newest: int, *, rows: int = 4) -> list[dict[str, Any]]:
    """The newest rows, each with a name of its own."""
    return [{"id": n, "name": CODES[n], "size": 7} for n in range(newest, newest - rows, -1)]


def found(cand: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What departs where the baseline wrote row 13 just now, and an earlier test 10, then 11."""
    known = Correspondence()
    known.generated([(CODES[10], CODES[11])])
    known.heard("id", b"10", b"11")
    ours = transcript(exchange(page(13)), generated=[("click", CODES[13])])
    again = transcript(exchange(page(15)), generated=[("click", CODES[15])])
    theirs = transcript(exchange(cand), generated=[("click", CODES[14])])
    golden = learn(ours, again)
    return brief(
        compare(ours, theirs, RoundContext(known=known, later=again), golden=golden).differences
    )


def test_a_row_that_left_the_page_is_not_the_one_that_stood_for_it() -> None:
    assert found(page(14)) == []


def test_a_row_in_the_middle_of_the_page_is_missed() -> None:
    whole = page(14, rows=5)
    assert found([whole[0], whole[1], whole[3], whole[4]]) != []


def test_and_so_is_a_row_that_came_twice_or_changed() -> None:
    whole = page(14)
    assert found([*whole[:3], whole[2]]) != []
    assert found([*whole[:3], whole[3] | {"size": 8}]) == [("value", "/3/size")]


def newest_of_few(newest: int, *, last: int = 10) -> list[dict[str, Any]]:
    """The three newest rows, of which those from `last` down were seeded, of two categories."""
    return [
        {"id": n, "name": CODES[n], "size": 7, "cat": "A"}
        if n > last
        else {"id": n, "name": f"Seed {n}", "size": 5 * n, "cat": "BA"[n % 2]}
        for n in range(newest, newest - 3, -1)
    ]


def of_few(cand: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What departs from a page that the baseline's next round has moved by two of three rows, or
    is left open.
    """
    ours = transcript(exchange(newest_of_few(11)), generated=[("click", CODES[11])])
    again = transcript(exchange(newest_of_few(13)), generated=[("click", CODES[13])])
    theirs = transcript(exchange(cand), generated=[("click", CODES[12])])
    golden = learn(ours, again)
    judged = compare(ours, theirs, RoundContext(later=again), golden=golden)
    return brief(judged.differences) + [("open", one.pointer) for one in judged.account.open]


def test_a_page_of_which_one_row_alone_is_left_has_moved() -> None:
    assert of_few(newest_of_few(12)) == []


def test_and_its_rows_are_held_all_the_same() -> None:
    rows = newest_of_few(12)
    assert of_few([*rows[:2], rows[2] | {"cat": "A"}]) == [("value", "/2/cat")]
    assert of_few([rows[0] | {"cat": "B"}, *rows[1:]]) == [("value", "/0/cat")]
    assert of_few([rows[0], rows[2], rows[1]]) != []


def test_a_page_of_few_rows_that_begins_with_another_is_out_of_order() -> None:
    rows = newest_of_few(12)
    assert ("order", "") in of_few([rows[1], rows[0], rows[2]])
