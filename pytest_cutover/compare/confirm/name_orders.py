"""Lists that the baseline sorts by what varies, and that seem to have no order for that. Pure.

Names are drawn anew in each round, and of the best sold one overtakes another, so the same rows
come in another order each time. They are in the order of their names or numbers all the same, and
the candidate's have to be in that of theirs. A list that has no order stands in that of a name once
or twice, and of few rows more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Final

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import (
    ALMOST_NEVER,
    RowsOfSide,
    Way,
    breaks_at,
    by_chance_in,
    ways_of,
)
from pytest_cutover.compare.diff.numbers import ListPlace, Numbers
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript

UNTOLD: Final = "so few rows may be sorted by name, or by a number, by chance"
_SHOWN: Final = 3


def judged(
    baseline: Transcript, rounds: Sequence[Numbers]
) -> tuple[list[Difference], list[ListPlace]]:
    """Return the orders that the candidate lost, and the lists of which more rounds would tell."""
    lost: list[Difference] = []
    untold: list[ListPlace] = []
    if len(rounds) < 2:
        return lost, untold
    for place in sorted(set().union(*(one.unordered for one in rounds))):
        # Where both sides had one order the rows were not looked at.
        sides = [one.unordered[place] for one in rounds if place in one.unordered]
        told = _of_other_orders([base for base, _ in sides])
        kept = frozenset.intersection(*(ways_of(base) for base, _ in sides))
        kept -= {way for way in kept if _is_place_of_row(told, way)}
        if not (kept and told) or any(_holds_in_all(way, [c for _, c in sides]) for way in kept):
            continue
        chance = sum(prod(by_chance_in(base, way) for base in told) for way in kept)
        if chance > ALMOST_NEVER:
            untold.append(place)
            continue
        way = min(kept, key=str)
        endpoint = baseline.exchanges[place[0]].endpoint
        broken = next(both for both in reversed(sides) if breaks_at(both[1], way) is not None)
        ours, theirs = (_told(way, side) for side in broken)
        change = "order → another"
        lost.append(Difference(place[0], endpoint, Kind.ORDER, place[1], change, ours, theirs))
    return lost, untold


def _of_other_orders(rounds: Sequence[RowsOfSide]) -> list[RowsOfSide]:
    """Return rounds with one for each order that rows come in, where chance named none of them; an
    order that stays as it is, as that of a set in one process, says nothing.
    """
    if any(any(one.drawn) for one in rounds):
        return [*rounds]
    words = [{place: one.at(place) for place in set().union(*one.words)} for one in rounds]
    names = [
        place
        for place, first in words[0].items()
        if len(set(first)) == len(first)
        and all(sorted(first, key=str) == sorted(w.get(place, ()), key=str) for w in words)
    ]
    keys = [tuple(tuple(word[place]) for place in names) for word in words]
    orders = dict(zip(keys, rounds, strict=True))
    return [*orders.values()] if len(orders) > 1 else []


def _is_place_of_row(rounds: Sequence[RowsOfSide], way: Way) -> bool:
    """Whether what rows are sorted by is their rank, which any order has."""
    if any(any(one.drawn) for one in rounds):
        return False
    return len({tuple(one.at(way[0])) for one in rounds}) == 1


def _holds_in_all(way: Way, rounds: Sequence[RowsOfSide]) -> bool:
    return all(breaks_at(one, way) is None for one in rounds)


def _told(way: Way, rows: RowsOfSide) -> str:
    """Say by what rows are sorted on the baseline, and what they have there, about the first row
    that is not.
    """
    place = way[0]
    words = [text_of(word) or "" for word in rows.at(place, drawn_alone=any(rows.drawn))]
    begin = max(0, (breaks_at(rows, way) or 0) - 1)
    shown = ", ".join(words[begin : begin + _SHOWN])
    before, behind = "…, " * (begin > 0), ", …" * (begin + _SHOWN < len(words))
    return f"{json_pointer.join(place) or 'its rows'}: {before}{shown}{behind}"
