"""A number that tells of the rows beside it: the candidate's has to tell of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.profiles import NO_PROFILES
from pytest_cutover.compare.noise.rules import NO_RULES
from pytest_cutover.core.exchange import Side
from tests.unit.compare.building import JSON_HEADERS, exchange, settled, transcript

Say = Callable[[list[dict[str, Any]]], Any]

NAMES = ["Amber", "Basil", "Cedar", "Dahlia", "Elder", "Fennel", "Ginger", "Hazel"]
ROWS = [
    {
        "id": 10 + at,
        "name": name,
        "price": 120 + 37 * at * at,
        "state": "held" if at % 3 == 2 else "open",
    }
    for at, name in enumerate(NAMES)
]


def found(base: Say, cand: Say, *, shared: bool = True) -> list[tuple[str, str]]:
    """What departs where a list grows in each round, on shared data by both sides in turn."""

    def said(say: Say, size: int) -> Any:
        return transcript(exchange({"items": ROWS[:size], "told": say(ROWS[:size])}))

    sizes = [(2, 3), (4, 5), (6, 7)] if shared else [(3, 3), (4, 4), (6, 6)]
    rounds = [Round(said(base, ours), said(cand, theirs)) for ours, theirs in sizes]
    book = Rulebook(rules=NO_RULES, profiles=NO_PROFILES, shared_state=shared)
    heard = judge(rounds, book.beside((rounds[0].baseline, rounds[1].baseline)))
    return [(one.pointer, one.change) for one in heard.differences]


def states(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {state: sum(row["state"] == state for row in rows) for state in ("open", "held")}


def mean(rows: list[dict[str, Any]]) -> float:
    return round(float(sum(row["price"] for row in rows) / len(rows)), 2)


TOLD: dict[str, tuple[Say, Say]] = {
    "/told/sum": (
        lambda rows: {"sum": sum(row["price"] for row in rows)},
        lambda rows: {"sum": sum(row["price"] for row in rows[:-1])},
    ),
    "/told/average": (
        lambda rows: {"average": mean(rows)},
        lambda rows: {"average": round(mean(rows) + 0.5, 2)},
    ),
    "/told/next_id": (
        lambda rows: {"next_id": rows[-1]["id"] + 1},
        lambda rows: {"next_id": rows[-1]["id"]},
    ),
    "/told/max_price": (
        lambda rows: {"max_price": rows[-1]["price"]},
        lambda rows: {"max_price": rows[-2]["price"]},
    ),
    "/told/open": (
        states,
        lambda rows: states(rows) | {"open": states(rows)["open"] + 1},
    ),
    "/told/total": (
        lambda rows: {"total": len(rows)},
        lambda rows: {"total": len(rows) - 1},
    ),
}


@pytest.mark.parametrize("place", TOLD)
def test_what_a_number_tells_of_rows_has_to_be_true(place: str) -> None:
    right, wrong = TOLD[place]

    assert [one for one, _ in found(right, wrong)] == [place]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("place", TOLD)
def test_numbers_that_tell_of_their_rows_are_equal(place: str, shared: bool) -> None:
    right, _ = TOLD[place]

    assert found(right, right, shared=shared) == []


def test_what_holds_by_chance_accuses_nobody() -> None:
    """A version is the last id plus one, and a load the sum, until they are not."""

    def version(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {"version": rows[-1]["id"] + 1}

    def other(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {"version": rows[-1]["id"]}

    assert found(version, other) == []


def test_a_number_that_tells_of_its_rows_may_go_as_they_go() -> None:
    """Each side draws for itself in which state its rows are."""

    def said(states_of: str) -> Any:
        names = {"o": "open", "h": "held"}
        rows = [row | {"state": names[one]} for row, one in zip(ROWS, states_of, strict=False)]
        facets = {"open": states_of.count("o"), "held": states_of.count("h")}
        return transcript(exchange({"items": rows, "told": facets}))

    drawn = [("oh", "oh"), ("ohoh", "ohoo"), ("ohohoh", "ohoooo")]
    rounds = [Round(said(ours), said(theirs)) for ours, theirs in drawn]
    book = Rulebook(rules=NO_RULES, profiles=NO_PROFILES, shared_state=False)
    heard = judge(rounds, book.beside((rounds[0].baseline, rounds[1].baseline)))

    assert [one for one in heard.differences if one.pointer.startswith("/told")] == []


@pytest.mark.parametrize("is_right", [True, False])
def test_a_total_of_what_the_test_made_up_is_held_to_what_was_sent(is_right: bool) -> None:
    """Each side is sent other lines, for the test draws them."""

    def said(lines: list[tuple[int, int]], is_right: bool = True) -> Any:
        total = sum(cents * (quantity if is_right else 1) for quantity, cents in lines)
        sent = {"lines": [{"quantity": one, "cents": other} for one, other in lines]}
        return transcript(exchange({"total": total}, method="POST", sent=sent))

    ours = [[(2, 415), (3, 120)], [(4, 77), (9, 1310)], [(5, 60), (2, 999)]]
    theirs = [[(7, 205), (2, 81)], [(3, 940), (6, 15)], [(8, 313), (4, 29)]]
    rounds = [
        Round(said(one), said(other, is_right)) for one, other in zip(ours, theirs, strict=True)
    ]
    book = Rulebook(rules=NO_RULES, profiles=NO_PROFILES)
    heard = judge(rounds, book.beside((rounds[0].baseline, rounds[1].baseline)))

    told = [one.pointer for one in heard.differences]
    assert told == ([] if is_right else ["/total"])


def test_the_last_page_of_a_link_is_the_one_that_the_rows_fill() -> None:
    def said(last: int, total: int) -> Any:
        rows = [{"id": total - at, "name": NAMES[at]} for at in range(2)]
        return transcript(exchange({"items": rows, "last": f"/lots?page={last}&size=2"}))

    def is_open(*pages: tuple[int, int], shared: bool = True) -> bool:
        sizes = [(4, 5), (6, 7), (8, 9)] if shared else [(4, 4), (5, 5), (6, 6)]
        rounds = [
            Round(said(ours, rows[0]), said(theirs, rows[1]))
            for (ours, theirs), rows in zip(pages, sizes, strict=True)
        ]
        book = Rulebook(rules=NO_RULES, profiles=NO_PROFILES, shared_state=shared)
        heard = judge(rounds, book.beside((rounds[0].baseline, rounds[1].baseline)))
        return "/last" in {one.pointer for one in heard.account.open}

    assert not is_open((2, 3), (3, 4), (4, 5))
    assert is_open((2, 4), (3, 5), (4, 6))
    assert not is_open((2, 2), (3, 3), (3, 3), shared=False)
    assert is_open((2, 3), (3, 4), (3, 4), shared=False)


@pytest.mark.parametrize("shared", [None, False])
@pytest.mark.parametrize("beyond", [0, 1, 2])
def test_a_last_page_beside_a_count_that_both_sides_show_alike(
    beyond: int, shared: bool | None
) -> None:
    """A count that grows alike on both sides is of data of each side's own, whoever says it."""
    totals: dict[Side, Iterator[int]] = {side: count(8) for side in Side}

    def asked(side: Side) -> Any:
        total = next(totals[side])
        last = -(-total // 2) + beyond * (side is Side.CANDIDATE)
        headers = (
            *JSON_HEADERS,
            ("Link", f'</a?page=2>; rel="next", </a?page={last}>; rel="last"'),
            ("X-Total-Count", str(total)),
        )
        return transcript(exchange([{"id": 1}, {"id": 2}], headers=headers), side=side)

    judge = Judge(Rulebook(shared_state=shared), lambda _: None)
    heard = settled(TestState(None, None), judge, asked)
    assert heard.differences == ()
    assert bool(heard.account.open) is bool(beyond)


def test_ids_are_no_sum_of_what_every_row_has_one_of() -> None:
    """A fresh database gives its fifth row the number 5, and the other one has counted on."""

    def said(first: int, size: int) -> Any:
        rows = [{"key": str(first + at), "score": 1.0, "name": NAMES[at]} for at in range(size)]
        made = exchange({"id": first + size - 1}, status=201, method="POST", sent={"n": size})
        return transcript(made, exchange({"hits": rows, "total": size}))

    rounds = [Round(said(1, size), said(31, size)) for size in (4, 5, 6, 7)]
    book = Rulebook(rules=NO_RULES, profiles=NO_PROFILES, shared_state=False)
    heard = judge(rounds, book.beside((rounds[0].baseline, rounds[1].baseline)))
    assert [one for one in heard.differences if one.pointer == "/id"] == []
