"""Lists that the baseline sorts by made-up names, and that seem to have no order for that. Pure.

Names are drawn anew in each round, so the same rows come in another order each time. They are in
the order of their names all the same, and the candidate's have to be in that of theirs. A list that
has no order stands in that of a name once or twice, and of few rows more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial, prod
from typing import Final

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import ALMOST_NEVER, RowsOfSide, Way, ways_of
from pytest_cutover.compare.diff.numbers import ListPlace, Numbers
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript

UNTOLD: Final = "so few rows may be sorted by name by chance"
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
        kept = frozenset.intersection(*(ways_of(base) for base, _ in sides))
        if not kept or frozenset.intersection(kept, *(ways_of(cand) for _, cand in sides)):
            continue
        chance = len(kept) * prod(1 / factorial(min(sum(base.drawn), 20)) for base, _ in sides)
        if chance > ALMOST_NEVER:
            untold.append(place)
            continue
        way = min(kept, key=str)
        endpoint = baseline.exchanges[place[0]].endpoint
        ours, theirs = (_told(way, side) for side in sides[-1])
        change = "order → another"
        lost.append(Difference(place[0], endpoint, Kind.ORDER, place[1], change, ours, theirs))
    return lost, untold


def _told(way: Way, rows: RowsOfSide) -> str:
    """Say by what rows are sorted on the baseline, and what they have there."""
    place = way[0]
    words = [text_of(word) or "" for word in rows.at(place, drawn_alone=True)]
    more = ", …" if len(words) > _SHOWN else ""
    name = json_pointer.join(place)
    return f"{name or 'its rows'}: {', '.join(words[:_SHOWN])}{more}"
