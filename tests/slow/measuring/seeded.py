"""Runs of FastAPI with a seeded regression against FastAPI without."""

from __future__ import annotations

from pathlib import Path

from tests.harness.run import Run
from tests.reference.runs import run_suite

LATENCY = "tests/perf/test_endpoints.py"
LOAD = "tests/perf/test_load.py"
MINUTES = "tests/slow/measuring/load_of_minutes.py"


def seeded(report: Path, name: str, *paths: str) -> Run:
    """A run as a user starts it, with these parts of the suite."""
    return run_suite(report, "--cutover-target=seeded", "-q", *paths, FLOWVIZ_SEEDED=name)


def failed(run: Run) -> set[str]:
    """The gates that failed. Its neighbours may be open on a busy machine; fail they must not."""
    return {gate["id"] for gate in run.report["gates"] if gate["verdict"] == "fail"}


def gate(run: Run, name: str) -> dict[str, str]:
    """One gate of this room."""
    return next(one for one in run.report["gates"] if one["id"] == f"performance.{name}")
