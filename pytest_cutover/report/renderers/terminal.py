"""The last screen: verdict and scope, account, blockers, doubts, what to do, and the verdict again.

A pure function of the report. Given the height of the terminal it stays within it: what must be
read has its lines first, what is left is shared out in the order of what a reader needs. A line is
a list of (text, style) segments; a style is a space-separated list of pytest's markup names ("red
bold"), empty for plain text, so that pytest's terminal writer can colour it:
``tw.write(text, **markup(style))``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_cutover.core.sanitize import columns, encodable, fit, one_line
from pytest_cutover.report import summary
from pytest_cutover.report.model import GateVerdict, Report, Verdict
from pytest_cutover.report.renderers.terminal_lines import (
    MARKS,
    Line,
    accepted_findings,
    blocker_lines,
    listed,
    other_gates,
    wrap,
)

#: Blockers shown without -v; the rest are counted.
BLOCKERS = 10
#: Fewer lines than this are no screen: a smaller terminal scrolls.
LEAST = 8

_COLORS = {Verdict.GO: "green", Verdict.NO_GO: "red"}
_PLAIN = ("-", "")


@dataclass(frozen=True, slots=True)
class _Block:
    """Something to show: its shortest form first, then longer ones. Greater `rank` waits longer."""

    rank: int
    forms: tuple[list[Line], ...]


def render(
    report: Report,
    *,
    width: int = 80,
    height: int | None = None,
    color: bool = True,
    verbosity: int = 0,
    encoding: str = "utf-8",
    report_path: str = ".cutover/gate.html",
) -> list[Line]:
    """Return the lines of the screen. -q (`verbosity` < 0) gives four at most, -v all gates and
    findings.

    With `height`, and without -v, there are fewer lines than the terminal has, a command that is
    wider than the terminal counted as the rows that it takes. Nothing is wider than `width` but
    commands, node ids and, under -v, values: those are to be copied whole. Characters that
    `encoding` cannot print get ASCII forms, which may be longer. `report_path` is shown as given,
    or left out if empty.
    """
    width = max(width, 40)
    if verbosity < 0:
        lines = list(_quiet(report, width, report_path))
    elif verbosity > 0:
        lines = list(_everything(report, width, report_path))
    else:
        lines = _within(report, width, height, report_path)
    return [
        [(encodable(text, encoding), style if color else "") for text, style in _inert(line)]
        for line in lines
    ]


def markup(style: str) -> dict[str, bool]:
    """Return the style as keyword arguments of pytest's terminal writer."""
    return dict.fromkeys(style.split(), True)


def text(lines: list[Line]) -> str:
    """Return the screen as one text without colour."""
    return "".join("".join(part for part, _ in line).rstrip() + "\n" for line in lines)


def rows(lines: list[Line], width: int) -> int:
    """How many rows of a terminal the lines take."""
    return sum(max(1, -(-sum(columns(part) for part, _ in line) // width)) for line in lines)


def _inert(line: Line) -> Line:
    """Return the line, not one that GitHub's runner takes for a workflow command (`::error`,
    `##[…]`).
    """
    segments = [segment for segment in line if segment[0]]
    said = "".join(part for part, _ in segments).lstrip()
    return [("\\", ""), *segments] if said.startswith(("::", "##[")) else segments


# -- the three sizes ------------------------------------------------------------------------------


def _quiet(report: Report, width: int, report_path: str) -> Iterator[Line]:
    blocking = summary.blockers(report)
    alone = not blocking and not summary.next_command(report)
    path = f" · {one_line(report_path)}" if report_path and alone else ""
    yield [
        ("cutover: ", ""),
        (summary.decision(report), _style(report)),
        (f" · {summary.headline(report)}{path}", ""),
    ]
    if alone:
        return
    if blocking:
        first = blocking[0]
        more = f"   +{len(blocking) - 1} more" if len(blocking) > 1 else ""
        (line,) = blocker_lines((first,), width - len(more), lines=1)
        yield [*line, (more, "")]
    yield from _next(report)
    yield _closing(report, width, report_path)


def _everything(report: Report, width: int, report_path: str) -> Iterator[Line]:
    blocking = summary.blockers(report)
    yield from _opening(report, width, report_path)
    yield from _account(report, width)
    yield from blocker_lines(blocking, width, verbose=True)
    yield from other_gates(report, blocking, width)
    yield from accepted_findings(report, width)
    for block in _footer(report, width):
        yield from block.forms[-1]
    yield from _closing_lines(report, width, report_path)


def _within(report: Report, width: int, height: int | None, report_path: str) -> list[Line]:
    """Return the screen in fewer rows than the terminal has, which leaves one for the prompt."""
    before = list(_opening(report, width, report_path))
    after = list(_closing_lines(report, width, report_path))
    blocking = summary.blockers(report)
    first = summary.first(blocking, BLOCKERS)
    one_by_one = [
        _Block(
            # The two worst come before everything else, the others after what is short to say.
            rank=0 if place < 2 else 3 + place,
            forms=(
                list(blocker_lines((one,), width, among=first, lines=1)),
                list(blocker_lines((one,), width, among=first)),
            ),
        )
        for place, one in enumerate(first)
    ]
    account = [_Block(rank=1, forms=(list(_account(report, width)),))] if report.account else []
    footer = list(_footer(report, width))
    blocks = [*account, *one_by_one, *footer]
    room = None if height is None else max(height - 1, LEAST) - rows([*before, *after], width)
    if room is not None and len(first) > 2:
        room -= 1  # for how many more there are
    chosen = _fitting(blocks, room, width)
    shown = sum(1 for block in one_by_one if id(block) in chosen)
    hidden = len(blocking) - shown
    lines = list(before)
    for block in blocks:
        lines += chosen.get(id(block), [])
        if one_by_one and block is one_by_one[-1] and hidden:
            more = summary.plural(hidden, "more blocker")
            where = one_line(report_path) or "the report"
            lines.append([(fit(f"   … {more}: -v, or {where}", width), "")])
    return [*lines, *after]


def _fitting(blocks: list[_Block], room: int | None, width: int) -> dict[int, list[Line]]:
    """Return the form that each block gets, by its identity; blocks without one are left out."""
    if room is None:
        return {id(block): block.forms[-1] for block in blocks}
    chosen: dict[int, list[Line]] = {}
    in_turn = sorted(blocks, key=lambda block: block.rank)
    for form in (0, -1):
        for block in in_turn:
            had = chosen.get(id(block), [])
            if form and not had:
                continue
            more = rows(block.forms[form], width) - rows(had, width)
            if more <= room:
                chosen[id(block)] = block.forms[form]
                room -= more
    return chosen


# -- its parts ------------------------------------------------------------------------------------


def _opening(report: Report, width: int, report_path: str) -> Iterator[Line]:
    title = fit(f" cutover: {summary.decision(report)} ", width)
    yield [(title.center(width, "="), _style(report))]
    for part in wrap(one_line(summary.scope(report), 400), width - 1, lines=2):
        yield [(f" {part}", "")]
    told = fit(summary.headline(report), width - 1)
    where = _where(report_path)
    in_closing = where in "".join(text for text, _ in _closing(report, width, report_path))
    if not in_closing and 1 + columns(f"{told} · {where}") <= width:
        told += f" · {where}"
    yield [(f" {told}", "bold")]


def _account(report: Report, width: int) -> Iterator[Line]:
    told = summary.account(report)
    if told:
        yield [(" = ", ""), (fit(told, width - 3), "")]


def _footer(report: Report, width: int) -> Iterator[_Block]:
    mark = MARKS[GateVerdict.PASS] if report.verdict is Verdict.GO else _PLAIN
    yield _listed(2, mark, " · ".join(summary.evidence(report)), width)
    if report.verdict is Verdict.PARTIAL:
        left_out = report.tests.deselected
        what = f"{summary.plural(left_out, 'item')} left out; " if left_out else ""
        if not any(note.startswith("PARTIAL:") for note in report.notes):  # which says how
            yield _listed(2, _PLAIN, f"partial: {what}a GO needs the whole suite", width)
    review = summary.to_review(report)
    warn = ("!", "yellow")
    if review is not None and review.unknown:
        told = "not known whether this change itself accepts differences or records goldens: "
        yield _listed(3, warn, told + one_line(review.unknown, 400), width)
    elif review is not None:
        yield _listed(3, warn, f"review first: {summary.changes(review)}", width)
    if report.not_judged:
        titles = ", ".join(one_line(item.title, 80) for item in report.not_judged)
        yield _listed(20, _PLAIN, f"not judged here: {titles}", width)
    for place, note in enumerate(report.notes):
        yield _listed(30 + place, _PLAIN, one_line(note, 400), width)


def _listed(rank: int, mark: tuple[str, str], sentence: str, width: int) -> _Block:
    return _Block(
        rank, (list(listed(mark, sentence, width, lines=1)), list(listed(mark, sentence, width)))
    )


def _closing_lines(report: Report, width: int, report_path: str) -> Iterator[Line]:
    sentence = summary.instruction(report)
    if sentence:
        for number, part in enumerate(wrap(one_line(sentence, 400), width - 7, lines=3)):
            yield [
                (" do:   " if number == 0 else " " * 7, "bold" if number == 0 else ""),
                (part, ""),
            ]
    yield from _next(report)
    yield _closing(report, width, report_path)


def _closing(report: Report, width: int, report_path: str) -> Line:
    """Return the verdict once more, where the eye is when the run has ended."""
    where = _where(report_path)
    said = fit(summary.decision(report), width - 9)
    more = ""
    for part in (one_line(report.target, 40), where):
        if part and 9 + columns(f"{said}{more} · {part}") <= width:
            more += f" · {part}"
    return [("cutover: ", ""), (said, _style(report)), (more, "")]


def _where(report_path: str) -> str:
    return f"report: {one_line(report_path)}" if report_path else ""


def _next(report: Report) -> Iterator[Line]:
    command = summary.next_command(report)
    if command:
        yield [(" next: ", "bold"), (one_line(command), "")]


def _style(report: Report) -> str:
    return f"{_COLORS.get(report.verdict, 'yellow')} bold"
