"""Independent requests: lognormal with a slow tail, under drift and coarse clocks."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

from benchmarks.verdict_rows import (
    ERRORS,
    P95,
    P99,
    STRICT,
    Floats,
    Row,
    aims_at,
    counted,
    first_verdicts,
    judged,
)
from pytest_cutover.performance.stats.eprocess import RateTest
from pytest_cutover.performance.stats.outliers import Outliers


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
