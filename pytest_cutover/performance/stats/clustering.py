"""Slow requests come in clusters, and a cluster is one observation.

Learns from the slow tail of the whole run, and from an open-loop probe, how many slow requests of
one endpoint belong together: the *discount*, 1 for independent requests. Evidence computed from
s/discount and n/discount is honest again (the design effect of survey sampling, Kish 1965; the
mean size of a cluster seen from its members, the inverse of the extremal index, Leadbetter 1983).

Called by the rules. Imports the standard library only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

JOIN_BLOCKS = 2
"""Exceedances of an endpoint at most this many of its blocks apart are one cluster."""

CLEAN_BLOCKS = 100
"""So many blocks without a slow request are taken for granted before the first one, so that a run
that begins within a burst does not take slow requests for the rule, and their company for chance.
"""


@dataclass(slots=True)
class _OfEndpoint:
    """What one endpoint adds, and its last cluster: where it was last seen, how large it is."""

    blocks: int = 0
    hit_blocks: int = 0
    requests: int = 0
    squares: int = 0
    clusters: int = 0
    largest: int = 0
    last_hit: int = -(10**9)
    size: int = 0


class TailClusters:
    """Running counts of the clusters of slow requests, over all endpoints of a run.

    Fed with every block; costs a few operations per block.
    """

    def __init__(self) -> None:
        """Start with no block seen."""
        self._endpoints: dict[str, _OfEndpoint] = {}

    def add(self, endpoint: str, slow: int, *, blocks: int = 1) -> None:
        """Count the next block of an endpoint, with ``slow`` slow requests of one side.

        ``blocks`` greater than 1 stands for that many blocks, of which only the last is slow.
        """
        state = self._endpoints.setdefault(endpoint, _OfEndpoint())
        state.blocks += blocks
        if not slow:
            return
        if state.blocks - state.last_hit > JOIN_BLOCKS:
            state.size = 0
            state.clusters += 1
        state.squares += (state.size + slow) ** 2 - state.size**2
        state.requests += slow
        state.hit_blocks += 1
        state.size += slow
        state.last_hit = state.blocks
        state.largest = max(state.largest, state.size)

    def forget(self, endpoint: str) -> None:
        """Take out what an endpoint added so far."""
        self._endpoints.pop(endpoint, None)

    @property
    def clusters(self) -> int:
        """How many clusters they came in."""
        return sum(one.clusters for one in self._endpoints.values())

    @property
    def requests(self) -> int:
        """How many slow requests were seen."""
        return sum(one.requests for one in self._endpoints.values())

    @property
    def largest(self) -> int:
        """The most slow requests in one cluster."""
        return max((one.largest for one in self._endpoints.values()), default=0)

    def discount(self) -> float:
        """Return how many slow requests count as one, 1 or more.

        The size of the cluster that a slow request is in, on average, less what independent
        requests at the same rate would show by chance.
        """
        seen = self.requests
        if not seen:
            return 1.0
        parts = self._endpoints.values()
        hit_blocks = sum(one.hit_blocks for one in parts)
        hit_share = hit_blocks / (sum(one.blocks for one in parts) + CLEAN_BLOCKS)
        joins = 1 - (1 - hit_share) ** JOIN_BLOCKS
        per_hit = seen / hit_blocks
        by_chance = 2 * joins / (1 - joins) * per_hit + hit_share * per_hit / 2
        return max(1.0, sum(one.squares for one in parts) / seen - by_chance)

    def cautious_discount(self) -> float:
        """Return the discount, its part above 1 enlarged by its own standard error.

        Few clusters tell their mean size only roughly; too small a discount fails by chance.
        """
        if not self.clusters:
            return 1.0
        return 1.0 + (self.discount() - 1.0) * (1.0 + 1.0 / math.sqrt(self.clusters))


@dataclass(frozen=True, slots=True)
class Stalls:
    """Stalls that an open-loop probe saw: how long in seconds, each with its slow requests."""

    durations_s: tuple[float, ...] = ()
    requests: tuple[int, ...] = ()
    watched_s: float = 0.0

    @classmethod
    def seen(cls, timeline: Iterable[tuple[float, bool]], *, gap_s: float) -> Stalls:
        """Return the stalls in a probe's (intended start in s, slow?) requests, in time order.

        Slow requests at most ``gap_s`` apart belong to one stall; give about two intervals of the
        probe. A lone slow request is a stall of no length.
        """
        durations: list[float] = []
        requests: list[int] = []
        first = last = begin = end = math.nan
        for time_s, slow in timeline:
            begin = time_s if math.isnan(begin) else begin
            end = time_s
            if not slow:
                continue
            if math.isnan(last) or time_s - last > gap_s:
                first = time_s
                durations.append(0.0)
                requests.append(0)
            durations[-1] = time_s - first
            requests[-1] += 1
            last = time_s
        watched = 0.0 if math.isnan(begin) else end - begin
        return cls(tuple(durations), tuple(requests), watched)

    def discount(self, requests_per_s: float) -> float:
        """Return how many requests of an endpoint, sent at this pace, count as one."""
        seen = sum(self.requests)
        if not seen:
            return 1.0
        weighted = sum(d * k for d, k in zip(self.durations_s, self.requests, strict=True))
        return 1.0 + requests_per_s * weighted / seen


def dispersion(times_s: Sequence[float], slow: Sequence[bool], *, window_s: float) -> float:
    """Return the discount of concurrent requests: variance over mean of the slow per window.

    1 for independent requests (Poisson), the size of the bursts where they come in bursts
    shorter than the window. For load, where requests overlap and order means nothing.
    """
    if not times_s or not any(slow):
        return 1.0
    start, end = min(times_s), max(times_s)
    windows = int((end - start) / window_s) + 1
    counts = Counter(int((t - start) / window_s) for t, s in zip(times_s, slow, strict=True) if s)
    mean = sum(counts.values()) / windows
    square = sum(count * count for count in counts.values()) / windows
    return max(1.0, (square - mean * mean) / mean)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a pass could have missed.

    ``gap_s``: the longest stall that fits between two visits of the endpoint. ``watched_s``: the
    time from the first to the last visit; longer stalls rarer than one in ``rarity_s`` may have
    been missed too, with a chance of 5 % or more.
    """

    gap_s: float
    watched_s: float

    @property
    def rarity_s(self) -> float:
        """Stalls that come less often than this many seconds may have been missed."""
        return self.watched_s / math.log(20)

    def sentence(self) -> str:
        """Say it."""
        return (
            f"could have missed: stalls shorter than {self.gap_s:.3g} s between two visits, and "
            f"longer ones that come less often than every {self.rarity_s:.3g} s"
        )
