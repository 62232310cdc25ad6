"""A row that is called by one id on the baseline is called by one on the candidate, in any form."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.agreeing_ids import OTHER_IDS
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import Form, exchange, settled, transcript

_HTML = "text/html"
Numbers = Sequence[int]


# `%(j)s` is the row's id once more, wrong on the candidate.
FORMS = {
    "id and self": Form(
        "application/json",
        '{"items": [%s]}',
        '{"id": %(i)s, "title": "%(t)s", "owner_id": %(o)s, "self": "/items/%(j)s"}',
        ",",
    ),
    "two links": Form(
        "application/json",
        "[%s]",
        '{"t": "%(t)s", "_links": {"edit": {"href": "/items/%(i)s"},'
        ' "delete": {"href": "/items/%(j)s/delete"}}}',
        ",",
    ),
    "form": Form(
        _HTML,
        "<table>%s</table>",
        '<tr id="row-%(i)s"><td>%(t)s</td><td><a href="/users/%(o)s">o</a></td>'
        '<td><form action="/items/%(j)s/delete"><button>x</button></form></td></tr>',
    ),
    "cell": Form(
        _HTML,
        "<table><tr><th>ID</th><th>Title</th></tr>%s</table>",
        '<tr><td>%(j)s</td><td><a href="/items/%(i)s">%(t)s</a></td></tr>',
    ),
    "box": Form(
        _HTML,
        "<form>%s</form>",
        '<div><input type="checkbox" name="ids" value="%(j)s">'
        '<a href="/items/%(i)s">%(t)s</a></div>',
    ),
    "list of actions": Form(
        _HTML,
        "<ul>%s</ul>",
        '<li data-id="%(i)s"><b>%(t)s</b><ul><li><a href="/items/%(i)s/edit">e</a></li>'
        '<li><a href="/items/%(j)s/delete">d</a></li></ul></li>',
    ),
    "feed": Form(
        "application/xml",
        "<feed>%s</feed>",
        '<item id="%(i)s"><title>%(t)s</title><link href="/items/%(j)s"/></item>',
    ),
    "sheet": Form("text/csv", "id,title,owner_id,url\n%s", "%(i)s,%(t)s,%(o)s,/items/%(j)s\n"),
}


def right(ids: Numbers) -> Numbers:
    return ids


def swapped(ids: Numbers) -> Numbers:
    return [ids[1], ids[0], *ids[2:]]


def all_of_the_last(ids: Numbers) -> Numbers:
    return [ids[-1]] * len(ids)


def one_further(ids: Numbers) -> Numbers:
    return [number + 1 for number in ids]


def judged(
    form: Form,
    wrong: Callable[[Numbers], Numbers],
    rows: int = 3,
    *,
    with_link: Collection[int] | None = None,
) -> Judged:
    """Create rows whose ids no answer gives out, on two databases, and list them; `with_link`
    are those that have a link to themselves, where not all have.
    """
    begins = {Side.BASELINE: 11, Side.CANDIDATE: 40}
    owners = {Side.BASELINE: 11, Side.CANDIDATE: 12}  # which the baseline numbers alike, by chance

    def asked(side: Side) -> Transcript:
        names = [new_unique("ROW") for _ in range(rows)]
        ids = range(begins[side], begins[side] + rows)
        begins[side] += rows
        shown = wrong(ids) if side is Side.CANDIDATE else ids
        listed = [
            form.row % {"t": name, "i": number, "j": other, "o": owners[side]}
            for name, number, other in zip(names, ids, shown, strict=True)
        ]
        for at in range(rows if with_link is not None else 0):
            if at not in (with_link or ()):
                listed[at] = re.sub(r', "self": "[^"]*"', "", listed[at])
        body = form.page % form.join.join(listed)
        return transcript(
            *(
                exchange(body=b"", status=204, method="POST", target="/items", sent={"t": name})
                for name in names
            ),
            exchange(body=body.encode(), headers=(("Content-Type", form.kind),), target="/items"),
            side=side,
            generated=[("ROW", name) for name in names],
        )

    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", [swapped, all_of_the_last, one_further])
def test_a_row_that_names_another_row_beside_its_own_id_is_told(
    form: str, wrong: Callable[[Numbers], Numbers]
) -> None:
    found = judged(FORMS[form], wrong)

    told = bool(found.differences) or found.account.open
    assert told


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"box"}))
def test_links_of_one_collection_that_part_are_a_difference(form: str) -> None:
    found = judged(FORMS[form], one_further)

    assert {str(one.kind) for one in found.differences} == {"identity"}


def test_a_box_whose_value_parts_from_the_link_is_left_open() -> None:
    found = judged(FORMS["box"], one_further)

    assert not found.differences
    assert {place.reason for place in found.account.open} == {OTHER_IDS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", [1, 3])
def test_rows_with_ids_of_each_database_are_equal(form: str, rows: int) -> None:
    found = judged(FORMS[form], right, rows)

    assert not found.differences
    assert not found.inconclusive
    assert not found.account.open


# -- cursors


def _page(side: Side, ends: Callable[[Sequence[str]], Any], rounds: list[int]) -> Transcript:
    rounds[side is Side.CANDIDATE] += 2
    begin = rounds[side is Side.CANDIDATE]
    names = [new_unique("ROW") for _ in range(2)]
    edges = [{"cursor": f"c{begin + at}", "node": {"title": name}} for at, name in enumerate(names)]
    cursors = [str(edge["cursor"]) for edge in edges]
    return transcript(
        *(
            exchange(body=b"", status=204, method="POST", target="/items", sent={"t": name})
            for name in names
        ),
        exchange(
            {"edges": edges, "total": 2, "sort": "asc", "by": "title", **ends(cursors)},
            target="/items",
        ),
        side=side,
        generated=[("ROW", name) for name in names],
    )


def _of_last(cursors: Sequence[str]) -> Any:
    return {"pageInfo": {"startCursor": cursors[0], "endCursor": cursors[-1]}}


def _of_first(cursors: Sequence[str]) -> Any:
    return {"pageInfo": {"startCursor": cursors[0], "endCursor": cursors[0]}}


def _linked(cursors: Sequence[str]) -> Any:
    return {"next": f"/items?limit=2&after={cursors[-1]}"}


def _linked_to_first(cursors: Sequence[str]) -> Any:
    return {"next": f"/items?limit=2&after={cursors[0]}"}


def _judged_cursors(ours: Callable[..., Any], theirs: Callable[..., Any]) -> Judged:
    rounds = [3, 70]
    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    return settled(
        TestState(None, None),
        judge,
        lambda side: _page(side, ours if side is Side.BASELINE else theirs, rounds),
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "at"),
    [(_of_last, _of_first, "/pageInfo/endCursor"), (_linked, _linked_to_first, "/next")],
)
def test_the_cursor_of_the_last_row_is_that_of_the_last_row(
    ours: Callable[..., Any], theirs: Callable[..., Any], at: str
) -> None:
    found = _judged_cursors(ours, theirs)

    assert [(str(one.kind), one.pointer) for one in found.differences] == [("identity", at)]


@pytest.mark.parametrize("ends", [_of_last, _of_first, _linked])
def test_cursors_of_each_database_are_equal(ends: Callable[..., Any]) -> None:
    found = _judged_cursors(ends, ends)

    assert not found.differences
    assert not found.account.open


@pytest.mark.parametrize("wrong", [right, all_of_the_last])
def test_rows_that_alone_have_a_link_are_held_to_one_id_too(
    wrong: Callable[[Numbers], Numbers],
) -> None:
    found = judged(FORMS["id and self"], wrong, rows=12, with_link=(5, 7))

    told = {one.pointer for one in found.differences}
    assert told == (set() if wrong is right else {"/items/5/self", "/items/7/self"})
    assert not found.account.open
