"""Reports that pytest-cutover 0.1 wrote are still reviewed, accepted from and compared with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.report.io.gate_json import dumps, read_report
from pytest_cutover.report.io.pull_request import BASE_REPORT, base_report
from tests.unit.cli.last_run import PATH

OF_VERSION_1 = Path(__file__).parents[1] / "report" / "io" / "gate.v1.json"


@pytest.fixture
def old(project: Path) -> Path:
    """The project, its last run one of version 0.1; the path of that run's report."""
    return Path(shutil.copy(OF_VERSION_1, project / ".cutover" / "gate.json"))


def test_its_findings_are_reviewed(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--json"]) == 0

    listed = json.loads(capsys.readouterr().out)
    assert {"6d643e54", "28888897"} < {finding["id"] for finding in listed}


def test_a_finding_of_it_is_accepted(old: Path, project: Path) -> None:
    words = ["--scope", "test_lots.py::test_health", "--reason", "meant", "--approver", "Mira"]

    assert main(["accept", "28888897", *words]) == 0

    (entry,) = load_accepted(project / PATH).entries
    assert entry.signature == "GET /health | header-added | /headers/x-new | absent → string"


def test_a_report_of_today_is_compared_with_it(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = read_report(old)
    new = tmp_path / "new.json"
    new.write_text(dumps(replace(report, version=2, findings=report.findings[1:])), "utf-8")

    assert main(["compare", str(old), str(new)]) == 0
    assert "findings: 0 new, 1 gone, 0 changed, 2 the same" in capsys.readouterr().out
    assert main(["compare", str(new), str(old)]) == 1
    assert "findings: 1 new, 0 gone, 0 changed, 2 the same" in capsys.readouterr().out


def test_it_is_a_base_to_mark_findings_against(old: Path) -> None:
    report = read_report(old)

    base, why = base_report(replace(report, version=2), {BASE_REPORT: str(old)})

    assert (base, why) == (report, "")
