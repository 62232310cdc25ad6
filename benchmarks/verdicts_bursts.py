"""Slow requests in bursts: five endpoints take turns of one block, and are judged as they go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.verdict_rows import (
    FAIL,
    OPEN,
    P99,
    PASS,
    STRICT,
    Bools,
    Row,
    aims_at,
    counted,
    judged,
    most_to_fail,
)
from pytest_cutover.performance.stats.clustering import Stalls, TailClusters
from pytest_cutover.performance.stats.counters import (
    MOST_FAIL_DISCOUNT,
    EndpointTally,
    JudgedLimits,
    RunTail,
)
from pytest_cutover.performance.stats.decision import PerformanceRule, RuleVerdict
from pytest_cutover.performance.stats.eprocess import fewest_to_pass
from pytest_cutover.performance.stats.proportions import Exceedances, settle
from pytest_cutover.performance.stats.rules import judge_quantile
from pytest_cutover.performance.stats.samples import Block, BlockOrder, Side, Timed

ENDPOINTS = 5


@dataclass(frozen=True, slots=True)
class World:
    """A run with bursts: true rate, length of a burst, blocks per turn, what the gate may use."""

    rate: float
    length: int
    turn: int = 1
    probe: int = 2000
    discounted: bool = True
    total: int = 100_000


def slow_slots(world: World, slots: int, rng: np.random.Generator) -> Bools:
    """Return which requests of the run fall into a burst; overlaps count once."""
    length, lead = world.length, world.length
    chance = 1 - (1 - world.rate) ** (1 / length)
    starts = rng.random(slots + lead) < chance
    level = np.cumsum(starts)
    before = np.concatenate([np.zeros(length, dtype=level.dtype), level[:-length]])
    return np.asarray((level - before > 0)[lead:], dtype=np.bool_)


class BurstRun:
    """One run of five endpoints under bursts, jumping over the blocks without a slow request."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        """Draw the bursts, the orders of all blocks and what the probe sees."""
        self.world = world
        slow = slow_slots(world, world.total, rng).reshape(-1, 4)
        outer = rng.random(len(slow)) < 0.5
        inside, around = slow[:, 1] + slow[:, 2] * 1, slow[:, 0] + slow[:, 3] * 1
        self.slow = np.where(outer, around, inside).astype(np.int64)
        self.events = np.flatnonzero(self.slow)
        self.stalls = Stalls()
        if world.probe:
            seen = slow_slots(world, world.probe, rng)[::2].tolist()
            self.stalls = Stalls.seen(((2.0 * i, x) for i, x in enumerate(seen)), gap_s=4.0)
        self.clusters = TailClusters()
        self.block = 0
        self.over = [0] * ENDPOINTS
        self.seen = [0] * ENDPOINTS
        self.verdicts: dict[int, tuple[int, int]] = {}
        self.queue = [e for e in range(ENDPOINTS) for _ in range(world.turn)]
        self.next = 0

    def shares(self, endpoint: int, more: int = 0) -> Exceedances:
        """Return the counts of an endpoint, with the discounts that the gate would use."""
        total, passing, failing = self.seen[endpoint] + more, 1.0, 1.0
        if self.world.discounted:
            pace = total / max(1, 4 * self.block + 2 * more * len(self.queue) / self.world.turn)
            passing = max(self.clusters.discount(), self.stalls.discount(pace))
            failing = min(MOST_FAIL_DISCOUNT, self.clusters.cautious_discount())
        return Exceedances(self.over[endpoint], total, passing, failing)

    def passes(self, endpoint: int, more: int) -> bool:
        """Say whether an endpoint passes after so many more clean requests."""
        total = self.seen[endpoint] + more
        if total < fewest_to_pass(P99, self.over[endpoint], STRICT.log_pass):
            return False
        return settle(P99, self.shares(endpoint, more), STRICT) is RuleVerdict.PASS

    def clean(self, blocks: int) -> None:
        """Take so many blocks without a slow request, or up to the first pass among them."""
        while blocks and self.queue:
            width = len(self.queue)
            order = self.queue[self.next :] + self.queue[: self.next]
            first = (blocks, -1)
            for endpoint in dict.fromkeys(order):
                slots = [i for i, e in enumerate(order) if e == endpoint]
                full, rest = divmod(blocks, width)
                mine = full * len(slots) + sum(i < rest for i in slots)
                if not mine or not self.passes(endpoint, 2 * mine):
                    continue
                low, high = 0, mine
                while high - low > 1:
                    middle = (low + high) // 2
                    if self.passes(endpoint, 2 * middle):
                        high = middle
                    else:
                        low = middle
                turn, offset = divmod(high - 1, len(slots))
                first = min(first, (turn * width + slots[offset] + 1, endpoint))
            step, endpoint = first
            full, rest = divmod(step, width)
            for i, e in enumerate(order):
                self._count(e, full + (i < rest))
            self.next = (self.next + step) % width
            self.block += step
            blocks -= step
            if endpoint >= 0:
                self._decide(endpoint, PASS)

    def _count(self, endpoint: int, blocks: int) -> None:
        if blocks:
            self.seen[endpoint] += 2 * blocks
            self.clusters.add(str(endpoint), 0, blocks=blocks)

    def _decide(self, endpoint: int, verdict: int) -> None:
        self.verdicts[endpoint] = (verdict, self.seen[endpoint])
        ahead = self.queue[: self.next].count(endpoint)
        self.queue = [e for e in self.queue if e != endpoint]
        self.next = (self.next - ahead) % max(1, len(self.queue))

    def hit(self, slow: int) -> None:
        """Take a block with slow requests."""
        endpoint = self.queue[self.next]
        self.next = (self.next + 1) % len(self.queue)
        self.block += 1
        self.over[endpoint] += slow
        self.seen[endpoint] += 2
        self.clusters.add(str(endpoint), slow)
        over, seen = self.over[endpoint], self.seen[endpoint]
        if seen <= most_to_fail(P99, over, STRICT.log_fail):
            verdict = settle(P99, self.shares(endpoint), STRICT)
            if verdict is RuleVerdict.FAIL:
                self._decide(endpoint, FAIL)

    def verdict_of_all(self) -> list[tuple[int, int]]:
        """Run to the end and return (verdict, n) of each endpoint."""
        for event in self.events:
            self.clean(int(event) - self.block)
            if not self.queue:
                break
            self.hit(int(self.slow[event]))
        self.clean(len(self.slow) - self.block)
        return [self.verdicts.get(e, (OPEN, self.seen[e])) for e in range(ENDPOINTS)]


def burst_row(world: World, runs: int, rng: np.random.Generator, aims: dict[str, float]) -> Row:
    """Judge P99 in so many runs of five endpoints."""
    got = [v for _ in range(runs) for v in BurstRun(world, rng).verdict_of_all()]
    parts = (np.array([v for v, _ in got]), np.array([n for _, n in got]))
    name = f"P99, true rate {world.rate:.2%}, bursts of {world.length}"
    if world.turn > 1:
        name += f", turns of {4 * world.turn}"
    if not world.discounted:
        name += ", no discount"
    elif not world.probe:
        name += ", no probe"
    if world.total != 100_000:
        name += f", {world.total:,} requests"
    truth = np.full(max(parts[1].max(), 1), world.rate)
    return judged(name, [parts], truth, 0.01, aims, ENDPOINTS)


def burst_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield the rows of P99 under bursts; length 1 is independent, with the learned discount."""
    runs = max(20, int(400 * scale))
    limit = {
        (0.015, 10): 0.03,
        (0.015, 30): 0.10,
        (0.0105, 10): 0.10,
        (0.0105, 30): 0.25,
    }
    for length in (1, 5, 10, 30):
        for rate in (0.005, 0.01, 0.0105, 0.015, 0.02):
            aims = aims_at(rate, 0.01)
            if rate > 0.01:
                aims["false pass"] = limit.get((rate, length), 0.05 if length < 30 else 0.10)
            many = 4 if rate == 0.01 and length > 1 else 1
            yield burst_row(World(rate, length), many * runs, rng, aims)
    for rate in (0.005, 0.01, 0.02):
        world = World(rate, 30, total=150_000)
        yield burst_row(world, runs, rng, aims_at(rate, 0.01) | {"false pass": 0.10})
    yield from oracle_rows(scale, rng)
    for length in (10, 30):
        for rate in (0.0105, 0.015):
            # Without a probe nobody has seen a burst before 432 clean requests of an endpoint pass.
            aims = {"false pass": limit[rate, length]}
            yield burst_row(World(rate, length, probe=0), runs, rng, aims)
        yield burst_row(World(0.01, length, discounted=False), runs, rng, {})
        for rate in (0.0105, 0.015):
            plain = World(rate, length, probe=0, discounted=False)
            yield burst_row(plain, runs, rng, {})
            old = World(rate, length, turn=6, probe=0, discounted=False)
            yield burst_row(old, runs, rng, {})


def oracle_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield what a sequential test leaves open that counts the bursts and knows both rates.

    The likelihood ratio of two Poisson processes, at the strictness of the gate and as
    open to being looked at. A gate knows neither the length of the bursts nor the true rate.
    """
    for total in (100_000, 150_000):
        for rate in (0.005, 0.02):
            expected = [-np.log1p(-r) / 30 * total for r in (rate, 0.01)]
            log = np.log(expected[0] / expected[1])
            got = []
            for bursts in rng.poisson(expected[0], max(200, int(20_000 * scale))):
                at = np.append(np.sort(rng.random(bursts)), 1.0)
                seen = np.arange(bursts + 1) + (rate > 0.01)
                seen[-1] = bursts
                evidence = seen * log - (expected[0] - expected[1]) * at
                level = STRICT.log_fail if rate > 0.01 else STRICT.log_pass
                got.append(bool((evidence >= level).any()))
            decided, never = np.array(got), np.zeros(len(got), dtype=np.bool_)
            name = f"oracle, true rate {rate:.2%}, bursts of 30, {total:,} requests"
            passed, failed = (never, decided) if rate > 0.01 else (decided, never)
            yield counted(name, passed, failed, rate > 0.01, 0)


def through_blocks(run: BurstRun) -> list[tuple[int, int]]:
    """Judge the same draws block by block through tallies and ``rules.judge_quantile``."""
    limits = JudgedLimits(p99_ms=10)
    tail = RunTail({str(e): limits for e in range(ENDPOINTS)})
    tail.add_probe(run.stalls)
    tallies = {e: EndpointTally(str(e), limits) for e in range(ENDPOINTS)}
    verdicts: dict[int, tuple[int, int]] = {}
    queue, index = list(range(ENDPOINTS)), 0
    for block in range(len(run.slow)):
        if not queue:
            break
        endpoint = queue[index % len(queue)]
        slow, requests = int(run.slow[block]), []
        for at, side in enumerate(BlockOrder.BCCB.sides):
            late = side is Side.CANDIDATE and slow > 0
            slow -= late
            start = 4.0 * block + at
            requests.append(Timed(side, start, start, 100.0 if late else 1.0))
        first, second, third, fourth = requests
        taken = Block(str(endpoint), (first, second, third, fourth))
        tallies[endpoint].add(taken)
        tail.add(taken)
        decision = judge_quantile(
            tallies[endpoint], PerformanceRule.P99, strictness=STRICT, tail=tail, explain=False
        )
        index = index % len(queue) + 1
        if decision.verdict is not RuleVerdict.INCONCLUSIVE:
            verdict = PASS if decision.verdict is RuleVerdict.PASS else FAIL
            verdicts[endpoint] = (verdict, decision.samples)
            queue.remove(endpoint)
            index -= 1
    return [verdicts.get(e, (OPEN, tallies[e].candidate.count)) for e in range(ENDPOINTS)]


def agreement(runs: int, rng: np.random.Generator) -> str:
    """Say in how many verdicts the jumping simulation and the blocks agree."""
    same = near = total = 0
    for _ in range(runs):
        run = BurstRun(World(float(rng.choice([0.002, 0.005, 0.02, 0.03])), 10, total=40_000), rng)
        slowly = through_blocks(run)
        for (fast, n), (slow, k) in zip(run.verdict_of_all(), slowly, strict=True):
            total += 1
            same += fast == slow
            near += fast == slow and abs(n - k) <= 0.02 * max(n, k)
    return f"{same} of {total} verdicts agree, {near} of them within 2 % of the requests"
