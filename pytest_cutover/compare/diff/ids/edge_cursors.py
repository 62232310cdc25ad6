"""Cursors of a page that stand beside its rows: that of the last row, or of the first. Pure.

A cursor is held to its form, for each side draws or counts its own. But where the baseline's
`endCursor` is the cursor, or the id, of the last row of the page, the candidate's is that of its
own last row, whichever row that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.given_ids import Departure
from pytest_cutover.compare.diff.ids.id_forms import is_link
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedResponse

_CURSOR: Final = re.compile(
    r"(?:^|_|(?<=[a-z])(?=[A-Z]))(?:cursor|after|before|since|until|marker|token|last_?(?:id|key))"
    r"(?:_?id)?$",
    re.I,
)
_PARAMETER: Final = re.compile(r"[?&]([\w\[\]-]+)=([^&#]+)")
_FEWEST: Final = 2
_MOST_LISTS: Final = 20

Place = tuple[str, ...]


class _Cursor(NamedTuple):
    path: Path
    text: str
    whole: Any


class _Ends(NamedTuple):
    """What the first and the last row of a list name, by the place in the row."""

    first: dict[Place, str]
    last: dict[Place, str]


def departures(base: NormalizedResponse | None, cand: NormalizedResponse | None) -> list[Departure]:
    """Return the cursors of the candidate that are of another row than those of the baseline."""
    if base is None or cand is None or base.raw == cand.raw:
        return []
    if not all(one.body.kind is BodyKind.JSON for one in (base, cand)):
        return []
    ours = dict(_cursors(base.body.tree, ROOT, ""))
    theirs = dict(_cursors(cand.body.tree, ROOT, "")) if ours else {}
    pairs = [(one, theirs[at]) for at, one in ours.items() if at in theirs]
    pairs = [(one, other) for one, other in pairs if one.text != other.text]
    if not pairs:
        return []
    left, right = (dict(islice(_lists(one.body.tree), _MOST_LISTS)) for one in (base, cand))
    return [
        Departure(other.path, one.whole, other.whole)
        for one, other in pairs
        if (told := list(_expected(one.text, left, right))) and other.text not in told
    ]


def _expected(text: str, left: dict[Place, _Ends], right: dict[Place, _Ends]) -> Iterator[str]:
    """Yield what the candidate's cursor may be, where the baseline's is that of an end."""
    for at, ends in left.items():
        beside = right.get(at)
        for place, first in ends.first.items() if beside else ():
            last = ends.last.get(place)
            if first == last or beside is None:
                continue
            if text == first and place in beside.first:
                yield beside.first[place]
            if text == last and place in beside.last:
                yield beside.last[place]


def _cursors(tree: Any, path: Path, name: str) -> Iterator[tuple[Path, _Cursor]]:
    """Yield the cursors outside of lists; one in a link by its parameter."""
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from _cursors(item, (path, key), key)
        return
    text = None if isinstance(tree, list) else text_of(tree)
    if text is None:
        return
    if isinstance(tree, str) and is_link(tree):
        for parameter, value in _PARAMETER.findall(text):
            if _CURSOR.search(parameter):
                yield (path, parameter), _Cursor(path, value, tree)
    elif _CURSOR.search(name):
        yield path, _Cursor(path, text, tree)


def _lists(tree: Any, at: Place = ()) -> Iterator[tuple[Place, _Ends]]:
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from _lists(item, (*at, key))
    elif isinstance(tree, list) and len(tree) >= _FEWEST:
        first, last = (dict(_named(read_whole(row), ())) for row in (tree[0], tree[-1]))
        yield at, _Ends(first, last)


def _named(row: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the cursors and ids of a row."""
    if isinstance(row, dict):
        for key, item in row.items():
            yield from _named(item, (*place, key))
    elif place and (names_an_id(place[-1]) or _CURSOR.search(place[-1])):
        text = None if isinstance(row, list) else text_of(row)
        if text:
            yield place, text
