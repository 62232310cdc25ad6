"""Two sequences side by side: which stretches of them are the same, in linear time.

Common beginnings and ends first, then what stands once in both (patience), each level in one pass;
small rests by the longest common subsequence. A rest that is large and has nothing that stands once
stays unmatched: no input makes this quadratic.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

# Cells of the table that a small rest is aligned by.
_MOST_CELLS = 4096
_DEEPEST = 24


class Same(NamedTuple):
    """A stretch of `size` items that is the same on both sides."""

    left: int
    right: int
    size: int


class _Range(NamedTuple):
    left: int
    left_end: int
    right: int
    right_end: int
    depth: int


def same_stretches(left: Sequence[str], right: Sequence[str]) -> list[Same]:
    """Return the stretches that two sequences share, in order, neighbours joined.

    The last one is empty and stands at both ends.
    """
    found: list[Same] = []
    waiting = [_Range(0, len(left), 0, len(right), 0)]
    while waiting:
        waiting += _between(_trimmed(waiting.pop(), left, right, found), left, right, found)
    found.sort()
    joined: list[Same] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and last.left + last.size == one.left and last.right + last.size == one.right:
            joined[-1] = Same(last.left, last.right, last.size + one.size)
        else:
            joined.append(one)
    return [*joined, Same(len(left), len(right), 0)]


def _trimmed(one: _Range, left: Sequence[str], right: Sequence[str], found: list[Same]) -> _Range:
    """Return the range without what both sides begin and end with, which is noted."""
    start, other, end, other_end = one.left, one.right, one.left_end, one.right_end
    while start < end and other < other_end and left[start] == right[other]:
        start, other = start + 1, other + 1
    if start > one.left:
        found.append(Same(one.left, one.right, start - one.left))
    while end > start and other_end > other and left[end - 1] == right[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    if end < one.left_end:
        found.append(Same(end, other_end, one.left_end - end))
    return _Range(start, end, other, other_end, one.depth)


def _between(
    one: _Range, left: Sequence[str], right: Sequence[str], found: list[Same]
) -> list[_Range]:
    """Return the ranges between the anchors of a range; a small one is finished here."""
    rows, columns = one.left_end - one.left, one.right_end - one.right
    if not rows or not columns:
        return []
    anchors = _anchors(one, left, right) if one.depth < _DEEPEST else []
    if not anchors:
        if rows * columns <= _MOST_CELLS:
            found += _longest(one, left, right)
        return []
    found += [Same(at, other, 1) for at, other in anchors]
    starts = [(one.left, one.right), *((at + 1, other + 1) for at, other in anchors)]
    ends = [*anchors, (one.left_end, one.right_end)]
    return [
        _Range(start, end, other, other_end, one.depth + 1)
        for (start, other), (end, other_end) in zip(starts, ends, strict=True)
        if start < end and other < other_end
    ]


def _anchors(one: _Range, left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the items that stand once on each side, as many as come in the same order."""
    ours, theirs = left[one.left : one.left_end], right[one.right : one.right_end]
    if set(ours).isdisjoint(theirs):
        return []
    counts, others = Counter(ours), Counter(theirs)
    places = {item: at for at, item in enumerate(theirs, one.right) if others[item] == 1}
    pairs = [
        (at, places[item])
        for at, item in enumerate(ours, one.left)
        if counts[item] == 1 and item in places
    ]
    return _ascending(pairs)


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of the pairs whose second numbers ascend (patience sorting)."""
    piles: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(pairs):
        pile = bisect_left(piles, other)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(piles):
            piles.append(other)
            tops.append(index)
        else:
            piles[pile], tops[pile] = other, index
    chain: list[tuple[int, int]] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _longest(one: _Range, left: Sequence[str], right: Sequence[str]) -> list[Same]:
    """Return the longest common subsequence of a small range, leftmost where there are several."""
    rows, columns = one.left_end - one.left, one.right_end - one.right
    table = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        item, line, below = left[one.left + row], table[row], table[row + 1]
        for column in range(columns - 1, -1, -1):
            if item == right[one.right + column]:
                line[column] = below[column + 1] + 1
            else:
                line[column] = max(line[column + 1], below[column])
    row = column = 0
    found = []
    while row < rows and column < columns:
        if left[one.left + row] == right[one.right + column]:
            found.append(Same(one.left + row, one.right + column, 1))
            row, column = row + 1, column + 1
        elif table[row + 1][column] >= table[row][column + 1]:
            row += 1
        else:
            column += 1
    return found
