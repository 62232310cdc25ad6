"""The drifted candidate: every seeded drift is found, named rightly, and nothing else is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.harness.run import Run
from tests.reference.runs import ROOT, SUITE, pending, run_suite

MANIFEST = tomllib.loads((ROOT / "examples/flowviz/drifts.toml").read_text("utf-8"))["drift"]


def expected(drift: dict[str, Any], part: str = "findings") -> set[tuple[str, str, str]]:
    return {
        (finding.get("endpoint", drift["endpoint"]), finding["kind"], finding["pointer"])
        for finding in drift.get(part, ())
    }


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory, server: str) -> Run:
    """The reference suite against the drifted candidate."""
    report: Path = tmp_path_factory.mktemp("drifted")
    return run_suite(report, SUITE, "--cutover-target=drifted", "-q", FLOWVIZ_DATABASE_URL=server)


def test_at_least_24_drifts_are_seeded() -> None:
    assert len(MANIFEST) >= 24


def test_the_target_says_no_go(drifted: Run) -> None:
    assert (drifted.verdict, drifted.status) == ("NO-GO", 1), drifted.screen[-4000:]


@pytest.mark.parametrize("drift", MANIFEST, ids=lambda drift: str(drift["name"]))
def test_each_drift_is_found_with_its_kind_and_place(drifted: Run, drift: dict[str, Any]) -> None:
    assert expected(drift) - pending(drifted) == set()


def test_nothing_else_is_found(drifted: Run) -> None:
    seeded = {
        place
        for drift in MANIFEST
        for part in ("findings", "consequences")
        for place in expected(drift, part)
    }
    assert pending(drifted) - seeded == set()


def test_a_drift_of_the_status_pair_of_an_accepted_difference_is_not_hidden(drifted: Run) -> None:
    """10000 kg refused and an unknown field refused are the same pair; only one was agreed to."""
    boundary = next(drift for drift in MANIFEST if drift["name"] == "boundary-off-by-one")
    (place,) = expected(boundary)
    same = [
        finding
        for finding in drifted.report["findings"]
        if (finding["endpoint"], finding["kind"], finding["pointer"]) == place
        and finding["change"] == "201 → 422"
    ]
    assert {finding["accepted"] is None for finding in same} == {True, False}
