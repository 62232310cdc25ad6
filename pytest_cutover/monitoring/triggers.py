"""Which conditions of the matrix hold now, and how long until each of them acts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_cutover.checklist.results import ActionName
from pytest_cutover.core.numbers import percent
from pytest_cutover.monitoring.error_rate import above
from pytest_cutover.monitoring.latency import far_above
from pytest_cutover.monitoring.samples import Sample, TriggerLimits, last_seen_s
from pytest_cutover.monitoring.traffic import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A condition that holds: what it demands once it has held for long enough."""

    condition: str
    action: ActionName
    held_s: float
    needed_s: float

    @property
    def left_s(self) -> float:
        """How long until it acts, if it goes on holding."""
        return max(0.0, self.needed_s - self.held_s)


def triggers(flow: Flow, samples: Sequence[Sample], limits: TriggerLimits) -> list[Trigger]:
    """Those that hold, the next to act first."""
    now_s = last_seen_s(samples)
    found = []
    held = above(flow.parts, limits.roll_back)
    if held is not None:
        found.append(
            Trigger(
                condition=f"5xx above {percent(limits.roll_back)}",
                action=ActionName.ROLL_BACK,
                held_s=now_s - held.since_s,
                needed_s=limits.roll_back_for_s,
            )
        )
    for endpoint, limit in limits.p99_ms.items():
        slow = far_above(samples, endpoint, limit * limits.p99_factor)
        if slow is not None:
            found.append(
                Trigger(
                    condition=f"P99 of {endpoint} above {limits.p99_factor:g} × {limit:g} ms",
                    action=ActionName.ROLL_BACK,
                    held_s=slow[1] - slow[0],
                    needed_s=limits.p99_for_s,
                )
            )
    return sorted(found, key=lambda one: one.left_s)
