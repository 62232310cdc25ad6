"""What was measured: timed requests, balanced blocks of four, pairs, and their order in a run.

Called by whatever sends the requests. Imports only the two sides' names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pytest_cutover.core.exchange import Side

__all__ = [
    "Block",
    "BlockOrder",
    "RequestOutcome",
    "Side",
    "Timed",
    "TimedPair",
    "outcome_of",
    "turns",
]


class RequestOutcome(StrEnum):
    """What became of a timed request. Only ``OK`` has a latency that means something."""

    OK = "ok"
    STATUS = "status"
    ERROR = "error"
    THROTTLED = "throttled"


def outcome_of(status: int | None, first: int | None) -> RequestOutcome:
    """Return what a response counts as.

    ``status`` is the response's, None without a response; ``first`` is the status of the first
    measured request of the same side and endpoint, None when this is that request. A status
    unlike the first is a failure: a fast 409 is no latency of a 201. A 429 is always throttled, the
    first one too.
    """
    if status is None:
        return RequestOutcome.ERROR
    if status == 429:
        return RequestOutcome.THROTTLED
    if status >= 500:
        return RequestOutcome.ERROR
    return RequestOutcome.OK if first is None or status == first else RequestOutcome.STATUS


@dataclass(frozen=True, slots=True)
class Timed:
    """One request: times in seconds on one monotonic clock, latency in milliseconds.

    ``intended_s`` is when it should have left (open loop); in a closed loop it equals ``start_s``.
    ``reopened`` says that the side had ended the connection, and that opening another is in it.
    """

    side: Side
    intended_s: float
    start_s: float
    latency_ms: float
    outcome: RequestOutcome = RequestOutcome.OK
    reopened: bool = False

    def __post_init__(self) -> None:
        """Refuse a latency that no clock gives: it would poison every count after it."""
        if not self.latency_ms >= 0 or math.isinf(self.latency_ms):
            raise ValueError(
                f"latency of a timed request: expected a finite number of milliseconds >= 0, "
                f"got {self.latency_ms!r}; pass a failure as its outcome, not as its latency"
            )

    @property
    def failed(self) -> bool:
        """True when its latency means nothing."""
        return self.outcome is not RequestOutcome.OK

    @property
    def counted_ms(self) -> float:
        """The latency that the rules count: a failure is slower than any limit."""
        return math.inf if self.failed else self.latency_ms

    @property
    def end_s(self) -> float:
        """When the last byte was read."""
        return self.start_s + self.latency_ms / 1000


@dataclass(frozen=True, slots=True)
class TimedPair:
    """A baseline and a candidate request sent one right after the other."""

    baseline: Timed
    candidate: Timed

    @property
    def kept(self) -> bool:
        """False when the baseline failed (nothing to compare with) or somebody throttled."""
        return not self.baseline.failed and self.candidate.outcome is not RequestOutcome.THROTTLED


class BlockOrder(StrEnum):
    """The two orders of a block in which a linear drift cancels out."""

    BCCB = "BCCB"
    CBBC = "CBBC"

    @property
    def sides(self) -> tuple[Side, Side, Side, Side]:
        """The side of each of the four requests."""
        b, c = Side.BASELINE, Side.CANDIDATE
        return (b, c, c, b) if self is BlockOrder.BCCB else (c, b, b, c)


@dataclass(frozen=True, slots=True)
class Block:
    """Four requests of one endpoint, two of each side, in one of the two balanced orders."""

    endpoint: str
    requests: tuple[Timed, Timed, Timed, Timed]

    def __post_init__(self) -> None:
        """Refuse an order in which drift does not cancel."""
        sides = tuple(request.side for request in self.requests)
        if sides not in (BlockOrder.BCCB.sides, BlockOrder.CBBC.sides):
            got = "".join(side[0].upper() for side in sides)
            raise ValueError(
                f"block of {self.endpoint}: expected the order BCCB or CBBC, got {got}; "
                "take the order of each block from turns()"
            )

    @property
    def pairs(self) -> tuple[TimedPair, TimedPair]:
        """Its two pairs of neighbours, each with both sides."""
        first, second, third, fourth = self.requests
        return _pair(first, second), _pair(third, fourth)

    @property
    def same_side(self) -> tuple[Timed, Timed]:
        """The two neighbours of one side in its middle: what two equal requests differ by."""
        return self.requests[1], self.requests[2]


def _pair(left: Timed, right: Timed) -> TimedPair:
    if left.side is Side.BASELINE:
        return TimedPair(baseline=left, candidate=right)
    return TimedPair(baseline=right, candidate=left)


def turns(undecided: Callable[[], Sequence[str]], *, seed: int) -> Iterator[tuple[str, BlockOrder]]:
    """Yield which endpoint gets the next block, and in which order, until none is undecided.

    ``undecided`` is asked before every round and gives the endpoints still to be sampled; each
    of them gets one block per round, so that a burst in time hits an endpoint's turn once. The
    same seed and the same answers give the same schedule.
    """
    random = Random(seed)
    orders = tuple(BlockOrder)
    while endpoints := tuple(undecided()):
        for endpoint in endpoints:
            yield endpoint, random.choice(orders)
