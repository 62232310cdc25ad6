"""The rows of the page: findings within their room, strips, the coverage matrix, the checklist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate, groupby
from typing import Any, Protocol

from markupsafe import Markup, escape

from pytest_cutover.core.nodeid import without_side
from pytest_cutover.core.numbers import number
from pytest_cutover.core.sanitize import block, command_line
from pytest_cutover.report.headroom import Headroom, headrooms
from pytest_cutover.report.model import BothSides, ChecklistItem, Coverage, Finding, Latency, Report
from pytest_cutover.report.renderers.html.charts import (
    Plot,
    RatioStrip,
    Strip,
    plot,
    ratio_strip,
    strip,
)
from pytest_cutover.report.renderers.html.text_diff import Marked, mark
from pytest_cutover.report.summary import plural
from pytest_cutover.report.truncation import both_clipped, total

LATENCIES = 200
#: Those of them that are drawn; the nearest to their limits stand first.
DRAWN = 40
_LONG, _SHORT = 4_000, 60
# What a finding's link to its exchanges takes; it is the first tests of findings that have one.
_LINK = 80
_NOTHING: Mapping[str, str] = {}


class Form(Enum):
    """How much of a finding is shown: the bodies around it, its commands, or neither."""

    FULL = auto()
    COMMANDS = auto()
    BRIEF = auto()


class Render(Protocol):
    """Renders one finding from its variables: the template finding.html."""

    def __call__(self, **row: Any) -> str:
        """Return the HTML of one finding."""


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One endpoint with its drawings and the sentence that stands for them."""

    row: Latency
    strip: Strip | None
    ratio: RatioStrip | None
    said: str
    headroom: tuple[Headroom, ...] = ()


def state(finding: Finding) -> str:
    """Return what the state filter calls it."""
    if finding.accepted is not None:
        return "accepted"
    return "unstable" if finding.unstable else "open"


def endpoints(report: Report) -> list[str]:
    """Return the endpoints that have findings; the filter refers to them by number."""
    return sorted({finding.endpoint for finding in report.findings})


def bytes_with_commands(report: Report, render: Render) -> int:
    """Return how long all findings are together with their commands, before what is around them."""
    return _LINK * len(report.findings[: 2 * len(report.exchanges)]) + sum(
        _size(render(**_row(report, one, len(report.findings), Form.COMMANDS, _NOTHING)))
        for one in report.findings
    )


def findings(
    report: Report, render: Render, room: int, said: Mapping[str, str] = _NOTHING
) -> tuple[list[str], str]:
    """Return the findings as HTML, together at most `room` bytes, and what was left out, if
    anything.

    `said` are the places on the page at which the exchanges of a test stand, by tests.

    Before any is shown with the bodies around it, all are shown with
    their commands, and before that all in short. What is still too much is counted.
    """
    numbers = {name: place for place, name in enumerate(endpoints(report))}

    def shown(finding: Finding, form: Form) -> str:
        return render(**_row(report, finding, numbers[finding.endpoint], form, said))

    texts = [shown(finding, Form.BRIEF) for finding in report.findings]
    spare = room - sum(map(_size, texts))
    brief = set(range(len(texts)))
    for form in (Form.COMMANDS, Form.FULL):
        for place, finding in enumerate(report.findings):
            if spare <= 0:
                break
            longer = shown(finding, form)
            extra = _size(longer) - _size(texts[place])
            if extra <= spare:
                texts[place] = longer
                spare -= extra
                brief.discard(place)
    kept = _within(texts, room)
    return kept, _left_out(len(brief), len(texts) - len(kept))


def _within(texts: list[str], room: int) -> list[str]:
    """Return the first texts that fit together."""
    for count, used in enumerate(accumulate(map(_size, texts))):
        if used > room:
            return texts[:count]
    return texts


def _size(text: str) -> int:
    return len(text.encode("utf-8")) + 1


def _left_out(shortened: int, omitted: int) -> str:
    parts = []
    if shortened:
        parts.append(f"{plural(shortened, 'finding')} shown in short, without commands")
    if omitted:
        parts.append(f"{plural(omitted, 'finding')} not shown")
    return f"{'; '.join(parts)}: this page stays below 1 MB. All is in gate.json." if parts else ""


def _row(
    report: Report, finding: Finding, endpoint: int, form: Form, said: Mapping[str, str]
) -> dict[str, Any]:
    brief = form is Form.BRIEF
    limit = _SHORT if brief else _LONG
    left, right = marked(_cut(finding.baseline, limit), _cut(finding.candidate, limit))
    nodeids = finding.nodeids[:1] if brief else finding.nodeids[:10]
    more = total(finding) - len(nodeids)
    around = finding.context if form is Form.FULL else None
    context = around and both_clipped(around, 2 * _LONG)
    return {
        "f": finding,
        "endpoint": endpoint,
        "state": state(finding),
        "wide": 60 if brief else 200,
        "left": left,
        "right": right,
        "context": marked(context.baseline, context.candidate) if context else None,
        "said": said.get(without_side(finding.nodeids[0])) if finding.nodeids else None,
        "reproduce": _commands(finding.reproduce, report, form),
        "nodeids": nodeids,
        "more": plural(more, "more test") if more > 0 else "",
    }


def _commands(pair: BothSides | None, report: Report, form: Form) -> tuple[Markup, Markup] | None:
    """Both commands; the second empty where the script can make it from the first by itself."""
    if pair is None or form is Form.BRIEF:
        return None
    ours, theirs = command_line(pair.baseline), command_line(pair.candidate)
    mine = ours.replace(report.baseline.url, report.candidate.url)
    derived = form is Form.COMMANDS and bool(report.baseline.url) and mine == theirs
    return text_of(ours), Markup("") if derived else text_of(theirs)


def marked(baseline: str, candidate: str) -> tuple[Markup, Markup]:
    """Return both texts as HTML with the changed part marked."""
    one, two = mark(block(baseline), block(candidate))
    return _html(one), _html(two)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _html(pieces: Marked) -> Markup:
    parts = [
        Markup("<mark>%s</mark>") % text_of(text) if on else text_of(text) for text, on in pieces
    ]
    return Markup("").join(parts)


def text_of(text: str) -> Markup:
    """Return the text escaped for the inside of an element, where quotes are only quotes.

    JSON is full of them, and escaped they are most of a page of a thousand findings.
    """
    return Markup(str(escape(text)).replace("&#34;", '"').replace("&#39;", "'"))


def latencies(report: Report) -> list[LatencyRow]:
    """Return the first latency rows."""
    shown = report.latency[:LATENCIES]
    return [
        LatencyRow(
            row,
            strip(row) if place < DRAWN else None,
            ratio_strip(row) if place < DRAWN else None,
            _said(row),
            headrooms(row)[: None if place < DRAWN else 1],
        )
        for place, row in enumerate(shown)
    ]


def _said(row: Latency) -> str:
    """Return what stands for the drawing; the numbers are in the table under it."""
    medians = [
        f"{name} P50 {number(side.p50_ms.estimate)} ms"
        for name, side in (("baseline", row.baseline), ("candidate", row.candidate))
        if side
    ]
    return f"Both distributions: {', '.join(medians)}"


def plots(report: Report) -> list[tuple[str, str, Plot]]:
    """Return the resources over time, both sides of one in one plot."""
    key = lambda series: (series.name, series.unit)  # noqa: E731 - used twice, right here
    drawn = []
    for (name, unit), group in groupby(sorted(report.resources, key=key), key=key):
        lines = plot(list(group))
        if lines:
            drawn.append((name, unit, lines))
    return drawn


def matrix(report: Report) -> tuple[list[str], list[tuple[str, list[Coverage | None]]]]:
    """Return the statuses, and for each endpoint its cells in that order."""
    cells: defaultdict[str, dict[str, Coverage]] = defaultdict(dict)
    for cell in report.coverage:
        cells[cell.endpoint][cell.status] = cell
    statuses = sorted({cell.status for cell in report.coverage})
    return statuses, [(name, [row.get(s) for s in statuses]) for name, row in cells.items()]


def checklist(report: Report) -> list[tuple[str, Sequence[ChecklistItem]]]:
    """Return the items by phase and group, in the order of the report."""
    groups: dict[str, list[ChecklistItem]] = {}
    for item in report.checklist:
        name = " · ".join(part for part in (item.phase, item.group) if part)
        groups.setdefault(name, []).append(item)
    return list(groups.items())
