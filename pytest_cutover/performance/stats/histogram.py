"""A latency distribution in little space: fixed logarithmic buckets, enough for a plot.

For the report model. Imports the standard library only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

GROWTH = 1.02
"""Each bucket is 2 % wider than the one before: a quantile is off by 1 % at most."""

FLOOR_MS = 0.001
"""Everything below a microsecond is one bucket."""

_LOG_GROWTH = math.log(GROWTH)


@dataclass(frozen=True, slots=True)
class LogHistogram:
    """Counts between neighbouring edges in ms; empty buckets between the first and the last too.

    The buckets are those of DDSketch (Masson, Rim, Lee, VLDB 2019) with a fixed growth.
    """

    edges_ms: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, latencies_ms: Iterable[float]) -> LogHistogram | None:
        """Count latencies in ms; infinite ones are failures, which no plot can place.

        None where nothing is left to count.
        """
        counts = Counter(_bucket(latency) for latency in latencies_ms if not math.isinf(latency))
        if not counts:
            return None
        filled = range(min(counts), max(counts) + 1)
        edges = (_upper_ms(bucket) for bucket in (filled[0] - 1, *filled))
        return cls(
            edges_ms=tuple(round(edge, 6) for edge in edges),
            counts=tuple(counts[bucket] for bucket in filled),
        )


def _bucket(latency_ms: float) -> int:
    if latency_ms <= FLOOR_MS:
        return 0
    return math.ceil(math.log(latency_ms / FLOOR_MS) / _LOG_GROWTH)


def _upper_ms(bucket: int) -> float:
    return 0.0 if bucket < 0 else FLOOR_MS * GROWTH**bucket
