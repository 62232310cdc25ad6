"""The course of a run: where its warm-up ended, and whether one side leaves the other behind.

A run has a beginning, in which either side may be slow because it is cold, and it may have a
direction: a list that grows, a table without an index. Both are looked for on both sides together.
Called by the measurements (warm-up) and by the rules (direction). Imports numpy and scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc, ndtri  # type: ignore[import-untyped, unused-ignore]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LOOK_EVERY = 16
"""The warm-up is looked for each time that so many pairs have come."""
LAST_LOOK = 512
"""After so many pairs its end is fixed: at most half of them were cold."""
_FIRST_LOOK = 32
_WINDOW = 4
_SLOW_OF_WINDOW = 3
_SLOWER = 1.25
"""What is not slower than usual by this factor was warm enough."""

FEWEST_TO_FAIL = 20
"""With fewer pairs nobody can tell a slow backend from a slow beginning."""
FEWEST_TO_SEE_A_TREND = 30
HORIZON = 2000
"""A trend matters where it breaks the limit within so many more requests of a side."""
TREND_ALPHA = 0.03
"""The error of looking for a trend, both ways; more requests take a false one back."""
DOUBT_LASTS = 1.5
"""A trend that was seen lasts until there are so many times its pairs: noise hides it again."""
_SLOPE_ERROR = 4e-4
"""A ratio that gains a tenth of a per cent with each pair is two such errors away from none."""
_FEWEST_PAIRS, _MOST_PAIRS = 64, 400
_STILL = 0.25
"""A trend whose second half goes at less of its pace has levelled off."""
_AT_FIRST = 0.1
"""How seldom so many of the slow requests may come before the last part by chance."""
_FEWEST_AFTER = 10


def is_due(pairs: int) -> bool:
    """Say whether the end of the warm-up is looked for when so many pairs have come."""
    return _FIRST_LOOK <= pairs <= LAST_LOOK and pairs % LOOK_EVERY == 0


def warm_up(baseline: Floats, candidate: Floats) -> int:
    """Return how many first pairs were cold on either side; latencies in ms, failures inf.

    At most half of them: what is usual is taken from the second half. Three of four neighbours
    slower than nine tenths of that are cold, which chance shows in less than 1 % of runs.
    """
    return max(_cold(baseline), _cold(candidate))


def _cold(side: Floats) -> int:
    half = len(side) // 2
    later = side[half:][np.isfinite(side[half:])]
    if not len(later):
        return 0
    usual = max(float(np.quantile(later, 0.9)), _SLOWER * float(np.median(later)))
    # A failure is no sign of cold: errors are judged by a rule of their own.
    slow = np.isfinite(side) & (side > usual)
    for start in range(0, half, _WINDOW):
        if np.sum(slow[start : start + _WINDOW]) < _SLOW_OF_WINDOW:
            return start
    return half


def pairs_to_see_a_trend(baseline: Floats, candidate: Floats) -> int:
    """Return how many pairs it takes until a trend that matters shows in their noise, 64 to 400.

    From the spread of their ratios (quartiles, so that a few slow ones tell nothing) and the error
    of a slope, sd sqrt(12) / n^1.5.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log(candidate / baseline)
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios) < 2:
        return _FEWEST_PAIRS
    low, high = np.quantile(ratios, (0.25, 0.75))
    spread = float(high - low) / 1.349
    needed = float((spread * math.sqrt(12) / _SLOPE_ERROR) ** (2 / 3))
    return max(_FEWEST_PAIRS, min(_MOST_PAIRS, math.ceil(needed)))


def slow_at_first(over: Bools, allowed: float) -> bool:
    """Say whether the last part keeps a limit: ``over`` in order, ``allowed`` in 0..1.

    The second half or the last quarter, and so much better than what went before it that this is
    not chance.
    Then the answer is not known yet. One time in ten a limit that is broken looks like this for a
    while, and goes on being measured. A long run has no beginning that could explain it.
    """
    if len(over) > 2 * LAST_LOOK:
        return False
    return any(_better(over, len(over) * part // 4, allowed) for part in (2, 3))


def _better(over: Bools, at: int, allowed: float) -> bool:
    first, later = int(np.sum(over[:at])), int(np.sum(over[at:]))
    rest = len(over) - at
    if not first or rest < _FEWEST_AFTER or later > allowed * rest:
        return False
    return bool(bdtrc(first - 1, first + later, at / len(over)) < _AT_FIRST)


@dataclass(frozen=True, slots=True)
class Trend:
    """How the ratio of candidate to baseline moved; ``per_pair`` is the change of its logarithm.

    ``first`` and ``last`` are its medians over the first and the last third of the pairs;
    ``candidate_ms`` is what the candidate itself gained with each request, in ms.
    """

    per_pair: float
    first: float
    last: float
    candidate_ms: float
    candidate_median_ms: float

    def breaks(self, limit: float) -> bool:
        """Say whether the ratio was over the limit at first, or soon will be."""
        return self.first > limit or self.left(limit) <= HORIZON

    def left(self, limit: float) -> float:
        """Return how many more requests it takes until the ratio is over the limit; inf if none."""
        if self.last > limit:
            return 0.0
        # A baseline that gets faster is warming up, and will not go on like this; growth may.
        pace = min(self.per_pair, self.candidate_ms / self.candidate_median_ms)
        return math.log(limit / self.last) / pace if pace > 0 else math.inf

    def breaks_ms(self, observed_ms: float, limit_ms: float) -> bool:
        """Say whether the candidate, at so many ms now, will soon be over a limit in ms."""
        rising = self.per_pair > 0 and self.candidate_ms > 0
        return rising and observed_ms + HORIZON * self.candidate_ms > limit_ms


@dataclass(slots=True)
class TrendDoubt:
    """The last trend of one endpoint that would break its limit, and after how many pairs."""

    seen: Trend | None = None
    pairs: int = 0

    def look(self, baseline: Floats, candidate: Floats, *, limit: float) -> Trend | None:
        """Look again, latencies in ms; return the trend there is, or the one that lasts."""
        found, pairs = trend_of(baseline, candidate), len(baseline)
        if found is not None and found.breaks(limit):
            self.seen, self.pairs = found, pairs
        elif pairs < DOUBT_LASTS * self.pairs:
            return self.seen
        return found


def trend_of(baseline: Floats, candidate: Floats) -> Trend | None:
    """Return the trend that one side alone has, latencies in ms; None where there is none.

    Drift of the machine hits both sides and leaves their ratio. What levels off is a warm-up:
    the second half must go on at a quarter of the pace at least. By ranks (Spearman), so that a
    burst of slow requests is none.
    """
    sound = np.isfinite(baseline) & np.isfinite(candidate) & (baseline > 0) & (candidate > 0)
    ratios = np.log(candidate[sound] / baseline[sound])
    n = len(ratios)
    if n < FEWEST_TO_SEE_A_TREND or abs(_spearman(ratios)) * math.sqrt(n - 1) < -ndtri(
        TREND_ALPHA / 2
    ):
        return None
    first, last = (float(np.median(part)) for part in (ratios[: n // 3], ratios[-(n // 3) :]))
    per_pair = (last - first) / (n - n // 3)
    later = ratios[n // 2 :]
    half = len(later) // 2
    still = float(np.median(later[half:]) - np.median(later[:half])) / (len(later) - half)
    if per_pair == 0 or still / per_pair < _STILL:
        return None
    own = candidate[sound]
    gained = float(np.median(own[-(n // 3) :]) - np.median(own[: n // 3])) / (n - n // 3)
    return Trend(per_pair, math.exp(first), math.exp(last), gained, float(np.median(own)))


def _spearman(values: Floats) -> float:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - times / 2)[place]
    spread = float(np.std(ranks))
    if not spread:
        return 0.0
    order = np.arange(len(values), dtype=np.float64)
    return float(np.mean((ranks - ranks.mean()) * (order - order.mean())) / (spread * order.std()))
