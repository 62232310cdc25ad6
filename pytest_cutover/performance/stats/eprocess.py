"""Evidence about a rate that may be looked at after every request.

One-sided Beta-mixture e-processes for a Bernoulli rate. With ``s`` exceedances in ``n`` requests
and a prior Beta(a, b) cut to the rates below the limit p,

    E = [B(a+s, b+n-s) I_p(a+s, b+n-s)] / [B(a, b) I_p(a, b)] / [p^s (1-p)^(n-s)]

is the likelihood of the data averaged over the rates below p, against that at p. While the rate,
averaged over what was sampled, is p or more, E ever reaches 1/alpha with probability alpha at
most (Ville's inequality); likewise for the prior cut to the rates above p. Sources: Robbins 1970;
Howard, Ramdas, McAuliffe, Sekhon, Annals of Statistics 49 (2021), 1055-1080; for canaries Lindon,
Sanden, Shirikian, KDD 2022. The same holds for fractional s: exceedances in [0, 1].

Called by the rules. Imports numpy and scipy.special: never from a module that every run loads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import (  # type: ignore[import-untyped, unused-ignore]
    betainc,
    betaincc,
    betaln,
)

Floats = npt.NDArray[np.float64]
_Predicate = Callable[[int], bool]

MOST_SAMPLES = 100_000_000
"""Beyond this many samples a verdict is out of reach and nobody is told to take them."""


@dataclass(frozen=True, slots=True)
class RateTest:
    """Is the rate below or above ``limit`` (0 to 1)? ``prior`` is the (a, b) of a Beta."""

    limit: float
    prior: tuple[float, float]

    def __post_init__(self) -> None:
        """Refuse what has no meaning as a rate or a prior."""
        if not 0 < self.limit < 1:
            raise ValueError(f"limit of a rate: expected a number in (0, 1), got {self.limit!r}")
        if not min(self.prior) > 0:
            raise ValueError(f"prior of a rate: expected two numbers > 0, got {self.prior!r}")

    def log_e_below(self, s: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
        """Return log E, the evidence that the rate is below the limit; shapes broadcast."""
        return _log_e(s, n, self.limit, self.prior, betainc)

    def log_e_above(self, s: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
        """Return log E, the evidence that the rate is above the limit; shapes broadcast."""
        return _log_e(s, n, self.limit, self.prior, betaincc)


def _log_e(
    s: npt.ArrayLike,
    n: npt.ArrayLike,
    limit: npt.ArrayLike,
    prior: tuple[float, float],
    mass: Callable[..., Floats],
) -> Floats:
    """Return log E for a prior cut to one side of the limit; ``mass`` gives that side's share."""
    a, b = prior
    s, n = np.asarray(s, dtype=np.float64), np.asarray(n, dtype=np.float64)
    limit = np.asarray(limit, dtype=np.float64)
    with np.errstate(divide="ignore"):
        cut = np.log(mass(a + s, b + n - s, limit)) - np.log(mass(a, b, limit))
    mixture = betaln(a + s, b + n - s) - betaln(a, b)
    at_limit = s * np.log(limit) + (n - s) * np.log1p(-limit)
    return np.asarray(mixture - at_limit + cut, dtype=np.float64)


@lru_cache(maxsize=65536)
def fewest_to_pass(test: RateTest, s: int, log_threshold: float) -> int:
    """Return the smallest n at which s exceedances are evidence for a rate below the limit."""
    low, high = s, max(8, 2 * s)
    while test.log_e_below(s, high) < log_threshold:
        low, high = high, 2 * high
    return _bisect(low, high, lambda n: bool(test.log_e_below(s, n) >= log_threshold))


def _bisect(low: int, high: int, holds: _Predicate) -> int:
    """Return the smallest integer in (low, high] from which ``holds`` is true."""
    if holds(low):
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def samples_needed(
    test: RateTest,
    s: float,
    n: int,
    *,
    log_pass: float,
    log_fail: float,
    discount: float = 1.0,
) -> int | None:
    """Return how many more samples a verdict takes if the observed rate s/n stays.

    None when it never comes (the rate stands on the limit), 0 when it is there already.
    ``discount`` (1 or more) is how many samples count as one.
    """
    rate = s / n if n else 0.0

    def decided(total: int) -> bool:
        effective = total / discount
        hits = rate * effective
        if rate < test.limit:
            return bool(test.log_e_below(hits, effective) >= log_pass)
        return bool(test.log_e_above(hits, effective) >= log_fail)

    if decided(max(n, 1)):
        return 0
    low, high = max(n, 1), 2 * max(n, 1)
    while not decided(high):
        low, high = high, 2 * high
        if high > MOST_SAMPLES:
            return None
    return _bisect(low, high, decided) - n


def rate_bounds(
    s: float,
    n: float,
    prior: tuple[float, float],
    *,
    log_upper: float,
    log_lower: float,
) -> tuple[float, float]:
    """Return the confidence sequence (lower, upper) of a rate: the limits not yet decided.

    ``log_upper`` and ``log_lower`` are the log evidence at which a limit counts as kept or as
    broken; with those of a gate the interval excludes the limit exactly when the gate decides.
    (0, 1) without samples.
    """
    if n <= 0:
        return 0.0, 1.0
    rate = s / n
    lower = upper = rate
    if s > 0:
        lower = _edge(rate, 0.0, lambda p: _log_e(s, n, p, prior, betaincc) >= log_lower)
    if s < n:
        upper = _edge(rate, 1.0, lambda p: _log_e(s, n, p, prior, betainc) >= log_upper)
    return lower, upper


def _edge(
    inside: float, outside: float, decided: Callable[[Floats], npt.NDArray[np.bool_]]
) -> float:
    """Return the limit nearest to ``inside``, on the way to ``outside``, that is decided."""
    for _ in range(6):
        grid = np.linspace(inside, outside, 33)[1:]
        tested = np.clip(grid, 1e-12, 1 - 1e-12)
        yes = decided(tested)
        yes[-1] = True
        first = int(np.argmax(yes))
        inside, outside = (inside if first == 0 else float(grid[first - 1])), float(grid[first])
    return outside


@lru_cache(maxsize=4096)
def ranks(
    test: RateTest,
    n: int,
    *,
    log_pass: float,
    log_fail: float,
    pass_discount: float = 1.0,
    fail_discount: float = 1.0,
) -> tuple[int, int]:
    """Return (most exceedances with which n samples pass, fewest with which they fail).

    -1 and n + 1 where there is no such number. The order statistics at these ranks bound the
    quantile that the test is about, at every n at once (Howard, Ramdas, Bernoulli 28, 2022).
    """
    c, d = pass_discount, fail_discount
    not_passing = _first(n, lambda s: bool(test.log_e_below(s / c, n / c) < log_pass))
    failing = _first(n, lambda s: bool(test.log_e_above(s / d, n / d) >= log_fail))
    return not_passing - 1, failing


def _first(most: int, holds: _Predicate) -> int:
    """Return the smallest integer in 0..most from which ``holds`` is true; most + 1 if none."""
    return _bisect(-1, most + 1, lambda s: s > most or (s >= 0 and holds(s)))
