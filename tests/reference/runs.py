"""Runs of the repository's own suite as a user starts them, and what they leave."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.harness import processes
from tests.harness.processes import Started
from tests.harness.run import Run

ROOT = Path(__file__).parents[2]
# What is about parity alone: measuring as well is what `make gate` does.
SUITE = "tests/characterization"


def not_passed(run: Run) -> list[str]:
    """The codes of the gates on evidence and parity that did not pass."""
    return [
        gate["code"]
        for gate in run.report["gates"]
        if gate["verdict"] != "pass" and gate["id"].startswith(("parity.", "evidence."))
    ]


def pending(run: Run) -> set[tuple[str, str, str]]:
    """Endpoint, kind and pointer of every finding that nobody accepted."""
    return {
        (finding["endpoint"], finding["kind"], finding["pointer"])
        for finding in run.report["findings"]
        if finding["accepted"] is None
    }


def run_suite(report: Path, *arguments: str, **environment: str) -> Run:
    """`pytest …` in the repository, its artifacts in `report`."""
    run = start_suite(report, *arguments, **environment).finish(600)
    assert run.written is not None, run.screen + run.errors
    return run


def start_suite(report: Path, *arguments: str, **environment: str) -> Started:
    """Start `pytest …` in the repository, as the program that a user starts."""
    streams = report.with_name(f"{report.name}-said")
    streams.mkdir(exist_ok=True)
    return processes.start(
        [sys.executable, "-m", "pytest", f"--cutover-report={report}", *arguments],
        ROOT,
        streams=streams,
        folder=report,
        environment=environment,
    )
