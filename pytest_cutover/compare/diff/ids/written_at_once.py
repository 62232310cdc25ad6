"""The order of rows that several wrote at the same time, to each side in another order. Pure.

Tests of several workers run beside each other, and each asks both sides in its own time. What one
of them wrote stands in one order on both sides, and so do steady rows beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

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
