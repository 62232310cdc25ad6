"""The one order in which a report is told: what stands first in it stands first everywhere.

`ordered` is called once, before anything is written. It writes the severity of each gate and
finding into the report, and the blockers in their order; renderers and commands keep the places of
what they find, so that the screen, the page, the comment and `review` name the same blocker first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pytest_cutover.gate import severity
from pytest_cutover.report.model import BlockerRow, Finding, Gate, GateVerdict, Report, Verdict
from pytest_cutover.report.truncation import total

_VERDICTS = {GateVerdict.FAIL: 0, GateVerdict.INCONCLUSIVE: 1, GateVerdict.PASS: 2}


def ordered(report: Report) -> Report:
    """The same report, what matters most first in each of its lists."""
    findings = findings_in_order(report.findings)
    pending = _pending(findings)
    gates = [
        replace(
            gate,
            severity=0
            if gate.verdict is GateVerdict.PASS
            else int(severity.of_gate(gate, pending.get(gate.code, ()))),
        )
        for gate in report.gates
    ]
    gates.sort(key=_gate_rank)
    return replace(
        report,
        gates=tuple(gates),
        findings=findings,
        blockers=_blockers(report, gates, pending),
        latency=tuple(sorted(report.latency, key=lambda row: _VERDICTS[row.verdict])),
        accepted=tuple(sorted(report.accepted, key=lambda one: (one.days_left, one.signature))),
    )


def findings_in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with their severity: open before accepted, then the worst, then the widest."""
    rated = [replace(one, severity=int(severity.of_finding(one))) for one in findings]
    return tuple(sorted(rated, key=_finding_rank))


def _finding_rank(one: Finding) -> tuple[object, ...]:
    return (
        one.accepted is not None,
        one.severity,
        -total(one),
        -one.occurrences,
        one.signature,
        one.id,
    )


def _pending(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings that nobody accepted, by the code of the gate that they count for."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        if one.accepted is None:
            found.setdefault(one.code, []).append(one)
    return found


def _blockers(
    report: Report, gates: Iterable[Gate], pending: Mapping[str, list[Finding]]
) -> tuple[BlockerRow, ...]:
    """What keeps the answer from GO: failed before undecided, then the worst, then the widest.

    A PARTIAL run is not blocked by what it was told to leave out.
    """
    rows: list[tuple[tuple[object, ...], BlockerRow]] = []
    told: set[str] = set()
    for gate in gates:
        if gate.verdict is GateVerdict.FAIL:
            # Gates of one code share its findings: they stand beside the first.
            mine = pending.get(gate.code, []) if gate.code not in told else []
            told.add(gate.code)
            for one in mine:
                row = BlockerRow(gate=gate.id, finding=one.id, severity=one.severity)
                rows.append(((0, one.severity, -1, *_finding_rank(one)[2:]), row))
            if mine:
                continue
        elif not _is_wanted(gate, report.verdict):
            continue
        row = BlockerRow(gate=gate.id, severity=gate.severity)
        rank = (_VERDICTS[gate.verdict], gate.severity, -_endpoints(gate), -total(gate))
        rows.append((rank, row))
    # Stable: what is equal stays as the gates stand.
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _is_wanted(gate: Gate, verdict: Verdict) -> bool:
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    return undecided and gate.required and verdict is not Verdict.PARTIAL


def _endpoints(gate: Gate) -> int:
    return int(" /" in gate.place)


def _gate_rank(gate: Gate) -> tuple[int, bool, int]:
    """Failed, then required and undecided, then undecided, then passed; of each the worst first."""
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    return _VERDICTS[gate.verdict], undecided and not gate.required, gate.severity
