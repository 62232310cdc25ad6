"""The last screen: the decision first, then what blocks it, then the one command to run next.

A pure function of the report. A line is a list of (text, style) segments; a style is a
space-separated list of pytest's markup names ("red bold"), empty for plain text, so that pytest's
terminal writer can colour it: ``tw.write(text, **markup(style))``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from pytest_cutover.core.sanitize import columns, encodable, fit, one_line
from pytest_cutover.report import summary
from pytest_cutover.report.blocker import Blocker
from pytest_cutover.report.model import Finding, Gate, GateVerdict, Report, Verdict
from pytest_cutover.report.truncation import total

Segment = tuple[str, str]
Line = list[Segment]

#: Blockers shown without -v; the rest are counted.
BLOCKERS = 10

_MARKS = {
    GateVerdict.PASS: ("✓", "green"),
    GateVerdict.FAIL: ("✗", "red"),
    GateVerdict.INCONCLUSIVE: ("?", "yellow"),
}
_COLORS = {Verdict.GO: "green", Verdict.NO_GO: "red"}
_INDENT = " " * 10


def render(
    report: Report,
    *,
    width: int = 80,
    color: bool = True,
    verbosity: int = 0,
    encoding: str = "utf-8",
    report_path: str = ".cutover/gate.html",
) -> list[Line]:
    """The lines of the screen. -q (`verbosity` < 0) gives two or three, -v all gates and findings.

    Nothing is wider than `width` but commands, node ids and, under -v, values: those are to be
    copied whole. Characters that `encoding` cannot print get ASCII forms, which may be longer.
    `report_path` is shown as given, or left out if empty.
    """
    width = max(width, 40)
    if verbosity < 0:
        lines = list(_quiet(report, width, report_path))
    else:
        lines = list(_screen(report, width, verbosity, report_path))
    return [
        [(encodable(text, encoding), style if color else "") for text, style in _inert(line)]
        for line in lines
    ]


def markup(style: str) -> dict[str, bool]:
    """The style as keyword arguments of pytest's terminal writer."""
    return dict.fromkeys(style.split(), True)


def text(lines: list[Line]) -> str:
    """The screen as one text without colour."""
    return "".join("".join(part for part, _ in line).rstrip() + "\n" for line in lines)


def _inert(line: Line) -> Line:
    """The line, not one that GitHub's runner takes for a workflow command (`::error`, `##[…]`)."""
    segments = [segment for segment in line if segment[0]]
    said = "".join(part for part, _ in segments).lstrip()
    return [("\\", ""), *segments] if said.startswith(("::", "##[")) else segments


def _quiet(report: Report, width: int, report_path: str) -> Iterator[Line]:
    path = f" · {one_line(report_path)}" if report_path else ""
    yield [
        ("cutover: ", ""),
        (summary.decision(report), _style(report)),
        (f" · {summary.headline(report)}{path}", ""),
    ]
    blocking = summary.blockers(report)
    if blocking:
        gate = blocking[0].gate
        mark, style = _MARKS[gate.verdict]
        more = f"   +{len(blocking) - 1} more" if len(blocking) > 1 else ""
        parts = (gate.title, blocking[0].place, blocking[0].brief)
        said = "   ".join(one_line(part, 200) for part in parts if part)
        room = width - len(gate.code) - 4 - len(more)
        start: Line = [(f" {mark} ", style), (f"{gate.code} ", f"{style} bold")]
        yield [*start, (fit(said, room), ""), (more, "")]
    yield from _next(report)


def _screen(report: Report, width: int, verbosity: int, report_path: str) -> Iterator[Line]:
    yield [(f" cutover: {summary.decision(report)} ".center(width, "="), _style(report))]
    yield from _standing(report, width, report_path)
    blocking = summary.blockers(report)
    shown = blocking if verbosity > 0 else summary.first(blocking, BLOCKERS)
    yield from _blockers(shown, width, verbosity)
    if len(blocking) > len(shown):
        hidden = summary.plural(len(blocking) - len(shown), "more blocker")
        yield [(f"   … {hidden}: -v, or {one_line(report_path) or 'the report'}", "")]
    if verbosity > 0:
        yield from _other_gates(report, blocking, width)
        yield from _accepted_findings(report, width)
    yield from _footer(report, width)
    yield from _next(report)


def _standing(report: Report, width: int, report_path: str) -> Iterator[Line]:
    left = f" {summary.headline(report)}"
    right = f"report: {one_line(report_path)}" if report_path else ""
    gap = width - columns(left) - columns(right) - 1
    if not right or gap >= 2:
        yield [(left, "bold"), (" " * gap if right else "", ""), (right, "")]
    else:
        yield [(left, "bold")]
        yield [(f" {right}", "")]


def _blockers(blocking: tuple[Blocker, ...], width: int, verbosity: int) -> Iterator[Line]:
    titles = max((columns(one_line(item.gate.title)) for item in blocking), default=0)
    # The name of a test stands where an endpoint would; it is too long to align others to.
    aligned = [item for item in blocking if item.finding or item.gate.place]
    places = max((columns(one_line(item.place)) for item in aligned), default=0)
    for blocker in blocking:
        yield from _one_blocker(blocker, width, place=min(places, 34), title=min(titles, 16))
        if verbosity > 0 and blocker.finding:
            yield from _both_values(blocker.finding, width)


def _one_blocker(blocker: Blocker, width: int, *, place: int, title: int) -> list[Line]:
    """One aligned line, or two where the detail does not fit beside the place."""
    gate = blocker.gate
    mark, style = _MARKS[gate.verdict]
    name = _pad(one_line(gate.title, 24), title)
    where = one_line(blocker.place, 200)
    details = [one_line(detail, 400) for detail in (blocker.detail, blocker.brief)]
    before = f"{name}   {_pad(where, place)}" if where or place else name
    narrow = f"{one_line(gate.title, 24)}   {where}" if where else name
    start: Line = [(f" {mark} ", style), (gate.code, f"{style} bold"), (" ", "")]
    used = 3 + len(gate.code) + 1
    for beside in (before, narrow):
        for detail in details:
            if used + columns(beside) + 3 + columns(detail) <= width:
                return [[*start, (f"{beside}   {detail}", "")]]
    first = [*start, (fit(before.rstrip(), width - used), "")]
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    return [first, *_wrapped(details[1 if undecided else 0], width, lines=3)]


def _both_values(finding: Finding, width: int) -> Iterator[Line]:
    for side, value in (("baseline ", finding.baseline), ("candidate", finding.candidate)):
        yield [(f"{_INDENT}{side}  ", ""), (fit(one_line(value, 2_000), width * 4), "")]
    more = total(finding) - 1
    for nodeid in finding.nodeids[:1]:
        tail = f"  (+{summary.plural(more, 'more test')})" if more > 0 else ""
        yield [(f"{_INDENT}{one_line(nodeid, 300)}{tail}", "")]


def _other_gates(report: Report, blocking: tuple[Blocker, ...], width: int) -> Iterator[Line]:
    shown = {blocker.gate.id for blocker in blocking}
    for gate in report.gates:
        if gate.id not in shown:
            yield from _one_blocker(Blocker(gate), width, place=0, title=16)
            yield from _message(gate, width)


def _message(gate: Gate, width: int) -> Iterator[Line]:
    if gate.message and gate.verdict is GateVerdict.PASS:
        yield from _wrapped(one_line(gate.message, 400), width, lines=3)


def _accepted_findings(report: Report, width: int) -> Iterator[Line]:
    for finding in report.findings:
        entry = finding.accepted
        if entry is None:
            continue
        what = f"{finding.endpoint}  {finding.pointer or finding.kind}  {finding.change}"
        yield [(fit(f" = accepted  {one_line(what, 300)}   {finding.occurrences}×", width), "")]
        yield from _both_values(finding, width)
        why = f"{entry.reason} ({entry.approver}, until {entry.expires})"
        yield from _wrapped(one_line(why, 600), width, lines=3)


def _footer(report: Report, width: int) -> Iterator[Line]:
    mark = _MARKS[GateVerdict.PASS]
    if not summary.passed(report) and not report.tests.both_sides:
        mark = _MARKS[GateVerdict.INCONCLUSIVE]
    yield from _listed(mark, " · ".join(summary.evidence(report)), width)
    if report.verdict is Verdict.PARTIAL:
        left_out = report.tests.deselected
        what = f"{summary.plural(left_out, 'item')} left out; " if left_out else ""
        if not any(note.startswith("PARTIAL:") for note in report.notes):  # which says how
            yield from _listed(("-", ""), f"partial: {what}a GO needs the whole suite", width)
    if report.not_judged:
        titles = ", ".join(one_line(item.title, 80) for item in report.not_judged)
        yield from _listed(("-", ""), f"not judged: {titles}", width)
    review = summary.to_review(report)
    if review is not None and review.unknown:
        told = "not known whether this change itself accepts differences or records goldens: "
        yield from _listed(("!", "yellow"), told + one_line(review.unknown, 400), width)
    elif review is not None:
        yield from _listed(("!", "yellow"), f"review first: {summary.changes(review)}", width)
    for note in report.notes:
        yield from _listed(("-", ""), one_line(note, 400), width)


def _listed(mark: Segment, sentence: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(_wrap(sentence, width - 3, lines=4)):
        yield [(f" {mark[0]} ", mark[1]) if number == 0 else ("   ", ""), (part, "")]


def _next(report: Report) -> Iterator[Line]:
    command = summary.next_command(report)
    if command:
        yield [(" next: ", "bold"), (one_line(command), "")]


def _wrapped(sentence: str, width: int, *, lines: int) -> list[Line]:
    return [[(_INDENT + part, "")] for part in _wrap(sentence, width - len(_INDENT), lines=lines)]


def _wrap(sentence: str, width: int, *, lines: int) -> list[str]:
    parts = textwrap.wrap(sentence, width, break_on_hyphens=False, max_lines=lines, placeholder="…")
    return [fit(part, width) for part in parts]


def _pad(value: str, width: int) -> str:
    return value + " " * (width - columns(value)) if value else " " * width


def _style(report: Report) -> str:
    return f"{_COLORS.get(report.verdict, 'yellow')} bold"
