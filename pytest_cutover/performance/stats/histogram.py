"""A latency distribution in little space: fixed logarithmic buckets, enough for a plot.

For the report model. Imports the standard library only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

GROWTH = 1.02
"""Each bucket is 2 % wider than the one before: a quantile is off by 1 % at most."""

FLOOR_MS = 0.001
"""Everything below a microsecond is one bucket."""

_LOG_GROWTH = math.log(GROWTH)


class HistogramData(TypedDict):
    """The form of a histogram in JSON; bucket i reaches up to FLOOR_MS * growth**i ms."""

    growth: float
    floor_ms: float
    failed: int
    buckets: list[list[int]]


@dataclass(frozen=True, slots=True)
class LogHistogram:
    """Counts per bucket of latencies in ms; relative error at most 1 % (GROWTH).

    The buckets are those of DDSketch (Masson, Rim, Lee, VLDB 2019) with a fixed growth, so that
    histograms of two runs, or of two processes, add up.
    """

    buckets: tuple[tuple[int, int], ...]
    failed: int

    @classmethod
    def of(cls, latencies_ms: Iterable[float]) -> LogHistogram:
        """Count latencies in ms; infinite ones are failures, which no plot can place."""
        counts: Counter[int] = Counter()
        failed = 0
        for latency in latencies_ms:
            if math.isinf(latency):
                failed += 1
            else:
                counts[_bucket(latency)] += 1
        return cls(buckets=tuple(sorted(counts.items())), failed=failed)

    @property
    def count(self) -> int:
        """How many requests, failed ones included."""
        return self.failed + sum(count for _, count in self.buckets)

    def merged(self, other: LogHistogram) -> LogHistogram:
        """Return the histogram of both."""
        counts = Counter(dict(self.buckets))
        counts.update(dict(other.buckets))
        return LogHistogram(tuple(sorted(counts.items())), self.failed + other.failed)

    def quantile_ms(self, share: float) -> float:
        """Return the latency in ms below which ``share`` (0 to 1) of the requests stay.

        Infinite where that falls among the failures. Raises ValueError when empty.
        """
        if not self.count:
            raise ValueError("quantile of an empty histogram: expected samples, got none")
        rank = max(1, math.ceil(share * self.count))
        seen = 0
        for bucket, count in self.buckets:
            seen += count
            if seen >= rank:
                return _middle_ms(bucket)
        return math.inf

    def as_data(self) -> HistogramData:
        """Return plain data for the report's JSON."""
        return {
            "growth": GROWTH,
            "floor_ms": FLOOR_MS,
            "failed": self.failed,
            "buckets": [[bucket, count] for bucket, count in self.buckets],
        }


def _bucket(latency_ms: float) -> int:
    if latency_ms <= FLOOR_MS:
        return 0
    return math.ceil(math.log(latency_ms / FLOOR_MS) / _LOG_GROWTH)


def _middle_ms(bucket: int) -> float:
    if bucket == 0:
        return FLOOR_MS
    return FLOOR_MS * 2 * GROWTH**bucket / (GROWTH + 1)
