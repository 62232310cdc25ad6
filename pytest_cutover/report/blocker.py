"""One reason for not switching, in the words that every page uses for it."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding, Gate, GateVerdict
from pytest_cutover.report.truncation import total

_VALUE = 30


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason for not switching: a gate, or one finding of a gate that has findings."""

    gate: Gate
    finding: Finding | None = None

    @property
    def severity(self) -> int:
        """From 1, the worst, to 4."""
        return self.finding.severity if self.finding else self.gate.severity

    @property
    def place(self) -> str:
        """The endpoint or file, where there is one; else the first test behind the gate."""
        if self.finding:
            return self.finding.endpoint
        gate = self.gate
        if gate.place or not (gate.nodeids and (gate.verdict is GateVerdict.FAIL or self._parity)):
            return gate.place
        more = total(gate) - 1
        return f"{_short(gate.nodeids[0])}{f' (+{more} more)' if more else ''}"

    @property
    def seen(self) -> str:
        """What was observed; the reason where that is a bare number, which says nothing."""
        if self.finding:
            where = self.finding.pointer or self.finding.kind
            unstable = ", not every time" if self.finding.unstable else ""
            return f"{where}  {change(self.finding)}{unstable}   {self.finding.occurrences}×"
        if self._told:
            return self._message
        if self._message and self._undecided:
            return f"{self.gate.observed}, {self._message}"
        return self.gate.observed

    @property
    def detail(self) -> str:
        """What was observed and, for a gate, its limit."""
        return f"{self.seen}   limit {self.limit}" if self.limit else self.seen

    @property
    def limit(self) -> str:
        """The limit, where it says anything beside what was seen."""
        return "" if self.finding or self._told else self.gate.limit

    @property
    def brief(self) -> str:
        """The detail where room is short: a limit decides nothing while nothing was observed."""
        return self.seen if self._undecided else self.detail

    @property
    def _message(self) -> str:
        return self.gate.message.partition("\n")[0]

    @property
    def _told(self) -> bool:
        observed = self.gate.observed
        return bool(self._message) and (not observed or observed.isdecimal())

    @property
    def _parity(self) -> bool:
        return self.gate.code.startswith("CUT1")

    @property
    def _undecided(self) -> bool:
        return self.gate.verdict is GateVerdict.INCONCLUSIVE


def change(finding: Finding) -> str:
    """How the value changed: by types or formats, or by the values where those are the same."""
    before, _, after = finding.change.partition(" → ")
    if before != after:
        return finding.change
    return f"{one_line(finding.baseline, _VALUE)} → {one_line(finding.candidate, _VALUE)}"


def _short(nodeid: str) -> str:
    """A node id without its folders."""
    path, separator, rest = nodeid.partition("::")
    return f"{path.rpartition('/')[2]}{separator}{rest}"
