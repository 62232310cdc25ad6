"""P50 against the baseline over the shapes that latencies have, beside what else is in use.

Every method sees the same pairs, in the same order. An endpoint may take 36 s: 3,600 requests a
side at 5 ms each, 600 at 30 ms, 180 at 100 ms. The gate may stop when it is decided; the others
take them all. Where it is not, and says that some more would decide, it goes on, to 90 s at most,
as the default budget does. The limit is +50 %. A verdict is wrong when it contradicts the ratio of
the true medians; a candidate whose latency grows with each request must not pass, and may fail.

The aims: at most 5 % wrong passes and wrong fails in every line; shapes of one mode decided in 95 %
at ratios of 1.0 and less and of 2.0 and more, wherever the requests of 90 s tell so much. How
much they tell stands in the column *at most*: what a rule decides that is told the true shares and
holds for every shape (``verdicts_oracle``).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from benchmarks.verdicts_oracle import any_shape, drawn, log_normal
from pytest_cutover.performance.measure.run_data import YOUNG_S
from pytest_cutover.performance.measure.sampling import HOPE, asked_for
from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.course import (
    TrendDoubt,
    is_due,
    pairs_to_see_a_trend,
    warm_up,
)
from pytest_cutover.performance.stats.decision import RuleVerdict, Strictness
from pytest_cutover.performance.stats.ratio import RatioRule, judge_p50_ratio

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]

BUDGET_MS = 36_000
COSTS_MS = (5, 30, 100)
LIMIT = 1.5
STRICT = Strictness(gates=20)
LOOKS = 1.15
EXTENDED = 2.5
AIM = 0.95


@dataclass(frozen=True, slots=True)
class Shape:
    """One line: how both sides answer, and the ratio of their true medians."""

    name: str
    ratio: float
    baseline: Draw
    candidate: Draw
    shared: Draw = lambda _chance, n: np.ones(n)
    one_mode: bool = True
    grows: bool = False

    def pairs(self, chance: np.random.Generator, n: int) -> tuple[Floats, Floats]:
        """Draw n pairs in the order of a run, in ms."""
        shared = self.shared(chance, n)
        return self.baseline(chance, n) * shared, self.candidate(chance, n) * shared

    def at_most(self, n: int) -> float:
        """Return the share of runs that n pairs tell enough for; nan where nothing is true."""
        if self.grows:
            return math.nan
        sides = drawn(self.baseline, 1), drawn(self.candidate, 2)
        return any_shape(*sides, n, limit=LIMIT, strictness=STRICT)


def _lognormal(sd: float, ratio: float = 1.0) -> Draw:
    return lambda chance, n: 20 * ratio * chance.lognormal(0, sd, n)


def _two_modes(fast: float) -> Draw:
    return lambda chance, n: (
        np.where(chance.random(n) < fast, 30.0, 180.0) * chance.lognormal(0, 0.05, n)
    )


def _heavy(ratio: float) -> Draw:
    return lambda chance, n: 20 * ratio * (0.5 + chance.pareto(2, n))


def _drift(chance: np.random.Generator, n: int) -> Floats:
    """A walk of the machine, of sd 0.3 over the run, that hits neighbours alike."""
    walk = np.cumsum(chance.normal(0, 1, n))
    return np.exp(0.3 * (walk - walk.mean()) / (walk.std() or 1.0))


def _coarse(ratio: float) -> Draw:
    """A clock that ticks every 5 ms."""
    return lambda chance, n: (
        np.maximum(np.round(20 * ratio * chance.lognormal(0, 0.3, n) / 5), 1) * 5
    )


def _growing(ms: float) -> Draw:
    return lambda chance, n: 20 * chance.lognormal(0, 0.05, n) + ms * np.arange(n)


def _stalls(chance: np.random.Generator, n: int) -> Floats:
    """Ten requests in a row that take ten times as long, for a tenth of the run."""
    struck = np.convolve(chance.random(n) < 0.01, np.ones(10))[:n] > 0
    return np.where(struck, 10.0, 1.0)


def shapes() -> Iterator[Shape]:
    """The lines of the table."""
    for sd in (0.1, 0.3, 0.6):
        for ratio in (0.8, 1.0, 1.3, 1.6, 2.0):
            yield Shape(f"log-normal, sd {sd}", ratio, _lognormal(sd), _lognormal(sd, ratio))
    for ratio in (1.0, 2.0):
        yield Shape("heavy tail (Pareto 2)", ratio, _heavy(1), _heavy(ratio))
    for ratio in (1.0, 2.0):
        sides = _lognormal(0.1), _lognormal(0.1, ratio)
        yield Shape("shared drift, sd 0.3", ratio, *sides, shared=_drift)
    for ratio in (1.0, 2.0):
        yield Shape("in steps of 5 ms", ratio, _coarse(1), _coarse(ratio))
    for fast, now, ratio in (
        *((0.6, 0.6, 1.0), (0.6, 0.55, 1.0)),
        *((0.7, 0.45, 6.0), (0.6, 0.4, 6.0), (0.55, 0.45, 6.0)),
    ):
        name = f"two modes, fast {fast:.0%} → {now:.0%}"
        yield Shape(name, ratio, _two_modes(fast), _two_modes(now), one_mode=False)
    yield Shape("grows by 0.05 ms a request", math.nan, _growing(0), _growing(0.05), grows=True)
    for ratio in (1.0, 2.0):
        usual, slower = _lognormal(0.1), _lognormal(0.1, ratio)
        stalled: Draw = lambda c, n, slower=slower: slower(c, n) * _stalls(c, n)  # type: ignore[misc] # noqa: E731
        yield Shape("stalls on one side", ratio, usual, stalled)
        yield Shape("stalls on both", ratio, usual, slower, shared=_stalls)


def ours(baseline: Floats, candidate: Floats, cost_ms: float, most: int) -> tuple[RuleVerdict, int]:
    """Return what the gate says, and after how many pairs.

    It stops when it is decided and no longer young, and after ``most`` pairs goes on only where
    what it then asks for is within reach of the time that it is given: all pairs that there are.
    """
    tally = EndpointTally("GET /x")
    doubt, n, looked = TrendDoubt(), 16, 0
    while True:
        n = min(n, most)
        for look in range(looked + 1, n + 1):
            if is_due(look):
                tally.leave_out(warm_up(baseline[:look], candidate[:look]))
        looked = n
        tally.baseline.latencies_ms = array("d", baseline[:n])
        tally.candidate.latencies_ms = array("d", candidate[:n])
        warm = slice(tally.cold, n)
        trend = doubt.look(baseline[warm], candidate[warm], limit=LIMIT)
        grown = n - tally.cold >= pairs_to_see_a_trend(baseline[warm], candidate[warm])
        young = not grown and n * 2 * cost_ms < 1000 * YOUNG_S
        found = judge_p50_ratio(
            tally, RatioRule(), strictness=STRICT, explain=n == most, trend=trend
        )
        if n == len(baseline) or (not young and found.verdict is not RuleVerdict.INCONCLUSIVE):
            return found.verdict, n
        if n == most:
            more = asked_for(found)
            if not more or more > HOPE * (len(baseline) - most):
                return found.verdict, n
            most = len(baseline)
        n = math.ceil(n * LOOKS)


def point(baseline: Floats, candidate: Floats) -> bool:
    """Fail where the ratio of the sample medians is over the limit."""
    return bool(np.median(candidate) > LIMIT * np.median(baseline))


def pytest_benchmark(baseline: Floats, candidate: Floats) -> bool:
    """`--benchmark-compare-fail=median:50%`: all of one side, then all of the other."""
    half = len(baseline) // 2
    return point(baseline[:half], candidate[half:])


def perfgate(baseline: Floats, candidate: Floats) -> bool:
    """The paired t-test of perfgate: more pairs until the interval of the difference leaves zero.

    It fails where the difference is significant and its mean over the limit.
    """
    n = 10
    while True:
        n = min(n, len(baseline))
        gained = candidate[:n] - baseline[:n]
        factor = 2.0 if n < 30 else 1.96
        significant = abs(gained.mean()) > factor * gained.std(ddof=1) / math.sqrt(n)
        if significant or n == len(baseline):
            return bool(significant and gained.mean() > (LIMIT - 1) * baseline[:n].mean())
        n += 10


def kayenta(baseline: Floats, candidate: Floats) -> bool:
    """Mann-Whitney at 98 %, and the ratio of the means over the allowed increase."""
    both = np.concatenate((baseline, candidate))
    ranks = np.empty(len(both))
    ranks[np.argsort(both)] = np.arange(1, len(both) + 1)
    n, m = len(baseline), len(candidate)
    u = ranks[n:].sum() - m * (m + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return bool(z > 2.326 and candidate.mean() > LIMIT * baseline.mean())


PEERS: dict[str, Callable[[Floats, Floats], bool]] = {
    "point": point,
    "pytest-benchmark": pytest_benchmark,
    "perfgate": perfgate,
    "Kayenta": kayenta,
}


@dataclass(slots=True)
class Line:
    """One line of the table, in shares of its runs, by what a request costs."""

    shape: Shape
    runs: int
    false_pass: list[float] = field(default_factory=list)
    false_fail: list[float] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    extended: list[float] = field(default_factory=list)
    at_most: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)

    @property
    def missed(self) -> bool:
        """Whether an aim is missed by more than two standard errors."""
        noise = 2 * math.sqrt(0.05 * 0.95 / self.runs)
        wrong = max((*self.false_pass, *self.false_fail))
        plain = self.shape.one_mode and (self.shape.ratio <= 1.0 or self.shape.ratio >= 2.0)
        silent = any(
            decided < AIM - noise
            for decided, at_most in zip(self.extended, self.at_most, strict=True)
            if at_most >= AIM
        )
        return wrong > 1 - AIM + noise or (plain and silent)

    def __str__(self) -> str:
        ratio = "–" if math.isnan(self.shape.ratio) else f"{self.shape.ratio:g}"
        cells = [
            self.shape.name,
            ratio,
            *map(_three, (self.false_pass, self.false_fail, self.decided, self.extended)),
            _three(self.at_most),
        ]
        cells += [_three(wrong) for wrong in self.peers.values()]
        return f"| {' | '.join(cells)} |{'  MISSED' if self.missed else ''}"


def _three(shares: list[float]) -> str:
    shown = ["–" if math.isnan(share) else f"{100 * share:.0f}" for share in shares]
    return shown[0] if len(set(shown)) == 1 else "/".join(shown)


def told_the_family() -> str:
    """Say what a rule decides of the widest shape that knows more than any shape has in common."""
    pairs = int(EXTENDED * BUDGET_MS / (2 * COSTS_MS[-1]))
    share = log_normal(0.6, 2.0, pairs, limit=LIMIT, levels=STRICT)
    return (
        f"told that both sides are log-normal of sd 0.6, a rule decides {share:.0%} "
        f"at a ratio of 2 and {COSTS_MS[-1]} ms a request"
    )


def head() -> str:
    """The head of the table, as Markdown."""
    names = ["shape", "ratio", "ours: false pass", "false fail"]
    names += ["decided in 36 s", "in up to 90 s", "at most"]
    names += [f"{name}: wrong" for name in (*PEERS, "k6")]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def lines(scale: float, seed: int, only: str = "") -> Iterator[Line]:
    """Yield the table, or the lines that begin with ``only``; a line is the same either way.

    At scale 1 a hundred runs for each line, some three minutes of one core in all.
    """
    runs = max(10, int(100 * scale))
    for number, shape in enumerate(shapes()):
        if not f"{shape.name} {shape.ratio:g}".startswith(only):
            continue
        chance = np.random.default_rng((seed, number))
        usual_ms = float(np.median(shape.baseline(np.random.default_rng(seed), 20_000)))
        found = Line(shape, runs, peers={name: [] for name in (*PEERS, "k6")})
        slow = shape.ratio > LIMIT or shape.grows
        for cost_ms in COSTS_MS:
            n = BUDGET_MS // (2 * cost_ms)
            longest = int(EXTENDED * n)
            longer = [shape.pairs(chance, longest) for _ in range(runs)]
            seen = [(one[:n], other[:n]) for one, other in longer]
            ended = [ours(*pair, cost_ms, n) for pair in longer]
            verdicts = [verdict for verdict, _ in ended]
            in_budget = sum(
                after <= n and verdict is not RuleVerdict.INCONCLUSIVE for verdict, after in ended
            )
            passed = verdicts.count(RuleVerdict.PASS) / runs
            failed = verdicts.count(RuleVerdict.FAIL) / runs
            found.false_pass.append(passed if slow else 0.0)
            found.false_fail.append(0.0 if slow else failed)
            found.decided.append(in_budget / runs)
            found.extended.append(passed + failed)
            found.at_most.append(shape.at_most(longest))
            for name, peer in PEERS.items():
                share = sum(peer(*pair) for pair in seen) / runs
                found.peers[name].append(1 - share if slow else share)
            # k6's threshold is in ms: 1.5 times the median that the baseline once had.
            share = sum(bool(np.median(one) > LIMIT * usual_ms) for _, one in seen) / runs
            found.peers["k6"].append(1 - share if slow else share)
        yield found
