"""How busy the machine was while it measured, and whether its figures are to be believed.

Called by the measurements and the gate. Pure; imports the standard library only.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pytest_cutover.core.numbers import number, percent

BUSY_WAITING = 0.25
"""In more of the time than this somebody waited for a core: the backends waited too."""
BUSY_STEAL = 0.05
"""Above this share another virtual machine had the cores."""
BUSY_LATE_MS = 2.0
"""A client that wakes so late, one time in twenty, measures its own waiting."""
_FEWEST_NAPS = 20
_WORTH_SAYING = 0.005


@dataclass(frozen=True, slots=True)
class MachineSample:
    """One look: seconds on a monotonic clock, and counters that only grow.

    ``waited_s`` is the time in which any process of the machine waited for a core (Linux' pressure
    stall information), ``stolen_s`` what another virtual machine took of ``cores_s``; None where
    the system does not tell.
    """

    at_s: float
    waited_s: float | None = None
    stolen_s: float | None = None
    cores_s: float | None = None


@dataclass(slots=True)
class MachineRecord:
    """What was seen of the machine through a run; ``late_ms`` is how late the client's naps ended.

    ``parts`` are stretches of watching, each with its samples in order.
    """

    parts: list[list[MachineSample]] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)

    @property
    def waiting(self) -> float | None:
        """The share of the time in which somebody waited for a core; None if not known."""
        return self._share("waited_s", "at_s")

    @property
    def steal(self) -> float | None:
        """The share of the cores' time that another virtual machine had; None if not known."""
        return self._share("stolen_s", "cores_s")

    @property
    def lateness_ms(self) -> float | None:
        """How late the client woke in ms, exceeded one time in twenty; None with few naps."""
        if len(self.late_ms) < _FEWEST_NAPS:
            return None
        return statistics.quantiles(self.late_ms, n=20)[-1]

    @property
    def busy(self) -> bool:
        """Whether others kept the machine so busy that it shows in latencies."""
        bounds = (
            (self.waiting, BUSY_WAITING),
            (self.steal, BUSY_STEAL),
            (self.lateness_ms, BUSY_LATE_MS),
        )
        return any(value is not None and value > bound for value, bound in bounds)

    def sentence(self) -> str:
        """Say how busy it was; empty where nothing is known."""
        told = []
        if self.waiting is not None:
            told.append(f"processes waited for a core {percent(self.waiting, 0)} of the time")
        if self.steal is not None and self.steal >= _WORTH_SAYING:
            told.append(f"another virtual machine had it {percent(self.steal, 0)} of the time")
        if self.lateness_ms is not None:
            told.append(f"the client woke up to {number(self.lateness_ms)} ms late")
        return ", ".join(told)

    def waiting_over_time(self) -> tuple[tuple[float, float], ...]:
        """Return (seconds since the first look, share waiting) for each stretch of two looks."""
        seen = [(a, b) for part in self.parts for a, b in pairwise(part)]
        if not seen:
            return ()
        began = seen[0][0].at_s
        return tuple(
            (b.at_s - began, (b.waited_s - a.waited_s) / (b.at_s - a.at_s))
            for a, b in seen
            if a.waited_s is not None and b.waited_s is not None and b.at_s > a.at_s
        )

    def _share(self, part: str, whole: str) -> float | None:
        ends = [(samples[0], samples[-1]) for samples in self.parts if len(samples) > 1]
        of, over = _gained(ends, part), _gained(ends, whole)
        return None if of is None or not over else min(1.0, of / over)


def _gained(ends: Sequence[tuple[MachineSample, MachineSample]], name: str) -> float | None:
    pairs = [(getattr(first, name), getattr(last, name)) for first, last in ends]
    if not pairs or any(a is None or b is None for a, b in pairs):
        return None
    return float(sum(b - a for a, b in pairs))
