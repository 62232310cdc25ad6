"""The one order in which a report is told: what stands first in it stands first everywhere.

`ordered` is called once, before anything is written. It writes the severity of each gate and
finding into the report, and the blockers in their order; renderers and commands keep the places of
what they find, so that the screen, the page, the comment and `review` name the same blocker first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pytest_cutover.config.load import ADHOC
from pytest_cutover.core.codes import Code
from pytest_cutover.gate import severity
from pytest_cutover.gate.blockers import blocker_rows
from pytest_cutover.gate.causes.collect import causes_of
from pytest_cutover.report.headroom import headrooms
from pytest_cutover.report.model import Finding, Gate, GateVerdict, Latency, Report

_VERDICTS = {GateVerdict.FAIL: 0, GateVerdict.INCONCLUSIVE: 1, GateVerdict.PASS: 2}
_ASSERTIONS = "parity.assertions"


def ordered(report: Report, codes: Mapping[str, Code]) -> Report:
    """Return the same report, what matters most first in each of its lists.

    `codes` say how much a gate matters that fails for no finding.
    """
    findings = severity.findings_in_order(report.findings)
    pending = _pending(findings)
    gates = [_rated(gate, codes, pending.get(gate.code, ())) for gate in report.gates]
    gates.sort(key=_gate_rank)
    failing = [
        nodeid
        for gate in gates
        if gate.id == _ASSERTIONS and gate.verdict is GateVerdict.FAIL
        for nodeid in gate.nodeids
    ]
    target = "" if report.target == ADHOC else report.target
    causes = causes_of(findings, violations=report.violations, failing=failing, target=target)
    # A list of findings tells them as the blockers do: cause by cause.
    places = {name: place for place, one in enumerate(causes) for name in one.findings}
    findings = tuple(sorted(findings, key=lambda one: places.get(one.id, len(places))))
    ranked = replace(report, gates=tuple(gates), findings=findings, causes=causes)
    return replace(
        ranked,
        blockers=blocker_rows(ranked),
        latency=tuple(sorted(report.latency, key=_latency_rank)),
        accepted=tuple(sorted(report.accepted, key=lambda one: (one.days_left, one.signature))),
    )


def _rated(gate: Gate, codes: Mapping[str, Code], findings: Iterable[Finding]) -> Gate:
    passed = gate.verdict is GateVerdict.PASS
    return replace(gate, severity=0 if passed else int(severity.of_gate(gate, codes, findings)))


def _pending(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings that nobody accepted, by the code of the gate that they count for."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        if one.accepted is None:
            found.setdefault(one.code, []).append(one)
    return found


def _latency_rank(row: Latency) -> tuple[int, float]:
    """Failed before undecided, and within each the one that is nearest to a limit."""
    found = headrooms(row)
    return _VERDICTS[row.verdict], found[0].share if found else math.inf


def _gate_rank(gate: Gate) -> tuple[int, bool, int]:
    """Failed, then required and undecided, then undecided, then passed; of each the worst first."""
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    return _VERDICTS[gate.verdict], undecided and not gate.required, gate.severity
