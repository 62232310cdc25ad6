"""The slope of noisy values, with an interval that assumes no distribution.

Theil 1950; Sen, Journal of the American Statistical Association 63 (1968), 1379-1389. The interval
uses the exact distribution of Kendall's statistic, not its normal approximation, which is wrong at
the dozen values that a run has. Called by the memory rule. Imports numpy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pytest_cutover.performance.stats.decision import UNKNOWN, Estimate

MOST_POINTS = 120
"""More points than this are thinned: the exact distribution costs the fourth power."""


def theil_sen(
    x: Sequence[float], y: Sequence[float], *, alpha_lower: float, alpha_upper: float
) -> Estimate:
    """Return the median of all slopes dy/dx between two points, with its bounds.

    Each bound errs with its own alpha at most, for values without trend in their order. Infinite
    where there are too few points for it. Raises ValueError where lengths differ.
    """
    if len(x) != len(y):
        raise ValueError(f"theil_sen: expected as many y as x, got {len(x)} x and {len(y)} y")
    step = math.ceil(len(x) / MOST_POINTS) or 1
    xs, ys = np.asarray(x[::step], dtype=np.float64), np.asarray(y[::step], dtype=np.float64)
    i, j = np.triu_indices(len(xs), 1)
    apart = xs[j] != xs[i]
    slopes = np.sort((ys[j] - ys[i])[apart] / (xs[j] - xs[i])[apart])
    count = len(slopes)
    if not count:
        return UNKNOWN
    low = _tail_rank(len(xs), alpha_lower)
    high = _tail_rank(len(xs), alpha_upper)
    return Estimate(
        estimate=float(np.median(slopes)),
        lower=-math.inf if low < 0 or low >= count else float(slopes[low]),
        upper=math.inf if high < 0 or high >= count else float(slopes[count - 1 - high]),
    )


def _tail_rank(points: int, alpha: float) -> int:
    """Return the largest k with P(at most k of the slopes have the wrong sign) <= alpha; -1."""
    cumulative = np.cumsum(_inversions(points))
    return int(np.searchsorted(cumulative, alpha, side="right")) - 1


@lru_cache(maxsize=32)
def _inversions(points: int) -> tuple[float, ...]:
    """Return P(k inversions) for k = 0, 1, ... in a random permutation of so many points."""
    shares = np.array([1.0])
    for size in range(2, points + 1):
        shares = np.convolve(shares, np.full(size, 1 / size))
    return tuple(float(share) for share in shares)
