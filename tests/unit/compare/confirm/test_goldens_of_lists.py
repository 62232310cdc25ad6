"""Goldens of lists that other tests change as well: recorded on one side, compared on two.

A small bank in memory that both sides share; each account has a number that chance drew.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.sharing import NOT_KNOWN
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids_in_texts import BEGIN_ROWS
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import Golden, learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = dict[str, Any]
PAGE = 8


class Bank:
    """Accounts, of which a test opens one and lists the newest; other tests open more."""

    def __init__(self, seed: int = 3) -> None:
        self.rows: list[Row] = []
        self.fault: Callable[[list[Row]], list[Row]] = lambda rows: rows
        self._chance = random.Random(seed)

    def open(self, holder: str, *, kind: str = "current", cents: int = 25_000) -> Row:
        iban = f"XB{self._chance.randrange(10**14):014d}"
        row = {"iban": iban, "holder": f"Family {holder}", "kind": kind, "balance": cents}
        self.rows.append(row)
        return row

    def others(self) -> None:
        """What the tests before this one leave, on one side."""
        for kind, cents in (("savings", 500), ("savings", 700), ("current", 24_500)):
            holder = new_unique("name")
            self.open(holder)
            self.open(holder, kind=kind, cents=cents)

    def asked(self, side: Side) -> Transcript:
        name = new_unique("name")
        made = exchange(
            self.open(name), method="POST", target="/accounts", sent={"holder": name}, status=201
        )
        rows = deepcopy(self.rows[::-1][:PAGE])
        shown = self.fault(rows) if side is Side.CANDIDATE else rows
        page = exchange({"accounts": shown}, target="/accounts")
        return transcript(made, page, side=side, generated=[("name", name)])


def recorded(*, full: bool) -> Golden:
    """Record the test after others of the suite, and again after all of it; `full`: the page is
    as long both times.
    """
    bank, again = Bank(1), Bank(2)
    for one in (bank, again):
        for _ in range(3 if full or one is again else 0):
            one.others()
    return load(dump(learn(bank.asked(Side.BASELINE), again.asked(Side.BASELINE))))


def judged(golden: Golden, fault: Callable[[list[Row]], list[Row]] = lambda rows: rows) -> Judged:
    """Run the test beside the golden, after both sides have run the tests before it."""
    bank = Bank()
    bank.fault = fault
    for _ in range(6):
        bank.others()
    judge = Judge(Rulebook(shared_state=True), lambda _: None)
    return settled(TestState(golden, None), judge, bank.asked)


@pytest.mark.parametrize("full", [True, False])
def test_a_page_that_others_fill_is_compared_by_its_rows(full: bool) -> None:
    found = judged(recorded(full=full))
    assert found.differences == ()
    assert found.inconclusive is None
    assert found.account.open == {}


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        lambda rows: rows[:0],
        lambda rows: rows[1:],
        lambda rows: rows[::-1],
        lambda rows: [rows[0], rows[0], *rows[2:]],
        lambda rows: [*rows[:5], rows[5] | {"balance": 1}, *rows[6:]],
        lambda rows: [*rows[:4], rows[4] | {"holder": rows[3]["holder"]}, *rows[5:]],
    ],
    ids=["empty", "newest missing", "reversed", "twice", "balance", "holder"],
)
def test_and_a_fault_in_it_is_found(fault: Callable[[list[Row]], list[Row]], full: bool) -> None:
    assert judged(recorded(full=full), fault).differences


def stale(golden: Golden, baseline: Transcript) -> tuple[str, ...]:
    return Judge(Rulebook(shared_state=True), lambda _: None).stale(golden, baseline)


def test_a_golden_is_not_stale_for_the_rows_of_other_tests() -> None:
    bank = Bank()
    for _ in range(3):
        bank.others()
    bank.open("Moss", kind="house")
    assert stale(recorded(full=True), bank.asked(Side.BASELINE)) == ()


def test_and_is_stale_for_rows_that_were_seeded() -> None:
    def page(*names: str) -> Transcript:
        return transcript(exchange({"accounts": [{"id": n, "name": n} for n in names]}))

    golden = learn(page("a", "b"), page("a", "b"))
    assert stale(golden, page("a", "b")) == ()
    assert stale(golden, page("a", "c")) != ()
    assert stale(golden, page("b", "a")) != ()


def test_rows_that_are_sorted_by_a_count_come_in_another_order() -> None:
    def sold(*rows: tuple[int, int]) -> Transcript:
        return transcript(exchange({"best": [{"product": p, "sold": n} for p, n in rows]}))

    golden = learn(sold((7, 9), (8, 5)), sold((7, 10), (8, 6)))
    assert stale(golden, sold((8, 12), (7, 11))) == ()
    assert stale(golden, sold((8, 11), (7, 12))) != ()


def test_the_end_of_a_window_is_another_one_in_each_run() -> None:
    def limited(reset: str) -> Transcript:
        return transcript(exchange({}, headers=(("X-RateLimit-Reset", reset),)))

    golden = learn(*[limited(str(int(NOON_S) - 3_000))] * 2)
    assert stale(golden, limited(str(int(NOON_S) + 30))) == ()
    assert stale(golden, limited(str((int(NOON_S) + 30) * 1000))) != ()
    assert stale(golden, limited("5")) != ()
    assert stale(golden, limited(str(int(NOON_S) + 400_000))) != ()


POST: Row = {
    "id": 0, "author": "ada", "text": "", "likes": 3, "at": "", "edited": None, "tags": ["news"],
}  # fmt: skip
FAULTS_OF_POSTS: dict[str, Callable[[Row], Row]] = {
    "number": lambda row: {**row, "likes": row["likes"] + 1},
    "word": lambda row: {**row, "author": "edsger"},
    "text": lambda row: {**row, "text": "Note 7 of the archive"},
    "day": lambda row: {**row, "at": f"2026-01-0{3 - int(row['at'][9]) % 2}{row['at'][10:]}"},
    "list": lambda row: {**row, "tags": ["release"]},
    "null": lambda row: {**row, "edited": row["at"]},
}


def _table(rows: list[Row]) -> str:
    cells = ["".join(f"<td>{_cell(one)}</td>" for one in row.values()) for row in rows]
    return f"<table>{''.join(f'<tr>{one}</tr>' for one in cells)}</table>"


def _listed(rows: list[Row]) -> str:
    items = [
        f'<li id="post-{row["id"]}"><a href="/posts/{row["id"]}">{row["text"]}</a> by '
        f"<b>{row['author']}</b>, {row['likes']} likes, {row['at']} {_cell(row['tags'])}"
        f"{'' if row['edited'] is None else '<i>edited</i>'}</li>"
        for row in rows
    ]
    return f"<body><h1>Posts</h1><ul>{''.join(items)}</ul></body>"


def _articles(rows: list[Row]) -> str:
    parts = [
        f'<article data-id="{row["id"]}"><h2>{row["text"]}</h2><p>{row["author"]}</p>'
        f"<b>{row['likes']}</b><time>{row['at']}</time><em>{_cell(row['tags'])}</em>"
        f"<i>{_cell(row['edited'])}</i></article>"
        for row in rows
    ]
    return f"<main>{''.join(parts)}</main>"


def _xml(rows: list[Row]) -> str:
    posts = ["".join(f"<{key}>{_cell(one)}</{key}>" for key, one in row.items()) for row in rows]
    return f"<posts>{''.join(f'<post>{one}</post>' for one in posts)}</posts>"


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(value) if isinstance(value, list) else f"{value}"


WRITTEN: dict[str, Callable[[list[Row]], str]] = {
    "text/csv": lambda rows: "".join(
        f"{','.join(map(_cell, row))}\n" for row in (POST, *(one.values() for one in rows))
    ),
    "text/html": _table,
    "text/html; charset=utf-8": _listed,
    "text/html; charset=UTF-8": _articles,
    "application/xml": _xml,
    "application/x-ndjson": lambda rows: "".join(f"{json.dumps(row)}\n" for row in rows),
}


def _posts(
    newest: int,
    side: Side = Side.BASELINE,
    fault: str = "",
    nth: int = 0,
    kind: str = "application/json",
    renumber: Callable[[int], int] = lambda _: 0,
) -> Transcript:
    """The newest eight posts, each another one than in a recording that had another newest."""
    numbers = range(newest, newest - PAGE, -1)
    rows = [
        {
            **POST,
            "id": at,
            "author": ("ada", "grace", "linus")[at % 3],
            "text": f"Note {at} of the archive" if at % 4 else "Hello",
            "likes": at * at % 7,
            "at": f"2026-01-0{1 + at % 2}T0{at % 10}:15:00.000Z",
            "tags": [("news", "howto")[at // 2 % 2]],
        }
        for at in numbers
    ]
    if fault:
        rows[nth] = FAULTS_OF_POSTS[fault](rows[nth])
    rows = [{**row, "id": row["id"] + renumber(at)} for at, row in enumerate(rows)]
    if kind in WRITTEN:
        body = WRITTEN[kind](rows).encode()
        page = exchange(body=body, headers=[("Content-Type", kind)], target="/posts")
    else:
        page = exchange({"items": rows, "total": newest}, target="/posts")
    return transcript(page, side=side)


@pytest.mark.parametrize("nth", range(PAGE))
@pytest.mark.parametrize("fault", ["", *FAULTS_OF_POSTS])
@pytest.mark.parametrize("kind", ["application/json", *WRITTEN])
def test_a_page_that_had_other_rows_when_it_was_recorded_is_held_to_what_it_shows(
    kind: str, fault: str, nth: int
) -> None:
    """The golden knows the form of each member alone: the rounds say what varies in a row."""
    golden = load(dump(learn(_posts(41, kind=kind), _posts(68, kind=kind))))

    def asked(side: Side) -> Transcript:
        return _posts(91, side, fault if side is Side.CANDIDATE else "", nth, kind)

    judged = settled(TestState(golden, None), Judge(Rulebook(), lambda _: None), asked)

    assert bool(judged.differences) is bool(fault)
    assert not judged.account.open
    assert judged.inconclusive is None


HEADLESS = "text/html"
NUMBERED = [
    "application/json",
    "text/csv",
    "text/html; charset=utf-8",
    HEADLESS,
    "application/xml",
]


def _renumbered(
    kind: str, shared_state: bool | None, numbers: Callable[[int], int], *, recorded: bool
) -> Judged:
    """Judge a page of other rows than those recorded, whose ids the candidate numbers anew."""
    golden = load(dump(learn(_posts(41, kind=kind), _posts(68, kind=kind))))

    def asked(side: Side) -> Transcript:
        return _posts(
            91, side, kind=kind, renumber=numbers if side is Side.CANDIDATE else lambda _: 0
        )

    judge = Judge(Rulebook(shared_state=shared_state), lambda _: None)
    return settled(TestState(golden if recorded else None, None), judge, asked)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("shared_state", [True, None])
@pytest.mark.parametrize("kind", NUMBERED)
def test_one_row_with_the_id_of_another_is_found_though_ids_were_others_when_recorded(
    kind: str, shared_state: bool | None, recorded: bool
) -> None:
    found = _renumbered(kind, shared_state, lambda at: 1000 * (at == 3), recorded=recorded)
    assert found.differences
    assert all("3" in one.pointer or "4" in one.pointer for one in found.differences)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("kind", NUMBERED)
def test_and_ids_that_are_others_in_all_rows_are_those_of_another_database(
    kind: str, recorded: bool
) -> None:
    shared, apart, unsaid = (
        _renumbered(kind, one, lambda _: 1000, recorded=recorded) for one in (True, False, None)
    )
    assert shared.differences
    assert apart.differences == unsaid.differences == ()
    assert {one.reason for one in apart.account.open} == (
        {BEGIN_ROWS} if kind == HEADLESS else set()
    )
    assert {one.reason for one in unsaid.account.open} == {
        BEGIN_ROWS if kind == HEADLESS else NOT_KNOWN
    }


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("shared_state", [True, False, None])
def test_and_numbers_of_a_table_that_are_another_rows_or_count_from_the_top_are_no_such_ids(
    shared_state: bool | None, recorded: bool
) -> None:
    turned = _renumbered(HEADLESS, shared_state, lambda at: 1000 + 2 * at, recorded=recorded)
    moved = _renumbered(HEADLESS, shared_state, lambda _: 1, recorded=recorded)
    counted = _renumbered(HEADLESS, shared_state, lambda at: 2 * at - 90, recorded=recorded)
    assert turned.differences
    assert moved.differences
    assert counted.differences
