"""`review` for scripts, and where nobody can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from tests.unit.cli.last_run import PATH, STATUS


def test_a_report_that_was_cut_off_is_a_mistake(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = project / ".cutover" / "gate.json"
    report.write_text(report.read_text(encoding="utf-8")[:99], encoding="utf-8")

    assert main(["review"]) == 4
    assert "is not whole JSON" in capsys.readouterr().err


def test_without_a_terminal_it_prints_what_to_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review"]) == 0

    out = capsys.readouterr().out
    assert "2 pending, and no terminal to ask at" in out
    assert "pytest-cutover accept 99aabbcc --scope tests/test_lots.py::test_unknown --reason" in out
    assert "\x1b" not in out
    assert not (project / PATH).exists()


def test_the_list_has_a_line_for_each(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--list"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "1a2b3c4d  12×  POST /api/lots  type  /weight_kg  number → string",
        "99aabbcc  12×  POST /api/lots  status  (whole)  400 → 422",
    ]


def test_the_json_has_what_a_script_needs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "--json"]) == 0

    out = capsys.readouterr().out
    first, second = json.loads(out)
    assert (first["id"], second["signature"]) == ("1a2b3c4d", STATUS.signature)
    assert first["tests"] == ["tests/test_lots.py::test_lot", "tests/test_lots.py::test_full[a]"]
    assert out.isascii()
