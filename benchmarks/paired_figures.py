"""A ratio of two things that were measured in turn, with the interval in which its median lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the ratios of pairs, and a 95 % interval from their order alone."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3f}× ({self.low:.3f} to {self.high:.3f})"


def paired_ratio(ones: Sequence[float], others: Sequence[float]) -> Ratio:
    """How many times the other the one is, round by round: what slows both at once cancels out.

    The interval is between two order statistics: it asks nothing of how the figures are spread.
    """
    ratios = sorted(one / other for one, other in zip(ones, others, strict=True))
    cut = _ranks_outside(len(ratios))
    return Ratio(median(ratios), ratios[cut], ratios[-1 - cut])


def _ranks_outside(count: int) -> int:
    """How many ranks may be left out at either end: the tail of a fair coin's binomial."""
    rank, tail = 0, (1 + count) * 0.5**count
    while tail <= (1 - _CONFIDENCE) / 2:
        rank += 1
        tail += math.comb(count, rank + 1) * 0.5**count
    return rank
