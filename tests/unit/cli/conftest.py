"""A project after a run of the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_cutover.report.io.gate_json import dumps
from pytest_cutover.report.model import BackendInfo, Report, Verdict
from tests.unit.cli.last_run import STATUS, WEIGHT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose last run found two differences, and which is the current folder."""
    backend = BackendInfo("baseline", "http://127.0.0.1:1")
    report = Report(
        verdict=Verdict.NO_GO,
        target="staging",
        phase="pre-cutover",
        started="2030-01-01T00:00:00Z",
        finished="2030-01-01T00:01:00Z",
        baseline=backend,
        candidate=backend,
        gates=(),
        findings=(WEIGHT, STATUS),
    )
    (tmp_path / "cutover.toml").write_text("")
    (tmp_path / ".cutover").mkdir()
    (tmp_path / ".cutover" / "gate.json").write_text(dumps(report), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
