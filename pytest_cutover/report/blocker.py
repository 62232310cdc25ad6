"""One reason for not switching, in the words that every page uses for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_cutover.core.nodeid import SEED
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Cause, Finding, Gate, GateVerdict
from pytest_cutover.report.truncation import total

_VALUE = 30
_NAMED = 4
_RUN = re.compile(r"[A-Za-z0-9_-]{16,}")  # a random string, where there is a digit in it
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason for not switching: a gate, or what a gate with findings failed for.

    `cause` is all that one change of the candidate explains, `finding` the worst of its findings.
    `others` are gates that this line tells as well.
    """

    gate: Gate
    finding: Finding | None = None
    cause: Cause | None = None
    others: tuple[Gate, ...] = ()

    @property
    def severity(self) -> int:
        """From 1, the worst, to 4."""
        return (self.cause or self.finding or self.gate).severity

    @property
    def name(self) -> str:
        """What kind of reason it is: the title of its gate."""
        return self.gate.title

    @property
    def place(self) -> str:
        """The endpoint or file, where there is one; else the first test behind the gate."""
        if self.cause and len(self.cause.endpoints) > 1:
            return f"{len(self.cause.endpoints)} endpoints"
        if self.alike:
            return f"{len(self.alike) + 1} gates"
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
        if self.cause and len(self.cause.findings) > 1:
            tests = f"in {self.cause.tests:,} test{'' if self.cause.tests == 1 else 's'}"
            count = f"{len(self.cause.findings)} findings, {self.cause.occurrences:,}× {tests}"
            return f"{self.cause.title}   {count}{self.beside}"
        if self.alike:
            names = [one.place or one.title for one in (self.gate, *self.alike)]
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            return f"{self.gate.because}: {', '.join(names[:_NAMED])}{more}"
        if self.finding:
            where = self.finding.pointer or self.finding.kind
            times = f"{reach(self.finding)}{self.beside}"
            return f"{where}  {change(self.finding)}   {times}"
        if self._told:
            return self._message
        if self._message and self._undecided:
            return f"{self.gate.observed}, {self._message}"
        return self.gate.observed

    @property
    def example(self) -> str:
        """The worst finding of a cause of several, with both values; empty where it is told."""
        if self.finding is None or self.cause is None or len(self.cause.findings) < 2:
            return ""
        one = self.finding
        return f"{one.endpoint} {one.pointer or one.kind}  {change(one)}"

    @property
    def detail(self) -> str:
        """What was observed and, for a gate, its limit."""
        return f"{self.seen}   limit {self.limit}" if self.limit else self.seen

    @property
    def limit(self) -> str:
        """The limit, where it says anything beside what was seen."""
        return "" if self.finding or self.alike or self._told else self.gate.limit

    @property
    def beside(self) -> str:
        """What follows from the cause: ", 1 assertion, 2 against the contract"; else nothing."""
        if self.cause is None:
            return ""
        assertions, violations = self.cause.assertions, len(self.cause.violations)
        told = f", {assertions} failed assertion{'' if assertions == 1 else 's'}"
        broken = f", {violations} against the contract"
        return (told if assertions else "") + (broken if violations else "")

    @property
    def alike(self) -> tuple[Gate, ...]:
        """The other gates that are as this one is, for the same reason."""
        because = self.gate.because
        return tuple(one for one in self.others if because and one.because == because)

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
    """How the value changed: both values, or the two statuses, short enough for a line."""
    if finding.kind == "status" or not (finding.baseline or finding.candidate):
        return finding.change
    return " → ".join(excerpts(finding.baseline, finding.candidate, _VALUE))


def excerpts(one: str, other: str, limit: int) -> tuple[str, str]:
    """Both texts in one line each, cut so that what differs is in what is left of them: a nonce
    before it, which is another one each time, is not it.
    """
    left, right = one_line(one), one_line(other)
    drawn_alike = [_RUN.sub(_hidden, text) for text in (left, right)]
    shared = _shared(*drawn_alike if drawn_alike[0] != drawn_alike[1] else (left, right))
    start = max(0, shared - limit // 3) if max(len(left), len(right)) > limit else 0
    return _cut(left, start, limit), _cut(right, start, limit)


def _shared(left: str, right: str) -> int:
    """Return how many characters both texts begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))


def _hidden(run: re.Match[str]) -> str:
    return "0" * len(run[0]) if _DIGIT.search(run[0]) else run[0]


def _cut(text: str, start: int, limit: int) -> str:
    """At most `limit` characters of the text from `start` on; what is left out is an ellipsis."""
    before = "…" if start else ""
    room = limit - len(before)
    rest = text[start:]
    return before + (rest if len(rest) <= room else rest[: room - 1] + "…")


def reach(finding: Finding) -> str:
    """How often it was seen, in how many tests or in the seed, and whether every time."""
    times, tests = f"{finding.occurrences:,}×", total(finding)
    where = f"{tests:,} test{'' if tests == 1 else 's'}"
    where = SEED if finding.nodeids == (SEED,) else where
    told = f"{times} in {where}" if tests else times
    return f"{told}, not every time" if finding.unstable else told


def _short(nodeid: str) -> str:
    """Return a node id without its folders."""
    path, separator, rest = nodeid.partition("::")
    return f"{path.rpartition('/')[2]}{separator}{rest}"
