"""Blocks for the tests: latencies in, blocks of four out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_cutover.performance.stats.counters import EndpointTally, JudgedLimits, RunTail
from pytest_cutover.performance.stats.decision import Strictness
from pytest_cutover.performance.stats.samples import Block, BlockOrder, RequestOutcome, Side, Timed

STRICT = Strictness(gates=25)
HEALTH = "GET /api/health"
NO_LIMITS = JudgedLimits()


def block(
    baseline: tuple[float, float],
    candidate: tuple[float, float],
    *,
    order: BlockOrder = BlockOrder.BCCB,
    endpoint: str = HEALTH,
    at_s: float = 0.0,
    outcomes: dict[Side, RequestOutcome] | None = None,
    reopened: frozenset[Side] = frozenset(),
) -> Block:
    """Return a block with these latencies in ms; ``outcomes`` go to a side's first request.

    The sides in ``reopened`` keep no connection.
    """
    left = {Side.BASELINE: list(baseline), Side.CANDIDATE: list(candidate)}
    waiting = dict(outcomes or {})
    requests = []
    for position, side in enumerate(order.sides):
        start = at_s + position * 0.001
        outcome = waiting.pop(side, RequestOutcome.OK)
        taken_ms = left[side].pop(0)
        requests.append(Timed(side, start, start, taken_ms, outcome, reopened=side in reopened))
    first, second, third, fourth = requests
    return Block(endpoint, (first, second, third, fourth))


def measured(
    blocks: Iterable[Block], limits: JudgedLimits = NO_LIMITS
) -> tuple[EndpointTally, RunTail]:
    """Return the tally of the health endpoint, and the tail, after these blocks."""
    tally = EndpointTally(HEALTH, limits)
    tail = RunTail({HEALTH: limits})
    for each in blocks:
        tally.add(each)
        tail.add(each)
    return tally, tail


def alike(count: int, *, baseline_ms: float = 1.0, candidate_ms: float = 1.0) -> Iterator[Block]:
    """Yield blocks in which every request of a side takes as long."""
    for index in range(count):
        order = BlockOrder.BCCB if index % 2 else BlockOrder.CBBC
        sides = (baseline_ms, baseline_ms), (candidate_ms, candidate_ms)
        yield block(*sides, order=order, at_s=index * 0.02)
