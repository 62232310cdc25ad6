"""The gates that every run has: is there evidence at all, and is it whole? Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set

from pytest_cutover.backends.session import COMPARED
from pytest_cutover.core.errors import did_you_mean
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.run_evidence import RunEvidence, RunProblem
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
        notes.append(_told_of_others(others))
    return Contribution(family="evidence", gates=tuple(gates), notes=tuple(notes))


def _failed_beside(evidence: RunEvidence) -> list[str]:
    """Return the tests that failed and compare nothing, so that the verdict says nothing about
    them.
    """
    known = {one.nodeid for one in evidence.tests}
    return [
        nodeid
        for nodeid, outcome in evidence.outcomes.items()
        if outcome.word in ("failed", "error") and nodeid not in known
    ]


def _told_of_others(nodeids: list[str]) -> str:
    """Which they are, why no gate counts them, and what they do to the run all the same."""
    count = len(nodeids)
    tests = "1 test that compares nothing" if count == 1 else f"{count} tests that compare nothing"
    whom = "it" if count == 1 else "them"
    named = ", ".join(nodeids[:_OTHERS]) + (f" and {count - _OTHERS} more" * (count > _OTHERS))
    return (
        f"{tests} failed, and no gate that was asked for here rests on {whom}: {named}; "
        "pytest ends with status 1 all the same, and its output above says why"
    )


_OTHERS = 2


def _recorded(evidence: RunEvidence) -> str:
    """Return what a recording run wrote, what it could not, and what to do with it."""
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
    kinds: dict[tuple[str, str], list[RunProblem]] = {}
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
            limit="0",
            observed=str(len(problems)),
            message=problems[0].message + more,
            nodeids=nodeids,
            next=problems[0].next or evidence.again(nodeids) or evidence.command.whole(),
        )


def _tests(evidence: RunEvidence) -> Gate:
    asked = {one.test for one in evidence.tests if one.requests}
    message = _why_nothing(evidence, asked=bool(asked))
    return Gate(
        id="evidence.tests",
        code="CUT301",
        title="tests",
        verdict=GateVerdict.INCONCLUSIVE if message else GateVerdict.PASS,
        limit="at least 1 test that sends a request",
        observed=str(len(asked)),
        message=message,
        next=evidence.command.whole() if message else "",
    )


def _why_nothing(evidence: RunEvidence, *, asked: bool) -> str:
    """Why all the tests together say nothing, or nothing of use; empty where they do."""
    if not asked and evidence.problems:
        return "no marked test could send a request, so nothing is known"
    broken = [one for one in evidence.tests if _failed(one, evidence)]
    if not asked and broken and len(broken) == len(evidence.tests):
        reason = evidence.outcomes[broken[0].nodeid].reason
        return (
            "every marked test failed before it sent a request, so nothing is known. "
            f"The first, {broken[0].nodeid}: {reason}"
        )
    if not asked:
        return (
            "no marked test sent a request, so nothing is known. Mark tests with "
            '@pytest.mark.characterization("METHOD /path") and use `backend`.'
        )
    statuses = Counter[int]()
    for one in evidence.tests:
        if one.side != "candidate":
            for _, status, times in one.seen:
                statuses[status] += times
    if not statuses or any(200 <= status < 400 for status in statuses):
        return ""
    told = ", ".join(
        f"{times} × {status or 'no answer'}" for status, times in sorted(statuses.items())
    )
    return (
        f"the baseline answered no request with success ({told}): two backends that refuse "
        "everything agree. Check the login, the headers and the data behind the baseline."
    )


def _failed(one: TestEvidence, evidence: RunEvidence) -> bool:
    outcome = evidence.outcomes.get(one.nodeid)
    return outcome is not None and outcome.word in ("failed", "error")


def _missing(evidence: RunEvidence) -> Gate:
    """Name marked tests that are no evidence: skipped, xfailed, broken or silent."""
    reasons: dict[str, set[str]] = {}
    missing: set[str] = set()
    asked = {_path(endpoint) for one in evidence.tests for endpoint, _, _ in one.seen}
    for one in evidence.tests:
        why = _why_missing(one, evidence, asked)
        if why:
            reasons.setdefault(why, set()).add(one.test)
            missing.add(one.nodeid)
    nodeids = tuple(sorted(missing))
    return Gate(
        id="evidence.missing",
        code="CUT303",
        title="missing evidence",
        verdict=GateVerdict.INCONCLUSIVE if nodeids else GateVerdict.PASS,
        limit="0 marked tests",
        observed=", ".join(f"{len(tests)} {why}" for why, tests in sorted(reasons.items())) or "0",
        message="nothing about the candidate is proven by that" if nodeids else "",
        nodeids=nodeids,
        next=evidence.again(nodeids),
    )


def _why_missing(one: TestEvidence, evidence: RunEvidence, asked: Set[str]) -> str:
    """Why a test is no evidence, in words; `asked` are the paths that any test asked."""
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
    if one.marker in COMPARED and one.seen and not set(map(_path, one.endpoints)) <= asked:
        return _not_what_was_asked(one, evidence)
    return ""


def _not_what_was_asked(one: TestEvidence, evidence: RunEvidence) -> str:
    """Return what the marker says, what the test asked instead, and what was probably meant."""
    seen = list(dict.fromkeys(endpoint for endpoint, _, _ in one.seen))
    named = [each for each in one.endpoints if _path(each) not in set(map(_path, seen))]
    asked = ", ".join(seen[:3])
    known = {each for test in evidence.tests for each in test.endpoints} - set(named)
    guess = did_you_mean(named[0], [*seen, *sorted(known)]) if named else ""
    meant = f"; did you mean `{guess}`?" if guess else ""
    return f"whose marker says {', '.join(named)}, and the test asked {asked}{meant}"


def _path(endpoint: str) -> str:
    """Return the path alone: OPTIONS of an endpoint, or a slash after it, is about that
    endpoint.
    """
    return endpoint.partition(" ")[2].rstrip("/")
