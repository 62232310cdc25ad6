"""Differences of one cause are one finding, whatever the order of the evidence."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.parity.difference import Difference, Kind
from pytest_cutover.parity.findings import cluster, finding_id

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
