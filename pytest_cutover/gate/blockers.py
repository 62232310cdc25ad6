"""The blockers of a report, in their order: failed before undecided, then the worst, the widest.

A cause is one blocker, whatever gates it fails, and so are gates that are undecided for one reason.
A gate that failed only by what follows from causes (an answer that breaks the contract where a
finding is, an assertion of a test that shows a finding) is told beside those. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pytest_cutover.core.nodeid import without_side
from pytest_cutover.gate.causes import collect
from pytest_cutover.report.model import (
    BlockerRow,
    Cause,
    Finding,
    Gate,
    GateVerdict,
    Report,
    Verdict,
)
from pytest_cutover.report.truncation import total

_Ranked = tuple[tuple[object, ...], BlockerRow]


def blocker_rows(report: Report) -> tuple[BlockerRow, ...]:
    """Return what keeps the answer from GO. Gates, findings and causes have their severity
    already.
    """
    failed = [gate for gate in report.gates if gate.verdict is GateVerdict.FAIL]
    of_code: dict[str, Gate] = {}
    for gate in failed:
        of_code.setdefault(gate.code, gate)
    findings = {one.id: one for one in report.findings}
    rows: list[_Ranked] = []
    with_findings: set[str] = set()
    for cause in report.causes:
        mine = dict.fromkeys(
            of_code[findings[one].code].id
            for one in cause.findings
            if findings[one].code in of_code
        )
        if mine:
            with_findings |= set(mine)
            rows.append(_of_cause(cause, list(mine)))
    following = {gate.id: gate for gate in failed if _follows(gate, report, findings)}
    alone = [one for one in failed if one.id not in with_findings and one.id not in following]
    rows += [_of_gate(gate, ()) for gate in alone]
    rows += _undecided(report)
    causes = {one.id: one for one in report.causes}
    # Stable: what is equal stays as it stands.
    in_order = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    return tuple(_beside(row, causes.get(row.cause), following) for row in in_order)


def _of_cause(cause: Cause, gates: list[str]) -> _Ranked:
    row = BlockerRow(
        gate=gates[0],
        severity=cause.severity,
        finding=cause.findings[0],
        cause=cause.id,
        others=tuple(gates[1:]),
    )
    return (0, *collect.rank(cause)), row


def _of_gate(gate: Gate, others: tuple[str, ...]) -> _Ranked:
    verdict = int(gate.verdict is GateVerdict.INCONCLUSIVE)
    row = BlockerRow(gate=gate.id, severity=gate.severity, others=others)
    return (verdict, gate.severity, True, -int(" /" in gate.place), -total(gate)), row


def _undecided(report: Report) -> Iterator[_Ranked]:
    """Yield required gates without an answer, one row for each reason.

    A PARTIAL run is not blocked by what it was told to leave out.
    """
    if report.verdict is Verdict.PARTIAL:
        return
    groups: dict[str, list[Gate]] = {}
    for gate in report.gates:
        if gate.required and gate.verdict is GateVerdict.INCONCLUSIVE:
            groups.setdefault(gate.because or f"\0{gate.id}", []).append(gate)
    for first, *others in groups.values():
        yield _of_gate(first, tuple(gate.id for gate in others))


def _follows(gate: Gate, report: Report, findings: Mapping[str, Finding]) -> bool:
    """Whether all that a gate failed for is told by causes."""
    pending = [one for one in findings.values() if one.accepted is None]
    if gate.id == "parity.assertions":
        tests = {without_side(nodeid) for one in pending for nodeid in one.nodeids}
        return bool(gate.nodeids) and all(without_side(one) in tests for one in gate.nodeids)
    if gate.id == "contract.candidate" and report.violations:
        told = collect.Consequences(report.violations)
        seen = [pair for one in pending for pair in told.of(one)]
        return told.are_all(seen)
    return False


def _beside(row: BlockerRow, cause: Cause | None, following: Mapping[str, Gate]) -> BlockerRow:
    """Return the row, with the gates that failed by what follows from its cause."""
    if cause is None or not following:
        return row
    told = [
        name
        for name, has_any in (
            ("parity.assertions", cause.assertions),
            ("contract.candidate", cause.violations),
        )
        if has_any and name in following
    ]
    return replace(row, others=(*row.others, *told))
