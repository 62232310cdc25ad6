"""What else is in use for a rate: point estimates, a peeked interval, the package ville."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

from benchmarks.verdict_rows import P99, STRICT, Row, counted
from benchmarks.verdicts_bursts import World, slow_slots


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
