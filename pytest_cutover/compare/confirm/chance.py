"""What several rounds tell from chance: departures that are the candidate's alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Final

from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.transcripts import Comparison

_ALPHA: Final = 0.01


def is_by_chance(count: int, rounds: int) -> bool:
    """Return whether chance makes so many departures the candidate's, and none the baseline's.

    Fisher's exact test, one-sided: of k departures in n rounds of each side, all are the
    candidate's with a chance of C(n, k) / C(2n, k).
    """
    return comb(rounds, count) / comb(2 * rounds, count) > _ALPHA


def orders_by_chance(
    found: dict[str, Difference],
    shown: Sequence[dict[str, Difference]],
    comparisons: Sequence[Comparison],
) -> dict[str, Difference]:
    """Return the orders that the candidate did not depart from more often than chance makes it.

    The baseline never did. Fisher's exact test, one-sided: of k departures in n rounds of each
    side, all are the candidate's with a chance of C(n, k) / C(2n, k). A round in which few rows
    stand in another order that a name may explain counts as one that departs.
    """
    rounds = len(shown)
    if rounds < ROUNDS_OF_CHANCE:
        return {}
    counts = {
        signature: sum(
            signature in each or (one.exchange, one.pointer) in beside.numbers.orders
            for each, beside in zip(shown, comparisons, strict=True)
        )
        for signature, one in found.items()
        if one.kind is Kind.ORDER
    }
    return {
        signature: found[signature]
        for signature, count in counts.items()
        if is_by_chance(count, rounds)
    }
