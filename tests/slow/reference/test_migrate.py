"""Entries as version 0.1 wrote them, migrated on real runs: they cover the same, not one more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.config.accepted import load_accepted
from tests.harness import processes
from tests.harness.run import Run
from tests.reference.conftest import server
from tests.reference.runs import ROOT, SUITE

__all__ = ["server"]

FILE = "cutover-accepted.toml"
OF_0_1 = ROOT / "tests" / "unit" / "cli" / "accepted_of_0_1.toml"
_OWN = (".git", ".cutover", ".pytest_cache", FILE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The reference, its suite and goldens where they are, with the entries of version 0.1."""
    path = tmp_path / "project"
    path.mkdir()
    for one in ROOT.iterdir():
        if one.name not in _OWN:
            (path / one.name).symlink_to(one)
    (path / FILE).write_bytes(OF_0_1.read_bytes())
    return path


def asked(project: Path, target: str, server: str) -> Run:
    command = [sys.executable, "-m", "pytest", SUITE, "-q", f"--cutover-target={target}"]
    streams = project.parent / "said"
    streams.mkdir(exist_ok=True)
    return processes.start(
        command,
        project,
        streams=streams,
        folder=project / ".cutover",
        environment={"FLOWVIZ_DATABASE_URL": server},
    ).finish(600)


def covered(run: Run) -> set[tuple[Any, ...]]:
    return {
        (one["signature"], *one["nodeids"], one["occurrences"])
        for one in run.report["findings"]
        if one["accepted"] is not None
    }


def pending(run: Run) -> set[str]:
    return {one["signature"] for one in run.report["findings"] if one["accepted"] is None}


def test_migrated_entries_cover_what_they_covered_and_no_drift_more(
    project: Path, server: str
) -> None:
    drifted = asked(project, "drifted", server)
    before = asked(project, "quick", server)

    done = subprocess.run(
        [sys.executable, "-m", "pytest_cutover", "accept", "--migrate"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )

    after = asked(project, "quick", server)
    drifted_after = asked(project, "drifted", server)
    assert sum(one.is_bound for one in load_accepted(project / FILE).entries) == 23, done.stdout
    assert pending(before) == pending(after) == set()
    assert covered(before) == covered(after)
    assert len(covered(after)) == 33
    # One of the drifts hid behind an entry that held for any text that is left out.
    assert pending(drifted_after) - pending(drifted) == {
        "POST /api/lots | missing | /error | string → absent"
    }
    assert pending(drifted) <= pending(drifted_after)
