"""Which members of the rows of a table need a look, told column by column. Pure.

Most columns of two recordings are equal, and hold nothing that could be of a run: they are literals
in each row, and the learner goes through the others alone.
"""

from __future__ import annotations

from collections.abc import Callable, KeysView, Sequence
from itertools import repeat
from operator import eq, itemgetter
from typing import Any

from pytest_cutover.compare.noise.lists.columns import FEWEST_ROWS
from pytest_cutover.normalize.matchers import Pattern, members_of, optional_of


def loose_members(
    first: Sequence[Any],
    again: Sequence[Any],
    earlier: Sequence[Pattern],
    are_literal: Callable[[list[Any]], bool],
) -> tuple[str, ...] | None:
    """Return the names of the members that are to be looked into; None for other lists than those
    of many objects with the same members.

    `earlier` is what was known of each row, None where nothing was: a member that still is what it
    was is settled then, and else one of which `are_literal` says so.
    """
    if len(first) < FEWEST_ROWS or len(first) != len(again) or type(first[0]) is not dict:
        return None
    names = first[0].keys()
    if not (_are_rows(first, names) and (again is first or _are_rows(again, names))):
        return None
    is_new = earlier[0] is None
    if is_new and any(known is not None for known in earlier):
        return None
    before = [] if is_new else list(map(members_of, earlier))
    if not all(known.keys() == names for known in before):
        return None
    if not is_new and any(map(optional_of, earlier)):
        return None

    def is_settled(name: str) -> bool:
        member = itemgetter(name)
        ours = list(map(member, first))
        if again is not first and ours != list(map(member, again)):
            return False
        return are_literal(ours) if is_new else ours == list(map(member, before))

    return tuple(name for name in names if not is_settled(name))


def _are_rows(rows: Sequence[Any], names: KeysView[str]) -> bool:
    if set(map(type, rows)) != {dict}:
        return False
    return all(map(eq, map(dict.keys, rows), repeat(names)))


def loose_cells(
    first: Sequence[Any], again: Sequence[Any], are_literal: Callable[[list[Any]], bool]
) -> tuple[int, ...] | None:
    """Return the same of rows that are lists of cells, by their places, where nothing was known of
    them before.
    """
    if len(first) < FEWEST_ROWS or len(first) != len(again) or type(first[0]) is not list:
        return None
    if {*map(type, first), *map(type, again)} != {list}:
        return None
    if len({*map(len, first), *map(len, again)}) > 1:
        return None

    def is_settled(place: int) -> bool:
        ours = list(map(itemgetter(place), first))
        return ours == list(map(itemgetter(place), again)) and are_literal(ours)

    return tuple(place for place in range(len(first[0])) if not is_settled(place))
