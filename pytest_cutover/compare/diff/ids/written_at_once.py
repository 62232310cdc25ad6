"""The order of rows that several wrote at the same time, to each side in another order. Pure.

Tests of several workers run beside each other, and each asks both sides in its own time. What one
of them wrote stands in one order on both sides, and so do steady rows beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from pytest_cutover.compare.noise import clock

# How far apart the two sides write a row of this run at most: less than two zones ever are.
_A_LONG_TEST_S: Final = 840.0

Pairs = Sequence[tuple[int, int]]  # the baseline's place of a row, and the candidate's


def written_at_once(writers: Mapping[int, str | None], drawn: Pairs, steady: Pairs) -> bool:
    """Return whether rows stand in such an order, and not just in any: a row of each writer alone
    tells nothing.

    `writers` are those of the `drawn` rows by the baseline's place, None for one that nobody knows.
    """
    known = set(writers.values()) - {None}
    unknown = [pair for pair in drawn if writers[pair[0]] is None]
    told = bool(unknown and steady)
    for writer in known:
        rows = sorted([*steady, *(pair for pair in drawn if writers[pair[0]] == writer)])
        if any(one[1] > other[1] for one, other in pairwise(rows)):
            return False
        told |= len(rows) > 1
    if not between_the_same(unknown, steady):
        return False
    others = [theirs for _, theirs in unknown]
    if len(others) > 2 and others == sorted(others, reverse=True):
        return False  # nobody writes all of it the other way round
    return told


def between_the_same(rows: Pairs, others: Pairs) -> bool:
    """Return whether as many of the others stand before each row on both sides."""
    before = [sorted(side) for side in zip(*others, strict=True)] or [[], []]
    return all(
        bisect_left(before[0], ours) == bisect_left(before[1], theirs) for ours, theirs in rows
    )


def are_crossing(matched: dict[int, int]) -> bool:
    """Return whether rows come in another order on each side: several wrote them at once."""
    sources = [source for _, source in sorted(matched.items())]
    return sources != sorted(sources)


def may_be_of_one_row(base: str | bytes, cand: str | bytes, now_s: float) -> bool:
    """Return whether two times may be those of one row that this run wrote on each side: one of
    just now is of just now on both.
    """
    left, right = (clock.moment_s(one.strip()) for one in (base, cand))
    if left is None or right is None:
        return left is right
    return not clock.is_of_this_run(left, now_s) or abs(right - left) < _A_LONG_TEST_S
