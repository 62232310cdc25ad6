"""The gates that every run has: is there evidence at all, and is it whole? Pure."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_cutover.gate.evidence import RunEvidence, TestEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report.model import Gate, GateVerdict

_NOT_RUN = ("skipped", "xfailed", "xpassed")


def own_contribution(evidence: RunEvidence) -> Contribution:
    """Whether tests ran, none is missing, both backends answered, and the run came to its end."""
    gates = [_tests(evidence), _missing(evidence)]
    gates += [
        Gate(
            id=f"evidence.{problem.title.replace(' ', '-')}",
            code=problem.code,
            title=problem.title,
            verdict=GateVerdict.INCONCLUSIVE,
            limit="none",
            observed="1",
            message=problem.message,
            nodeids=problem.nodeids,
            next=problem.next,
        )
        for problem in evidence.problems
    ]
    notes = []
    if evidence.narrowed:
        notes.append(f"PARTIAL: narrowed by {evidence.narrowed}; only a whole run can say GO")
    if evidence.recording:
        notes.append("goldens were recorded from the baseline; a recording run never says GO")
    return Contribution(family="evidence", gates=tuple(gates), notes=tuple(notes))


def _tests(evidence: RunEvidence) -> Gate:
    asked = {one.test for one in evidence.tests if one.requests}
    verdict = GateVerdict.PASS if asked else GateVerdict.INCONCLUSIVE
    return Gate(
        id="evidence.tests",
        code="CUT301",
        title="tests",
        verdict=verdict,
        limit="at least 1 test that sends a request",
        observed=str(len(asked)),
        message=""
        if asked
        else "no marked test sent a request, so nothing is known. Mark tests with "
        '@pytest.mark.characterization("METHOD /path") and use `backend`.',
    )


def _missing(evidence: RunEvidence) -> Gate:
    """Marked tests that are no evidence: skipped, xfailed, broken in set-up, or without request."""
    reasons: dict[str, list[str]] = {}
    for one in evidence.tests:
        why = _why_missing(one, evidence)
        if why:
            reasons.setdefault(why, []).append(one.nodeid)
    nodeids = tuple(sorted(nodeid for group in reasons.values() for nodeid in group))
    return Gate(
        id="evidence.missing",
        code="CUT303",
        title="missing evidence",
        verdict=GateVerdict.INCONCLUSIVE if nodeids else GateVerdict.PASS,
        limit="0 marked tests",
        observed=", ".join(f"{len(group)} {why}" for why, group in sorted(reasons.items())) or "0",
        message="these tests say nothing about the candidate until they run" if nodeids else "",
        nodeids=nodeids,
        next=_again(nodeids),
    )


def _why_missing(one: TestEvidence, evidence: RunEvidence) -> str:
    outcome = evidence.outcomes.get(one.nodeid)
    if outcome is None:
        return "never finished"
    if outcome.word in _NOT_RUN:
        return outcome.word
    if outcome.word == "error" and not one.requests:
        return "broken in set-up"
    if one.blocked:
        return "blocked"
    if not one.requests:
        return "without a request"
    return ""


def _again(nodeids: Iterable[str]) -> str:
    first = next(iter(nodeids), "")
    return f'pytest "{first}"' if first else ""
