"""How often the performance gate is wrong, undecided, and how soon it decides.

    python benchmarks/verdicts.py [--quick] [--seed N]

A simulation with the very code of the gate (``shares.settle``, the discounts of ``RunTail``'s
clusters and of ``Stalls``) beside what else is in use: point estimates, pytest-benchmark's
``median:10%``, a Clopper-Pearson interval peeked at every 50 requests and, when it is installed,
the package ``ville``. alpha = 0.05, 25 gates. One core; about ten minutes, under one with --quick.

Two models of the world. *Independent*: latencies are lognormal with a slow tail, under drift and
coarse clocks. *Bursts*: five endpoints take turns of one block; bursts of L requests of the run
make the candidate's requests in them slow. A decided endpoint stops; the rest go on until the run
has sent 100,000 requests (five minutes at 3 ms). The probe watches as long as 2,000 requests take.
A verdict is wrong when it contradicts the true rate over what was sampled until then.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtr  # type: ignore[import-untyped, unused-ignore]

from pytest_cutover.performance.clustering import Stalls, TailClusters
from pytest_cutover.performance.decision import Rule, Strictness, Verdict
from pytest_cutover.performance.eprocess import RateTest, fewest_to_pass, most_to_fail
from pytest_cutover.performance.outliers import Outliers
from pytest_cutover.performance.rules import judge_quantile
from pytest_cutover.performance.samples import Block, Order, Side, Timed
from pytest_cutover.performance.shares import HALF, QUANTILE_TESTS, Shares, error_test, settle
from pytest_cutover.performance.tally import (
    MOST_FAIL_DISCOUNT,
    EndpointTally,
    Limits,
    RunTail,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRICT = Strictness(gates=25)
P99 = QUANTILE_TESTS[Rule.P99]
P95 = QUANTILE_TESTS[Rule.P95]
ERRORS = error_test(0.001)
ENDPOINTS = 5
PASS, FAIL, OPEN = 1, 2, 0


@dataclass(slots=True)
class Row:
    """One line of the table. ``bad`` are the verdicts that contradict the truth."""

    name: str
    passed: float
    failed: float
    wrong_pass: float
    wrong_fail: float
    median: float
    runs: int
    aims: dict[str, float] = field(default_factory=dict)
    together: int = 1

    @property
    def open(self) -> float:
        """The share of runs that ended undecided."""
        return max(0.0, 1 - self.passed - self.failed)

    def misses(self) -> list[str]:
        """Name the aims that this row is over."""
        seen = {
            "false pass": self.wrong_pass,
            "false fail": self.wrong_fail,
            "open": self.open,
            "median n": self.median,
        }
        return [
            f"{k} <= {v:g}" + (" (within noise)" if self._noise(k, v) >= seen[k] else "")
            for k, v in self.aims.items()
            if seen[k] > v
        ]

    def _noise(self, aim: str, share: float) -> float:
        """Return what a share just at its aim may show by chance, two standard errors above it."""
        if aim == "median n":
            return share
        return share + 2 * math.sqrt(share * (1 - share) * self.together / self.runs)

    @property
    def missed(self) -> bool:
        """True when an aim is missed by more than chance explains."""
        return any("noise" not in miss for miss in self.misses())

    def __str__(self) -> str:
        verdict = ""
        if self.aims:
            misses = self.misses()
            verdict = ("MISSED " if self.missed else "over ") + ", ".join(misses)
            verdict = verdict if misses else "ok"
        return (
            f"{self.name:<66}{self.passed:>7.1%}{self.failed:>7.1%}{self.open:>7.1%}"
            f"{self.wrong_pass:>8.2%}{self.wrong_fail:>8.2%}{self.median:>8.0f}{self.runs:>7}  "
            f"{verdict}"
        )


HEAD = (
    f"{'scenario':<66}{'pass':>7}{'fail':>7}{'open':>7}{'f.pass':>8}{'f.fail':>8}"
    f"{'med. n':>8}{'runs':>7}  aims"
)


# Independent requests -------------------------------------------------------------------------


def boundaries(test: RateTest, cap: int) -> tuple[Ints, Ints]:
    """Return (n at which s = 0, 1, ... exceedances pass; s at which n = 1, 2, ... fail)."""
    passing, s = [], 0
    while (n := fewest_to_pass(test, s, STRICT.log_pass)) <= cap:
        passing.append(n + n % 2)  # after a whole block
        s += 1
    failing = np.full(cap, cap + 1)
    s = start = 1
    while start <= cap:
        last = most_to_fail(test, s, STRICT.log_fail)
        failing[start - 1 : last] = np.minimum(failing[start - 1 : last], s)
        start, s = max(start, last + 1), s + 1
    return np.array([n for n in passing if n <= cap], dtype=np.int64), failing


def first_verdicts(over: Bools, test: RateTest) -> tuple[Ints, Ints]:
    """Return each run's (verdict, n) from whether its requests, in order, are over the limit."""
    cap = over.shape[1]
    passing, failing = boundaries(test, cap)
    seen = np.cumsum(over, axis=1, dtype=np.int32)
    fails = seen >= failing
    at_fail = np.where(fails.any(axis=1), fails.argmax(axis=1) + 1, cap + 1)
    passes = seen[:, passing - 1] <= np.arange(len(passing))
    at_pass = np.where(passes.any(axis=1), passing[passes.argmax(axis=1)], cap + 1)
    n = np.minimum(np.minimum(at_pass, at_fail), cap)
    verdict = np.where(at_pass < at_fail, PASS, np.where(at_fail <= cap, FAIL, OPEN))
    return verdict.astype(np.int64), n.astype(np.int64)


def judged(
    name: str,
    parts: list[tuple[Ints, Ints]],
    truth: Floats,
    limit: float,
    aims: dict[str, float],
    together: int = 1,
) -> Row:
    """Return the row of these (verdict, n); ``truth`` is the mean true rate up to each n."""
    verdict = np.concatenate([v for v, _ in parts])
    n = np.concatenate([k for _, k in parts])
    bad = truth[n - 1] > limit
    return Row(
        name,
        float(np.mean(verdict == PASS)),
        float(np.mean(verdict == FAIL)),
        float(np.mean((verdict == PASS) & bad)),
        float(np.mean((verdict == FAIL) & ~bad)),
        float(np.median(n)),
        len(n),
        aims,
        together,
    )


def independent(
    name: str,
    rates: Floats,
    test: RateTest,
    runs: int,
    rng: np.random.Generator,
    aims: dict[str, float],
) -> Row:
    """Judge requests that are over the limit with these probabilities, each on its own."""
    truth = np.cumsum(rates) / np.arange(1, len(rates) + 1)
    chunk = max(1, 2_000_000 // len(rates))
    uniform = rates.astype(np.float32)
    parts = [
        first_verdicts(rng.random((min(chunk, runs - k), len(rates)), np.float32) < uniform, test)
        for k in range(0, runs, chunk)
    ]
    return judged(name, parts, truth, test.limit * (1 + 1e-9), aims)


def drift(shape: str, length: int, *, step: int = 1) -> Floats:
    """Return factors of +-30 % over a run: a ramp, a wave of 400 requests, or a jump."""
    t = np.arange(length) / length
    return {
        "none": np.ones(length),
        "ramp": 0.7 + 0.6 * t,
        "wave": 1 + 0.3 * np.sin(2 * np.pi * np.arange(length) * step / 400),
        "jump": np.where(t < 0.5, 0.7, 1.3),
    }[shape]


def slower(limit: Floats) -> Floats:
    """Return P(latency > limit) for median 1, sigma 0.4, of which 3 % are 4 times as slow."""
    return np.asarray(
        0.97 * ndtr(-np.log(limit) / 0.4) + 0.03 * ndtr(-np.log(limit / 4) / 0.4), dtype=np.float64
    )


def rates_under(shape: str, mean: float, cap: int) -> Floats:
    """Return the chance of each request to be over the limit that makes the mean ``mean``."""
    factors = drift(shape, cap)
    low, high = 0.01, 1000.0
    for _ in range(60):
        middle = math.sqrt(low * high)
        if float(np.mean(slower(middle / factors))) > mean:
            low = middle
        else:
            high = middle
    return slower(low / factors)


def aims_at(rate: float, limit: float, median: float | None = None) -> dict[str, float]:
    """Return what must be reached at this true rate of independent requests."""
    aims = {"false pass": 0.05} if rate > limit else {"false fail": 0.05 / STRICT.gates}
    if rate <= limit / 2 or rate >= 2 * limit:
        aims["open"] = 0.10
    if median is not None:
        aims["median n"] = median
    return aims


def rate_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield the rows of P99, P95 and errors for independent requests, without any discount."""
    runs, cap = int(10_000 * scale), 10_000
    for rate in (0.0, 0.0025, 0.005, 0.01, 0.0105, 0.011, 0.0125, 0.015, 0.02, 0.05):
        median = {0.0: 450.0, 0.02: 2000.0}.get(rate)
        name = f"P99, true rate {rate:.2%}"
        few = runs if 0 < rate < 0.02 else runs // 4
        rates = np.full(cap, rate)
        yield independent(name, rates, P99, few, rng, aims_at(rate, 0.01, median))
    for shape in ("ramp", "wave", "jump"):
        for rate in (0.005, 0.01, 0.015, 0.02):
            name = f"P99, true rate {rate:.2%}, drift {shape}"
            aims = {"false pass": 0.05, "false fail": 0.05 / STRICT.gates}
            rates = rates_under(shape, rate, cap)
            yield independent(name, rates, P99, runs // 4, rng, aims)
    for rate in (0.025, 0.05, 0.0525, 0.10):
        name = f"P95, true rate {rate:.2%}"
        rates = np.full(5000, rate)
        yield independent(name, rates, P95, runs // 2, rng, aims_at(rate, 0.05))
    for rate in (0.0, 0.0005, 0.001, 0.00105, 0.0015, 0.002, 0.003):
        median = 3700.0 if rate == 0 else None
        rates = np.full(80_000, rate)
        name = f"errors, true rate {rate:.3%}"
        few = runs // 2 if rate == 0.001 else runs // 10
        yield independent(name, rates, ERRORS, few, rng, aims_at(rate, 0.001, median))


# P50 against the baseline ---------------------------------------------------------------------


def pair_latencies(
    shape: tuple[int, int], ratio: float, world: str, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return latencies of pairs: sd of the log ratio 0.3, 3 % of requests 4 times as slow."""
    sides = []
    for _ in range(2):
        latency = np.exp(rng.normal(0.0, 0.3 / math.sqrt(2), shape))
        latency *= np.where(rng.random(shape) < 0.03, 4.0, 1.0)
        sides.append(latency)
    baseline, candidate = sides[0], ratio * sides[1]
    if world in ("ramp", "wave", "jump"):
        factors = drift(world, shape[1], step=2)
        baseline, candidate = baseline * factors, candidate * factors
    if world.startswith("ticks of 1/"):
        ticks = int(world.removeprefix("ticks of 1/"))
        baseline = np.maximum(np.round(baseline * ticks), 1) / ticks
        candidate = np.maximum(np.round(candidate * ticks), 1) / ticks
    return baseline, candidate


def ratio_row(
    ratio: float, world: str, runs: int, rng: np.random.Generator, aims: dict[str, float]
) -> Row:
    """Judge P50 <= 1.5 x baseline as ``ratio.judge_p50_ratio`` does, *shape* included."""
    cap = 3000
    parts: list[tuple[Ints, Ints]] = []
    odd = 0
    chunk = 250
    for k in range(0, runs, chunk):
        b, c = pair_latencies((min(chunk, runs - k), cap), ratio, world, rng)
        verdict, n = first_verdicts(c > 1.5 * b, HALF)
        for i in np.flatnonzero(verdict != OPEN):
            medians = np.median(c[i, : n[i]]) / np.median(b[i, : n[i]])
            if bool(medians > 1.5) is bool(verdict[i] == PASS):
                verdict[i] = OPEN
                odd += 1
        parts.append((verdict, n))
    name = f"P50 ratio {ratio:.2f}" + ("" if world == "none" else f", {world}")
    if odd:
        name += f" (shape {odd / runs:.1%})"
    if world.startswith("ticks"):  # the truth is what this clock shows of endless pairs
        b, c = pair_latencies((1, 1_000_000), ratio, world, rng)
        share = float(np.mean(c > 1.5 * b))
        return judged(f"{name}: share {share:.1%}", parts, np.full(cap, share), 0.5, aims)
    return judged(name, parts, np.full(cap, ratio), 1.5, aims)


def ratio_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield the rows of the regression rule: a limit of +50 %."""
    runs = int(4000 * scale)
    median = {1.0: 15.0, 1.3: 90.0, 2.0: 35.0}
    for ratio in (0.75, 1.0, 1.3, 1.45, 1.5, 1.55, 1.6, 2.0, 3.0):
        aims = {"false pass": 0.05} if ratio > 1.5 else {"false fail": 0.05 / STRICT.gates}
        if ratio in (0.75, 3.0):
            aims["open"] = 0.10
        if ratio in median:
            aims["median n"] = median[ratio]
        yield ratio_row(ratio, "none", runs, rng, aims)
    for world in ("ramp", "wave", "jump", "ticks of 1/16", "ticks of 1/4"):
        for ratio in (1.0, 1.5, 1.6, 2.0):
            aims = {"false pass": 0.05, "false fail": 0.05 / STRICT.gates}
            yield ratio_row(ratio, world, runs // 2, rng, aims)


# Bursts ---------------------------------------------------------------------------------------


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

    def shares(self, endpoint: int, more: int = 0) -> Shares:
        """Return the counts of an endpoint, with the discounts that the gate would use."""
        total, passing, failing = self.seen[endpoint] + more, 1.0, 1.0
        if self.world.discounted:
            pace = total / max(1, 4 * self.block + 2 * more * len(self.queue) / self.world.turn)
            passing = max(self.clusters.discount(), self.stalls.discount(pace))
            failing = min(MOST_FAIL_DISCOUNT, self.clusters.cautious_discount())
        return Shares(self.over[endpoint], total, passing, failing)

    def passes(self, endpoint: int, more: int) -> bool:
        """Say whether an endpoint passes after so many more clean requests."""
        total = self.seen[endpoint] + more
        if total < fewest_to_pass(P99, self.over[endpoint], STRICT.log_pass):
            return False
        return settle(P99, self.shares(endpoint, more), STRICT) is Verdict.PASS

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
            if verdict is Verdict.FAIL:
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
        world = World(rate, 30, total=250_000)
        yield burst_row(world, runs // 2, rng, aims_at(rate, 0.01) | {"false pass": 0.10})
    for length in (10, 30):
        for rate in (0.0105, 0.015):
            aims = {"false pass": limit[rate, length]}
            yield burst_row(World(rate, length, probe=0), runs, rng, aims)
        yield burst_row(World(0.01, length, discounted=False), runs, rng, {})
        for rate in (0.0105, 0.015):
            plain = World(rate, length, probe=0, discounted=False)
            yield burst_row(plain, runs, rng, {})
            old = World(rate, length, turn=6, probe=0, discounted=False)
            yield burst_row(old, runs, rng, {})


def through_blocks(run: BurstRun) -> list[tuple[int, int]]:
    """Judge the same draws block by block through tallies and ``rules.judge_quantile``."""
    limits = Limits(p99_ms=10)
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
        for at, side in enumerate(Order.BCCB.sides):
            late = side is Side.CANDIDATE and slow > 0
            slow -= late
            start = 4.0 * block + at
            requests.append(Timed(side, start, start, 100.0 if late else 1.0))
        first, second, third, fourth = requests
        taken = Block(str(endpoint), (first, second, third, fourth))
        tallies[endpoint].add(taken)
        tail.add(taken)
        decision = judge_quantile(
            tallies[endpoint], Rule.P99, strictness=STRICT, tail=tail, explain=False
        )
        index = index % len(queue) + 1
        if decision.verdict is not Verdict.INCONCLUSIVE:
            verdict = PASS if decision.verdict is Verdict.PASS else FAIL
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


# What else is in use --------------------------------------------------------------------------


def counted(name: str, passed: Bools, failed: Bools, bad: bool, n: Floats | Ints | int) -> Row:
    """Return the row of a peer."""
    wrong_pass, wrong_fail = (passed, failed & False) if bad else (passed & False, failed)
    return Row(
        name,
        float(passed.mean()),
        float(failed.mean()),
        float(wrong_pass.mean()),
        float(wrong_fail.mean()),
        float(np.median(n)),
        len(passed),
    )


def point_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield P99 as a point estimate, compared with the limit."""
    runs = int(20_000 * scale)
    for n in (100, 1000, 10_000):
        for rate in (0.005, 0.009, 0.01, 0.011, 0.015, 0.02):
            passed = rng.binomial(n, rate, runs) <= n * 0.01
            name = f"point estimate of P99, n = {n}, true rate {rate:.2%}"
            yield counted(name, passed, ~passed, rate > 0.01, n)
        for rate in (0.005, 0.015):
            world = World(rate, 10, total=20 * n)
            seen = [slow_slots(world, 2 * n, rng)[::2].sum() for _ in range(runs // 20)]
            passed = np.array(seen) <= n * 0.01
            name = f"point estimate of P99, n = {n}, true rate {rate:.2%}, bursts of 10"
            yield counted(name, passed, ~passed, rate > 0.01, n)


def median_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield pytest-benchmark's --benchmark-compare-fail=median:10%: one side, then the other."""
    runs, n = max(50, int(500 * scale)), 1000
    for ratio in (1.0, 1.05, 1.3, 2.0):
        for world in ("none", "ramp", "wave", "jump"):
            b, c = pair_latencies((runs, n), ratio, "none", rng)
            if world != "none":
                phase = rng.integers(0, 2 * n, runs)
                whole = drift(world, 2 * n)
                at = (phase[:, None] + np.arange(2 * n)) % (2 * n)
                b, c = b * whole[at[:, :n]], c * whole[at[:, n:]]
            failed = np.median(c, axis=1) > 1.1 * np.median(b, axis=1)
            name = f"pytest-benchmark median:10%, n = {n}, ratio {ratio:.2f}, drift {world}"
            yield counted(name, ~failed, failed, ratio > 1.1, n)


def peeked_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield Clopper-Pearson at 95 % (fail: 95 %/m), made for one n, looked at every 50 requests."""
    runs, cap = int(2000 * scale), 10_000
    looks = np.arange(50, cap + 1, 50)
    for rate in (0.005, 0.01, 0.0105, 0.015, 0.02):
        counts = np.cumsum(rng.binomial(50, rate, (runs, len(looks))), axis=1)
        upper = betaincinv(counts + 1, looks - counts, 0.95)
        lower = np.where(
            counts > 0,
            betaincinv(np.maximum(counts, 1), looks - counts + 1, 0.05 / STRICT.gates),
            0.0,
        )
        passes, fails = upper < 0.01, lower > 0.01
        at_pass = np.where(passes.any(axis=1), passes.argmax(axis=1), len(looks))
        at_fail = np.where(fails.any(axis=1), fails.argmax(axis=1), len(looks))
        n = looks[np.minimum(np.minimum(at_pass, at_fail), len(looks) - 1)]
        name = f"Clopper-Pearson peeked at every 50, true rate {rate:.2%}"
        yield counted(name, at_pass < at_fail, at_fail < at_pass, rate > 0.01, n)


def ville_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield the confidence sequence of ville, and say how far its evidence is from ours."""
    from scipy.special import betainc
    from ville import proportions  # type: ignore[import-not-found, unused-ignore]

    over = (rng.random(5000) < 0.01).astype(float)
    theirs = proportions.BernoulliTest(0.01, prior=P99.prior).fit(over).log_e_values_
    s, n = np.cumsum(over), np.arange(1, len(over) + 1)
    mass = float(betainc(*P99.prior, 0.01))
    ours = np.logaddexp(
        math.log(mass) + P99.log_e_below(s, n), math.log1p(-mass) + P99.log_e_above(s, n)
    )
    print(f"oracle: ville's two-sided log E and ours differ by {np.max(abs(theirs - ours)):.1e}")
    runs, cap = max(20, int(100 * scale)), 10_000
    for rate in (0.0, 0.005, 0.0105, 0.015, 0.02):
        got = []
        for _ in range(runs):
            x = (rng.random(cap) < rate).astype(float)
            kept = proportions.BernoulliCS(0.05, prior=P99.prior).fit(x).upper_ < 0.01
            broken = proportions.BernoulliCS(0.05 / 25, prior=P99.prior).fit(x).lower_ > 0.01
            got.append([k.argmax() + 1 if k.any() else cap + 1 for k in (kept, broken)])
        at = np.array(got)
        n = np.minimum(at.min(axis=1), cap)
        name = f"ville BernoulliCS, true rate {rate:.2%}"
        yield counted(name, at[:, 0] < at[:, 1], at[:, 1] < at[:, 0], rate > 0.01, n)


def maximum_rows(scale: float, rng: np.random.Generator) -> Iterator[Row]:
    """Yield the maximum rule, outliers arriving one by one, looked at after each.

    A fail takes proof that they are the candidate's; two or more without it leave it open.
    """
    runs = int(20_000 * scale)
    for of_candidate, of_baseline in ((0.1, 0.1), (1.0, 1.0), (3.0, 3.0), (5.0, 0.0), (20.0, 0.0)):
        c, b = rng.poisson(of_candidate, runs), rng.poisson(of_baseline, runs)
        failed = np.array([_ever_proven(x, y, rng) for x, y in zip(c, b, strict=True)])
        name = f"maximum, outliers expected: candidate {of_candidate:g}, baseline {of_baseline:g}"
        row = counted(name, (c < 2) & ~failed, failed, of_candidate > of_baseline, 0)
        row.aims = {"false fail": 0.05 / STRICT.gates}
        yield row


def _ever_proven(candidate: int, baseline: int, rng: np.random.Generator) -> bool:
    """Return whether the outliers, in random order, are ever proven to be the candidate's."""
    seen = Outliers({})
    for mine in rng.permutation([True] * candidate + [False] * baseline):
        seen.candidate += bool(mine)
        seen.baseline += not mine
        if candidate > 1 and seen.proven(STRICT):
            return True
    return False


def main() -> None:
    """Print the table; the exit status is 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--seed", type=int, default=20_210_501)
    options = parser.parse_args()
    scale = 0.1 if options.quick else 1.0
    rng = np.random.default_rng(options.seed)
    began = time.perf_counter()
    print(f"seed {options.seed}, alpha {STRICT.alpha}, {STRICT.gates} gates, runs x {scale:g}")
    print(HEAD)
    missed = 0
    groups: list[tuple[str, Callable[[float, np.random.Generator], Iterator[Row]]]] = [
        ("the gate, independent requests", rate_rows),
        ("the gate, regression of P50", ratio_rows),
        ("the gate, bursts in time over five endpoints", burst_rows),
        ("the gate, maximum", maximum_rows),
        ("peer: point estimates", point_rows),
        ("peer: pytest-benchmark", median_rows),
        ("peer: peeking at a fixed-n interval", peeked_rows),
    ]
    if importlib.util.find_spec("ville"):
        groups.append(("peer: ville", ville_rows))
    for title, rows in groups:
        print(f"-- {title}")
        for row in rows(scale, rng):
            print(row, flush=True)
            missed += row.missed
    runs = max(2, int(12 * scale))
    print(f"-- the simulation against judge_quantile, block by block: {agreement(runs, rng)}")
    if not importlib.util.find_spec("ville"):
        print("-- peer: ville is not installed (pip install ville): no oracle in this run")
    print(f"{missed} rows miss an aim; {time.perf_counter() - began:.0f} s")
    raise SystemExit(1 if missed and not options.quick else 0)


if __name__ == "__main__":
    main()
