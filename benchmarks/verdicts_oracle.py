"""What can be decided at all: rules that are told what nobody knows, on as many requests.

Two of them, both with the levels of the gate (pass at 20, fail at 20 times the gates), both looked
at after every pair:

*Any shape*: a rule that holds whatever the two distributions are can use a request only by the side
of a split on which it lies. Of all pairs of distributions that contradict the claim the nearest one
puts the baseline's median at a split t and the candidate's at limit x t, and leaves all else as it
is; the likelihood ratio against it, at the least favourable t and with the true shares, is the most
that any such rule has. No rule without an assumption about the shape decides more often.

*Log-normal*: the likelihood ratio of a rule that knows the family and its width too, and may use
how far away a request lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats.decision import Strictness

Floats = npt.NDArray[np.float64]
_DRAWN = 100_000
_RUNS = 2000
_EDGE = 1e-9


def any_shape(
    baseline: Floats,
    candidate: Floats,
    pairs: int,
    *,
    limit: float,
    strictness: Strictness,
) -> float:
    """Return the share of runs that are decided rightly by split; sides in ms, a large sample."""
    left, right = np.sort(baseline), np.sort(candidate / limit)
    splits = np.quantile(np.concatenate((left, right)), np.linspace(0.001, 0.999, 2000))
    shares = [np.searchsorted(side, splits, side="right") / len(side) for side in (left, right)]
    breaks = float(np.median(candidate)) > limit * float(np.median(baseline))
    # Evidence for a break: the baseline's median is below t, the candidate's above limit x t.
    for_claim = (shares[0] > 0.5, shares[1] < 0.5) if breaks else (shares[0] < 0.5, shares[1] > 0.5)
    growth = sum(
        np.where(known, _divergence(share), 0.0)
        for share, known in zip(shares, for_claim, strict=True)
    )
    worst = int(np.argmin(growth))
    chance = np.random.default_rng(1)
    evidence = np.zeros((_RUNS, pairs))
    for share, known in zip(shares, for_claim, strict=True):
        if known[worst]:
            p = float(np.clip(share[worst], _EDGE, 1 - _EDGE))
            below = chance.random((_RUNS, pairs)) < p
            evidence += np.where(below, math.log(2 * p), math.log(2 * (1 - p)))
    return _decided(evidence, strictness.log_fail if breaks else strictness.log_pass)


def log_normal(sd: float, ratio: float, pairs: int, *, limit: float, levels: Strictness) -> float:
    """Return the share of runs that a rule decides rightly which knows the family and ``sd``."""
    shift = math.log(ratio / limit)
    chance = np.random.default_rng(2)
    # The difference of both logarithms is all that tells: normal, of variance 2 sd^2.
    seen = chance.normal(shift, sd * math.sqrt(2), (_RUNS, pairs))
    evidence = (shift * seen - shift**2 / 2) / (2 * sd**2)
    return _decided(evidence, levels.log_fail if shift > 0 else levels.log_pass)


def drawn(side: Callable[[np.random.Generator, int], Floats], seed: int) -> Floats:
    """Return a sample of a side that is large enough to stand for its distribution."""
    return side(np.random.default_rng(seed), _DRAWN)


def _decided(evidence: Floats, level: float) -> float:
    return float(np.mean(np.max(np.cumsum(evidence, axis=1), axis=1) >= level))


def _divergence(share: Floats) -> Floats:
    p = np.clip(share, _EDGE, 1 - _EDGE)
    return np.asarray(p * np.log(2 * p) + (1 - p) * np.log(2 * (1 - p)))
