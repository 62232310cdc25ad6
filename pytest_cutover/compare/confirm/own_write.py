"""A number that a test reads after a write that adds to it, and that is the same on both sides.

On one database each side's write adds to one number, so the candidate's is ahead of the baseline's
in every round: one that is equal each time shows what the baseline wrote, and not its own write. On
two databases it is equal, and right. Which of the two it is shows when the baseline is asked twice
with no candidate in between, and the candidate twice after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.confirm.steps_within import last_write
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.core.exchange import READS, Transcript

_ENOUGH: Final = 3  # rounds
_CHANGE: Final = "counts its own write → shows the baseline's"
Asked = tuple[Transcript, Transcript]


class Equal(NamedTuple):
    """Such a number: the difference that it may be, and what the candidate showed last."""

    difference: Difference
    known: Decimal


def judged(
    rounds: Sequence[Asked], numbers: Sequence[Numbers]
) -> tuple[tuple[Equal, ...], frozenset[tuple[str, str]]]:
    """Return the numbers that are equal in enough rounds, by equal steps, and the places, by
    endpoint and pointer, of which more rounds would tell.
    """
    if not all(one.shared for one in numbers):
        return (), frozenset()
    found: list[Equal] = []
    unknown: set[tuple[str, str]] = set()
    baseline = rounds[0][0]
    for place in sorted(set.intersection(*(set(one.lexemes) for one in numbers))):
        index, where, _ = place
        spelled = [one.lexemes[place] for one in numbers]
        shown = [number for number in map(number_of, (ours for ours, _ in spelled)) if number]
        if len(shown) < len(rounds) or any(ours != theirs for ours, theirs in spelled):
            continue
        steps = {later - earlier for earlier, later in pairwise(shown)}
        if (
            len(steps) > 1
            or 0 in steps
            or not all(
                _shows_a_write(side, index, number)
                for (side, _), (number, _) in zip(rounds, spelled, strict=True)
            )
        ):
            continue
        endpoint = baseline.exchanges[index].endpoint
        if len(rounds) < _ENOUGH:
            unknown.add((endpoint, where))
        else:
            write = last_write(baseline, 0, index)
            change = Difference(index, endpoint, Kind.VALUE, where, _CHANGE, write=write)
            found.append(Equal(change, shown[-1]))
    return tuple(found), frozenset(unknown)


def told(same: Equal, turns: Sequence[Decimal]) -> Difference | None:
    """Return how a candidate departs that shows what the baseline counted, and not its own write.

    `turns` are what its last turn showed, two of the baseline after it, and two of the candidate.
    """
    last, one, other, first, again = turns
    step = other - one
    makes_none = one - last == step and again == first
    is_behind = one - last == 2 * step and again - first == step
    if not step or first != other or not (makes_none or is_behind):
        return None
    return replace(same.difference, baseline=f"{one}, {other}", candidate=f"{first}, {again}")


def _shows_a_write(side: Transcript, index: int, number: bytes) -> bool:
    """Whether a test reads a number after a write that was taken, and that no write told."""
    if side.exchanges[index].request.method not in READS:
        return False
    writes = [one for one in side.exchanges[:index] if one.request.method not in READS]
    answers = [one.response for one in writes if one.response is not None]
    told = re.compile(rb"(?<![\w.])%b(?![\w.])" % re.escape(number))
    return any(one.status // 100 == 2 for one in answers) and not any(
        told.search(one.body) for one in answers
    )
