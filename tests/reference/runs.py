"""Runs of the repository's own suite as a user starts them, and what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# What is about parity alone: measuring as well is what `make gate` does.
SUITE = "tests/characterization"


@dataclass(frozen=True)
class Run:
    """What a run showed and left."""

    status: int
    screen: str
    report: dict[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.report["verdict"])

    @property
    def not_passed(self) -> list[str]:
        """The codes of the gates on evidence and parity that did not pass."""
        return [
            gate["code"]
            for gate in self.report["gates"]
            if gate["verdict"] != "pass" and gate["id"].startswith(("parity.", "evidence."))
        ]

    @property
    def pending(self) -> set[tuple[str, str, str]]:
        """Endpoint, kind and pointer of every finding that nobody accepted."""
        return {
            (finding["endpoint"], finding["kind"], finding["pointer"])
            for finding in self.report["findings"]
            if finding["accepted"] is None
        }


def run_suite(report: Path, *arguments: str, **environment: str) -> Run:
    """`pytest …` in the repository, its artifacts in `report`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", f"--cutover-report={report}", *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    path = report / "gate.json"
    assert path.is_file(), result.stdout
    return Run(result.returncode, result.stdout, json.loads(path.read_text("utf-8")))
