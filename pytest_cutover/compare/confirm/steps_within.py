"""A number that is read twice in a test, and what the test did to it in between. Pure.

An order takes four from the stock. On one database both sides take from one number, which is
another in each round: no round before tells what it has to be. But where nobody else moves it, from
the last read of one side to the first of the next, what lies between two reads was done by the side
itself. It does as much as the baseline in every round. A switch that is turned over goes up on one
side and down on the other, and a clock goes by itself. A number that each read adds to, as that of
requests, is held to it too, where the first read of a side adds as much as its next.

Where the steps are one unit apart, half of something may have been rounded up on one side and down
on the other, as pages of two rows are when each side adds one: those are left open until the
baseline was asked twice with nobody in between, and pages not asked at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, pairwise
from math import ceil
from typing import Final, NamedTuple

from pytest_cutover.compare.confirm.movement import counts, is_of_pages, number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import OF_AN_ID, Numbers
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Request, Transcript

_ENOUGH: Final = 3  # rounds
_SOON_S: Final = 0.05  # within which a clock seldom goes on by a second
OF_ONE_UNIT: Final = "a number that each side's test moves otherwise by one unit, in every round"
_CHANGE: Final = "moves within the test → does not move with it"

Asked = tuple[Transcript, Transcript]


class ByOneUnit(NamedTuple):
    """A number that the sides move one unit apart, the exchange that read it first, and what the
    candidate read last, before and after.
    """

    first: int
    difference: Difference
    known: tuple[Decimal, Decimal]


class Found(NamedTuple):
    """What moves otherwise, the places, by endpoint and pointer, of which more rounds would tell,
    and what may be rounded.
    """

    apart: list[Difference]
    unknown: frozenset[tuple[str, str]]
    by_one_unit: tuple[ByOneUnit, ...]


class _Side(NamedTuple):
    """What one side showed before and after, and when."""

    first: Decimal
    last: Decimal
    begun_s: float
    ended_s: float

    @property
    def step(self) -> Decimal:
        return self.last - self.first


def judged(rounds: Sequence[Asked], numbers: Sequence[Numbers]) -> Found:
    """Return the numbers of which the candidate's test makes something else than the baseline's."""
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    by_one_unit: list[ByOneUnit] = []
    every = set.intersection(*(set(one.lexemes) for one in numbers))
    for first, last, where, part, wrote in sorted(_read_twice(rounds, every)):
        turns = [
            _turn(asked, [one.lexemes[at, where, part] for at in (first, last)], (first, last))
            for asked, one in zip(rounds, numbers, strict=True)
        ]
        sides = [side for turn in turns for side in turn]
        if len(sides) < 2 * len(rounds) or not _is_moved_by_nobody_else(sides, wrote=wrote):
            continue
        ours, theirs = ({turn[at].step for turn in turns} for at in (0, 1))
        if len(ours) != 1 or len(theirs) != 1 or ours in (theirs, {-one for one in theirs}):
            continue
        endpoint = rounds[0][0].exchanges[last].endpoint
        if len(rounds) < _ENOUGH:
            unknown.add((endpoint, where))
            continue
        if _may_be_a_clock(sides):
            continue
        steps = ours.pop(), theirs.pop()
        told = f"{steps[0]:+}", f"{steps[1]:+}"
        write = last_write(rounds[0][0], first, last)
        found = Difference(last, endpoint, Kind.VALUE, where, _CHANGE, *told, write=write)
        if wrote and _are_one_unit_apart(*steps) and not counts(_name(where), shared=True):
            by_one_unit.append(ByOneUnit(first, found, (sides[-1].first, sides[-1].last)))
        else:
            apart.append(found)
    return Found(apart, frozenset(unknown), tuple(by_one_unit))


def last_write(side: Transcript, begin: int, end: int) -> int | None:
    """Return the place of the last write among some exchanges, if there is one."""
    asked = range(begin, end)
    return max((at for at in asked if side.exchanges[at].request.method not in READS), default=None)


def is_not_rounded(one: ByOneUnit, alone: Sequence[tuple[Decimal, Decimal]]) -> bool | None:
    """Return whether the baseline does the same in each of two turns with nobody in between; None
    where somebody was. `alone` has what the candidate's last turn and these read, first and last.

    Half of something is rounded up in one of the two and down in the other.
    """
    if any(other[0] != last[1] for last, other in pairwise(alone)):
        return None
    steps = [f"{last - first:+}" for first, last in alone[1:]]
    return all(step == one.difference.baseline for step in steps)


def _is_moved_by_nobody_else(sides: Sequence[_Side], *, wrote: bool) -> bool:
    """Whether nothing lies between the last read of a side and the first of the next; or, where
    reads alone move a number, as much as that next side's reads do: no rounding looks like this.
    """
    between = [other.first - one.last for one, other in pairwise(sides)]
    if wrote:
        return not any(between)
    steps = [one.step for one in sides]
    return all(steps) and between == steps[1:]


def _may_be_a_clock(sides: Sequence[_Side]) -> bool:
    """Whether a clock in whole seconds may have gone on within some turns and not in others."""
    spans = [*sides, _Side(sides[0].first, sides[-1].last, sides[0].begun_s, sides[-1].ended_s)]
    took_s = [one.ended_s - one.begun_s for one in spans]
    return min(took_s) > _SOON_S and all(
        0 <= one.step <= ceil(took) for one, took in zip(spans, took_s, strict=True)
    )


def _name(where: str) -> str:
    return (json_pointer.parse(where) or ("",))[-1]


def _are_one_unit_apart(one: Decimal, other: Decimal) -> bool:
    exponent = (one - other).as_tuple().exponent
    return isinstance(exponent, int) and abs(one - other) <= Decimal(1).scaleb(min(exponent, 0))


def _read_twice(
    rounds: Sequence[Asked], places: set[tuple[int, str, int]]
) -> Iterator[tuple[int, int, str, int, bool]]:
    """Yield the places of numbers that a test read twice, each with the exchanges of both reads,
    and whether it wrote something in between.
    """
    sides = list(chain.from_iterable(rounds))
    least = min(len(side.exchanges) for side in sides)
    before: dict[tuple[Request, str, int], int] = {}
    for index, where, part in sorted(places):
        if part == OF_AN_ID or is_of_pages(_name(where)) or index >= least:
            continue
        place = _asked(sides[0], index), where, part
        first = before.get(place)
        if first is not None and all(_asked(one, first) == _asked(one, index) for one in sides):
            between = [one.request for one in sides[0].exchanges[first + 1 : index]]
            wrote = any(one.method not in READS and one != place[0] for one in between)
            yield first, index, where, part, wrote
        before[place] = index


def _asked(side: Transcript, index: int) -> Request:
    """Return what was asked, which by any method may be a read that is repeated."""
    return replace(side.exchanges[index].request, headers=())


def _turn(
    asked: Asked, lexemes: Sequence[tuple[bytes, bytes]], between: tuple[int, int]
) -> list[_Side]:
    """Return what each side showed in one round; of what is no number nothing."""
    found = []
    for at, side in enumerate(asked):
        first, last = (number_of(pair[at]) for pair in lexemes)
        if first is not None and last is not None:
            begun, ended = (side.exchanges[index] for index in between)
            found.append(_Side(first, last, begun.started_s, ended.ended_s))
    return found
