"""Times that are that of a row beside them: the newest, the oldest, the first or the last. Pure.

The `updated` of a feed is another in each run, and is held to its form and to the clock: the time
of any row would do. But where the baseline's is that of its newest row in every round, the
candidate's is not that of another row in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.drawn_order import leaves_at, moment_of, time_of
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.normalized import tree_of

_ENOUGH: Final = 4  # rounds: two times of one second are the same now and then
_LONGEST: Final = 100_000  # bytes
_HAS_TIME: Final = re.compile(rb"\d\d:\d\d:\d\d")
_FEWEST_TIMES: Final = 3  # two rows, and that of one of them
_CHANGE: Final = "the time of one row → of another"

Asked = tuple[Transcript, Transcript]
_Column = tuple[str, ...]  # the names that lead to a value, without their indices


class _Time(NamedTuple):
    """A time that no list repeats, and how it is told."""

    pointer: str
    text: str
    moment: float


@dataclass(frozen=True, slots=True)
class _Times:
    """The times of an answer: those that stand alone, and those of the rows of lists in turn."""

    alone: Mapping[_Column, _Time]
    rows: Mapping[_Column, tuple[float, ...]]

    def of_rows(self, name: _Column) -> set[tuple[_Column, str]]:
        """Return which times of rows the one of this name is."""
        moment = self.alone[name].moment
        return {
            (column, which)
            for column, moments in self.rows.items()
            for which, one in (
                ("newest", max(moments)),
                ("oldest", min(moments)),
                ("first", moments[0]),
                ("last", moments[-1]),
            )
            if one == moment
        }


def judged(rounds: Sequence[Asked]) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the times that are those of other rows on the candidate in every round, and those, by
    endpoint and pointer, of which more rounds would tell.
    """
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    for index in range(min(len(side.exchanges) for asked in rounds for side in asked)):
        pairs = [tuple(_times(side.exchanges[index]) for side in asked) for asked in rounds]
        names = set.intersection(*(set(one.alone) for pair in pairs for one in pair))
        for name in sorted(names):
            ours = set.intersection(*(base.of_rows(name) for base, _ in pairs))
            if not ours or not all(_is_of_another(cand, name, ours) for _, cand in pairs):
                continue
            base, cand = (one.alone[name] for one in pairs[-1])
            endpoint = rounds[0][0].exchanges[index].endpoint
            if len(rounds) < _ENOUGH:
                unknown.add((endpoint, base.pointer))
                continue
            apart.append(
                Difference(index, endpoint, Kind.VALUE, base.pointer, _CHANGE, base.text, cand.text)
            )
    return apart, frozenset(unknown)


def _is_of_another(times: _Times, name: _Column, expected: set[tuple[_Column, str]]) -> bool:
    """Whether a time is none of the expected ones, and that of another row in their lists."""
    moment = times.alone[name].moment
    return times.of_rows(name).isdisjoint(expected) and any(
        moment in times.rows.get(column, ()) for column, _ in expected
    )


@lru_cache(maxsize=32)
def _times(exchange: Exchange) -> _Times:
    found: dict[_Column, list[_Time]] = {}
    for place, text in _leaves(exchange):
        if isinstance(text, str) and time_of(text) and (moment := moment_of(text)) is not None:
            column = tuple("*" if isinstance(name, int) else name for name in place)
            found.setdefault(column, []).append(_Time(json_pointer.join(place), text, moment))
    rows = {name: tuple(one.moment for one in times) for name, times in found.items()}
    return _Times(
        {name: times[0] for name, times in found.items() if len(times) == 1},
        {name: moments for name, moments in rows.items() if len(set(moments)) > 1},
    )


def _leaves(exchange: Exchange) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    answer = exchange.response
    if answer is None or not 200 <= answer.status < 300 or len(answer.body) > _LONGEST:
        return
    if len(_HAS_TIME.findall(answer.body)) >= _FEWEST_TIMES:
        yield from leaves_at(tree_of(exchange))
