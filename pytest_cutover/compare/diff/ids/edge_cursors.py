"""Cursors of a page that stand beside its rows: that of the last row, or of the first. Pure.

A cursor is held to its form, for each side draws or counts its own. But where the baseline's
`endCursor` is the cursor, or the id, of the last row of the page, the candidate's is that of its
own last row, whichever row that is; so is the one in a link to the next page, in the body or in a
`Link` header, plain or as `row:41` in base64.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.encoded_ids import row_of
from pytest_cutover.compare.diff.ids.given_ids import Departure
from pytest_cutover.compare.diff.ids.id_forms import is_link
from pytest_cutover.compare.diff.ids.page_ends import CURSOR, Ends, Place, of_lists
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedResponse

_PARAMETER: Final = re.compile(r"[?&]([\w\[\]-]+)=([^&#]+)")
_TARGET: Final = re.compile(r"<([^>]+)>")


class _At(NamedTuple):
    """Where a cursor stands: in which parameter, if that place has a link."""

    in_headers: bool
    path: Path
    parameter: str


class _Cursor(NamedTuple):
    row: str
    whole: Any


def departures(
    base: NormalizedResponse | None, cand: NormalizedResponse | None
) -> list[tuple[bool, Departure]]:
    """Return the cursors of the candidate that are of another row than those of the baseline, each
    with whether it is in the headers.
    """
    if base is None or cand is None or base.raw == cand.raw:
        return []
    if not all(one.body.kind is BodyKind.JSON for one in (base, cand)):
        return []
    ours = dict(_of_answer(base))
    theirs = dict(_of_answer(cand)) if ours else {}
    pairs = [(at, one, theirs[at]) for at, one in ours.items() if at in theirs]
    pairs = [(at, one, other) for at, one, other in pairs if one.row != other.row]
    if not pairs:
        return []
    left, right = (of_lists(one.body.tree) for one in (base, cand))
    return [
        (at.in_headers, Departure(at.path, one.whole, other.whole))
        for at, one, other in pairs
        if (told := set(_expected(one.row, left, right))) and other.row not in told
    ]


def _expected(row: str, left: dict[Place, Ends], right: dict[Place, Ends]) -> Iterator[str]:
    """Yield the rows that the candidate's cursor may be of, where the baseline's is of an end."""
    for at, ends in left.items():
        beside = right.get(at)
        for place, first in ends.first.items() if beside else ():
            last = ends.last.get(place)
            if first == last or beside is None:
                continue
            if row == row_of(first) and place in beside.first:
                yield row_of(beside.first[place])
            if last and row == row_of(last) and place in beside.last:
                yield row_of(beside.last[place])


def _of_answer(answer: NormalizedResponse) -> Iterator[tuple[_At, _Cursor]]:
    yield from _cursors(answer.body.tree, ROOT, "")
    field = answer.headers.get("link") if isinstance(answer.headers, dict) else None
    path: Path = (ROOT, "link")
    yield from _of_member(path, field)
    for n, member in enumerate(field if isinstance(field, list) else ()):
        yield from _of_member((path, n), member)


def _of_member(path: Path, member: Any) -> Iterator[tuple[_At, _Cursor]]:
    if isinstance(member, str) and (target := _TARGET.match(member)):
        yield from _of_link(True, path, target[1], member)


def _cursors(tree: Any, path: Path, name: str) -> Iterator[tuple[_At, _Cursor]]:
    """Yield the cursors outside of lists; one in a link by its parameter."""
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from _cursors(item, (path, key), key)
        return
    text = None if isinstance(tree, list) else text_of(tree)
    if text is None:
        return
    if isinstance(tree, str) and is_link(tree):
        yield from _of_link(False, path, text, tree)
    elif CURSOR.search(name):
        yield _At(False, path, ""), _Cursor(row_of(text), tree)


def _of_link(in_headers: bool, path: Path, link: str, whole: str) -> Iterator[tuple[_At, _Cursor]]:
    for parameter, value in _PARAMETER.findall(link):
        if CURSOR.search(parameter):
            yield _At(in_headers, path, parameter), _Cursor(row_of(value), whole)
