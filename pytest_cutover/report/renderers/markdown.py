"""gate.md: the pull-request comment, and the summary of a workflow's step.

Written for someone who has only the comment: what changed since the base branch, what blocks it
with both values, the nearest limits, the next command, then the evidence. Tables have two columns,
so that nothing hangs over the edge of a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pytest_cutover.core.numbers import interval
from pytest_cutover.report import summary
from pytest_cutover.report.accepted_view import matched_words
from pytest_cutover.report.blocker import Blocker, excerpts, reach
from pytest_cutover.report.headroom import nearest
from pytest_cutover.report.model import Finding, GateVerdict, Latency, Report, Verdict
from pytest_cutover.report.renderers.markdown_text import code, fenced, item, prose
from pytest_cutover.report.since_base import SinceBase, since_base
from pytest_cutover.report.truncation import total

#: GitHub refuses comments above 65,536 characters; a workflow adds a line of its own.
COMMENT_CHARACTERS = 64_000
#: GitHub refuses a longer summary of one step.
STEP_SUMMARY_BYTES = 1024 * 1024
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_VALUE = 400
_SHORT_COMMIT = 10

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
    """Return the comment, never longer than `limit` in UTF-8 bytes.

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
    """Return the first line of every comment, by which a workflow finds the one to update."""
    return f"<!-- pytest-cutover {_NOT_A_NAME.sub('_', target)[:60]} -->"


def _document(report: Report, base: Report | None, rows: int) -> str:
    since = since_base(report, base)
    sections = [
        _heading(report, since),
        _under_review(report, rows),
        _blockers(report, since, rows),
        _nearest_limits(report, rows),
        _next(report),
        _findings(report, since, rows),
        _latency(report, rows),
        _accepted(report, rows),
        _not_judged(report, rows),
        _footer(report),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _heading(report: Report, since: SinceBase | None) -> str:
    """Return what changed first: who reads the tenth comment of a pull request knows the rest."""
    verdict = report.verdict
    target = f"{code(report.target)}, phase {code(report.phase)}"
    sides = f"{code(report.baseline.name)} → {code(report.candidate.name)}"
    changed = f" — {since.told}" if since else ""
    was = f" (before: {since.verdict})" if since and since.verdict != verdict else ""
    lines = [
        marker(report.target),
        f"## {_SIGNS[verdict]} cutover: {summary.decision(report)}{changed}{was}",
        "",
        f"{prose(summary.words(report).question)} {prose(_sentence(summary.answer(report)))}",
        "",
        f"**{summary.headline(report)}** · {sides} on {target}{_made(report)}",
    ]
    account = summary.account(report)
    if account:
        lines += ["", prose(account)]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _made(report: Report) -> str:
    """Of which commit, in how long."""
    commit = report.environment.get("commit", "")
    seconds = report.environment.get("seconds", "")
    parts = [f"commit {code(commit[:_SHORT_COMMIT])}"] if commit else []
    parts += [f"{prose(seconds)} s"] if seconds else []
    return "".join(f" · {part}" for part in parts)


def _under_review(report: Report, rows: int) -> str:
    """Return what this pull request changed in the evidence itself: above everything it then
    proves.
    """
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


def _blockers(report: Report, since: SinceBase | None, rows: int) -> str:
    blocking = summary.blockers(report)
    if not blocking:
        return ""
    fresh = frozenset(since.new) if since else frozenset()
    lines = ["### What blocks it", "", "| what | seen |", "|---|---|"]
    rows = min(rows, 10)  # the findings have a table of their own
    lines += [_blocker_row(one, fresh) for one in summary.first(blocking, rows)]
    lines += _rest(len(blocking) - rows, "more blocker")
    lines += ["", *map(item, summary.remedies(report))]
    return "\n".join(lines)


def _blocker_row(blocker: Blocker, fresh: frozenset[str]) -> str:
    gate = blocker.gate
    mine = set(blocker.cause.findings if blocker.cause else ())
    mine |= {blocker.finding.id} if blocker.finding else set()
    new = "🆕 " if mine & fresh else ""
    what = f"{_SIGNS[gate.verdict]} {new}{gate.code} {prose(gate.title, 60)}"
    place = f"<br>{code(blocker.place, 200)}" if blocker.place else ""
    seen = code(blocker.seen, _VALUE)
    if blocker.example:
        seen += f"<br>such as {code(blocker.example, _VALUE)}"
    limit = f"<br>limit {code(blocker.limit, 200)}" if blocker.limit else ""
    return f"| {what}{place} | {seen}{limit} |"


def _nearest_limits(report: Report, rows: int) -> str:
    found = nearest(report)
    if not found:
        return ""
    lines = ["### Nearest limits", "", "| endpoint | candidate, limit, headroom |", "|---|---|"]
    lines += [f"| {code(one.endpoint)} | {prose(one.told)} |" for one in found[: min(rows, 10)]]
    return "\n".join([*lines, *_rest(len(found) - min(rows, 10), "more endpoint")])


def _next(report: Report) -> str:
    command, lines = summary.next_command(report), []
    sentence = summary.instruction(report)
    if sentence:
        lines += [prose(sentence), ""]
    codes = dict.fromkeys(blocker.gate.code for blocker in summary.blockers(report))
    explain = [summary.explain_command(name) for name in list(codes)[:5]]
    if command:
        lines += ["**Next:**", "", fenced([command])]
    if explain:
        lines += ["", "What a code means:", "", fenced(explain)]
    return "\n".join(lines)


def _findings(report: Report, since: SinceBase | None, rows: int) -> str:
    pending = summary.open_findings(report)
    if not pending:
        return ""
    fresh = frozenset(since.new) if since else frozenset()
    lines = [
        f"### Findings: {len(pending):,} unaccepted{f', {since.told}' if since else ''}",
        "",
        "| where | baseline → candidate |",
        "|---|---|",
        *(_finding_row(finding, new=finding.id in fresh) for finding in pending[:rows]),
        *_rest(len(pending) - rows, "more finding"),
    ]
    first = pending[0]
    if first.reproduce:
        lines += ["", "<details><summary>Repeat the first one on both sides</summary>", ""]
        lines += [fenced([first.reproduce.baseline, first.reproduce.candidate]), "", "</details>"]
    return "\n".join(lines)


def _finding_row(finding: Finding, *, new: bool) -> str:
    before, after = excerpts(finding.baseline, finding.candidate, _VALUE // 2)
    where = f"{'🆕 ' if new else ''}{code(finding.id)} {code(finding.endpoint)}"
    what = f"{prose(finding.kind, 40)} {code(finding.pointer, 300)}".rstrip()
    return f"| {where}<br>{what} | {code(before)} → {code(after)}<br>{prose(reach(finding))} |"


def _latency(report: Report, rows: int) -> str:
    if not report.latency:
        return ""
    lines = [
        "<details><summary>Latency in ms: candidate (baseline)</summary>",
        "",
        "| endpoint | candidate (baseline) |",
        "|---|---|",
        *(
            f"| {_SIGNS[row.verdict]} {code(row.endpoint)} | {_quantiles(row)} |"
            for row in report.latency[:rows]
        ),
        *_rest(len(report.latency) - rows, "more endpoint"),
    ]
    return "\n".join([*lines, "", "</details>"])


def _quantiles(row: Latency) -> str:
    told = [f"{name} {mine} ({other})" for name, mine, other in summary.quantiles(row)]
    told += [f"P50 ratio {interval(row.p50_ratio)}"] if row.p50_ratio else []
    return prose(" · ".join(told), 600)


def _accepted(report: Report, rows: int) -> str:
    if not report.accepted:
        return ""
    entries = report.accepted
    lines = [
        f"<details><summary>Accepted differences: {len(entries)}</summary>",
        "",
        "| accepted | reason, by whom, until when |",
        "|---|---|",
    ]
    for entry in entries[:rows]:
        expired = f"{entry.days_left} days left" if entry.days_left >= 0 else "❌ expired"
        mark = "❌ " if entry.unused else "matched " if entry.matched else ""
        matched = f"{mark}{matched_words(entry)}"
        by = f"{prose(entry.approver, 80)}, until {prose(entry.expires, 20)} ({expired})"
        lines.append(
            f"| {code(entry.signature, 300)} | {prose(entry.reason, 300)}<br>{by}, {matched} |"
        )
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
