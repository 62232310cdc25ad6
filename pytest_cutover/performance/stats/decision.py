"""What a performance gate answers: a verdict, an observed value with its interval, and the doubts.

Called by the rules, read by the report. Imports the standard library only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class RuleVerdict(StrEnum):
    """The three answers."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class PerformanceRule(StrEnum):
    """What a decision is about."""

    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    MAXIMUM = "maximum"
    P50_RATIO = "p50-ratio"
    ERRORS = "errors"
    LOAD = "load"
    MEMORY = "memory"
    POOL = "pool"


class Caveat(StrEnum):
    """What makes a figure doubtful, or what a reader must know about it."""

    TOO_FEW = "too-few-samples"
    BURSTS = "bursts"
    SHAPE = "shape"
    GAP = "median-in-a-gap"
    NOISE = "noise-floor"
    CLIENT_COST = "client-cost"
    FLOOR = "practical-floor"
    ENVIRONMENT = "environment"
    THROTTLED = "throttled"
    DROPPED = "baseline-failures"
    NOT_KEPT = "connections-not-kept"
    WARM_UP = "warm-up"
    TREND = "trend"
    OUTLIER = "outlier"
    GENERATOR = "generator"
    UNTESTED = "not-put-to-the-test"
    NOT_INTERLEAVED = "not-interleaved"
    GROWTH = "growth"


_INCURABLE = {Caveat.THROTTLED, Caveat.CLIENT_COST, Caveat.GENERATOR, Caveat.NOT_INTERLEAVED}
"""What more samples of the same kind do not cure."""


@dataclass(frozen=True, slots=True)
class Note:
    """A doubt, and a sentence that says what to do about it."""

    doubt: Caveat
    sentence: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """An observed value between its bounds, all in the unit of the limit.

    ``upper`` is infinite while the samples say nothing; the report writes null.
    """

    estimate: float
    lower: float
    upper: float


UNKNOWN = Estimate(math.nan, 0.0, math.inf)
"""The estimate without samples."""


@dataclass(frozen=True, slots=True)
class Strictness:
    """How much evidence a verdict takes: pass at E >= 1/alpha, fail at E >= gates/alpha.

    ``gates`` is how many gates the run has, so that a run without any fault is failed with a
    chance of ``alpha`` at most, however many gates there are.
    """

    gates: int
    alpha: float = 0.05

    def __post_init__(self) -> None:
        """Refuse levels that would make every verdict or none."""
        if not 0 < self.alpha < 1 or self.gates < 1:
            raise ValueError(
                f"strictness: expected 0 < alpha < 1 and at least 1 gate, "
                f"got alpha={self.alpha!r}, gates={self.gates!r}"
            )

    @property
    def level(self) -> float:
        """How often an interval holds the truth at least, at every number of samples at once."""
        return 1 - self.alpha - self.alpha / self.gates

    @property
    def log_pass(self) -> float:
        """The log evidence at which a gate passes."""
        return -math.log(self.alpha)

    @property
    def log_fail(self) -> float:
        """The log evidence at which a gate fails."""
        return math.log(self.gates / self.alpha)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one gate has to say at this moment.

    ``limit`` and ``observed`` are in ``unit``; ``share`` is the rate that was tested, in 0..1,
    where there is one; ``samples`` counts what the rule looks at. ``more_samples_needed`` is 0 when
    decided, None when more samples like those seen would not decide it. ``medians_ms`` has the
    baseline's and the candidate's median beside a ratio of them.
    """

    rule: PerformanceRule
    endpoint: str
    verdict: RuleVerdict
    limit: float
    unit: str
    observed: Estimate
    samples: int
    more_samples_needed: int | None
    notes: tuple[Note, ...] = ()
    share: Estimate | None = None
    reach: str = ""
    medians_ms: tuple[float, float] | None = None

    @property
    def open(self) -> bool:
        """True while sampling more is worth its time.

        Also where the rate stands on its limit so far: one of the first 100 proves nothing.
        """
        if self.verdict is not RuleVerdict.INCONCLUSIVE:
            return False
        doubts = {note.doubt for note in self.notes}
        if doubts & _INCURABLE:
            return False
        return self.more_samples_needed is not None or bool(
            doubts & {Caveat.TOO_FEW, Caveat.BURSTS, Caveat.GAP, Caveat.TREND}
        )

    def has(self, doubt: Caveat) -> bool:
        """Say whether a note is about this doubt."""
        return any(note.doubt is doubt for note in self.notes)
