"""One call leaves the folder that a run promises."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.report.io.artifacts import write_report
from pytest_cutover.report.io.gate_json import read_report
from pytest_cutover.report.io.write import ReportNotWritten
from pytest_cutover.report.truncation import bounded
from tests.unit.report.reports import GO, NO_GO


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_files_of_a_run(tmp_path: Path) -> None:
    folder = tmp_path / ".cutover"

    written = write_report(NO_GO, folder)

    assert names(folder) == ["diffs/1a2b3c4d.json", "gate.html", "gate.json", "gate.md"]
    assert read_report(written.json) == bounded(NO_GO)


def test_a_repaired_finding_loses_its_file(tmp_path: Path) -> None:
    write_report(NO_GO, tmp_path)

    write_report(GO, tmp_path)

    assert names(tmp_path) == ["gate.html", "gate.json", "gate.md"]


def test_a_failure_leaves_the_run_before_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(NO_GO, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ReportNotWritten):
        write_report(replace(GO, target="other"), tmp_path)

    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
