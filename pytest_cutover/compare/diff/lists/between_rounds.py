"""Rows of the baseline that the candidate shows between two answers of the baseline. Pure.

On shared data the candidate shows what the baseline's test made just before. A write explains that
such a row is there, and not what it holds: where the baseline shows it before and afterwards, with
the same content, the candidate has to show it like that in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.drawn_order import time_of
from pytest_cutover.compare.diff.places import Path, name_of, pointer
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import is_made, key_of, leaves
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.substitution import MARKER

Keys = tuple[Any, ...]

_OWN_IDS = ("id", "_id", "pk")
_ANOTHER = "the same → another"
OTHER_ROWS: Final = "other rows"
_MOST_LOOKED_INTO = 1_000
_LONGEST_PAGE = 100
_MANY = 8  # which chance does not sort by number in one list of a thousand


def _joined(path: Path, key: Any) -> Path:
    return path, key


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
        if row == as_sent(before[name], scope.made[0]):
            # It is one and the same row, in which nothing stands for something else.
            below = walk.below()
            below.scope = replace(scope, values=Correspondence())
            below.visit(EXACT, row, cand[index], (path, index))
            walk.take(below)


def hold_what_stays(
    walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path, *, unordered: bool
) -> None:
    """Report rows that the baseline shows before and afterwards, and the candidate not in between.

    What it shows in their place is compared with them. A row counts that is the same each time, as
    all beside it; one of which the baseline shows several is none. What the test itself made counts
    where the baseline shows it afterwards.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or scope.in_request or walk.probing:
        return
    later = scope.rows_later_at(path)
    if not later:
        return
    for marker in sorted(_codes_of(base) - _codes_of(cand)):
        code = scope.made[1].get(marker)
        if code and any(
            code in text for row in later for _, text in leaves(row) if isinstance(text, str)
        ):
            walk.report(Kind.LENGTH, path, OTHER_ROWS, base, cand)
            return
    before = [as_sent(row, scope.made[0]) for row in base]
    shown = [as_sent(row, scope.made[1]) for row in cand]
    at_first, at_last, between = map(_places, (before, later, shown))
    stays = [key for key in at_first if key in at_last]
    if not stays or not (unordered or _are_in_order(stays, at_last)):
        return
    among = set(range(at_first[stays[0]], at_first[stays[-1]])) - {at_first[key] for key in stays}
    if not all(is_made(base[at]) for at in among):
        return  # rows that change by themselves are the same twice by chance
    gone = [key for key in stays if key not in between]
    if not unordered and at_last[stays[-1]] == len(later) - 1:  # the page went on by new ones
        gone += _skipped_at_the_end(at_first, stays, between, base)
    known_to_baseline = at_first.keys() | at_last.keys()
    strange = [
        at for key, at in between.items() if key not in known_to_baseline and not is_made(cand[at])
    ]
    if gone and len(gone) == len(strange):
        for key, index in zip(gone, strange, strict=True):
            below = walk.below()
            below.scope = replace(scope, values=Correspondence())
            known = before[at_first[key]]
            below.visit(EXACT, known, cand[index], (path, index))
            if not below.differences:
                keys, one, other = _apart(known, cand[index])
                place = reduce(_joined, keys, (path, index))
                below.report(Kind.IDENTITY, place, _ANOTHER, one, other)
            walk.take(below)
    elif gone:
        walk.report(Kind.LENGTH, path, OTHER_ROWS, [before[at_first[key]] for key in gone], cand)
    elif not unordered:
        for places in (at_first, at_last):
            if not _are_in_order([key for key in between if key in places], places):
                walk.report(Kind.ORDER, path, "order → another", base, cand)
                return


def note_page(walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path) -> None:
    """Note the rows that both sides show, to be looked at over the rounds."""
    scope = walk.scope
    if scope.same_side or scope.in_request or walk.probing or walk.in_rows:
        return
    if max(len(base), len(cand)) > _LONGEST_PAGE:
        return
    if any(isinstance(row, dict | list) for row in (*base, *cand)):  # no cells of a row
        scope.numbers.pages[scope.exchange, pointer(path)] = base, cand


def came_meanwhile(walk: Walk, base: Sequence[Any], alike: Sequence[Any], path: Path) -> bool:
    """Whether rows of the candidate that are alike but for their times are others all the same, and
    were written on both sides: the baseline shows them, or does so in its next round. In a last
    round as many are new to it as it has new ones itself.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or (beside := scope.rows_beside_at(path)) is None:
        return False
    shown = [key_of(EXACT, as_sent(row, scope.made[1])) for row in alike]
    if len(set(shown)) < len(shown):
        return False
    known = {key_of(EXACT, row) for row in beside}
    now = {key_of(EXACT, as_sent(row, scope.made[0])) for row in base}
    if not scope.is_last_round:
        return (known | now).issuperset(shown)
    return len(set(shown) - now) <= len(now - known) // 2


def came_later(
    walk: Walk, base: Sequence[Any], cand: Sequence[Any], matched: Mapping[int, int], path: Path
) -> bool:
    """Whether nothing but the test's own rows has moved, for somebody wrote others meanwhile.

    Such a row is newer than the test's own on the baseline, and older than that on the candidate.
    Afterwards the baseline shows which came first; in a last round it was not there before.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or len(matched) > _MOST_LOOKED_INTO:
        return False
    beside = scope.rows_beside_at(path)
    if beside is None:
        return False
    before, shown = (
        [key_of(EXACT, as_sent(row, made)) for row in side]
        for side, made in zip((base, cand), scope.made, strict=True)
    )
    pairs = sorted((ours, theirs) for theirs, ours in matched.items())
    own = [(ours, theirs) for ours, theirs in pairs if before[ours] != shown[theirs]]
    others = [theirs for ours, theirs in pairs if before[ours] == shown[theirs]]
    if others != sorted(others) or not _codes_of(base) <= _codes_of(cand):
        return False
    places = _places(beside)
    if scope.is_last_round:
        crossing = (
            before[ours]
            for one, other in own
            for ours, theirs in pairs
            if (one < ours) != (other < theirs) and ours != one
        )
        return places.keys().isdisjoint(crossing)
    return all(shown[theirs] in places for _, theirs in own) and _are_in_order(
        [key for key in shown if key in places], places
    )


def _apart(one: Any, other: Any) -> tuple[Keys, Any, Any]:
    """Return the only member in which two rows differ, as deep as there is one, and its values."""
    keys: Keys = ()
    while True:
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            apart: list[Any] = [key for key in one if one[key] != other[key]]
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            apart = [at for at in range(len(one)) if one[at] != other[at]]
        else:
            return keys, one, other
        if len(apart) != 1:
            return keys, one, other
        keys, one, other = (*keys, apart[0]), one[apart[0]], other[apart[0]]


def _at(row: Any, keys: Keys) -> Hashable | None:
    """Return the text or number that a row has somewhere; None where it has none."""
    for key in keys:
        try:
            row = row[key]
        except (KeyError, IndexError, TypeError):
            return None
    return row if isinstance(row, str | bytes) else None


def _codes_of(rows: Sequence[Any]) -> set[str]:
    """Return the markers of the codes that the test made for itself and that rows hold."""
    texts = (text for row in rows for _, text in leaves(row) if isinstance(text, str))
    return {found[0] for text in texts for found in MARKER.finditer(text)}


def _places(rows: Sequence[Any]) -> dict[Hashable, int]:
    """Return the places of rows, each by all that it holds, but for those that are there twice."""
    return _once(key_of(EXACT, row) for row in rows)


def _once(values: Iterable[Hashable]) -> dict[Hashable, int]:
    """Return the places of values, but for those that are there twice."""
    found = [*values]
    many = Counter(found)
    return {value: at for at, value in enumerate(found) if many[value] == 1}


def _are_in_order(keys: Sequence[Hashable], places: Mapping[Hashable, int]) -> bool:
    return all(places[one] < places[other] for one, other in pairwise(keys))


def _skipped_at_the_end(
    before: Mapping[Hashable, int],
    stays: Sequence[Hashable],
    between: Mapping[Hashable, int],
    base: Sequence[Any],
) -> list[Hashable]:
    """Return the rows behind all that stay, which a page has no room for afterwards, that are left
    out though one behind them is shown.
    """
    end = [key for key, at in before.items() if at > before[stays[-1]] and not is_made(base[at])]
    last = max((at for at, key in enumerate(end) if key in between), default=-1)
    return [key for key in end[: last + 1] if key not in between]


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
    """Report a row that is shown with the id, or a name, of another one of its list.

    An earlier test of each side may have been given the two, of whatever table: what is known of
    them says nothing where both sides show the other one as well, at one place. Rows that are
    alike but for that say which is meant.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or scope.in_request or walk.probing:
        return
    known = scope.values.weak or scope.values.strong
    if type(base) is not list or len(base) != len(cand) or not known:
        return
    columns: dict[Keys, dict[Hashable, int]] = {}
    for index, (row, other) in enumerate(zip(base, cand, strict=True)):
        if row == other or not isinstance(row, dict | list):
            continue
        keys, one, two = _apart(row, other)
        place = reduce(_joined, keys, (path, index))
        if not isinstance(two, str | bytes) or not scope.values.same(name_of(place), one, two):
            continue
        if time_of(two):
            continue
        if keys not in columns:
            columns[keys] = _once(_at(each, keys) for each in base)
        # A page of rows that are alike and went on shows each with another's id.
        at = columns[keys].get(two)
        if at is not None and _at(cand[at], keys) == two:
            walk.report(Kind.IDENTITY, place, _ANOTHER, one, two)


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


def as_sent(value: Any, made: Mapping[str, str]) -> Any:
    """Return a value with the test's own codes, as they were sent, in the place of markers."""
    if isinstance(value, str):
        return MARKER.sub(lambda found: made.get(found[0], found[0]), value)
    if isinstance(value, dict):
        return {as_sent(key, made): as_sent(item, made) for key, item in value.items()}
    return [as_sent(item, made) for item in value] if isinstance(value, list) else value
