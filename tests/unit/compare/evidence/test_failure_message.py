"""The first line of a failing test is all that pytest's short summary shows."""

from __future__ import annotations

from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence


def difference(kind: str, pointer: str, change: str, before: str, after: str) -> DifferenceEvidence:
    return DifferenceEvidence(
        signature=f"GET /lots | {kind} | {pointer} | {change}",
        endpoint="GET /lots",
        kind=kind,
        pointer=pointer,
        change=change,
        baseline=before,
        candidate=after,
    )


def first_line(*differences: DifferenceEvidence) -> str:
    evidence = TestEvidence(
        nodeid="t.py::t[candidate]",
        test="t.py::t",
        side="candidate",
        marker="characterization",
        compared="live",
        differences=differences,
    )
    return failure_text(evidence, rounds=2).splitlines()[0]


def test_it_is_the_difference_itself() -> None:
    weight = difference("type", "/weight", "number → string", "500.5", '"500.5"')

    assert first_line(weight) == '/weight 500.5 → "500.5" at GET /lots'


def test_it_is_the_worst_difference_wherever_it_stands() -> None:
    added = difference("added", "/colour", "absent → string", "(nothing)", '"red"')
    status = difference("status", "", "200 → 500", '200 {"a": 1}', "500 oh")

    assert first_line(added, status) == "status 200 → 500 at GET /lots"


def test_texts_that_differ_late_are_shown_where_they_differ() -> None:
    long = difference("value", "/text", "text → text", f'"{"a" * 900}x"', f'"{"a" * 900}y"')

    assert first_line(long) == '/text …aaaaaaaaaax" → …aaaaaaaaaay" at GET /lots'
