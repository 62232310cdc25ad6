"""What writes of a run drew for each thing they made, where a later test shows the thing. Pure.

Two databases draw a number, or a word, of their own for each row: an order number, a seat. A test
that creates a row shows it as another one in each round. In a list of a later test the row is an
old one, and its number stands still: what the write said of it on both sides is no difference.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_cutover.compare.confirm.spans import Sides, answers_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import Place, leaves_at
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange
from pytest_cutover.normalize.normalized import tree_of

WRITTEN: Final = "what a write before it gave the row"
_MOST_PAIRS: Final = 5_000  # of a run: the oldest go first
_LONGEST_TEXT: Final = 200

_SHORT: Final = 6  # signs of a value that another member may have by chance
_Pair = tuple[str, str, str]  # the name of the member, empty for a long value, and both sides'


@dataclass(slots=True)
class WrittenBefore:
    """What the writes of a run drew, on both sides."""

    _pairs: dict[_Pair, None] = field(default_factory=dict)

    def heard(self, rounds: Sequence[Sides], differences: Iterable[Difference]) -> WrittenBefore:
        """Return the same with what was written in the rounds of a test, but for the places that
        differ themselves.
        """
        if len(rounds) < 2:
            return self
        apart = {(one.exchange, one.pointer) for one in differences}
        pairs = self._pairs | dict.fromkeys(_written(rounds, apart))
        return WrittenBefore(dict.fromkeys([*pairs][-_MOST_PAIRS:]))

    def says_no_more(self, one: Difference, sides: Sides) -> bool:
        """Return whether a write gave both sides what they show at the place of a difference."""
        if one.kind is not Kind.VALUE or not self._pairs:
            return False
        shown = [json_pointer.get(_answered(each), one.pointer) for each in answers_of(one, sides)]
        if not shown or not all(isinstance(value, str | bytes) for value in shown):
            return False
        return _pair(one.pointer, *shown) in self._pairs


def _written(rounds: Sequence[Sides], apart: Container[tuple[int, str]]) -> Iterator[_Pair]:
    """Yield what the writes answered that both sides took, where the baseline has drawn it: it is
    another one in each round.
    """
    for index, first in enumerate(rounds[0].baseline.exchanges):
        if first.request.method in READS:
            continue
        trees = []
        for one in rounds:
            both = [
                side.exchanges[index]
                for side in (one.baseline, one.candidate)
                if index < len(side.exchanges)
            ]
            if len(both) == 2 and all(each.endpoint == first.endpoint for each in both):
                trees.append([dict(leaves_at(_answered(each))) for each in both])
        if len(trees) < len(rounds):
            continue
        places: set[Place] = set.intersection(*(set(tree) for both in trees for tree in both))
        for place in places:
            drawn = [(ours[place], theirs[place]) for ours, theirs in trees]
            pointer = json_pointer.join(place)
            if len({ours for ours, _ in drawn}) > 1 and (index, pointer) not in apart:
                for ours, theirs in drawn:
                    if ours != theirs and len(ours) <= _LONGEST_TEXT:
                        yield _pair(pointer, ours, theirs)


def _pair(pointer: str, ours: str | bytes, theirs: str | bytes) -> _Pair:
    """Return two values that stand at a place, the short ones with the name of their member: it has
    none in a line of a table.
    """
    left, right = text_of(ours) or "", text_of(theirs) or ""
    if min(len(left), len(right)) >= _SHORT:
        return "", left, right
    names = [name for name in json_pointer.parse(pointer) if not json_pointer.is_index(name)]
    return names[-1] if names else "", left, right


def _answered(exchange: Exchange) -> Any:
    """Return what a success says in JSON, in elements, or in the lines of a table."""
    answer = exchange.response
    return None if answer is None or answer.status // 100 != 2 else tree_of(exchange)
