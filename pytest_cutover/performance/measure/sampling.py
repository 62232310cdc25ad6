"""The sampling stage: one balanced block per undecided endpoint in turn, until all are decided.

Called by the plugin when the items are done. Imports no pytest.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_cutover.performance.measure.machine_watch import MachineWatch
from pytest_cutover.performance.measure.workload import Workload, WorkloadError
from pytest_cutover.performance.run_data import Measurements
from pytest_cutover.performance.stats.caveats import MOST_TO_ASK_FOR
from pytest_cutover.performance.stats.decision import Decision, PerformanceRule
from pytest_cutover.performance.stats.samples import turns

_SHOWN = 3
_LEAST_OF_BUDGET = 0.5
"""The share of the time budget that the stage has, whatever ran before it."""


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

    def line(self) -> str:
        """One line for the terminal."""
        total = self.decided + len(self.open)
        text = (
            f"cutover: sampling {self.elapsed_s:.0f} s of {self.budget_s:.0f} s · "
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
    ``deadline_s`` (of ``time.monotonic``) has come, or when every workload is broken.
    """

    measurements: Measurements
    workloads: Mapping[str, Workload]
    seed: int
    budget_s: float
    deadline_s: float
    show: Callable[[str], None] = lambda _line: None
    show_every_s: float = 1.0

    def run(self) -> None:
        """Sample; what was seen is in ``measurements`` afterwards."""
        began = shown = time.monotonic()
        watch = MachineWatch(self.measurements.machine)
        watch.look(now=True)
        collecting = gc.isenabled()
        for tally in self.measurements.tallies.values():
            tally.pause()
        gc.collect()
        gc.disable()  # Our own pauses would look like the backends'.
        try:
            for endpoint, order in turns(self._undecided, seed=self.seed):
                now = time.monotonic()
                if now >= self.deadline_s:
                    break
                if now - shown >= self.show_every_s:
                    shown = now
                    self.show(self._progress(began).line())
                    gc.collect(1)
                watch.look()
                if endpoint in self.measurements.broken:
                    continue
                try:
                    self.measurements.add(self.workloads[endpoint].block(order))
                except WorkloadError as error:
                    self.measurements.broken[endpoint] = str(error)
        finally:
            watch.look(now=True)
            if collecting:
                gc.enable()
        self.show(self._progress(began).line())

    def _undecided(self) -> list[str]:
        sound = [name for name in self.workloads if name not in self.measurements.broken]
        return self.measurements.undecided(sound)

    def _progress(self, began: float) -> Progress:
        decided, left = self.measurements.standing(list(self.workloads))
        return Progress(time.monotonic() - began, self.budget_s, decided, tuple(left))
