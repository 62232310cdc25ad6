"""The first and the last row of the lists of an answer, and what each is called: where a page ends.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.noise.lists.rows import names_an_id

CURSOR: Final = re.compile(
    r"(?:^|_|(?<=[a-z])(?=[A-Z]))(?:cursor|after|before|since|until|marker|token|last_?(?:id|key))"
    r"(?:_?id)?$",
    re.I,
)
_FEWEST: Final = 2
_MOST_LISTS: Final = 20

Place = tuple[str, ...]


class Ends(NamedTuple):
    """What the first and the last row of a list name, by the place in the row."""

    first: dict[Place, str]
    last: dict[Place, str]


def of_lists(tree: Any) -> dict[Place, Ends]:
    """Return the ends of the first lists of a body, by where each list stands."""
    return dict(islice(_lists(tree), _MOST_LISTS))


def pairs(base: Any, cand: Any) -> Iterator[tuple[str, str]]:
    """Yield what two bodies call the rows at the ends of the same list."""
    theirs = of_lists(cand)
    for at, ours in of_lists(base).items():
        for one, other in zip(ours, theirs.get(at, ()), strict=False):
            yield from ((text, other[place]) for place, text in one.items() if place in other)


def _lists(tree: Any, at: Place = ()) -> Iterator[tuple[Place, Ends]]:
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from _lists(item, (*at, key))
    elif isinstance(tree, list) and len(tree) >= _FEWEST:
        first, last = (dict(_named(read_whole(row), ())) for row in (tree[0], tree[-1]))
        yield at, Ends(first, last)


def _named(row: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the cursors and ids of a row."""
    if isinstance(row, dict):
        for key, item in row.items():
            yield from _named(item, (*place, key))
    elif place and (names_an_id(place[-1]) or CURSOR.search(place[-1])):
        text = None if isinstance(row, list) else text_of(row)
        if text:
            yield place, text
