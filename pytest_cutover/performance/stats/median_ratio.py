"""Evidence about a ratio of two medians, whatever the shape of the two sides.

If the candidate's median is above ``limit`` times the baseline's, there is a split t, the
baseline's median, at which neither *the baseline's median is above t* nor *the candidate's is below
limit x t* is true. Each of the two is a sign test on that side's own samples, an e-process; so are
their product, for independent samples, and their mean, and half of each. The least of these over
every t is thus evidence that the ratio keeps its limit; the mirror image, that it breaks it. It is
enough to look at observed values, where the counts change. Called by the regression rule. Imports
numpy and scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats.decision import Strictness
from pytest_cutover.performance.stats.proportions import MEDIANS, quantile_estimate

Floats = npt.NDArray[np.float64]

FEWEST_TO_SEE_A_GAP = 20
"""With fewer samples any two neighbours may be far apart."""


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """Where a median may be, between two observed values, at every number of samples."""

    lower: float
    upper: float

    @property
    def bounded(self) -> bool:
        """False while there are too few samples for two ends."""
        return self.lower > 0 and math.isfinite(self.upper)

    def spans_less_than(self, factor: float) -> bool:
        """Say whether its ends are closer than the factor, so that the median is located."""
        return self.lower > 0 and self.upper < factor * self.lower


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in ms without answers, in which a median may be; shares are of faster ones."""

    side: str
    lower_ms: float
    upper_ms: float
    baseline_share: float
    candidate_share: float


@dataclass(frozen=True, slots=True)
class MedianRatio:
    """Both sides at every split: how many samples speak against each half of a claim.

    ``passing`` and ``failing`` have a row for each side and a column for each split.
    """

    samples: tuple[int, int]
    passing: npt.NDArray[np.int64]
    failing: npt.NDArray[np.int64]

    @classmethod
    def of(cls, baseline: Floats, candidate: Floats, *, limit: float) -> MedianRatio:
        """Count both sides, latencies in ms and failures as inf, at every observed value."""
        left, right = np.sort(baseline), np.sort(candidate / limit)
        splits = np.concatenate(([-math.inf], np.unique(np.concatenate((left, right)))))
        up_to = [np.searchsorted(side, splits, side="right") for side in (left, right)]
        below = np.searchsorted(left, splits, side="left")
        return cls(
            samples=(len(left), len(right)),
            passing=np.stack((up_to[0], len(right) - up_to[1])),
            failing=np.stack((len(left) - below, up_to[1])),
        )

    def log_e_below(self, factor: float = 1.0) -> float:
        """Return log E, the evidence that the ratio of medians keeps the limit.

        ``factor`` asks what it would be with so many times the samples, at the same shares.
        """
        return self._least(self.passing, factor)

    def log_e_above(self, factor: float = 1.0) -> float:
        """Return log E, the evidence that the ratio of medians breaks the limit."""
        return self._least(self.failing, factor)

    def _least(self, against: npt.NDArray[np.int64], factor: float) -> float:
        if not all(self.samples):
            return -math.inf
        left, right = (
            _sign_evidence(total, factor)[counts]
            for total, counts in zip(self.samples, against, strict=True)
        )
        mean = np.logaddexp(left, right) - math.log(2)
        both = np.logaddexp(left + right, mean) - math.log(2)
        return float(np.min(both))


@lru_cache(maxsize=64)
def _sign_evidence(total: int, factor: float) -> Floats:
    """Return log E that a rate is below half, for 0 to ``total`` against it, times ``factor``."""
    return MEDIANS.log_e_below(factor * np.arange(total + 1), factor * total)


def median_interval(side: Floats, strictness: Strictness) -> MedianInterval:
    """Return where the median of a side may be; (0, inf) with too few samples."""
    bounds = quantile_estimate(MEDIANS, side, Strictness(gates=1, alpha=strictness.alpha))
    return MedianInterval(bounds.lower, bounds.upper)


def gap_in(sides: Sequence[Floats], located: Sequence[MedianInterval], limit: float) -> Gap | None:
    """Return the widest gap in which a median may be; None where none is as wide as the limit."""
    widest, found = limit, None
    for name, side, interval in zip(("baseline", "candidate"), sides, located, strict=True):
        inside = np.unique(side[(side >= interval.lower) & (side <= interval.upper) & (side > 0)])
        inside = inside[np.isfinite(inside)]
        if len(side) < FEWEST_TO_SEE_A_GAP or len(inside) < 2:
            continue
        jumps = inside[1:] / inside[:-1]
        index = int(np.argmax(jumps))
        if jumps[index] >= widest:
            widest = float(jumps[index])
            lower, upper = float(inside[index]), float(inside[index + 1])
            middle = math.sqrt(lower * upper)
            faster = [float(np.mean(one <= middle)) for one in sides]
            found = Gap(name, lower, upper, faster[0], faster[1])
    return found
