"""What a row says of its own place in a list, and what a last row says of all: no value of a row.

A number of the row (``3.``), a class that alternates (``odd``, ``even``) and a sum at the end are
others once a row comes before or between. Where the baseline's list holds to such a rule in every
row, and the candidate's to the same, they are taken out before rows are matched. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import Place, leaves_at
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import names_an_id

_BY_ITS_PLACE: Final = "\ufdd0by its place\ufdd1"
_FEWEST: Final = 3
_LOOKED_AT: Final = 6  # rows that tell whether it is worth to look at all
_NUMBERED: Final = re.compile(r"(?s)([^\d]*)(0|[1-9]\d{0,8})([^\d]*)", re.ASCII)

_Words = list[dict[Place, str | bytes]]
_Found = dict[tuple[int, Place], None]


def taken_out(base: Sequence[Any], cand: Sequence[Any]) -> tuple[list[Any], list[Any]] | None:
    """Return both lists without what a row says by its place; None where nothing does on both."""
    if min(len(base), len(cand)) < _FEWEST:
        return None
    totals = _totals(base) & _totals(cand)
    if not (totals or _may_follow(base[1:_LOOKED_AT])):
        return None
    words: list[_Words] = [[dict(leaves_at(row)) for row in side] for side in (base, cand)]
    shared = set.intersection(*(set(side[len(side) // 2]) for side in words))
    found: tuple[_Found, _Found] = ({}, {})
    for place in shared:
        if any(names_an_id(f"{token}".lstrip("@")) for token in place[-1:]):
            continue  # a database that counts from 1
        rules = [_rule(side, place) for side in words]
        if rules[0] is not None and rules[0] == rules[1]:
            for side, places in zip(words, found, strict=True):
                places.update(dict.fromkeys((at, place) for at in _rows_of(side, place)))
    for place in totals:
        for side, places in zip(words, found, strict=True):
            places[len(side) - 1, place] = None
    if not found[0]:
        return None
    sides = [
        [_without(row, {place for at, place in places if at == index}) for index, row in rows]
        for places, rows in zip(found, map(enumerate, (base, cand)), strict=True)
    ]
    return sides[0], sides[1]


def _may_follow(rows: Sequence[Any]) -> bool:
    """Whether the words of a few rows follow from their places: most lists have none such."""
    words = [dict(leaves_at(row)) for row in rows]
    for place in words[0]:
        column = [row.get(place) for row in words]
        numbers = [_NUMBERED.fullmatch(text_of(word) or "") for word in column]
        if len({form and int(form[2]) - at for at, form in enumerate(numbers)} - {None}) == 1:
            return True
        if column[0] != column[1] and column[2:] == column[:-2]:
            return True
    return False


def _rows_of(side: _Words, place: Place) -> range:
    """Return the rows that have numbers or classes: all but a head, and a last one that tells of
    all.
    """
    first = int(bool(side) and not _is_like(side, 0, place))
    last = len(side) - int(not _is_like(side, len(side) - 1, place))
    return range(first, last)


def _is_like(side: _Words, at: int, place: Place) -> bool:
    """Whether a row has at a place what the middle one has there, but for a number."""
    word, usual = side[at].get(place), side[len(side) // 2][place]
    if word is None or type(word) is not type(usual):
        return False
    forms = [_NUMBERED.fullmatch(text_of(one) or "") for one in (word, usual)]
    if forms[0] and forms[1]:
        return forms[0].group(1, 3) == forms[1].group(1, 3)
    return word in {row.get(place) for row in side[1:-1]}


def _rule(side: _Words, place: Place) -> tuple[str, ...] | None:
    """Return by what rule the words at a place follow from the place of their row."""
    within = [side[at].get(place) for at in _rows_of(side, place)]
    if len(within) < _FEWEST or None in within:
        return None
    if len(set(within)) == 2:
        alternate = all(word == within[at % 2] for at, word in enumerate(within))
        return ("alternates", *map(repr, within[:2])) if alternate else None
    forms = [_NUMBERED.fullmatch(text_of(word) or "") for word in within]
    numbers = [int(form[2]) for form in forms if form is not None]
    affixes = {form.group(1, 3) for form in forms if form is not None}
    if len(numbers) < len(within) or len(affixes) != 1 or numbers[0] not in (0, 1):
        return None
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    return ("counts", repr(type(within[0])), *affixes.pop(), str(numbers[0]))


def hold_totals(walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path) -> None:
    """Report a sum at the end that is that of the baseline's rows, and not of the candidate's."""
    if walk.probing or walk.scope.same_side or not (places := _totals(base)) or not cand:
        return
    beside = walk.scope.rows_beside_at(path)
    if beside is not None:  # by chance one number is the sum of some
        places &= _totals(beside)
    ours, theirs = dict(leaves_at(base[-1])), dict(leaves_at(cand[-1]))
    wrong = places - _totals(cand)
    for place in sorted(wrong & theirs.keys(), key=repr):
        if ours[place] != theirs[place] or len(base) != len(cand):
            at: Path = path, len(cand) - 1
            for token in place:
                at = at, token
            sum_of_these = f"{sum(_numbers(cand, place))}"
            walk.report(Kind.VALUE, at, "sum of its rows → is not", sum_of_these, theirs[place])


def _totals(rows: Sequence[Any]) -> set[Place]:
    """Return the places of the last row that hold the sum of those above, if it is none of them."""
    if len(rows) < _FEWEST:
        return set()
    last, usual = dict(leaves_at(rows[-1])), dict(leaves_at(rows[len(rows) // 2]))
    if not any(
        _number(word) is not None and _number(last.get(at)) is None for at, word in usual.items()
    ):
        return set()
    fewest = max(_FEWEST, len(rows) - 2)  # the first may be a head
    found = set()
    for place, word in last.items():
        if (total := _number(word)) is not None:
            numbers = _numbers(rows, place)
            if len(numbers) >= fewest and total == sum(numbers):
                found.add(place)
    return found


def _numbers(rows: Sequence[Any], place: Place) -> list[Decimal]:
    """Return the numbers at a place of all rows but the last."""
    found = (_number(dict(leaves_at(row)).get(place)) for row in rows[:-1])
    return [number for number in found if number is not None]


def _number(word: str | bytes | None) -> Decimal | None:
    try:
        return Decimal(text_of(word) or "x")
    except InvalidOperation:
        return None


def _without(row: Any, places: set[Place], at: Place = ()) -> Any:
    if not places:
        return row
    if isinstance(row, dict):
        return {key: _without(item, places, (*at, key)) for key, item in row.items()}
    if isinstance(row, list):
        return [_without(item, places, (*at, index)) for index, item in enumerate(row)]
    return _BY_ITS_PLACE if at in places else row
