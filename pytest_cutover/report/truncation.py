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


def both_clipped(pair: BothSides, limit: int) -> BothSides:
    """Return both texts within `limit` characters each, cut so that what differs is in them.

    What is left out before it, being the same on both sides, is counted.
    """
    left, right = pair.baseline, pair.candidate
    if max(len(left), len(right)) <= limit:
        return pair
    start = _line_of_difference(left, right, limit) if left and right else 0
    if not start:
        return BothSides(clip(left, limit), clip(right, limit))
    note = f"… ({start} characters, alike on both sides)\n"
    room = limit - len(note)
    return BothSides(note + clip(left[start:], room), note + clip(right[start:], room))


def _line_of_difference(left: str, right: str, limit: int) -> int:
    """Return where to begin so that the first difference stands within the first third."""
    first = next(
        (
            place
            for place, (one, other) in enumerate(zip(left, right, strict=False))
            if one != other
        ),
        min(len(left), len(right)),
    )
    if first < limit // 2:
        return 0
    begin = first - limit // 3
    line = left.find("\n", begin, first) + 1
    return line or begin


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
        context=finding.context and both_clipped(finding.context, CONTEXT_CHARACTERS),
        reproduce=_clip_pair(finding.reproduce, CONTEXT_CHARACTERS),
    )


def _clip_pair(pair: BothSides | None, limit: int) -> BothSides | None:
    return pair and BothSides(clip(pair.baseline, limit), clip(pair.candidate, limit))
