"""What the rows of one list have in common: members, and what kind of value each has. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from pytest_cutover.compare.diff.ids.drawn_order import time_of
from pytest_cutover.compare.noise.lists.rows import key_of
from pytest_cutover.normalize.matchers import EXACT


def shape_of(row: Any) -> Hashable:
    """Return what the rows of one list have in common: members, and the types in them."""
    return key_of(EXACT, row, lambda _name, value: (type(value).__name__, time_of(value)))


def is_like_one_of(rows: Sequence[Any], row: Any) -> bool:
    """Return whether a row has the members that all of these have, and no others than some have,
    each of a type that one of them has, a time where all have one; nothing is of any type.
    """
    if not isinstance(row, dict):
        return any(type(one) is type(row) for one in rows)
    known = [one for one in rows if isinstance(one, dict)]
    if not known or not set.intersection(*map(set, known)) <= row.keys() <= set().union(*known):
        return False
    kinds = {(name, _kind(item)) for one in known for name, item in one.items()}
    return all(
        item is None or not kinds.isdisjoint({(name, _kind(item)), (name, _kind(None))})
        for name, item in row.items()
    )


def are_of_one_shape(one: Any, other: Any) -> bool:
    """Return whether two rows have the same members, and in each what is of one shape, or nothing
    in one of them.
    """
    if shape_of(one) == shape_of(other):
        return True
    if not (isinstance(one, dict) and isinstance(other, dict)) or one.keys() != other.keys():
        return False
    return all(
        item is None or other[key] is None or shape_of(item) == shape_of(other[key])
        for key, item in one.items()
    )


def _kind(value: Any) -> tuple[type, bool]:
    """Return what a value is: its type, and whether it tells a time."""
    return type(value), isinstance(value, str) and bool(time_of(value))
