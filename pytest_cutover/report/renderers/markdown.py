"""gate.md: the pull-request comment, and the summary of a workflow's step.

Written for someone who has only the comment: verdict, blockers, the next command, then the
evidence. Data stands in ``<code>`` elements, every sign that Markdown or HTML acts on as an entity:
Markdown takes those for text everywhere, in tables too, and inside ``<code>`` GitHub looks for no
@mention and no #reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from pytest_cutover.core.numbers import interval, number
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report import summary
from pytest_cutover.report.model import (
    Distribution,
    Finding,
    GateVerdict,
    Report,
    Verdict,
)
from pytest_cutover.report.truncation import total

#: GitHub refuses comments above 65,536 characters; a workflow adds a line of its own.
COMMENT_CHARACTERS = 64_000
#: GitHub refuses a longer summary of one step.
STEP_SUMMARY_BYTES = 1024 * 1024
_ACTIVE = frozenset("\\`*_{}[]<>#!|~&@:$^")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_STARTS = frozenset("-+0123456789")
_WWW = re.compile(r"(www)\.", re.IGNORECASE)

_SIGNS = {
    Verdict.GO: "✅",
    Verdict.NO_GO: "❌",
    Verdict.INCONCLUSIVE: "❓",
    Verdict.PARTIAL: "➗",
    GateVerdict.PASS: "✅",
    GateVerdict.FAIL: "❌",
    GateVerdict.INCONCLUSIVE: "❓",
}


def render(report: Report, *, base: Report | None = None, limit: int = COMMENT_CHARACTERS) -> str:
    """The comment, never longer than `limit` in UTF-8 bytes.

    With `base`, the report of the base branch, findings that are new since are marked. What
    does not fit is counted, never silently dropped.
    """
    for rows in (50, 20, 10, 5, 2):
        text = _document(report, base, rows)
        if len(text.encode("utf-8")) <= limit:
            return text
    cut = text.encode("utf-8")[: max(limit - 200, 0)].decode("utf-8", "ignore")
    return f"{cut.rpartition(chr(10))[0]}\n\nThe rest is in gate.html.\n"


def marker(target: str) -> str:
    """The first line of every comment, by which a workflow finds the one to update."""
    return f"<!-- pytest-cutover {_NOT_A_NAME.sub('_', target)[:60]} -->"


def code(text: str, limit: int = 120) -> str:
    """The text as inline code that nothing inside can leave; cut to `limit` characters."""
    return f"<code>{_escaped(text, limit)}</code>" if text else ""


def prose(text: str, limit: int = 300) -> str:
    """The text as running text in which no Markdown and no HTML is seen."""
    return _escaped(text, limit)


def item(text: str, limit: int = 300) -> str:
    """The text as a list item; at its start, "1." or "-" would begin a list of their own."""
    escaped = _escaped(text, limit).lstrip()
    first = escaped[:1]
    return f"- &#{ord(first)};{escaped[1:]}" if first and first in _STARTS else f"- {escaped}"


def _escaped(text: str, limit: int) -> str:
    escaped = "".join(map(_entity, one_line(text, limit)))
    return _WWW.sub(r"\1&#46;", escaped)  # GitHub links "www." by itself


def _entity(character: str) -> str:
    return f"&#{ord(character)};" if character in _ACTIVE else character


def _document(report: Report, base: Report | None, rows: int) -> str:
    sections = [
        _heading(report),
        _under_review(report, rows),
        _blockers(report, rows),
        _next(report),
        _findings(report, base, rows),
        _latency(report, rows),
        _accepted(report, rows),
        _not_judged(report, rows),
        _footer(report),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _heading(report: Report) -> str:
    verdict = report.verdict
    target = f"{code(report.target)}, phase {code(report.phase)}"
    sides = f"{code(report.baseline.name)} → {code(report.candidate.name)}"
    return "\n".join(
        [
            marker(report.target),
            f"## {_SIGNS[verdict]} cutover: {summary.decision(report)} — {summary.answer(report)}",
            "",
            f"**{summary.headline(report)}** · {sides} on {target}",
        ]
    )


def _under_review(report: Report, rows: int) -> str:
    """What this pull request changed in the evidence itself: above everything it then proves."""
    review = summary.to_review(report)
    if review is None:
        return ""
    if review.unknown:
        told = "whether this pull request itself accepts differences or records goldens"
        return f"### ⚠️ It could not be told {told}\n\n{item(review.unknown, 600)}"
    lines = ["### ⚠️ This pull request changes the evidence: review it first", ""]
    for noun, changes in (("accepted difference", review.accepted), ("golden", review.goldens)):
        for change in changes[:rows]:
            detail = f": {prose(change.detail, 400)}" if change.detail else ""
            lines.append(f"- {noun} **{prose(change.what, 20)}** {code(change.name, 200)}{detail}")
        lines += _rest(len(changes) - rows, f"more {noun}")
    return "\n".join(lines)


def _blockers(report: Report, rows: int) -> str:
    blocking = summary.blockers(report)
    if not blocking:
        return ""
    lines = [
        "### What blocks it",
        "",
        "| | code | gate | place | observed | limit |",
        "|---|---|---|---|---|---|",
    ]
    rows = min(rows, 10)  # the findings have a table of their own
    for blocker in summary.first(blocking, rows):
        gate = blocker.gate
        cells = [
            _SIGNS[gate.verdict],
            gate.code,
            prose(gate.title, 60),
            code(blocker.place),
            code(blocker.seen, 200),
            code("0 unaccepted" if blocker.finding else gate.limit),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += _rest(len(blocking) - rows, "more blocker")
    lines += ["", *map(item, summary.remedies(report))]
    return "\n".join(lines)


def _next(report: Report) -> str:
    command = summary.next_command(report)
    lines = [f"**Next:** {code(command, 500)}"] if command else []
    codes = dict.fromkeys(blocker.gate.code for blocker in summary.blockers(report))
    if codes:
        explain = ", ".join(code(summary.explain_command(name)) for name in list(codes)[:5])
        lines.append(f"What a code means: {explain}")
    return "  \n".join(lines)


def _findings(report: Report, base: Report | None, rows: int) -> str:
    pending = summary.open_findings(report)
    if not pending:
        return ""
    known = {finding.signature for finding in base.findings} if base else None
    new = [finding for finding in pending if known is not None and finding.signature not in known]
    told = f", {len(new)} new since the base branch{_gone(report, base)}" if base else ""
    lines = [
        f"### Findings: {len(pending)} unaccepted{told}",
        "",
        "| id | endpoint | kind | where | baseline | candidate | times |",
        "|---|---|---|---|---|---|---:|",
        *(_finding_row(finding, new=finding in new) for finding in pending[:rows]),
        *_rest(len(pending) - rows, "more finding"),
    ]
    first = pending[0]
    if first.reproduce:
        lines += ["", "<details><summary>Repeat the first one</summary>", ""]
        lines += [f"baseline: {code(first.reproduce.baseline, 2_000)}  "]
        lines += [f"candidate: {code(first.reproduce.candidate, 2_000)}", "", "</details>"]
    return "\n".join(lines)


def _gone(report: Report, base: Report) -> str:
    here = {finding.signature for finding in report.findings}
    gone = sum(1 for finding in base.findings if finding.signature not in here)
    return f", {gone} gone" if gone else ""


def _finding_row(finding: Finding, *, new: bool) -> str:
    cells = [
        f"{'🆕 ' if new else ''}{code(finding.id)}",
        code(finding.endpoint),
        prose(finding.kind, 40) + (" (unstable)" if finding.unstable else ""),
        code(finding.pointer),
        code(finding.baseline, 80),
        code(finding.candidate, 80),
        f"{finding.occurrences:,}",
    ]
    return f"| {' | '.join(cells)} |"


def _latency(report: Report, rows: int) -> str:
    if not report.latency:
        return ""
    lines = [
        "### Latency (candidate; baseline in brackets)",
        "",
        "| | endpoint | P50 ms | P95 ms | P99 ms | max ms | P50 ratio |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for row in report.latency[:rows]:
        cells = [_SIGNS[row.verdict], code(row.endpoint)]
        cells += [_both(pick, row.candidate, row.baseline) for pick in _QUANTILES]
        cells.append(interval(row.p50_ratio))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *_rest(len(report.latency) - rows, "more endpoint")])


_QUANTILES: tuple[Callable[[Distribution], float | None], ...] = (
    lambda side: side.p50_ms.estimate,
    lambda side: side.p95_ms.estimate,
    lambda side: side.p99_ms.estimate,
    lambda side: side.max_ms,
)


def _both(
    pick: Callable[[Distribution], float | None],
    candidate: Distribution | None,
    baseline: Distribution | None,
) -> str:
    mine = pick(candidate) if candidate else None
    other = pick(baseline) if baseline else None
    return f"{number(mine)} ({number(other)})"


def _accepted(report: Report, rows: int) -> str:
    if not report.accepted:
        return ""
    entries = report.accepted
    lines = [
        f"<details><summary>Accepted differences: {len(entries)}</summary>",
        "",
        "| signature | reason | approver | expires | days left | matched |",
        "|---|---|---|---|---:|---:|",
    ]
    for entry in entries[:rows]:
        cells = [
            code(entry.signature),
            prose(entry.reason, 160),
            prose(entry.approver, 60),
            prose(entry.expires, 20),
            f"{entry.days_left}{' ❌ expired' if entry.days_left < 0 else ''}",
            f"{entry.matched:,}{'' if entry.matched else ' ❌ matches nothing'}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *_rest(len(entries) - rows, "more entry"), "", "</details>"])


def _not_judged(report: Report, rows: int) -> str:
    lines = []
    if report.not_judged:
        lines += ["### Not judged here", ""]
        told = [": ".join(p for p in (i.title, i.reason) if p) for i in report.not_judged]
        lines += _listed("", told, rows)
    if report.stale_goldens:
        lines += ["", "### Goldens the baseline no longer agrees with", ""]
        lines += _listed("", [golden.nodeid for golden in report.stale_goldens], rows)
    if report.notes:
        lines += ["", *map(item, report.notes[:rows])]
    return "\n".join(lines).strip()


def _footer(report: Report) -> str:
    told = [prose(phrase) for phrase in summary.evidence(report)]
    tests = sum(total(gate) for gate in report.gates if gate.verdict is GateVerdict.FAIL)
    if tests:
        told.append(f"{summary.plural(tests, 'test')} behind the failed gates, listed in gate.json")
    return f"<sub>{' · '.join(told)} · the whole report: gate.html and gate.json</sub>"


def _listed(before: str, entries: Sequence[str], rows: int) -> list[str]:
    lines = [f"- {before}{code(entry, 200)}" for entry in entries[:rows]]
    return lines + [line for line in _rest(len(entries) - rows, "more") if line]


def _rest(number: int, noun: str) -> Iterable[str]:
    if number > 0:
        told = f"{number:,} more" if noun == "more" else summary.plural(number, noun)
        yield ""
        yield f"… {told.replace('entrys', 'entries')}: gate.html has them all."
