"""Which exchange of one side is which of the other. Pure.

Two runs of a test usually send the same requests in the same order. Where one side sends one more,
or another one, the rest is still compared: requests are aligned by method, endpoint and content,
and what has no partner is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from pytest_cutover.normalize.normalized import NormalizedExchange

Aligned = tuple[int | None, int | None]

# Above so many pairs of exchanges to weigh, endpoints alone decide.
_MOST_WEIGHED = 40_000
_SAME_REQUEST, _SAME_ENDPOINT, _SAME_SHAPE, _NEVER = 4, 3, 1, -1_000_000


def align(
    baseline: Sequence[NormalizedExchange], candidate: Sequence[NormalizedExchange]
) -> list[Aligned]:
    """Pair the exchanges of two sides, in order; None stands where a side has no partner.

    Each index of either side occurs exactly once.
    """
    left, right = ([_key(one) for one in side] for side in (baseline, candidate))
    if left == right:
        return [(index, index) for index in range(len(left))]
    if len(left) * len(right) <= _MOST_WEIGHED:
        return _weighed(range(len(left)), range(len(right)), baseline, candidate)
    pairs: list[Aligned] = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for what, start, end, begin, stop in matcher.get_opcodes():
        if what == "equal":
            pairs += zip(range(start, end), range(begin, stop), strict=True)
        elif (end - start) * (stop - begin) <= _MOST_WEIGHED:
            pairs += _weighed(range(start, end), range(begin, stop), baseline, candidate)
        else:
            pairs += [(index, None) for index in range(start, end)]
            pairs += [(None, index) for index in range(begin, stop)]
    return pairs


def _key(one: NormalizedExchange) -> tuple[str, str]:
    return one.request.method, one.endpoint


def _weighed(
    left: range,
    right: range,
    baseline: Sequence[NormalizedExchange],
    candidate: Sequence[NormalizedExchange],
) -> list[Aligned]:
    """Return the alignment in order whose pairs are most alike; of equals the one that pairs
    early.
    """
    rows, columns = len(left), len(right)
    weights = [[_likeness(baseline[i], candidate[j]) for j in right] for i in left]
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            paired = best[i + 1][j + 1] + weights[i][j]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[Aligned] = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j + 1] + weights[i][j]:
            pairs.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((left[i], None))
            i += 1
        else:
            pairs.append((None, right[j]))
            j += 1
    pairs += [(index, None) for index in left[i:]]
    pairs += [(None, index) for index in right[j:]]
    return pairs


def _likeness(one: NormalizedExchange, other: NormalizedExchange) -> int:
    if one.request.method != other.request.method:
        return _NEVER
    if one.endpoint == other.endpoint:
        same = one.request.target == other.request.target
        same = same and one.request.body == other.request.body
        return _SAME_REQUEST if same else _SAME_ENDPOINT
    return _SAME_SHAPE if _differ_in_ids_only(one, other) else _NEVER


def _differ_in_ids_only(one: NormalizedExchange, other: NormalizedExchange) -> bool:
    """Whether two paths may be one: an id that no template names may look like anything."""
    left, right = (_segments(each.request.target) for each in (one, other))
    if len(left) != len(right):
        return False
    same = sum(a == b for a, b in zip(left, right, strict=True))
    return same * 2 >= len(left)


def _segments(target: object) -> list[str]:
    return str(target).partition("?")[0].strip("/").split("/")


def masks_of(
    masks: tuple[NormalizedExchange, ...], baseline: tuple[NormalizedExchange, ...]
) -> list[NormalizedExchange | None]:
    """Return the golden's exchange for each exchange of the baseline, None where it has none."""
    if masks is baseline:
        return list(masks)
    found: list[NormalizedExchange | None] = [None] * len(baseline)
    for known, index in align(masks, baseline):
        if known is not None and index is not None:
            found[index] = masks[known]
    return found
