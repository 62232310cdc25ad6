"""The lines of the last screen: one blocker, one note, one accepted difference."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pytest_cutover.core.sanitize import columns, fit, one_line
from pytest_cutover.report import summary
from pytest_cutover.report.blocker import Blocker
from pytest_cutover.report.model import Finding, Gate, GateVerdict, Report
from pytest_cutover.report.truncation import total

Segment = tuple[str, str]
Line = list[Segment]

MARKS = {
    GateVerdict.PASS: ("✓", "green"),
    GateVerdict.FAIL: ("✗", "red"),
    GateVerdict.INCONCLUSIVE: ("?", "yellow"),
}
_INDENT = " " * 10
_MOST = 4


def blocker_lines(
    blocking: Sequence[Blocker],
    width: int,
    *,
    among: Sequence[Blocker] = (),
    lines: int = _MOST,
    verbose: bool = False,
) -> Iterator[Line]:
    """Return the lines of blockers, aligned with all those `among` which they are shown.

    Each takes at most `lines` lines; `verbose` adds both values of a finding and its first test.
    """
    company = among or blocking
    titles = max((columns(one_line(item.name)) for item in company), default=0)
    # The name of a test stands where an endpoint would; it is too long to align others to.
    aligned = [item for item in company if item.finding or item.gate.place]
    places = max((columns(one_line(item.place)) for item in aligned), default=0)
    for blocker in blocking:
        place, title = min(places, 34), min(titles, 16)
        yield from _one_blocker(blocker, width, place=place, title=title, lines=lines)
        if lines > 1 and blocker.example:
            told = f"such as {one_line(blocker.example, 400)}"
            yield [(_INDENT + fit(told, width - len(_INDENT)), "")]
        if verbose and blocker.finding:
            yield from _both_values(blocker.finding, width)


def _one_blocker(
    blocker: Blocker, width: int, *, place: int, title: int, lines: int = _MOST
) -> list[Line]:
    """One aligned line, or several where the detail does not fit beside the place."""
    gate = blocker.gate
    mark, style = MARKS[gate.verdict]
    name = _pad(one_line(blocker.name, 24), title)
    where = one_line(blocker.place, 200)
    details = [one_line(detail, 400) for detail in (blocker.detail, blocker.brief)]
    before = f"{name}   {_pad(where, place)}" if where or place else name
    narrow = f"{one_line(blocker.name, 24)}   {where}" if where else name
    start: Line = [(f" {mark} ", style), (gate.code, f"{style} bold"), (" ", "")]
    used = 3 + len(gate.code) + 1
    for beside in (before, narrow, where or name):
        for detail in details:
            if used + columns(beside) + 3 + columns(detail) <= width:
                return [[*start, (f"{beside}   {detail}", "")]]
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    detail = details[1 if undecided else 0]
    if lines == 1:
        return [[*start, (_squeezed(where or name, detail, width - used), "")]]
    first = [*start, (fit(before.rstrip(), width - used), "")]
    return [first, *wrapped(detail, width, lines=lines - 1)]


def _squeezed(where: str, detail: str, room: int) -> str:
    """Place and detail in one line, the place cut where both are too long."""
    kept = fit(where, max(room // 3, room - columns(detail) - 3))
    return fit(f"{kept}   {detail}", room)


def other_gates(report: Report, blocking: tuple[Blocker, ...], width: int) -> Iterator[Line]:
    """Return the gates that block nothing."""
    shown = {blocker.gate.id for blocker in blocking}
    for gate in report.gates:
        if gate.id not in shown:
            yield from _one_blocker(Blocker(gate), width, place=0, title=16)
            yield from _message(gate, width)


def _message(gate: Gate, width: int) -> Iterator[Line]:
    if gate.message and gate.verdict is GateVerdict.PASS:
        yield from wrapped(one_line(gate.message, 400), width, lines=3)


def _both_values(finding: Finding, width: int) -> Iterator[Line]:
    for side, value in (("baseline ", finding.baseline), ("candidate", finding.candidate)):
        yield [(f"{_INDENT}{side}  ", ""), (fit(one_line(value, 2_000), width * 4), "")]
    more = total(finding) - 1
    for nodeid in finding.nodeids[:1]:
        tail = f"  (+{summary.plural(more, 'more test')})" if more > 0 else ""
        yield [(f"{_INDENT}{one_line(nodeid, 300)}{tail}", "")]


def accepted_findings(report: Report, width: int) -> Iterator[Line]:
    """Return what was found and accepted, with both values and the reason."""
    for finding in report.findings:
        entry = finding.accepted
        if entry is None:
            continue
        what = f"{finding.endpoint}  {finding.pointer or finding.kind}  {finding.change}"
        yield [(fit(f" = accepted  {one_line(what, 300)}   {finding.occurrences}×", width), "")]
        yield from _both_values(finding, width)
        why = f"{entry.reason} ({entry.approver}, until {entry.expires})"
        yield from wrapped(one_line(why, 600), width, lines=3)


def listed(mark: Segment, sentence: str, width: int, *, lines: int = _MOST) -> Iterator[Line]:
    """Return a sentence behind its mark, in at most `lines` lines."""
    for number, part in enumerate(wrap(sentence, width - 3, lines=lines)):
        yield [(f" {mark[0]} ", mark[1]) if number == 0 else ("   ", ""), (part, "")]


def wrapped(sentence: str, width: int, *, lines: int) -> list[Line]:
    """Return a sentence below a blocker."""
    return [[(_INDENT + part, "")] for part in wrap(sentence, width - len(_INDENT), lines=lines)]


def wrap(sentence: str, width: int, *, lines: int) -> list[str]:
    """Return a sentence in lines of at most `width` columns; what is cut ends in an ellipsis."""
    parts = textwrap.wrap(sentence, width, break_on_hyphens=False, max_lines=lines, placeholder="…")
    return [fit(part, width) for part in parts]


def _pad(value: str, width: int) -> str:
    return value + " " * (width - columns(value)) if value else " " * width
