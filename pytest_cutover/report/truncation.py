"""How large a report may grow: with its findings, never with their occurrences.

Called by the JSON writer, so that what is written is what can be read again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pytest_cutover.report.model import BothSides, Finding, Gate, Report

NODEIDS = 50
VALUE_CHARACTERS = 4_000
CONTEXT_CHARACTERS = 16_000
STALE_GOLDENS = 200
VIOLATIONS = 200

_Counted = TypeVar("_Counted", Gate, Finding)


def clip(text: str, limit: int) -> str:
    """Return the text, or its beginning and how many characters were left out; never above
    `limit`.
    """
    if len(text) <= limit:
        return text
    tail = f"… ({len(text)} characters)"
    return text[: limit - len(tail)] + tail if limit > len(tail) else text[:limit]


def total(entry: Gate | Finding) -> int:
    """How many tests there were, listed or not."""
    return max(entry.nodeids_total, len(entry.nodeids))


def bounded(report: Report) -> Report:
    """Return the same report with its lists of tests and its values cut to size, the counts
    kept.
    """
    return replace(
        report,
        gates=tuple(_with_fewer_nodeids(gate) for gate in report.gates),
        findings=tuple(_bounded_finding(finding) for finding in report.findings),
        remembered=tuple(_bounded_finding(finding) for finding in report.remembered),
        stale_goldens=report.stale_goldens[:STALE_GOLDENS],
        violations=tuple(
            replace(one, nodeids=one.nodeids[:NODEIDS]) for one in report.violations[:VIOLATIONS]
        ),
    )


def _with_fewer_nodeids(entry: _Counted) -> _Counted:
    return replace(entry, nodeids=entry.nodeids[:NODEIDS], nodeids_total=total(entry))


def _bounded_finding(finding: Finding) -> Finding:
    return replace(
        _with_fewer_nodeids(finding),
        baseline=clip(finding.baseline, VALUE_CHARACTERS),
        candidate=clip(finding.candidate, VALUE_CHARACTERS),
        context=_clip_pair(finding.context, CONTEXT_CHARACTERS),
        reproduce=_clip_pair(finding.reproduce, CONTEXT_CHARACTERS),
    )


def _clip_pair(pair: BothSides | None, limit: int) -> BothSides | None:
    return pair and BothSides(clip(pair.baseline, limit), clip(pair.candidate, limit))
