"""Numbers of a row that are shown as the row's own write was answered. Pure.

`POST /jobs` answers `{"id": "f3…", "number": 129}`, and a list shows that row. Its number is
another one in each round and on each side, so no value holds it. But where the baseline shows each
time what it answered to the write, the candidate has to show what it answered itself, and not the
number of the row's neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.noise.lists.rows import OWN_IDS, names_an_id
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange, Transcript
from pytest_cutover.normalize.strict_json import read_json

_ENOUGH: Final = 3  # rounds
_CHANGE: Final = "as its write was answered → another"
_DIGIT: Final = re.compile(r"\d")
_LONGEST: Final = 16_000  # bytes that are looked into

Asked = tuple[Transcript, Transcript]
_Rows = dict[str | bytes, dict[str, bytes]]  # the numbers of each, by its id
_Shown = dict[str, list[tuple[str, bytes, bytes]]]  # pointer, answered, shown; by all such places


def judged(rounds: Sequence[Asked]) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the numbers that the candidate shows otherwise than it answered, and the places, by
    endpoint and pointer, of which more rounds would tell.
    """
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    sides = [[_shown(side) for side in asked] for asked in rounds]
    for index in range(min(len(one) for both in sides for one in both)):
        places = set.intersection(
            *(_departing(ours[index], theirs[index]) for ours, theirs in sides)
        )
        for place in sorted(places):
            endpoint = rounds[0][0].exchanges[index].endpoint
            if len(rounds) < _ENOUGH:
                unknown.add((endpoint, place))
                continue
            where, answered, now = next(
                one for one in sides[-1][1][index][place] if one[1] != one[2]
            )
            known = sides[-1][0][index][place][0][1].decode()
            told = (
                f"answered {known}, shows {known}",
                f"answered {answered.decode()}, shows {now.decode()}",
            )
            apart.append(Difference(index, endpoint, Kind.VALUE, where, _CHANGE, *told))
    return apart, frozenset(unknown)


def _departing(ours: _Shown, theirs: _Shown) -> set[str]:
    """Return the places at which one side shows all numbers as it answered, and the other not."""
    return {
        place
        for place in ours.keys() & theirs.keys()
        if all(answered == now for _, answered, now in ours[place])
        and any(answered != now for _, answered, now in theirs[place])
    }


def _shown(side: Transcript) -> list[_Shown]:
    """Return what each answer shows of the rows that writes before it were answered with."""
    known: _Rows = {}
    kinds: dict[str | bytes, str] = {}  # what each is, by the path of its write: `jobs`
    found: list[_Shown] = []
    for one in side.exchanges:
        is_read = one.request.method.upper() in READS
        rows = [*_rows_of(_tree(one))] if known or not is_read else []
        path = one.request.path.split("/")
        shown: _Shown = {}
        for where, own, numbers in rows if is_read else ():
            for name, number in numbers.items():
                answered = known.get(own, {}).get(name)
                if answered is None or (isinstance(own, bytes) and kinds[own] not in path):
                    continue  # number 5 may be a cart's here, and an item's there
                pointer = f"{where}{json_pointer.join((name,))}"
                shown.setdefault(wildcard(pointer), []).append((pointer, answered, number))
        found.append(shown)
        for where, own, numbers in () if is_read else rows:
            if not (where and isinstance(own, bytes)):
                known[own] = numbers
                kinds[own] = next(part for part in path[::-1] if not _DIGIT.search(part))
    return found


def _tree(one: Exchange) -> Any:
    if one.response is None or one.response.status >= 400:
        return None
    body = one.response.body
    return read_json(body).tree if body[:1] in (b"{", b"[") and len(body) <= _LONGEST else None


def _rows_of(
    tree: Any, above: tuple[str | int, ...] = ()
) -> Iterator[tuple[str, str | bytes, dict[str, bytes]]]:
    """Yield the objects that have an id: where they are, that, and their other numbers."""
    if isinstance(tree, dict):
        own = next((tree[name] for name in OWN_IDS if name in tree), None)
        if isinstance(own, str | bytes):
            numbers = {
                name: value
                for name, value in tree.items()
                if isinstance(value, bytes) and not names_an_id(name)
            }
            yield json_pointer.join(above), own, numbers
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, value in items:
        yield from _rows_of(value, (*above, key))
