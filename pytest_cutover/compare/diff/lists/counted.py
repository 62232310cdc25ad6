"""Numbers by which a database counts rows: ``SO-000013``, 34. Pure.

Where several write at once, or earlier tests did, they are other ones on each side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import Place, leaves_at, time_of
from pytest_cutover.core.unique import codes_in

_SOME_NUMBER: Final = "\ufdd0some number\ufdd1"
# A word that ends in a number, as databases count: of up to nine digits.
_COUNTER: Final = re.compile(r"(?s)((?:.*[^\d.,:+\-])?(?:[A-Za-z_#/]-)?)([0-9]{1,9})")
_FEWEST_COUNTED: Final = 4

_Row = dict[Place, str | bytes]


def counted_places(
    base: Sequence[Any], cand: Sequence[Any], ours: Sequence[int], theirs: Sequence[int]
) -> frozenset[Place]:
    """Return the places where a database counts the rows that others wrote: ``SO-000013``, 34.

    They write in another order to each side. No two rows of a list have the same there, in one
    form, and the rows in question have the same numbers on both sides, or all rows stand in their
    order.
    """
    if not ours or not theirs:
        return frozenset()
    words = [[dict(leaves_at(row)) for row in side] for side in (base, cand)]
    asked = [[words[0][index] for index in ours], [words[1][index] for index in theirs]]
    shared = set.intersection(*(set(row) for side in asked for row in side))
    return frozenset(place for place in shared if _is_counted(place, words, asked))


def _is_counted(place: Place, words: list[list[_Row]], asked: list[list[_Row]]) -> bool:
    forms = {_counter(row[place])[0] for side in asked for row in side}
    if len(forms) != 1 or "" in forms:
        return False
    every = [
        [found[1] for row in side if place in row and (found := _counter(row[place]))[0] in forms]
        for side in words
    ]
    if any(len(set(side)) < len(side) for side in every):
        return False
    numbers = [sorted(_counter(row[place])[1] for row in side) for side in asked]
    if numbers[0] == numbers[1]:
        return True
    return min(map(len, every)) >= _FEWEST_COUNTED and any(
        all(side == sorted(side, reverse=backwards) for side in every)
        for backwards in (False, True)
    )


def _counter(word: str | bytes) -> tuple[str, int]:
    """Return the form of a word that ends in a number, and the number; no form for another."""
    text = text_of(word) or ""
    found = _COUNTER.fullmatch(text)
    if found is None or time_of(word) or any(codes_in(text)):
        return "", 0
    return f"{type(word).__name__} {found[1]}#", int(found[2])


def numbers_at(row: Any, places: frozenset[Place]) -> tuple[str | bytes | None, ...]:
    """Return the words of a row at some places."""
    if not places:
        return ()
    words = dict(leaves_at(row))
    return tuple(words.get(place) for place in sorted(places, key=repr))


def without(row: Any, places: frozenset[Place], at: Place = ()) -> Any:
    """Return a row without the numbers at some places."""
    if isinstance(row, dict):
        return {key: without(item, places, (*at, key)) for key, item in row.items()}
    if isinstance(row, list):
        return [without(item, places, (*at, index)) for index, item in enumerate(row)]
    return _SOME_NUMBER if at in places and _counter(row)[0] else row


def with_numbers_of(row: Any, other: Any, places: frozenset[Place], at: Place = ()) -> Any:
    """Return the row with the numbers of the other, where both have one of one form."""
    if isinstance(row, dict) and isinstance(other, dict):
        return {
            key: with_numbers_of(item, other[key], places, (*at, key)) if key in other else item
            for key, item in row.items()
        }
    if isinstance(row, list) and isinstance(other, list) and len(row) == len(other):
        both = enumerate(zip(row, other, strict=True))
        return [
            with_numbers_of(one, another, places, (*at, index)) for index, (one, another) in both
        ]
    if at in places and isinstance(other, str | bytes):
        form = _counter(row)[0]
        return other if form and form == _counter(other)[0] else row
    return row
