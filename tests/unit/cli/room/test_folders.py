"""A file of a phase that cannot be read is told: it must not look as if the phase had not begun."""

from __future__ import annotations

from pathlib import Path

from pytest_cutover.cli.room.folders import left_in


def test_a_report_and_a_watch_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for phase, name in (("pre-cutover", "gate.json"), ("monitoring", "live.json")):
        path = tmp_path / "runs" / "staging" / phase / name
        path.parent.mkdir(parents=True)
        path.write_text("{", encoding="utf-8")

    left = left_in([tmp_path], "staging")

    report, watch = left.unreadable
    assert "pre-cutover/gate.json is not whole JSON" in report
    assert watch.endswith("monitoring/live.json cannot be read: what watches there is not shown")
    assert (left.reports, left.lives) == ({}, {})
