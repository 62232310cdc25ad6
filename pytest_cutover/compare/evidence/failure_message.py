"""What a developer reads in the failing test. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_cutover.compare.evidence.findings import finding_id
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.sanitize import one_line

_SHOWN = 8


def failure_text(evidence: TestEvidence, *, rounds: int) -> str:
    """Each unaccepted difference with both values, and how to repeat it; evidence is scrubbed."""
    pending = [one for one in evidence.differences if one.accepted is None]
    if not pending:
        return (
            f"inconclusive: {evidence.inconclusive}.\nNothing is held against the candidate; run "
            "the test alone, and look at what the baseline does differently each time."
        )
    return "\n".join(_lines(evidence, pending, rounds))


def _lines(evidence: TestEvidence, pending: list[DifferenceEvidence], rounds: int) -> Iterator[str]:
    against = "the baseline" if evidence.compared == "live" else "the golden"
    times = f", confirmed in {rounds} rounds" if rounds > 1 else ""
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
