"""A comparison as Markdown, for a comment or a step summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_cutover.report.comparison import ReportComparison
from pytest_cutover.report.model import Finding
from pytest_cutover.report.renderers.comparison_text import (
    counts,
    finding_change,
    gate_change,
    latency_change,
    other_target,
    verdicts,
)
from pytest_cutover.report.renderers.markdown_text import code, item, prose
from pytest_cutover.report.summary import plural

ROWS = 50


def render(comparison: ReportComparison) -> str:
    """Return the comparison; at most fifty rows of each kind, the others counted."""
    old, new = comparison.old, comparison.new
    worse = "; ".join(comparison.worse)
    told = f"⚠️ worse: {prose(worse)}" if worse else "✅ not worse than before"
    runs = f"{code(old.target)} {prose(old.finished)} → {code(new.target)} {prose(new.finished)}"
    sections = [
        f"## cutover: {prose(verdicts(comparison))}\n\n{told}  \n{runs}",
        item(other_target(comparison)) if other_target(comparison) else "",
        f"### Findings: {counts(comparison)}",
        *_findings(comparison),
        *_table(
            "Gates",
            ("code", "gate", "place", "change"),
            [
                (
                    prose(change.either.code, 20),
                    prose(change.either.title, 60),
                    code(change.either.place),
                    code(gate_change(change), 200),
                )
                for change in comparison.gates
            ],
        ),
        *_table(
            "Latency",
            ("endpoint", "change"),
            [
                (code(change.either.endpoint), code(latency_change(change), 200))
                for change in comparison.latency
            ],
        ),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _findings(comparison: ReportComparison) -> Iterable[str]:
    rows = [_row("🆕 new", finding, finding.change) for finding in comparison.added]
    rows += [_row("gone", finding, finding.change) for finding in comparison.gone]
    rows += [
        _row("changed", change.either, finding_change(change)) for change in comparison.changed
    ]
    return _table("", ("", "id", "endpoint", "kind", "where", "change", "times"), rows)


def _row(state: str, finding: Finding, change: str) -> tuple[str, ...]:
    return (
        f"{state}, accepted" if finding.accepted else state,
        code(finding.id),
        code(finding.endpoint),
        prose(finding.kind, 40),
        code(finding.pointer),
        code(change, 200),
        f"{finding.occurrences:,}",
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    if not rows:
        return
    lines = [f"### {title}", ""] if title else []
    lines += [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows[:ROWS]]
    if len(rows) > ROWS:
        lines += ["", f"… {plural(len(rows) - ROWS, 'more change')}: --json has them all."]
    yield "\n".join(lines)
