"""The table of `verdicts`: rows and their aims; when a run of independent requests is decided."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pytest_cutover.performance.stats.decision import PerformanceRule, Strictness
from pytest_cutover.performance.stats.eprocess import RateTest, fewest_to_pass
from pytest_cutover.performance.stats.proportions import QUANTILE_TESTS, error_test

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRICT = Strictness(gates=25)
P99 = QUANTILE_TESTS[PerformanceRule.P99]
P95 = QUANTILE_TESTS[PerformanceRule.P95]
ERRORS = error_test(0.001)
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


@lru_cache(maxsize=65536)
def most_to_fail(test: RateTest, s: int, log_threshold: float) -> int:
    """Return the largest n at which s exceedances are evidence for a rate above the limit.

    0 when s exceedances are never enough. Evidence above falls with every clean request.
    """
    if s < 1 or test.log_e_above(s, s) < log_threshold:
        return 0
    high = max(8, 2 * s)
    while test.log_e_above(s, high) >= log_threshold:
        high *= 2
    asked = range(s, high)
    return s - 1 + bisect_left(asked, True, key=lambda n: test.log_e_above(s, n) < log_threshold)


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


def aims_at(rate: float, limit: float, median: float | None = None) -> dict[str, float]:
    """Return what must be reached at this true rate of independent requests."""
    aims = {"false pass": 0.05} if rate > limit else {"false fail": 0.05 / STRICT.gates}
    if rate <= limit / 2 or rate >= 2 * limit:
        aims["open"] = 0.10
    if median is not None:
        aims["median n"] = median
    return aims


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
