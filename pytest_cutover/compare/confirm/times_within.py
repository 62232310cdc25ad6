"""A time that a test reads before and after it writes to the thing: whether it moved. Pure.

`updated_at` is another in each run and is held to its form and to the clock. But where the
baseline's moves with each change, in every round, the candidate's does too, and one that stays
(`created_at`) stays there. That nothing moved says something only where the clock went on by more
than the time is told to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange, Transcript
from pytest_cutover.normalize.strict_json import read_json

_ENOUGH: Final = 3  # rounds
_LONGEST: Final = 16_000  # bytes
_HAS_TIME: Final = re.compile(rb"\d\d:\d\d:\d\d")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,](\d+))?(?:Z|[+-]\d\d:?\d\d)?")
_STAYS: Final = "moves with each change → stays"
_MOVES: Final = "stays → moves with each change"

Asked = tuple[Transcript, Transcript]


class _Pair(NamedTuple):
    """A time in two answers that show one thing, and whether a clock went on between them."""

    first: str
    last: str
    may_tell: bool

    @property
    def moved(self) -> bool:
        return self.first != self.last


def judged(rounds: Sequence[Asked]) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the times that stay on one side alone when the test changes their thing, and those, by
    endpoint and pointer, of which more rounds would tell.
    """
    sides = [side for asked in rounds for side in asked]
    if not any(one.request.method not in READS for one in sides[0].exchanges):
        return [], frozenset()
    shown = [_pairs(side) for side in sides]
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    for place in sorted(set.intersection(*map(set, shown))):
        ours, theirs = ([one[place] for one in shown[at::2]] for at in (0, 1))
        for change, moving, staying in ((_STAYS, ours, theirs), (_MOVES, theirs, ours)):
            if not all(one.moved for one in moving):
                continue
            if not all(one.may_tell and not one.moved for one in staying):
                continue
            index, where = place
            endpoint = sides[0].exchanges[index].endpoint
            if len(rounds) < _ENOUGH:
                unknown.add((endpoint, where))
                continue
            base, cand = (f"{side[0].first}, {side[0].last}" for side in (ours, theirs))
            apart.append(Difference(index, endpoint, Kind.VALUE, where, change, base, cand))
    return apart, frozenset(unknown)


def _pairs(side: Transcript) -> dict[tuple[int, str], _Pair]:
    """Return the times of things that were shown before, and written to since, by place."""
    found: dict[tuple[int, str], _Pair] = {}
    before: dict[str, tuple[int, dict[str, str]]] = {}
    for index, one in enumerate(side.exchanges):
        key, times = _thing(one)
        if not times:
            continue
        first, known = before.get(key, (index, {}))
        written = (each.request.method for each in side.exchanges[first + 1 : index + 1])
        if any(method not in READS for method in written):
            took_s = one.started_s - side.exchanges[first].ended_s
            for where, text in times.items():
                if where in known:
                    may_tell = took_s > max(map(_step_s, (known[where], text)))
                    found[index, where] = _Pair(known[where], text, may_tell)
        before[key] = index, times
    return found


def _thing(one: Exchange) -> tuple[str, dict[str, str]]:
    """Return the id of the thing that an answer shows, and its times by their pointers."""
    answer = one.response
    if answer is None or not 200 <= answer.status < 300 or len(answer.body) > _LONGEST:
        return "", {}
    if answer.body[:1] != b"{" or _HAS_TIME.search(answer.body) is None:
        return "", {}
    tree = read_json(answer.body).tree
    if not isinstance(tree, dict):
        return "", {}
    row = tree.get("data", tree)
    key = text_of(row.get("id")) if isinstance(row, dict) else None
    return (key, dict(_times(tree))) if key else ("", {})


def _times(tree: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _times(value, (*above, name))
        elif isinstance(value, str) and _TIME.fullmatch(value):
            yield json_pointer.join((*above, name)), value


def _step_s(text: str) -> float:
    """Return by how much a time goes on at least, as it is told: zeros may be its form alone."""
    found = _TIME.fullmatch(text)
    return 10.0 ** -len((found[1] or "").rstrip("0")) if found else 1.0
