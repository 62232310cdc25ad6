"""Rows that both databases had before the suite ran: what most of them show alike. Pure.

On data of each side's own a row has a time and an id of its own, which nothing holds to the other
side's. But what filled both alike, as a fixture does, gave its rows the same: where three rows or
more have the same time or number on both sides, one that is older than the newest two of these is
no row that came later, and has the same as well. No two of them have one id. Times of one suite are
a moment apart on each side, and now and then alike to the second: a time that is so near counts
beside whole minutes alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import Place, leaves_at, moment_of, time_of
from pytest_cutover.compare.diff.ids.id_forms import is_link
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise.lists.rows import OWN_IDS, in_order, names_an_id

_FEWEST: Final = 3
_NEWER: Final = 2  # one may be alike by chance, of rows that came later
_MOST_ROWS: Final = 2_000
_A_RUN_S: Final = 120.0  # how far apart a suite asks its two sides the same
_IN_ELEMENT: Final = 3  # tokens of `("entry", 0, "id")`
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,11}")
_LAST_IN_PATH: Final = re.compile(r"(?<=/)[1-9][0-9]{0,11}(?=$|[/?#])")


class Departure(NamedTuple):
    """A place where a row shows something else than the others let expect."""

    kind: Kind
    path: Path
    base: Any
    cand: Any


@dataclass(slots=True)
class _Column:
    """What rows show at one place, where it is a time or the number of a row.

    `is_fine`: a text with a fraction of a second.
    """

    is_time: bool
    is_fine: bool
    shown: dict[int, tuple[float, float]] = field(default_factory=dict)

    def departs(self, index: int, alike: set[float]) -> bool:
        """Whether a row has another than it has to, beside those that are `alike`."""
        one, other = self.shown[index]
        is_near = self.is_time and abs(other - one) < _A_RUN_S
        if is_near and self.is_fine and (one % 60 == 0) != (other % 60 == 0):
            return True  # a whole minute was set by hand, and was so on both sides
        if len(alike) < _FEWEST or one == other or one >= sorted(alike)[-_NEWER]:
            return False
        return not is_near or all(each % 60 == 0 for each in (one, *alike))

    def alike(self) -> set[float]:
        """Return what rows show on both sides."""
        return {one for one, other in self.shown.values() if one == other}


def departures(base: Any, cand: Any, path: Path = ROOT) -> Iterator[Departure]:
    """Yield the places of two trees at which a row shows what it cannot, beside the others."""
    if isinstance(base, dict) and isinstance(cand, dict):
        for key in base:
            if key in cand:
                yield from departures(base[key], cand[key], (path, key))
    elif isinstance(base, list) and isinstance(cand, list):
        at = _beside(base, cand)
        ours, theirs = [base[index] for index, _ in at], [cand[index] for _, index in at]
        places = [index for _, index in at]
        if _FEWEST < len(at) <= _MOST_ROWS and ours != theirs:
            yield from _of_rows(read_whole(ours), read_whole(theirs), path, places)
        for index, one, other in zip(places, ours, theirs, strict=True):
            yield from departures(one, other, (path, index))


def _beside(base: list[Any], cand: list[Any]) -> Sequence[tuple[int, int]]:
    """Return which items of two lists are one: by place, or, where one list is longer, the elements
    of a page between other texts, and the rows that say the same but for numbers and times.
    """
    if len(base) == len(cand):
        return [(index, index) for index in range(len(base))]
    if max(len(base), len(cand)) > _MOST_ROWS:
        return []
    elements = [
        [at for at, one in enumerate(side) if isinstance(one, dict)] for side in (base, cand)
    ]
    if len(elements[0]) == len(elements[1]):
        return list(zip(*elements, strict=True))
    keys = [[_told_by(one) for one in read_whole(side)] for side in (base, cand)]
    once = [{key for key, number in Counter(side).items() if number == 1} for side in keys]
    return [(one, other) for one, other in in_order(*keys) if keys[0][one] in once[0] & once[1]]


def _told_by(row: Any) -> Hashable:
    """Return what a row says besides numbers of rows and times."""
    return tuple(leaf for leaf in leaves_at(row) if _numbers(leaf[0], leaf[1], leaf[1]) is None)


def _of_rows(
    base: Sequence[Any], cand: Sequence[Any], path: Path, places: Sequence[int]
) -> Iterator[Departure]:
    words = [[dict(leaves_at(row)) for row in side] for side in (base, cand)]
    twice = dict(_twice(words))
    for index, place in twice.items():
        shown = words[0][index][place], words[1][index][place]
        yield Departure(Kind.IDENTITY, _below(path, places[index], place), *shown)
    columns: dict[Place, _Column] = {}
    apart: dict[int, set[Place]] = {}
    for index, (ours, theirs) in enumerate(zip(*words, strict=True)):
        if ours.keys() != theirs.keys():
            continue
        for place, one in ours.items():
            other = theirs[place]
            if one != other:
                apart.setdefault(index, set()).add(place)
            if (found := _numbers(place, one, other)) is not None:
                column = columns.setdefault(
                    place,
                    _Column(
                        is_time=bool(time_of(one)), is_fine=isinstance(one, str) and "." in one
                    ),
                )
                column.shown[index] = found
    for place, column in columns.items():
        alike = column.alike()
        for index in apart:
            if place not in apart[index] or index not in column.shown or twice.get(index) == place:
                continue
            # All else in it is equal, but for other numbers and times: it is one and the same row.
            if not all(at in columns and index in columns[at].shown for at in apart[index]):
                continue
            if column.departs(index, alike):
                kind = Kind.VALUE if column.is_time else Kind.IDENTITY
                shown = words[0][index][place], words[1][index][place]
                yield Departure(kind, _below(path, places[index], place), *shown)


def _twice(words: Sequence[Sequence[dict[Place, Any]]]) -> Iterator[tuple[int, Place]]:
    """Yield the rows that have the id of another row, where the baseline's have one each."""
    for place in {place: None for row in words[0] for place in row if _is_own_id(place, row)}:
        ids = [
            (index, row[place], other[place])
            for index, (row, other) in enumerate(zip(*words, strict=True))
            if place in row and place in other
        ]
        many = Counter(other for _, _, other in ids)
        if len(many) == len(ids) or len({one for _, one, _ in ids}) < len(ids):
            continue
        alike = {one for _, one, other in ids if one == other}
        for index, one, other in ids:
            if one != other and many[other] > 1 and other in alike:
                yield index, place


def _is_own_id(place: Place, row: dict[Place, Any]) -> bool:
    """Whether a row has its id at a place: as a member, or in an element of XML."""
    if str(place[-1] if place else "").lstrip("@") not in OWN_IDS:
        return False
    elements = {one[0] for one in row if not str(one[0]).startswith("#")}  # no blanks beside it
    return len(place) == 1 or (len(place) == _IN_ELEMENT and len(elements) == 1)


def _below(path: Path, index: int, place: Place) -> Path:
    at: Path = path, index
    for token in place:
        at = at, token
    return at


def _numbers(place: Place, base: Any, cand: Any) -> tuple[float, float] | None:
    """Return the times, or the numbers of a row, that stand at one place of both sides."""
    if time_of(base):
        left, right = moment_of(base), moment_of(cand)
        same = time_of(base) == time_of(cand)
        return (left, right) if same and left is not None and right is not None else None
    one, other = text_of(base) or "", text_of(cand) or ""
    if is_link(one) and is_link(other):
        ours, theirs = _LAST_IN_PATH.findall(one), _LAST_IN_PATH.findall(other)
        rest = _LAST_IN_PATH.sub("#", one) == _LAST_IN_PATH.sub("#", other)
        alone = rest and len(ours) == len(theirs) == 1
        return (float(ours[0]), float(theirs[0])) if alone else None
    name = str(place[-1]).lstrip("@") if place else ""
    if names_an_id(name) and _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other):
        return float(one), float(other)
    return None
