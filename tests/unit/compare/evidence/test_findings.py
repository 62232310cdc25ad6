"""Differences of one cause are one finding, whatever the order of the evidence."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.evidence.encoding import findings_of
from pytest_cutover.compare.evidence.findings import cluster, finding_id
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.report.model import BothSides

differences = st.builds(
    Difference,
    exchange=st.integers(0, 3),
    endpoint=st.sampled_from(["GET /a", "POST /b"]),
    kind=st.sampled_from(list(Kind)),
    pointer=st.sampled_from(["", "/items/0/n", "/items/12/n", "/headers/vary"]),
    change=st.sampled_from(["text → text", "400 → 422"]),
    baseline=st.none() | st.text(max_size=3),
    candidate=st.none() | st.text(max_size=3),
)
evidence = st.lists(st.tuples(st.sampled_from(["t::a", "t::b"]), differences), max_size=20)


@settings(max_examples=50, deadline=None)
@given(evidence, st.integers())
def test_the_order_of_evidence_changes_nothing(
    pairs: list[tuple[str, Difference]], seed: int
) -> None:
    shuffled = list(pairs)
    random.Random(seed).shuffle(shuffled)
    assert cluster(pairs) == cluster(shuffled)
    assert len(pairs) == sum(finding.occurrences for finding in cluster(pairs))


def test_indices_do_not_make_another_finding() -> None:
    def at(pointer: str, shown: str) -> Difference:
        return Difference(0, "GET /a", Kind.VALUE, pointer, "text → text", shown, shown)

    found = cluster([("t::b", at("/items/3/n", "long")), ("t::a", at("/items/0/n", "x"))])
    assert [("/items/*/n", 2, ("t::a", "t::b"), "x")] == [
        (f.pointer, f.occurrences, f.nodeids, f.baseline) for f in found
    ]
    assert finding_id(found[0].signature) == found[0].id
    assert 8 == len(found[0].id)


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
        nodeid = f"{test}[candidate]"
        return TestEvidence(
            nodeid=nodeid,
            test=test,
            side="candidate",
            marker="characterization",
            endpoints=("POST /b",),
            differences=(observed,),
        )

    evidence = [seen("t::a", "LOT-ZZZ", "kept.json"), seen("t::b", "LOT-AAA", None)]
    for tests in (evidence, evidence[::-1]):
        [finding] = findings_of(tests, {"kept.json": BothSides("one", "other")}, {})
        assert finding.context == BothSides("one", "other")
        assert finding.reproduce.candidate == "curl … LOT-ZZZ"
