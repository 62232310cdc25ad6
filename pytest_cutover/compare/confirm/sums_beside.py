"""Numbers that are, on both sides, the sum or the mean of the rows beside them. Pure.

Where a test draws amounts, each side lists others, and the total at the end, in a line below or in
a sentence is another one too. It varies in no round, for nobody writes any more. Such a number says
nothing that its rows do not say: those are compared, and it is held to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from pytest_cutover.compare.confirm import told_of_rows
from pytest_cutover.compare.confirm.spans import Sides, answers_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.normalized import tree_of

SUMS: Final = "the sum of its rows"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_MOST_LISTS: Final = 40
_FEWEST: Final = 2  # the sum of one row is that row

_Told = dict[tuple[str, str], Decimal]  # by the list, and by what it is called of it


def says_no_more(one: Difference, sides: Sides) -> bool:
    """Return whether a number that departs, in a text too, is on both sides the sum, the mean or
    the like of the same column beside it.
    """
    if one.kind is not Kind.VALUE:
        return False
    exchanges = answers_of(one, sides)
    if not exchanges:
        return False
    names = json_pointer.parse(one.pointer)
    trees = [tree_of(each) for each in exchanges]
    ours, theirs = (_numbers(json_pointer.get(tree, one.pointer)) for tree in trees)
    if ours[0] != theirs[0] or len(ours[1]) != len(theirs[1]):
        return False
    apart = [(a, b) for a, b in zip(ours[1], theirs[1], strict=True) if a != b]
    if not apart:
        return False
    base, cand = (_told(tree, names) for tree in trees)
    return all(
        any(
            told_of_rows.is_rounded(number, said) and told_of_rows.is_rounded(other, cand[what])
            for what, said in base.items()
            if what in cand
        )
        for number, other in apart
    )


def without_departing_rows(
    sums: frozenset[str], explained: frozenset[str], every: Sequence[Difference]
) -> frozenset[str]:
    """Return the signatures of sums whose rows are no differences themselves, but for `explained`
    ones: who accepts what the rows say has not accepted what is said of them.
    """
    apart = {one.exchange for one in every if _is_of_a_row(one) and one.signature not in explained}
    return sums - {one.signature for one in every if one.exchange in apart}


def _is_of_a_row(one: Difference) -> bool:
    """Whether a difference is that of a number in a row."""
    is_number = one.change.startswith(("integer", "number", "decimal"))
    return is_number and any(map(json_pointer.is_index, json_pointer.parse(one.pointer)))


def _numbers(value: Any) -> tuple[str, tuple[Decimal, ...]]:
    """Return a number, or a text without its numbers and these."""
    if not isinstance(value, str | bytes):
        return "", ()
    text = value.decode() if isinstance(value, bytes) else value
    return _NUMBER.sub("0", text), tuple(map(Decimal, _NUMBER.findall(text)))


def _told(tree: Any, names: tuple[str, ...]) -> _Told:
    """Return what a number at a place may say of the lists around it."""
    told: _Told = {}
    for number, (where, rows) in enumerate(_lists(tree, names)):
        if number == _MOST_LISTS:
            break
        for what, said in told_of_rows.told(_alike(rows), names[-1] if names else "").items():
            if what.startswith(told_of_rows.SUMS):
                told[where, what] = said
    return told


def _lists(tree: Any, names: tuple[str, ...], where: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists that a tree has, without the rows that lead to a place.

    None of those that have a row like the one there: it is no total of its like.
    """
    if isinstance(tree, list):
        at = int(names[0]) if names and json_pointer.is_index(names[0]) else None
        others = [row for index, row in enumerate(tree) if index != at]
        own = None if at is None else told_of_rows.columns_of(tree[at])
        if own not in [told_of_rows.columns_of(row) for row in others if own]:
            yield where, others
        for index, row in enumerate(tree):
            yield from _lists(row, names[1:] if index == at else (), f"{where}/{index}")
    elif isinstance(tree, dict):
        for key, value in tree.items():
            below = names[1:] if names[:1] == (key,) else ()
            yield from _lists(value, below, f"{where}/{key}")


def _alike(rows: Sequence[Any]) -> list[Any]:
    """Return the rows that have numbers where most have them: neither a head nor a total."""
    forms = [told_of_rows.columns_of(row) for row in rows]
    usual = Counter(form for form in forms if form)
    if not usual:
        return []
    most, times = usual.most_common(1)[0]
    if times < _FEWEST:
        return []
    return [row for row, form in zip(rows, forms, strict=True) if form == most]
