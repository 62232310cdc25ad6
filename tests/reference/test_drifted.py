"""The drifted candidate: every seeded drift is found, named rightly, and nothing else is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.cli import main
from pytest_cutover.report import summary
from pytest_cutover.report.io.gate_json import read_report
from tests.harness.run import Run
from tests.reference.runs import ROOT, SUITE, pending, run_suite

MANIFEST = tomllib.loads((ROOT / "examples/flowviz/drifts.toml").read_text("utf-8"))["drift"]


def expected(drift: dict[str, Any], part: str = "findings") -> set[tuple[str, str, str]]:
    return {
        (finding.get("endpoint", drift["endpoint"]), finding["kind"], finding["pointer"])
        for finding in drift.get(part, ())
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run leaves its report."""
    return tmp_path_factory.mktemp("drifted")


@pytest.fixture(scope="module")
def drifted(folder: Path, server: str) -> Run:
    """The reference suite against the drifted candidate."""
    return run_suite(folder, SUITE, "--cutover-target=drifted", "-q", FLOWVIZ_DATABASE_URL=server)


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


def test_the_worst_stands_first_on_every_page_and_in_the_same_order(
    drifted: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = drifted.report["blockers"]
    failed = {gate["id"] for gate in drifted.report["gates"] if gate["verdict"] == "fail"}
    severities = [row["severity"] for row in rows if row["gate"] in failed]
    causes = {cause["id"]: cause["findings"] for cause in drifted.report["causes"]}
    ids = [one for row in rows if row["cause"] for one in causes[row["cause"]]]

    assert severities[0] == 1
    assert severities == sorted(severities)
    assert [row for row in rows if row["gate"] in failed] == rows[: len(severities)]
    assert ids == [one["id"] for one in drifted.report["findings"] if one["accepted"] is None]

    assert main(["review", "--list", "--report", str(folder)]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ids
    page = (folder / "gate.html").read_text("utf-8")
    on_page = [page.index(f'id="f-{one}"') for one in ids]
    assert on_page == sorted(on_page)
    comment = (folder / "gate.md").read_text("utf-8")
    in_comment = [
        comment.index(f"<code>{one}</code>") for one in ids if f"<code>{one}</code>" in comment
    ]
    assert len(in_comment) > 10
    assert in_comment == sorted(in_comment)
    blockers = summary.blockers(read_report(folder / "gate.json"))
    screen = drifted.screen[drifted.screen.index("cutover: NO-GO") :]
    assert f" ✗ {blockers[0].gate.code} " in screen.splitlines()[1]
    assert blockers[0].place.split()[-1] in screen.splitlines()[1]
