"""Pages in the order of names that tests made up, each side with data of its own. Pure.

``ORDER BY name LIMIT 20`` shows other rows on each side, for each side's names were drawn anew.
What one side alone shows is right where its partner, by its name, has no place between the first
and the last row of the other side's page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.ids.drawn_order import (
    ALMOST_NEVER,
    RowsOfSide,
    by_chance_sorted,
    holds_code,
    ways_alike,
)

_FIRST, _LAST = 0, -1
_FEWEST: Final = 3  # rows of a page: what has fewer names is a part of one
Way = Callable[[str], Any]
FEW: Final = "so few rows of a page may be in the order of their names by chance"
OTHERS: Final = "rows beyond the other side's page, and made otherwise than those on it"
EARLIER: Final = "names of an earlier run, whose partners nothing tells"
BEFORE: Final = "names before the first row of a page, which may be one too late"


def are_beyond(
    values: Correspondence, sides: Sequence[RowsOfSide], lonely: Sequence[Sequence[int]]
) -> str | None:
    """Return what nothing tells, or nothing, where each row of `lonely`, those that one side alone
    shows, has its partner before or behind the other side's page; None where one has not.
    """
    alone = [[side.words[at] for at in places] for side, places in zip(sides, lonely, strict=True)]
    for place in set.intersection(*(set(row) for rows in alone for row in rows)):
        ours, theirs = ([_text(row[place]) for row in rows] for rows in alone)
        if not all(map(holds_code, (*ours, *theirs))):
            continue
        earlier = {name for name in (*ours, *theirs) if not values.holds_made(name)}
        partners = (
            [_back(values, name) for name in theirs if name not in earlier],
            [values.translate(name) for name in ours if name not in earlier],
        )
        if not {*partners[0], *partners[1]}.isdisjoint((*ours, *theirs)):
            continue  # on both pages
        pages = [[*map(_text, side.at(place))] for side in sides]
        if min(len(set(page)) for page in pages) < _FEWEST:
            continue
        for way in ways_alike(*pages):
            ends = [*map(_ends, [way] * 2, pages, partners)]
            if any(None in one for one in ends):
                continue
            rows = min(len(set(page)) for page in pages)
            chance = by_chance_sorted(rows) * 0.5 ** (len(ours) + len(theirs))
            if chance > ALMOST_NEVER:
                if [*map(len, pages)] != [len(side.words) for side in sides]:
                    continue  # parts of a page, of which some begin with a name
                return FEW
            if earlier:
                return EARLIER
            return BEFORE if _FIRST in ends[1] - ends[0] else ""
    return None


def _ends(way: Way, page: Sequence[str], names: Sequence[str]) -> set[int | None]:
    """Return at which ends of a page names are beyond it; None for one that would stand on it."""
    first, last = way(page[0]), way(page[-1])
    falls = first > last
    found: set[int | None] = set()
    for name in map(way, names):
        if name < min(first, last):
            found.add(_LAST if falls else _FIRST)
        elif name > max(first, last):
            found.add(_FIRST if falls else _LAST)
        else:
            found.add(None)
    return found


def _back(values: Correspondence, name: str) -> str:
    """Return a name of the candidate as the baseline has it."""
    pairs = [(theirs, ours) for ours, theirs in values.strong.items() if theirs in name]
    for theirs, ours in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
        name = name.replace(theirs, ours)
    return name


def _text(word: str | bytes) -> str:
    return text_of(word) or ""
