"""Rows of the test that swap, shift or share their ids or links are told, in whatever form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.marked_rows import ids_beside
from pytest_cutover.compare.diff.ids.named_things import OTHER_ORDER, NamedThings
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.unique import new_unique
from pytest_cutover.normalize.normalized import normalize
from tests.unit.compare.building import Form, exchange, settled, transcript

Row = tuple[str, Any]  # its title, and its id
Rows = Sequence[Row]
_HTML = "text/html"


FORMS = {
    "link": Form("application/json", "[%s]", '{"title": "%(t)s", "self": "/items/%(i)s"}', ","),
    "id": Form("application/json", '{"rows": [%s]}', '{"id": "%(i)s", "title": "%(t)s"}', ","),
    "query": Form("application/json", "[%s]", '{"t": "%(t)s", "at": "/items?id=%(i)s&x=1"}', ","),
    "child": Form("application/json", "[%s]", '{"t": "%(t)s", "at": "/items/%(i)s/notes"}', ","),
    "nested": Form("application/json", "[%s]", '{"by": {"id": "%(i)s", "name": "%(t)s"}}', ","),
    "list": Form(_HTML, "<ul>%s</ul>", '<li>User <a href="/items/%(i)s/edit/">%(t)s</a></li>'),
    "cells": Form(_HTML, "<table>%s</table>", "<tr><td>%(i)s</td><td>%(t)s</td></tr>"),
    "data": Form(_HTML, "<div>%s</div>", '<p data-id="%(i)s"><b>%(t)s</b></p>'),
    "feed": Form("application/xml", "<f>%s</f>", '<e id="%(i)s"><title>%(t)s</title></e>'),
    "sheet": Form("text/csv", "id,title\n%s", "%(i)s,%(t)s\n"),
    "text": Form("text/plain", "%s", "%(t)s is at /items/%(i)s\n"),
}


def _json(**members: Any) -> Callable[[Row], dict[str, Any]]:
    def answer(row: Row) -> dict[str, Any]:
        title, number = row
        shown = {key: value % {"t": title, "i": number} for key, value in members.items()}
        return {"document": shown, "status": 201}

    return answer


def _at(status: int, link: str) -> Callable[[Row], dict[str, Any]]:
    return lambda row: {"body": b"", "status": status, "headers": (("Location", link % row[1]),)}


def _page(row: Row) -> dict[str, Any]:
    body = f'<p>Saved <a href="/items/{row[1]}">{row[0]}</a></p>'.encode()
    return {"body": body, "headers": (("Content-Type", _HTML),)}


def _nothing(_row: Row) -> dict[str, Any]:
    return {"body": b"", "status": 204, "headers": ()}


GIVEN: dict[str, Callable[[Row], dict[str, Any]]] = {
    "id": _json(id="%(i)s"),
    "link": _json(title="%(t)s", self="/items/%(i)s"),
    "location": _at(201, "/items/%s"),
    "redirect": _at(302, "/items/%s/edit/"),
    "page": _page,
}


def swapped(rows: Rows) -> Rows:
    return [(rows[0][0], rows[1][1]), (rows[1][0], rows[0][1]), *rows[2:]]


def alike(rows: Rows) -> Rows:
    return [(title, rows[0][1]) for title, _ in rows]


def shifted(rows: Rows) -> Rows:
    return [(title, number + 1) for title, number in rows]


def same(rows: Rows) -> Rows:
    return rows


def shown(rows: Rows, form: Form, target: str = "/items") -> Exchange:
    lines = form.join.join(form.row % {"t": title, "i": number} for title, number in rows)
    headers = (("Content-Type", form.kind),)
    return exchange(body=(form.page % lines).encode(), headers=headers, target=target)


def judge(play: Callable[[Side], Transcript]) -> Judged:
    rules = Rulebook(shared_state=False)
    return settled(TestState(None, None), Judge(rules, lambda _: None), play)


def verdict(
    form: str,
    given: Callable[[Row], dict[str, Any]],
    fault: Callable[[Rows], Rows] = same,
    *,
    starts: tuple[int, int] = (11, 11),
    titles: Sequence[str] = (),
    of: Callable[[int], Any] = int,
) -> str:
    """Return what the judge says of a test that writes two rows and lists them."""
    counts = dict(zip((Side.BASELINE, Side.CANDIDATE), starts, strict=True))

    def play(side: Side) -> Transcript:
        names = titles or [new_unique("row") for _ in range(2)]
        made = [(name, of(counts[side] + at)) for at, name in enumerate(names)]
        counts[side] += len(made)
        posts = [exchange(method="POST", target="/items", sent={"title": row[0]}, **given(row))
                 for row in made]  # fmt: skip
        rows = fault(made) if side is Side.CANDIDATE else made
        generated = () if titles else [("row", name) for name in names]
        return transcript(*posts, shown(rows, FORMS[form]), side=side, generated=generated)

    judged = judge(play)
    if judged.differences:
        return "told"
    reasons = {place.reason for place in judged.account.open}
    return f"open: {min(reasons)}" if reasons else judged.inconclusive or "go"


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("form", FORMS)
def test_rows_that_change_their_ids_or_links_are_told(form: str, given: str) -> None:
    assert verdict(form, GIVEN[given], swapped) == "told"
    assert verdict(form, GIVEN[given]) == "go"


def _bare(row: Row) -> dict[str, Any]:
    return {"document": {"id": unquote(row[1])}, "status": 201}


def test_an_id_in_an_escaped_part_of_a_link_is_one() -> None:
    for form in ("link", "query", "child", "list", "text"):
        assert verdict(form, GIVEN["location"], swapped, of="lot%2F{}".format) == "told"
        assert verdict(form, GIVEN["location"], of="lot%2F{}".format) == "go"
    for form in ("link", "child", "list", "text"):
        assert verdict(form, _bare, swapped, of="lot%2F{}".format) == "told"
        assert verdict(form, _bare, of="lot%2F{}".format) == "go"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", [alike, shifted])
def test_an_id_of_another_row_or_of_none_is_told(form: str, fault: Callable[[Rows], Rows]) -> None:
    assert verdict(form, GIVEN["location"], fault) == "told"


@pytest.mark.parametrize("starts", [(11, 12), (3, 4711), (9, 1)])
@pytest.mark.parametrize("form", ["link", "id", "list", "sheet"])
def test_databases_that_count_from_elsewhere(form: str, starts: tuple[int, int]) -> None:
    assert verdict(form, GIVEN["location"], starts=starts) == "go"
    assert verdict(form, GIVEN["location"], swapped, starts=starts) == "told"


@pytest.mark.parametrize("form", FORMS)
def test_plain_titles_tell_the_rows_as_well(form: str) -> None:
    titles = ("First thing", "Second thing")
    assert verdict(form, GIVEN["redirect"], titles=titles) == "go"
    assert verdict(form, GIVEN["redirect"], swapped, titles=titles) == "told"


@pytest.mark.parametrize("form", FORMS)
def test_where_no_write_gives_an_id_the_order_of_ids_is_left_open(form: str) -> None:
    assert verdict(form, _nothing) == "go"
    if form != "cells":
        assert verdict(form, _nothing, swapped) == f"open: {OTHER_ORDER}"
        assert verdict(form, _nothing, alike) == "told"


def test_ids_that_chance_drew_stand_in_no_order() -> None:
    drawn = {number: f"{number * 2654435761 % 2**32:08x}" for number in range(11, 60)}
    assert verdict("link", _nothing, of=drawn.__getitem__) == "go"
    assert verdict("link", GIVEN["location"], of=drawn.__getitem__) == "go"
    assert verdict("link", GIVEN["location"], swapped, of=drawn.__getitem__) == "told"


def told(*sides: Sequence[Exchange], names: Sequence[str] = ("manybcdfghjkm22",)) -> set[str]:
    kept = {
        side: transcript(*one, side=side, generated=[("many", name) for name in names])
        for one, side in zip(sides, (Side.BASELINE, Side.CANDIDATE), strict=True)
    }
    return {one.pointer for one in judge(kept.__getitem__).differences}


def post(target: str, sent: Any, made: Any) -> Exchange:
    return exchange(made, status=201, method="POST", target=target, sent=sent)


def test_a_later_list_agrees_with_the_one_before() -> None:
    names = ["manybcdfghjkm22", "manyxcjtqcgjr73"]
    posts = [exchange(method="POST", target="/items", sent={"title": name}, **_nothing(("", 0)))
             for name in names]  # fmt: skip
    rows = list(zip(names, (7, 8), strict=True))

    def lists(*seen: Rows) -> list[Exchange]:
        return [*posts, *(shown(one, FORMS["link"]) for one in seen)]

    base = lists(rows, rows)
    other = [(names[0], 5), (names[1], 6)]
    assert told(base, lists(other, other), names=names) == set()
    assert told(base, lists(other, swapped(other)), names=names) == {"/0/self", "/1/self"}


def test_the_id_of_a_second_table_may_look_like_that_of_the_first() -> None:
    """An invoice is made with each order, and on the baseline both count alike."""
    names = ["manybcdfghjkm22", "manyxcjtqcgjr73"]

    def side(order: int, invoice: int) -> list[Exchange]:
        made = [exchange(method="POST", target="/orders", sent={"name": name}, body=b"", status=201,
                         headers=(("Location", f"/orders/{order + at}"),))
                for at, name in enumerate(names)]  # fmt: skip
        rows = [{"id": invoice + at, "order": name} for at, name in enumerate(names)]
        cells = [(name, invoice + at) for at, name in enumerate(names)]
        return [*made, exchange(rows, target="/invoices"), shown(cells, FORMS["cells"], "/bills")]

    assert told(side(1, 1), side(5, 3), names=names) == set()
    assert told(side(1, 1), side(5, 4), names=names) == set()


def test_a_thing_that_is_spoken_of_below_another_has_an_id_of_its_own() -> None:
    name = "manybcdfghjkm22"

    def side(item: int, comment: int) -> list[Exchange]:
        text = {"text": f"re: {name}"}
        made = {"id": comment, "item_id": item, **text}
        return [
            post("/items", {"title": name}, {"id": item, "title": name}),
            post(f"/items/{item}/comments", text, made),
            exchange([made], target=f"/items/{item}/comments"),
            exchange({"id": item, "title": name, "comments": [made]}, target=f"/items/{item}"),
        ]

    assert told(side(3, 3), side(4, 1)) == set()


def test_a_part_of_the_thing_that_repeats_its_name_has_an_id_of_its_own() -> None:
    name = "manybcdfghjkm22"

    def side(item: int, comment: int) -> list[Exchange]:
        comments = {"comments": [{"id": comment, "text": f"re: {name}"}]}
        return [
            post("/items", {"title": name}, {"id": item}),
            exchange([comments], target="/items"),
            exchange(comments, target=f"/items/{item}"),
        ]

    known = NamedThings()
    both = (normalize(transcript(*side(4, 4))), normalize(transcript(*side(5, 3))))
    for base, cand in zip(*both, strict=True):
        assert known.compare(base, cand).departures == []


def test_two_things_that_were_given_one_name_are_no_mistake() -> None:
    names = ["manybcdfghjkm22", "manyxcjtqcgjr73"]

    def side(start: int) -> list[Exchange]:
        ids = [start, start + 1]
        posts = [post("/items", {"title": name}, {"id": number})
                 for name, number in zip(names, ids, strict=True)]  # fmt: skip
        put = exchange(
            {"id": ids[0]}, method="PUT", target=f"/items/{ids[0]}", sent={"title": names[1]}
        )
        return [*posts, put, shown([(names[1], number) for number in ids], FORMS["cells"])]

    assert told(side(3), side(2), names=names) == set()


def test_what_stands_between_several_rows_is_of_none() -> None:
    codes = [f"\ufdd0row #{number}\ufdd1" for number in (1, 2)]
    words = {f"row #{number}": frozenset({number}) for number in (1, 2)}
    tree = {"total": b"7", "rows": [{"id": b"7", "t": codes[0]}, {"id": b"8", "t": codes[1]}]}
    found = {(one.text, *one.writes) for one in ids_beside(tree, words) if one.writes}
    assert found == {("7", 1), ("8", 2)}
