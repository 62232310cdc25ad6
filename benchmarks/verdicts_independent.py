"""Independent requests: lognormal with a slow tail, under drift and coarse clocks."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

from benchmarks.verdict_rows import (
    ERRORS,
    OPEN,
    P95,
    P99,
    PASS,
    STRICT,
    Floats,
    Ints,
    Row,
    aims_at,
    counted,
    first_verdicts,
    judged,
)
from pytest_cutover.performance.stats.eprocess import RateTest
from pytest_cutover.performance.stats.outliers import Outliers
from pytest_cutover.performance.stats.proportions import HALF


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
    """Judge P50 <= 1.5 x baseline by pairs alone, the earlier way of ``ratio.judge_p50_ratio``."""
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
