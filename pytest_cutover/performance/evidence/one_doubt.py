"""One doubt, one blocker: gates that a busy machine, or a throttle, leaves open.

How busy the machine was is said beside every absolute verdict. Called by ``gates``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_cutover.performance.stats.decision import (
    Caveat,
    Decision,
    PerformanceRule,
    RuleVerdict,
)
from pytest_cutover.performance.stats.machine import MachineRecord
from pytest_cutover.report.measured import Series
from pytest_cutover.report.model import Gate, GateVerdict

_ABSOLUTE = {
    PerformanceRule.P50,
    PerformanceRule.P95,
    PerformanceRule.P99,
    PerformanceRule.MAXIMUM,
}
_OF_THE_MACHINE = {
    *(Caveat.TOO_FEW, Caveat.BURSTS, Caveat.NOISE, Caveat.ENVIRONMENT, Caveat.OUTLIER),
    *(Caveat.GENERATOR, Caveat.GAP),
}
"""What a quiet machine may cure."""
_OF_THE_BACKEND = {
    *(Caveat.THROTTLED, Caveat.CLIENT_COST, Caveat.NOT_INTERLEAVED, Caveat.UNTESTED),
    *(Caveat.TREND, Caveat.SHAPE),
}
"""What it does not."""
_NAMED = 6
_CURE = "run again while nothing else runs here, or with a larger budget_s in [performance]"


@dataclass(frozen=True, slots=True)
class JudgedGate:
    """A decision with its gate."""

    decision: Decision
    gate: Gate

    @property
    def left_open(self) -> bool:
        """Whether a quiet machine may decide it."""
        doubts = {note.doubt for note in self.decision.notes}
        open_ = self.decision.verdict is RuleVerdict.INCONCLUSIVE
        if self.decision.rule is PerformanceRule.ERRORS:
            return False  # A question of number alone.
        return open_ and bool(doubts & _OF_THE_MACHINE) and not doubts & _OF_THE_BACKEND


def beside(decision: Decision, machine: MachineRecord) -> str:
    """Return how busy the machine was, for an absolute limit; empty for others."""
    known = machine.sentence()
    return f"meanwhile {known}" if known and decision.rule in _ABSOLUTE else ""


def under_one_blocker(
    judged: Sequence[JudgedGate], machine: MachineRecord, *, again: str
) -> Iterator[Gate]:
    """Yield the gates; those that one doubt leaves open behind one blocker that names them.

    A single one that a busy machine leaves open says so itself.
    """
    busy = [one for one in judged if one.left_open] if machine.busy else []
    throttled = [one for one in judged if one.decision.has(Caveat.THROTTLED)]
    behind: dict[str, str] = {}
    for blocker, left in ((_busy(busy, machine), busy), (_throttled(throttled), throttled)):
        if len(left) > 1:
            yield replace(blocker, next=again)
            behind |= {one.gate.id: blocker.title for one in left}
    for one in judged:
        title = behind.get(one.gate.id)
        if title is None and one in busy:
            # A blocker of its own for one gate would only repeat it.
            said = f"{one.gate.message}; the machine was busy ({machine.sentence()}): {_CURE}"
            yield replace(one.gate, message=said)
        elif title is None:
            yield one.gate
        else:
            said = f"{one.gate.message}; told under {title!r}"
            yield replace(one.gate, required=False, message=said)


def _busy(left: Sequence[JudgedGate], machine: MachineRecord) -> Gate:
    return Gate(
        id="performance.busy-machine",
        code="CUT212",
        title="busy machine",
        verdict=GateVerdict.INCONCLUSIVE,
        place=f"{len(left)} gates",
        limit="quiet enough to decide them",
        observed=machine.sentence(),
        message=f"{_CURE}; open are {_names(left)}",
    )


def _throttled(left: Sequence[JudgedGate]) -> Gate:
    """Return the sentence of the error rate, which counts all endpoints, where there is one."""
    told = [note for one in left for note in one.decision.notes if note.doubt is Caveat.THROTTLED]
    return Gate(
        id="performance.throttled",
        code="CUT213",
        title="throttled",
        verdict=GateVerdict.INCONCLUSIVE,
        place=f"{len(left)} gates",
        limit="0 answers of 429",
        message=f"{told[-1].sentence}; it leaves open {_names(left)}" if told else "",
    )


def _names(left: Sequence[JudgedGate]) -> str:
    names = [f"{one.gate.title} {one.gate.place}".strip() for one in left]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def machine_series(machine: MachineRecord) -> Iterator[Series]:
    """Yield how busy it was over time, for a plot, in per cent of the time."""
    seen = machine.waiting_over_time()
    if len(seen) > 1:
        yield Series(
            name="processes waiting for a core",
            side="machine",
            unit="%",
            times_s=tuple(round(at, 3) for at, _ in seen),
            values=tuple(round(100 * share, 1) for _, share in seen),
        )
