"""Fuzzing the reference pair: the drifts that a request can provoke are found, and nothing else."""

from __future__ import annotations

import sys

import pytest

from tests.reference.runs import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from fuzz import expected, is_known, manifest, place, run  # type: ignore[import-not-found]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def drifted() -> list[dict[str, object]]:
    findings: list[dict[str, object]] = run("drifted", 40, 300).findings
    return findings


def test_four_of_five_provokable_drifts_are_found_without_a_test(drifted: list[dict]) -> None:
    seen = {place(one) for one in drifted if not is_known(one)}
    provokable = [drift for drift in manifest() if drift["provokable_by_request"]]
    found = [drift for drift in provokable if expected(drift) & seen]
    assert len(found) / len(provokable) >= 0.8, [d["name"] for d in provokable if d not in found]


def test_every_finding_is_seeded_or_known(drifted: list[dict]) -> None:
    seeded = set().union(*(expected(drift) for drift in manifest()))
    # What protocol cases show is one finding over all operations.
    seeded |= {("*", kind, pointer) for _, kind, pointer in seeded}
    strange = [one for one in drifted if not is_known(one) and place(one) not in seeded]
    assert strange == []


def test_the_undrifted_pair_differs_as_agreed_and_no_entry_is_missing() -> None:
    result = run("quick", 40, 300)
    assert [one for one in result.findings if not is_known(one)] == []
    assert [one["signature"] for one in result.findings if one["accepted"] is None] == []
    assert result.verdict == "PARTIAL"


def test_express_never_departs_from_express() -> None:
    assert run("itself", 40, 300).findings == []
