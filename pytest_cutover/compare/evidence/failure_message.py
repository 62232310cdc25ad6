"""What a developer reads in the failing test. Pure.

The first line is the worst difference itself: it is all that pytest's short summary shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_cutover.compare.evidence.signatures import finding_id
from pytest_cutover.core.codes import Severity
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.gate.severity import of_change
from pytest_cutover.report.blocker import excerpts

_SHOWN = 8
_VALUE = 30


def failure_text(evidence: TestEvidence, *, rounds: int) -> str:
    """Each unaccepted difference with both values, the worst first, and how to repeat it.

    The evidence is scrubbed.
    """
    pending = worst_first(evidence)
    if not pending:
        return (
            f"inconclusive: {evidence.inconclusive}.\nNothing is held against the candidate; run "
            "the test alone, and look at what the baseline does differently each time."
        )
    return "\n".join(_lines(evidence, pending, rounds))


def worst_first(evidence: TestEvidence) -> list[DifferenceEvidence]:
    """Return the differences of a test that nobody accepted."""
    return sorted((one for one in evidence.differences if one.accepted is None), key=severity_of)


def severity_of(one: DifferenceEvidence) -> Severity:
    """Return how much a difference matters, by the values that it is shown with."""
    return of_change(one.kind, one.pointer, one.change, ((one.baseline, one.candidate),))


def one_difference(one: DifferenceEvidence) -> str:
    """Return a difference in one line, what changed first: ``/price 5.0 → 5.1 at GET /lots``."""
    if one.kind == "status" or not (one.baseline or one.candidate):
        changed = one_line(one.change)
    else:
        changed = " → ".join(excerpts(one.baseline, one.candidate, _VALUE))
    return f"{one_line(one.pointer or one.kind)} {changed} at {one_line(one.endpoint)}"


def _lines(evidence: TestEvidence, pending: list[DifferenceEvidence], rounds: int) -> Iterator[str]:
    against = "the baseline" if evidence.compared == "live" else "the golden"
    times = f", confirmed in {rounds} rounds" if rounds > 1 else ""
    yield one_difference(pending[0])
    yield f"the candidate differs from {against}{times}"
    for one in pending[:_SHOWN]:
        unstable = "  (unstable: not every time)" if one.unstable else ""
        yield ""
        yield (
            f"  {one_line(one.endpoint)}  {one.kind}  {one_line(one.pointer) or '(whole answer)'}"
            f"  {one_line(one.change)}{unstable}"
        )
        yield f"    baseline   {one_line(one.baseline, 300)}"
        yield f"    candidate  {one_line(one.candidate, 300)}"
    if len(pending) > _SHOWN:
        yield from ("", f"  and {len(pending) - _SHOWN} more, in the report")
    if evidence.inconclusive:
        yield from ("", f"  besides, {evidence.inconclusive}")
    shown = pending[0]
    commands = [shown.reproduce_baseline, shown.reproduce_candidate]
    yield from ("", "  repeat it:")
    yield from (f"    {one_line(command, 1000)}" for command in commands if command)
    yield "  intended? accept it for this test:"
    yield f"    pytest-cutover accept {finding_id(shown.signature)} --scope … --reason …"
