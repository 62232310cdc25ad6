"""Rows of the baseline that the candidate shows between two answers of the baseline. Pure.

On shared data the candidate shows what the baseline's test made just before. A write explains that
such a row is there, and not what it holds: where the baseline shows it before and afterwards, with
the same content, the candidate has to show it like that in between.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.substitution import MARKER

_OWN_IDS = ("id", "_id", "pk")
_MANY = 8  # which chance does not sort by number in one list of a thousand


def hold_still(
    walk: Walk, base: Sequence[Any], cand: Sequence[Any], places: Iterable[int], path: Path
) -> None:
    """Hold rows at some places of the candidate's list to what the baseline says of them."""
    scope = walk.scope
    if not scope.shared_state or scope.same_side:
        return
    after: Mapping[Hashable, Any] | None = None
    before: Mapping[Hashable, Any] = {}
    for index in places:
        name = _id_of(cand[index])
        if name is None:
            continue
        if after is None:
            after = _by_id(scope.rows_beside_at(path) or ())
            before = _by_id(base) if after else {}
        row = after.get(name)
        if row == cand[index] or name not in before:
            continue
        if row == _as_sent(before[name], scope.made[0]):
            # It is one and the same row, in which nothing stands for something else.
            below = walk.below()
            below.scope = replace(scope, values=Correspondence())
            below.visit(EXACT, row, cand[index], (path, index))
            walk.take(below)


def are_out_of_place(walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path) -> bool:
    """Whether many rows that the baseline shows by their numbers, before and afterwards, are not so
    in between. What the test itself made stands among them by its number as well.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side:
        return False
    up = _goes_up(base)
    if up is None or _goes_up(cand, again=True) == up:
        return False
    beside = scope.rows_beside_at(path)
    return beside is None or _goes_up(beside) == up


def tell_ids_of_others(walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path) -> None:
    """Report a row that is shown with the id of another one of its list.

    An earlier test of each side may have been given the two numbers, of whatever table: what is
    known of them says nothing where both sides show the other one as well, at one place. Rows that
    are alike but for their ids say which is meant.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or scope.in_request or walk.probing:
        return
    if type(base) is not list or len(base) != len(cand) or not scope.values.weak:
        return
    places: Mapping[Hashable, int] | None = None
    for index, (row, other) in enumerate(zip(base, cand, strict=True)):
        if row == other or not (isinstance(row, dict) and isinstance(other, dict)):
            continue
        for name in _OWN_IDS:
            one, two = row.get(name), other.get(name)
            if one == two or not isinstance(two, str | bytes) or {**row, name: two} != other:
                continue
            if scope.values.same(name, one, two):
                if places is None:
                    places = {_id_of(each): at for at, each in enumerate(base)}
                # A page of rows that are alike and went on shows each with another's id.
                if two in places and _id_of(cand[places[two]]) == two:
                    walk.report(
                        Kind.IDENTITY, ((path, index), name), "the same → another", one, two
                    )


def _goes_up(rows: Sequence[Any], *, again: bool = False) -> bool | None:
    """Whether many rows are sorted by their numbers, the smallest first; None where they are not.

    `again`: the same row may be there twice.
    """
    numbers = [_number_of(row) for row in rows]
    known = [one for one in numbers if one is not None]
    if len(known) < len(numbers) or len(known) < _MANY - again:
        return None
    steps = {one < other for one, other in pairwise(known) if not (again and one == other)}
    is_same = not again and any(one == other for one, other in pairwise(known))
    return None if is_same or len(steps) != 1 else steps.pop()


def _number_of(row: Any) -> int | None:
    name = _id_of(row)
    return int(name) if isinstance(name, bytes) and name.isdigit() else None


def _by_id(rows: Iterable[Any]) -> dict[Hashable, Any]:
    """Return rows by their ids, but for those that have the id of another."""
    found: dict[Hashable, Any] = {}
    twice = set()
    for row in rows:
        name = _id_of(row)
        if name is not None:
            twice |= {name} & found.keys()
            found[name] = row
    return {name: row for name, row in found.items() if name not in twice}


def _id_of(row: Any) -> Hashable | None:
    if not isinstance(row, dict):
        return None
    ids = (row.get(name) for name in _OWN_IDS)
    return next((one for one in ids if isinstance(one, str | bytes) and one), None)


def _as_sent(value: Any, made: Mapping[str, str]) -> Any:
    """Return a value with the test's own codes, as they were sent, in the place of markers."""
    if isinstance(value, str):
        return MARKER.sub(lambda found: made.get(found[0], found[0]), value)
    if isinstance(value, dict):
        return {_as_sent(key, made): _as_sent(item, made) for key, item in value.items()}
    return [_as_sent(item, made) for item in value] if isinstance(value, list) else value
