"""Ids of two databases stand in forms, sentences and attributes too, where none is called an id."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import brief, exchange, judged, settled, transcript

NAMES = ("oak", "elm", "fir")
FIRST = {Side.BASELINE: 1, Side.CANDIDATE: 31}
ELEMENTS = [
    "<select><option value='{0}'>x</option></select>",
    "<input type='hidden' name='book_id' value='{0}'>",
    "<input type='number' name='qty[{0}]' value='1'>",
    "<button onclick='del({0})'>x</button>",
    "<a href='#book-{0}'>x</a>",
    "<a href='/edit?id={0}&amp;tab=1'>x</a>",
    "<img src='/covers/{0}.png' alt=''>",
    "<p wire:key='book-{0}'>#{0}</p>",
]
MEMBERS = ["urn:shop:book:{0}", "#{0}", "BOOK-{0:05d}", "<a href='/books/{0}'>open</a>", "book:{0}"]


def found(form: str, *, kind: str, fault: str = "", count: int = 2) -> list[tuple[str, str]]:
    """What departs, or is open, where a test makes rows and reads them on two databases."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)
    sides = {side: [(n + at, name) for at, name in enumerate(NAMES)] for side, n in FIRST.items()}

    def asked(side: Side) -> Transcript:
        rows, writes, codes = sides[side], [], []
        for _ in range(count):
            codes.append(new_unique("T"))
            rows.append((rows[-1][0] + 1, codes[-1]))
            writes.append(exchange({"id": rows[-1][0]}, status=201, method="POST", sent=codes[-1:]))
        shown = list(rows)
        if side is Side.CANDIDATE and fault == "wrong id":
            shown[-1] = (shown[-1][0] - 1, shown[-1][1])
        if side is Side.CANDIDATE and fault == "lost":
            shown.pop()
        read = exchange(**answer(form, kind, shown))
        return transcript(*writes, read, side=side, generated=[("T", code) for code in codes])

    heard = settled(state, judge, asked)
    return [*brief(heard.differences), *(("open", one.pointer) for one in heard.account.open)]


def answer(form: str, kind: str, rows: list[tuple[int, str]]) -> dict[str, Any]:
    if kind == "html":
        items = "".join(f"<li>{form.format(number)}<b>{name}</b></li>" for number, name in rows)
        headers = [("Content-Type", "text/html")]
        return {"body": f"<ul>{items}</ul>".encode(), "headers": headers}
    texts = [(form.format(number), name) for number, name in rows]
    if kind == "base64":
        texts = [(base64.b64encode(text.encode()).decode(), name) for text, name in texts]
    return {"document": [{"shown": text, "name": name} for text, name in texts]}


CASES = [
    *((form, "html") for form in ELEMENTS),
    *((form, "json") for form in MEMBERS),
    ("Book:{0}", "base64"),
]


@pytest.mark.parametrize(("form", "kind"), CASES)
def test_what_shows_the_ids_given_out_shows_ids(form: str, kind: str) -> None:
    assert found(form, kind=kind) == []


@pytest.mark.parametrize(("form", "kind"), CASES)
@pytest.mark.parametrize("fault", ["wrong id", "lost"])
def test_another_id_than_was_given_out_is_told(form: str, kind: str, fault: str) -> None:
    assert found(form, kind=kind, fault=fault)


@pytest.mark.parametrize("form", ELEMENTS[:2] + ELEMENTS[4:7])
def test_seeded_rows_of_a_page_may_have_other_ids_and_no_other_words(form: str) -> None:
    def page(first: int, names: tuple[str, ...] = NAMES) -> Transcript:
        rows = [(first + at, name) for at, name in enumerate(names)]
        return transcript(exchange(**answer(form, "html", rows)))

    def beside(one: Transcript) -> list[tuple[str, str]]:
        return brief(judged(page(1), one, shared_state=False).differences)

    assert beside(page(31)) == []
    assert beside(page(31, ("oak", "ash", "fir"))) == [("value", "/0/ul/1/li/1/b")]


def test_a_count_that_is_off_by_one_like_the_ids_is_a_difference() -> None:
    def rows(first: int, pieces: int) -> Transcript:
        items = [{"id": first + at, "text": f"{pieces + at} pieces"} for at in (0, 3)]
        return transcript(exchange(items))

    assert brief(judged(rows(2, 7), rows(3, 8), shared_state=False).differences) == [
        ("value", "/0/text"),
        ("value", "/1/text"),
    ]


def test_a_number_that_is_another_rows_id_by_chance_is_a_difference() -> None:
    def said(first: int, stock: list[int]) -> Transcript:
        made = exchange({"id": first + 3}, status=201, method="POST", sent={"name": "ash"})
        rows = [{"name": name, "stock": n} for name, n in zip(NAMES, stock, strict=True)]
        return transcript(made, exchange(rows))

    one, other = said(1, [4, 9, 2]), said(31, [4, 34, 2])
    assert brief(judged(one, other, shared_state=False).differences) == [("value", "/1/stock")]


OWN = {Side.BASELINE: [5, 6, 7], Side.CANDIDATE: [8, 9, 10]}


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    ("shown", "is_right"),
    [
        ([8, 9, 10], True),
        ([9, 8, 10], False),
        ([9, 10, 11], False),
        ([8, 14, 10], False),
        ([5, 9, 10], False),
    ],
)
def test_a_short_table_of_an_earlier_tests_rows(
    count: int, shown: list[int], is_right: bool
) -> None:
    """A later test reads what earlier ones were given: each number is its partner, or none is."""
    writes = {
        side: [
            exchange({"id": number}, status=201, method="POST", sent={"name": name})
            for number, name in zip(OWN[side], NAMES, strict=True)
        ]
        for side in Side
        if side in OWN
    }
    rulebook = Rulebook(shared_state=False)
    made = settled(
        TestState(None, None),
        Judge(rulebook, lambda _: None),
        lambda side: transcript(*writes[side], side=side),
    )

    def read(side: Side) -> Transcript:
        numbers = (OWN[side] if side is Side.BASELINE else shown)[:count]
        rows = zip(numbers, NAMES, strict=False)
        cells = "".join(f"<tr><td>{one}</td><td>{name}</td><td>7</td></tr>" for one, name in rows)
        page = f"<table><tr><th>No</th><th>Name</th><th>Size</th></tr>{cells}</table>"
        html = [("Content-Type", "text/html")]
        return transcript(exchange(body=page.encode(), headers=html, target="/page"), side=side)

    judge = Judge(rulebook, lambda _: None, known=made.values)
    heard = settled(TestState(None, None), judge, read)
    assert (heard.differences == ()) is is_right
    assert not is_right or not heard.account.open


def test_a_title_with_the_number_of_another_row_is_a_difference() -> None:
    ids = [91, 51, 11]

    def page(numbers: list[int], took: str, side: Side) -> Transcript:
        lines = [
            f'<li><a href="/documents/{one}">No. {number}</a></li>'
            for one, number in zip(ids, numbers, strict=True)
        ]
        body = ["<body>", f"<p>3 in {took} ms</p>", "<ol>", *lines, "</ol>", "</body>"]
        text = "\n".join(["<html>", "<head><title>Found</title></head>", *body, "</html>", ""])
        html = [("Content-Type", "text/html")]
        return transcript(exchange(body=text.encode(), headers=html, target="/page"), side=side)

    def told(numbers: list[int]) -> list[str]:
        sides = page(ids, "1.07", Side.BASELINE), page(numbers, "2.31", Side.CANDIDATE)
        return [one.candidate or "" for one in judged(*sides, shared_state=False).differences]

    assert not any("No." in one for one in told(ids))
    assert '"No. 11"' in told([91, 11, 11])
