"""What several rounds tell from chance: departures that are the candidate's alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import comb
from typing import Final

from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.lists.rows import is_made

_ALPHA: Final = 0.01


def is_by_chance(count: int, rounds: int) -> bool:
    """Return whether chance makes so many departures the candidate's, and none the baseline's.

    Fisher's exact test, one-sided: of k departures in n rounds of each side, all are the
    candidate's with a chance of C(n, k) / C(2n, k).
    """
    return comb(rounds, count) / comb(2 * rounds, count) > _ALPHA


def told_by_chance(
    found: dict[str, Difference],
    shown: Sequence[dict[str, Difference]],
    comparisons: Sequence[Comparison],
    others: frozenset[str],
) -> dict[str, Difference]:
    """Return the orders, numbers at the edge of a rounding, and what has one of the `others`'
    signatures, that the candidate did not depart in more often than chance makes it.

    The baseline never did, or keeps its rows anywhere. Fisher's exact test, one-sided: of k
    departures in n rounds of each side, all are the candidate's with a chance of
    C(n, k) / C(2n, k). A round in which few rows stand in another order that a name may explain
    counts as one that departs. The `others` are counted together, for they are of one page.
    """
    rounds = len(shown)
    if rounds < ROUNDS_OF_CHANCE:
        return {}
    together = {
        at: sum(any(one in others and each[one].endpoint == at for one in each) for each in shown)
        for at in {found[signature].endpoint for signature in others & found.keys()}
    }
    counts = {
        signature: together[one.endpoint]
        if signature in others
        else sum(
            signature in each or (one.exchange, one.pointer) in beside.numbers.orders
            for each, beside in zip(shown, comparisons, strict=True)
        )
        for signature, one in found.items()
        if one.kind is Kind.ORDER or signature in others or _is_at_an_edge(one)
    }
    return {
        signature: found[signature]
        for signature, count in counts.items()
        if is_by_chance(count, rounds)
        or (count < rounds and _come_and_go(found[signature], comparisons))
    }


def _come_and_go(one: Difference, comparisons: Sequence[Comparison]) -> bool:
    """Whether the baseline shows the rows that the test made first in one round, last in another,
    or between others: it keeps them in the order of its storage.
    """
    if one.kind is not Kind.ORDER:
        return False
    ends = set()
    for each in comparisons:
        base, _ = each.numbers.rows.get((one.exchange, one.pointer), ((), ()))
        made = [is_made(row) for row in base]
        if any(made):
            ends.add((made[0], made[-1]))
    return len(ends) > 1


def _is_at_an_edge(one: Difference) -> bool:
    """Whether two numbers with a fraction are one unit of their last digit apart: what is left of
    90 seconds is 90.0, or 89.9 where an answer took a twentieth of a second longer.
    """
    shown = [number_of((side or "").encode()) for side in (one.baseline, one.candidate)]
    ours, theirs = (number or Decimal() for number in shown)
    if one.kind is not Kind.VALUE or None in shown:
        return False
    last = min(int(number.as_tuple().exponent) for number in (ours, theirs))
    return last < 0 and abs(ours - theirs) == Decimal(1).scaleb(last)
