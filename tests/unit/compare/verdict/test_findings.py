"""Differences of one cause are one finding, whatever the order of the evidence."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.evidence.signatures import finding_id
from pytest_cutover.compare.verdict.findings import findings_of
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.report.model import BothSides

differences = st.builds(
    DifferenceEvidence,
    signature=st.sampled_from(["s", "t"]),
    endpoint=st.just("GET /a"),
    kind=st.just("value"),
    pointer=st.just("/items/*/n"),
    change=st.just("text → text"),
    baseline=st.text(max_size=3),
    candidate=st.text(max_size=3),
    accepted=st.none() | st.just("1"),
    unstable=st.booleans(),
)
evidence = st.lists(st.lists(differences, max_size=4), max_size=5)


def a_test(name: str, *shown: DifferenceEvidence) -> TestEvidence:
    return TestEvidence(
        nodeid=f"{name}[candidate]",
        test=name,
        side="candidate",
        marker="characterization",
        endpoints=("POST /b",),
        differences=shown,
    )


@settings(max_examples=50, deadline=None)
@given(evidence, st.integers())
def test_the_order_of_evidence_changes_nothing(
    shown: list[list[DifferenceEvidence]], seed: int
) -> None:
    tests = [a_test(f"t::{number}", *found) for number, found in enumerate(shown)]
    shuffled = list(tests)
    random.Random(seed).shuffle(shuffled)

    findings = findings_of(tests, {}, {})

    assert findings == findings_of(shuffled, {}, {})
    assert sum(map(len, shown)) == sum(finding.occurrences for finding in findings)
    assert len(findings) == len({finding.id for finding in findings})


def test_one_signature_in_two_tests_is_one_finding_with_the_smallest_example() -> None:
    large, small = (
        DifferenceEvidence(
            signature="s",
            endpoint="GET /a",
            kind="value",
            pointer="/items/*/n",
            change="text → text",
            baseline=value,
            candidate=value,
        )
        for value in ("long", "x")
    )

    [found] = findings_of([a_test("t::b", large), a_test("t::a", small)], {}, {})

    assert ("/items/*/n", 2, "x") == (found.pointer, found.occurrences, found.baseline)
    assert ("t::a[candidate]", "t::b[candidate]") == found.nodeids
    assert finding_id("s") == found.id
    assert 8 == len(found.id)


def test_the_example_that_is_shown_is_one_whose_bodies_were_kept() -> None:
    """Of equal ones each process keeps that of the first test, whatever random codes they sent."""

    def seen(test: str, sent: str, spool: str | None) -> TestEvidence:
        observed = DifferenceEvidence(
            signature="s",
            endpoint="POST /b",
            kind="value",
            pointer="/a",
            change="text → text",
            baseline='"x"',
            candidate='"y"',
            reproduce_candidate=f"curl … {sent}",
            spool=spool,
        )
        return a_test(test, observed)

    evidence = [seen("t::a", "LOT-ZZZ", "kept.json"), seen("t::b", "LOT-AAA", None)]
    for tests in (evidence, evidence[::-1]):
        [finding] = findings_of(tests, {"kept.json": BothSides("one", "other")}, {})
        assert finding.context == BothSides("one", "other")
        assert finding.reproduce is not None
        assert finding.reproduce.candidate == "curl … LOT-ZZZ"
