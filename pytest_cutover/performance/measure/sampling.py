"""The sampling stage: one balanced block per undecided endpoint in turn, until all are decided.

Where the budget ends before that, it goes on with those endpoints that some more would decide:
whose answers take long, or vary a lot.

Called by the plugin when the items are done. Imports no pytest.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pytest_cutover.performance.measure.machine_watch import MachineWatch
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.measure.workload import Workload, WorkloadError
from pytest_cutover.performance.stats.caveats import MOST_TO_ASK_FOR
from pytest_cutover.performance.stats.course import DOUBT_LASTS
from pytest_cutover.performance.stats.decision import Caveat, Decision, PerformanceRule
from pytest_cutover.performance.stats.samples import turns

_SHOWN = 3
HOPE = 4
"""How much more than it has time for a median may ask for: what it asks for varies as much."""
_OF_MEDIANS = (PerformanceRule.P50, PerformanceRule.P50_RATIO)
_LEAST_OF_BUDGET = 0.5
"""The share of the time budget that the stage has, whatever ran before it."""


def asked_for(one: Decision) -> int:
    """Return how many more samples may decide an open gate; 0 where no number is known.

    Half as many more show again, or no more, a trend that one side alone seems to have.
    """
    if not one.open:
        return 0
    if one.more_samples_needed is None and one.has(Caveat.TREND):
        return math.ceil((DOUBT_LASTS - 1) * one.samples)
    return one.more_samples_needed or 0


def time_to_sample_s(budget_s: float, spent_s: float) -> float:
    """Return the seconds that the stage has, of a budget of which others spent so many.

    A load that took it all would leave the tails without an answer: half of it is the stage's.
    """
    return max(_LEAST_OF_BUDGET * budget_s, budget_s - spent_s)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the stage stands; times in seconds."""

    elapsed_s: float
    budget_s: float
    decided: int
    open: tuple[Decision, ...]
    more_s: float = 0.0

    def line(self) -> str:
        """One line for the terminal."""
        total = self.decided + len(self.open)
        more = f", extended by up to {self.more_s:.0f} s" if self.more_s else ""
        text = (
            f"cutover: sampling {self.elapsed_s:.0f} s of {self.budget_s:.0f} s{more} · "
            f"{self.decided} of {total} gates decided"
        )
        if not self.open:
            return text
        shown = ", ".join(_left(one) for one in self.open[:_SHOWN])
        more = f" and {len(self.open) - _SHOWN} more" if len(self.open) > _SHOWN else ""
        return f"{text} · open: {shown}{more}"


def _left(one: Decision) -> str:
    where = "" if one.rule is PerformanceRule.ERRORS else f" {one.endpoint}"
    if not one.open:
        return f"{one.rule}{where} (more will not decide)"
    more = one.more_samples_needed
    left = f", ~{more:,} more" if more and more <= MOST_TO_ASK_FOR else ""
    return f"{one.rule}{where} (n={one.samples:,}{left})"


@dataclass(slots=True)
class Sampling:
    """One stage over the workloads of a run, each under its endpoint.

    ``show`` gets a line every ``show_every_s`` seconds. The stage ends when nothing is open, when
    ``deadline_s`` (of ``clock``) has come, or when every workload is broken. Endpoints
    that ``more_s`` after the deadline would decide have as much.
    """

    measurements: Measurements
    workloads: Mapping[str, Workload]
    seed: int
    budget_s: float
    deadline_s: float
    show: Callable[[str], None] = lambda _line: None
    show_every_s: float = 1.0
    more_s: float = 0.0
    clock: Callable[[], float] = time.monotonic
    _taken: dict[str, _Taken] = field(default_factory=dict)
    _going_on: frozenset[str] | None = None

    def run(self) -> None:
        """Sample; what was seen is in ``measurements`` afterwards."""
        began = shown = self.clock()
        watch = MachineWatch(self.measurements.machine)
        watch.look(now=True)
        collecting = gc.isenabled()
        for tally in self.measurements.tallies.values():
            tally.pause()
        gc.collect()
        gc.disable()  # Our own pauses would look like the backends'.
        try:
            for endpoint, order in turns(self._undecided, seed=self.seed):
                now = self.clock()
                if now >= self.deadline_s and not self._goes_on(now):
                    break
                if now - shown >= self.show_every_s:
                    shown = now
                    self.show(self._progress(began).line())
                    gc.collect(1)
                watch.look()
                if endpoint in self.measurements.broken or not self._is_sampled(endpoint):
                    continue
                try:
                    self.measurements.add(self.workloads[endpoint].block(order))
                    taken = self._taken.setdefault(endpoint, _Taken())
                    taken.blocks += 1
                    taken.seconds += self.clock() - now
                except WorkloadError as error:
                    self.measurements.broken[endpoint] = str(error)
        finally:
            watch.look(now=True)
            if collecting:
                gc.enable()
        self.show(self._progress(began).line())

    def _undecided(self) -> list[str]:
        sound = [name for name in self.workloads if name not in self.measurements.broken]
        if self._going_on is not None:
            return self.measurements.undecided_latencies([n for n in sound if self._is_sampled(n)])
        return self.measurements.undecided(sound)

    def _is_sampled(self, endpoint: str) -> bool:
        return self._going_on is None or endpoint in self._going_on

    def _goes_on(self, now_s: float) -> bool:
        """Whether the time after the budget is worth its while, once: for whom, is kept.

        The endpoints that need least come first, as many as there is time for.
        """
        if self._going_on is not None or self.more_s <= 0:
            return False
        left_s, chosen = self.more_s, set()
        for seconds, endpoint in sorted(self._needed()):
            if seconds <= left_s:
                left_s -= seconds
                chosen.add(endpoint)
        self._going_on = frozenset(chosen)
        self.deadline_s = now_s + self.more_s
        return bool(chosen)

    def _needed(self) -> Iterator[tuple[float, str]]:
        """Yield how many seconds each undecided endpoint seems to need, at the least."""
        _, left = self.measurements.standing(list(self.workloads))
        needed: dict[str, float] = {}
        for one in left:
            taken, more = self._taken.get(one.endpoint), asked_for(one)
            if taken is None or not more:
                continue
            blocks = math.ceil(more / 2)
            hope = HOPE if one.rule in _OF_MEDIANS else 1
            seconds = blocks * taken.seconds / taken.blocks / hope
            needed[one.endpoint] = min(seconds, needed.get(one.endpoint, math.inf))
        for endpoint, seconds in needed.items():
            yield seconds, endpoint

    def _progress(self, began: float) -> Progress:
        decided, left = self.measurements.standing(list(self.workloads))
        more_s = self.more_s if self._going_on else 0.0
        elapsed_s = self.clock() - began
        return Progress(elapsed_s, self.budget_s, decided, tuple(left), more_s)


@dataclass(slots=True)
class _Taken:
    """What the blocks of an endpoint took so far."""

    blocks: int = 0
    seconds: float = 0.0
