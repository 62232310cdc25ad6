"""The one order in which a report is told: what stands first in it stands first everywhere.

`ordered` is called once, before anything is written. Renderers and commands keep the places of
gates, findings, latencies and accepted differences as they find them, so that the screen, the page,
the comment and `review` name the same blocker first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pytest_cutover.report.model import Finding, Gate, GateVerdict, Report

_VERDICTS = {GateVerdict.FAIL: 0, GateVerdict.INCONCLUSIVE: 1, GateVerdict.PASS: 2}


def ordered(report: Report, base: Report | None = None) -> Report:
    """The same report, what matters most first in each of its lists.

    With `base`, the report of the base branch, findings that are new since stand before the others.
    """
    known = frozenset(finding.signature for finding in base.findings) if base else frozenset()
    return replace(
        report,
        gates=tuple(sorted(report.gates, key=_gate_rank)),
        findings=findings_in_order(report.findings, known),
        latency=tuple(sorted(report.latency, key=lambda row: _VERDICTS[row.verdict])),
        accepted=tuple(sorted(report.accepted, key=lambda one: (one.days_left, one.signature))),
    )


def findings_in_order(
    findings: Iterable[Finding], known: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """The open findings before the accepted ones; of each those that came most often first.

    `known` are signatures of the base branch: what is not among them is new, and stands before.
    """
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                one.accepted is not None,
                one.signature in known,
                -one.occurrences,
                one.signature,
                one.id,
            ),
        )
    )


def _gate_rank(gate: Gate) -> tuple[int, bool]:
    """Failed, then required and undecided, then undecided, then passed; else as rooms gave them."""
    undecided = gate.verdict is GateVerdict.INCONCLUSIVE
    return _VERDICTS[gate.verdict], undecided and not gate.required
