"""A comparison for the terminal, and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from pytest_cutover.core.numbers import interval
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.comparison import ReportChange, ReportComparison, accepted_word
from pytest_cutover.report.model import Finding, Gate, GateVerdict, Latency, Report
from pytest_cutover.report.summary import plural

_SIGNS = {GateVerdict.PASS: "✓", GateVerdict.FAIL: "✗", GateVerdict.INCONCLUSIVE: "?"}
_WIDTH = 400

_Thing = TypeVar("_Thing")


def text(comparison: ReportComparison) -> str:
    """Return the comparison for a terminal, harmless, without a final newline."""
    return "\n".join(one_line(line, _WIDTH) for line in _lines(comparison))


def as_json(comparison: ReportComparison) -> dict[str, object]:
    """Return the comparison as dicts, lists and scalars."""
    return {
        "old": _report(comparison.old),
        "new": _report(comparison.new),
        "worse": list(comparison.worse),
        "findings": {
            "new": [_finding(finding) for finding in comparison.added],
            "gone": [_finding(finding) for finding in comparison.gone],
            "changed": [_two(change, _finding) for change in comparison.changed],
            "same": comparison.same,
        },
        "gates": [_two(change, _gate) for change in comparison.gates],
        "latency": [_two(change, _latency) for change in comparison.latency],
    }


def verdicts(comparison: ReportComparison) -> str:
    """How the verdict went: "GO → NO-GO", or "still NO-GO"."""
    old, new = comparison.old.verdict, comparison.new.verdict
    return f"still {new}" if old is new else f"{old} → {new}"


def counts(comparison: ReportComparison) -> str:
    """How many findings came, went, changed and stayed."""
    return (
        f"{len(comparison.added)} new, {len(comparison.gone)} gone, "
        f"{len(comparison.changed)} changed, {comparison.same} the same"
    )


def finding_change(change: ReportChange[Finding]) -> str:
    """Return what changed about a finding: "number → string, was number → null; 3× → 12×"."""
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    parts = []
    if before.signature != after.signature:
        parts.append(f"{after.change}, was {before.change}")
    if before.occurrences != after.occurrences:
        parts.append(f"{before.occurrences}× → {after.occurrences}×")
    if accepted_word(before) != accepted_word(after):
        parts.append(f"{accepted_word(before)} → {accepted_word(after)}")
    if before.unstable != after.unstable:
        parts.append("now only sometimes" if after.unstable else "now every time")
    return "; ".join(parts)


def gate_change(change: ReportChange[Gate]) -> str:
    """How a gate went, with what was observed."""
    parts = [_went(change.before, change.after)]
    seen = [gate.observed for gate in (change.before, change.after) if gate and gate.observed]
    if seen:
        parts.append(" → ".join(dict.fromkeys(seen)))
    limits = [gate.limit for gate in (change.before, change.after) if gate and gate.limit]
    if limits:
        parts.append(f"limit {' → '.join(dict.fromkeys(limits))}")
    return "   ".join(parts)


def latency_change(change: ReportChange[Latency]) -> str:
    """How an endpoint's latency went, as ratios of the candidate's P50 to the baseline's."""
    ratios = [interval(row.p50_ratio) for row in (change.before, change.after) if row]
    return f"{_went(change.before, change.after)}   P50 ratio {' → '.join(ratios)}"


def other_target(comparison: ReportComparison) -> str:
    """Return a warning where the two reports are not of the same target, else empty."""
    old, new = comparison.old.target, comparison.new.target
    return "" if old == new else f"two targets are compared: {old} and {new}"


def _lines(comparison: ReportComparison) -> Iterator[str]:
    yield f"{verdicts(comparison)}   {_when(comparison.old)} → {_when(comparison.new)}"
    warning = other_target(comparison)
    if warning:
        yield f"! {warning}"
    yield f"findings: {counts(comparison)}"
    for sign, findings in (("+", comparison.added), ("-", comparison.gone)):
        for finding in findings:
            state = "   accepted" if finding.accepted else ""
            yield f" {sign} {_named(finding)}   {finding.change}   {finding.occurrences}×{state}"
    for change in comparison.changed:
        yield f" ~ {_named(change.either)}   {finding_change(change)}"
    if comparison.gates:
        yield f"gates: {plural(len(comparison.gates), 'change')}"
    for gate_step in comparison.gates:
        gate = gate_step.either
        name = "   ".join(part for part in (f"{gate.code} {gate.title}", gate.place) if part)
        yield f" {_sign(gate_step.after)} {name}   {gate_change(gate_step)}"
    if comparison.latency:
        yield f"latency: {plural(len(comparison.latency), 'endpoint')} changed"
    for step in comparison.latency:
        yield f" {_sign(step.after)} {step.either.endpoint}   {latency_change(step)}"
    if comparison.worse:
        yield f"worse: {'; '.join(comparison.worse)}"
    else:
        yield "not worse than before"


def _two(
    change: ReportChange[_Thing], shown: Callable[[_Thing], dict[str, object]]
) -> dict[str, object]:
    return {
        "before": None if change.before is None else shown(change.before),
        "after": None if change.after is None else shown(change.after),
    }


def _sign(entry: Gate | Latency | None) -> str:
    return _SIGNS[entry.verdict] if entry else "-"


def _went(before: Gate | Latency | None, after: Gate | Latency | None) -> str:
    if before is None:
        return f"new: {after.verdict}" if after else ""
    if after is None:
        return f"no longer judged, was {before.verdict}"
    return f"{before.verdict} → {after.verdict}"


def _named(finding: Finding) -> str:
    return f"{finding.id}   {finding.endpoint}   {finding.pointer or finding.kind}"


def _when(report: Report) -> str:
    return f"{report.target} {report.finished}"


def _report(report: Report) -> dict[str, object]:
    return {
        "verdict": str(report.verdict),
        "target": report.target,
        "finished": report.finished,
        "commit": report.environment.get("commit", ""),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "signature": finding.signature,
        "endpoint": finding.endpoint,
        "kind": finding.kind,
        "pointer": finding.pointer,
        "change": finding.change,
        "occurrences": finding.occurrences,
        "unstable": finding.unstable,
        "accepted": finding.accepted is not None,
    }


def _gate(gate: Gate) -> dict[str, object]:
    return {
        "id": gate.id,
        "code": gate.code,
        "title": gate.title,
        "place": gate.place,
        "required": gate.required,
        "verdict": str(gate.verdict),
        "limit": gate.limit,
        "observed": gate.observed,
    }


def _latency(row: Latency) -> dict[str, object]:
    ratio = row.p50_ratio
    return {
        "endpoint": row.endpoint,
        "source": row.source,
        "verdict": str(row.verdict),
        "p50_ratio": [ratio.estimate, ratio.lower, ratio.upper] if ratio else None,
    }
