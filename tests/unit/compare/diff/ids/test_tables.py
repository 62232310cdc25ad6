"""Two databases that count two tables apart: an id is another thing in each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import NOON_S, brief, exchange, transcript
from tests.unit.compare.building import judged as compared

Test = Callable[[int, int, int], list[Exchange]]  # the author's id, the book's, and a fault


def judged(test: Test, offsets: tuple[int, int], fault: int) -> Judged:
    """Run a test in rounds; the candidate's tables are ahead by `offsets`."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)

    def asked(side: Side, at: int) -> Transcript:
        ahead, wrong = (offsets, fault) if side is Side.CANDIDATE else ((0, 0), 0)
        first = 5 if test in (both_listed, gone_and_told) else 5 + at
        exchanges = test(first + ahead[0], first + ahead[1], wrong)
        return transcript(*exchanges, side=side)

    while True:
        at = len(state.rounds)
        state.rounds.append(Round(asked(Side.BASELINE, at), asked(Side.CANDIDATE, at)))
        found = judge.live(state)
        if not judge.wants_round(state, found):
            return found


def wrote(target: str, answer: Any, sent: Any, endpoint: str = "") -> Exchange:
    endpoint = endpoint or f"POST {target}"
    return exchange(
        answer, status=201, method="POST", target=target, endpoint=endpoint, sent=sent, at_s=NOON_S
    )


def read(target: str, endpoint: str, answer: Any) -> Exchange:
    return exchange(answer, target=target, endpoint=f"GET {endpoint}")


def with_a_reference(author: int, book: int, fault: int) -> list[Exchange]:
    row = {"id": book, "title": "Emma", "author_id": author + fault}
    return [
        wrote("/authors", {"id": author, "name": "Ann"}, {"name": "Ann"}),
        wrote("/books", row, {"title": "Emma", "author_id": author}),
        read(f"/books/{book}", "/books/{id}", row),
        read(f"/authors/{author}", "/authors/{id}", {"id": author, "name": "Ann"}),
    ]


def below_the_other(author: int, book: int, fault: int) -> list[Exchange]:
    row = {"id": book, "title": "Emma"}
    rows = [{"id": book + fault, "title": "Emma"}]
    return [
        wrote("/authors", {"id": author, "name": "Ann"}, {"name": "Ann"}),
        wrote(f"/authors/{author}/books", row, {"title": "Emma"}, "POST /authors/{id}/books"),
        read(f"/authors/{author}/books", "/authors/{id}/books", rows),
        read(f"/authors/{author}", "/authors/{id}", {"id": author, "name": "Ann"}),
    ]


def asked_for_another(author: int, book: int, fault: int) -> list[Exchange]:
    return [
        wrote("/authors", {"id": author, "name": "Ann"}, {"name": "Ann"}),
        wrote("/books", {"id": book, "title": "Emma"}, {"title": "Emma"}),
        read(f"/authors/{author}", "/authors/{id}", {"id": author + fault, "name": "Ann"}),
        read(f"/books/{book}", "/books/{id}", {"id": book, "title": "Emma"}),
    ]


def with_parts(author: int, book: int, fault: int) -> list[Exchange]:
    """A book that says its own id, with those of its author, and of a note that has none."""
    row = {"id": book, "title": "Emma"}
    told = {**row, "id": book + fault, "author": {"id": author, "name": "Ann"}, "author_id": author}
    return [
        wrote("/authors", {"id": author, "name": "Ann"}, {"name": "Ann"}),
        wrote("/books", row, {"title": "Emma"}),
        read(f"/books/{book}", "/books/{id}", {**told, "notes": [{"id": author, "text": "good"}]}),
    ]


def page_of_rows(author: int, book: int, fault: int) -> list[Exchange]:
    """A table whose numbers move from one column to another as the rounds go on."""
    cells = f"<td>{book}</td><td>{author + 1}</td><td>{author}</td><td>{3 + fault}</td>"
    page = f"<table><tr><th>id</th><th>by</th><th>of</th><th>n</th></tr><tr>{cells}</tr></table>"
    html = (("Content-Type", "text/html"),)
    return [exchange(body=page.encode(), headers=html, target="/books", endpoint="GET /books")]


def both_listed(author: int, book: int, fault: int) -> list[Exchange]:
    authors = [{"id": author + at, "name": name} for at, name in enumerate(("Ann", "Bob", "Cy"))]
    books = [{"id": book + at, "title": name} for at, name in enumerate(("Emma", "Sula"))]
    if fault:
        books[1] = {**books[1], "title": "Sul"}
    return [read("/authors", "/authors", authors), read("/books", "/books", books)]


@pytest.mark.parametrize("offsets", [(0, 0), (2, 2), (2, 4), (3, 0), (0, 2)])
@pytest.mark.parametrize("fault", [0, 1])
@pytest.mark.parametrize(
    "test",
    [
        with_a_reference,
        below_the_other,
        asked_for_another,
        with_parts,
        page_of_rows,
        both_listed,
    ],
)
def test_each_table_has_ids_of_its_own_in_either_database(
    test: Test, offsets: tuple[int, int], fault: int
) -> None:
    found = judged(test, offsets, fault)
    assert bool(found.differences) is bool(fault)
    assert fault or not (found.account.open or found.inconclusive)


def _issue(number: int, shown: int, *, part: str = "status") -> Transcript:
    made = exchange({"data": {"id": str(number)}}, method="POST", target="/issue", status=201)
    told = {"title": "Gate", part: {"id": "1", "name": "unread"}}
    body = {"data": {"id": str(shown), "attributes": told}}
    return transcript(made, exchange(body, target=f"/issue/{number}", endpoint="GET /issue/{id}"))


@pytest.mark.parametrize("shared", [True, False])
def test_a_part_deep_in_a_thing_has_an_id_of_its_own(shared: bool) -> None:
    def told(one: Transcript, other: Transcript) -> list[tuple[str, str]]:
        again = _issue(3, 3)
        return brief(compared(one, other, again=again, shared_state=shared).differences)

    assert told(_issue(1, 1), _issue(2, 2)) == []
    assert told(_issue(1, 1), _issue(2, 1)) == [("identity", "/data/id")]
    assert told(_issue(1, 1, part="issue"), _issue(2, 2, part="issue")) != []


def gone_and_told(_author: int, book: int, fault: int) -> list[Exchange]:
    text = f"There is no book {book + fault}."
    gone = exchange(
        {"error": text}, status=404, target=f"/books/{book}", endpoint="GET /books/{id}"
    )
    return [wrote("/books", {"id": book, "title": "Emma"}, {"title": "Emma"}), gone]


@pytest.mark.parametrize("offset", [0, 7, 40])
@pytest.mark.parametrize("fault", [0, 1])
def test_a_refusal_names_the_thing_that_was_asked_for(offset: int, fault: int) -> None:
    found = judged(gone_and_told, (0, offset), fault)
    assert bool(found.differences) is bool(fault)
    assert fault or not (found.account.open or found.inconclusive)


@pytest.mark.parametrize(
    ("endpoint", "status", "is_given_out"),
    [
        ("POST /authors/{id}/books", 201, True),
        ("POST /books", 303, True),
        ("POST /books", 200, False),
        ("GET /books/{id}", 302, False),
        ("POST /authors", 201, False),
    ],
)
def test_a_new_thing_may_have_the_number_of_another_table(
    endpoint: str, status: int, is_given_out: bool
) -> None:
    """Author 5 is author 7 on the other side; what was made just now is book 5, and book 9."""
    known = Correspondence()
    known.tables.begin("POST /authors", 201)
    known.heard("id", b"5", b"7")
    known.tables.begin(endpoint, status)
    assert known.may_be_addresses("/books/5", "/books/9") is is_given_out
    assert not known.may_be_addresses("/books/5", "/books/8")


def test_a_number_of_the_very_table_keeps_its_partner_behind_a_write() -> None:
    known = Correspondence()
    known.tables.begin("POST /books", 201)
    known.heard("id", b"5", b"7")
    known.tables.begin("POST /books", 201)
    assert not known.may_be_addresses("/books/5", "/books/9")
    assert known.may_be_addresses("/books/5", "/books/7")
