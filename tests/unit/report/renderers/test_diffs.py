"""diffs/<finding>.json diffs well from one run to the next."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from pytest_cutover.report.model import BothSides
from pytest_cutover.report.renderers import diffs
from tests.unit.report.reports import NO_GO, WEIGHT


def test_one_file_for_each_finding_that_nobody_accepted() -> None:
    files = diffs.render(NO_GO)

    assert list(files) == ["1a2b3c4d.json"]
    assert json.loads(files["1a2b3c4d.json"])["change"] == "number → string"


def test_another_run_with_other_ports_values_counts_and_order_writes_the_same() -> None:
    other = replace(
        WEIGHT,
        nodeids=WEIGHT.nodeids[::-1],
        occurrences=99,
        baseline="7.25",
        candidate='"7.25"',
        reproduce=BothSides("curl http://127.0.0.1:4444", "curl http://127.0.0.1:5555"),
    )
    again = replace(NO_GO, findings=(other,), started="2031-01-01T00:00:00Z")

    assert diffs.render(again) == diffs.render(NO_GO)


def test_only_files_of_findings_are_outdated(tmp_path: Path) -> None:
    for name in ("1a2b3c4d.json", "deadbeef.json", "notes.json", "README.md"):
        (tmp_path / name).touch()

    assert diffs.outdated(tmp_path, diffs.render(NO_GO)) == [tmp_path / "deadbeef.json"]
    assert diffs.outdated(tmp_path / "none", {}) == []
