"""The gates that every run has: is there evidence at all, and is it whole? Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pytest_cutover.gate.evidence import Problem, RunEvidence, TestEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report.model import Gate, GateVerdict

# What may become of a golden, as the screen says it; ``same`` is not worth a word.
_RECORDED = {
    "new": "new",
    "changed": "changed",
    "replaced": "in place of what could not be read, without the noise it knew",
}
_NOT_RUN = ("skipped", "xfailed", "xpassed")


def own_contribution(evidence: RunEvidence) -> Contribution:
    """Whether tests ran, none is missing, both backends answered, and the run came to its end."""
    gates = [*_problems(evidence), _missing(evidence)]
    if evidence.suite:
        gates.append(_tests(evidence))
    notes = []
    if evidence.narrowed:
        notes.append(f"PARTIAL: narrowed by {evidence.narrowed}; only a whole run can say GO")
    if evidence.recording:
        notes.append(_recorded(evidence))
    others = _failed_beside(evidence)
    if others:
        notes.append(
            f"{others} unmarked tests failed: no evidence for the gate, but the run ends with "
            "pytest's status 1"
        )
    return Contribution(family="evidence", gates=tuple(gates), notes=tuple(notes))


def _failed_beside(evidence: RunEvidence) -> int:
    """How many tests failed that the verdict says nothing about."""
    known = {one.nodeid for one in evidence.tests}
    return sum(
        outcome.word in ("failed", "error") and nodeid not in known
        for nodeid, outcome in evidence.outcomes.items()
    )


def _recorded(evidence: RunEvidence) -> str:
    """What a recording run wrote, what it could not, and what to do with it."""
    words = Counter(one.recorded for one in evidence.tests if one.recorded)
    count = sum(words.values())
    parts = ", ".join(f"{words[word]} {told}" for word, told in _RECORDED.items() if words[word])
    written = f"recorded {count} goldens from the baseline"
    failed = _not_recorded(evidence)
    if failed:
        plural = "s were" if failed > 1 else " was"
        return (
            f"{written} ({parts or 'none new'}); {failed} test{plural} not recorded: put right"
            " what stands above, then record again"
        )
    then = (
        "look at them in the diff, record once more after a new launch, and commit them"
        if parts
        else "nothing changed"
    )
    return f"{written} ({parts or 'all as before'}): {then}"


def _not_recorded(evidence: RunEvidence) -> int:
    """How many tests failed where they were to be recorded."""
    failed = {
        one.test
        for one in evidence.tests
        if one.nodeid in evidence.outcomes
        and evidence.outcomes[one.nodeid].word in ("failed", "error")
    }
    return len(failed - {one.test for one in evidence.tests if one.recorded})


def _problems(evidence: RunEvidence) -> Iterable[Gate]:
    """One gate for each kind of problem, whatever number of times it happened."""
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in evidence.problems:
        kinds.setdefault((problem.code, problem.title), []).append(problem)
    for (code, title), problems in kinds.items():
        nodeids = tuple(dict.fromkeys(nodeid for one in problems for nodeid in one.nodeids))
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        yield Gate(
            id=f"evidence.{title.replace(' ', '-')}",
            code=code,
            title=title,
            verdict=GateVerdict.INCONCLUSIVE,
            limit="none",
            observed=str(len(problems)),
            message=problems[0].message + more,
            nodeids=nodeids,
            next=problems[0].next or evidence.again(nodeids) or evidence.command.whole(),
        )


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
        message="" if asked else _why_no_test(evidence),
    )


def _why_no_test(evidence: RunEvidence) -> str:
    if evidence.problems:
        return "no marked test could send a request, so nothing is known"
    return (
        "no marked test sent a request, so nothing is known. Mark tests with "
        '@pytest.mark.characterization("METHOD /path") and use `backend`.'
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
        next=evidence.again(nodeids),
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
