"""Runs a made-up suite with pytest in a folder of its own, for benchmarks that time such runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# What these benchmarks do not measure, where it happens to be installed.
_WITHOUT = ("no:cacheprovider", "no:schemathesis", "no:locust")
# A run in CI records nothing; byte code that is not kept is compiled again by each run.
_NOT_INHERITED = ("CI", "PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took, by the clock and of the processor (workers and backends with it)."""

    wall_s: float
    cpu_s: float
    screen: str


def write_suite(folder: Path, tests: str, configuration: str, conftest: str = "") -> None:
    """A project of one file of tests."""
    folder.mkdir(exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "cutover.toml").write_text(configuration)
    (folder / "conftest.py").write_text(conftest)
    (folder / "test_lots.py").write_text(tests)


def run_suite(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> Run:
    """Run the project; its screen says what came of it."""
    environment = {**os.environ, **(variables or {})}
    for name in _NOT_INHERITED:
        environment.pop(name, None)
    command = [sys.executable, "-m", "pytest", "-q"]
    command += [word for name in _WITHOUT for word in ("-p", name)]
    screen = folder / "screen.txt"
    with screen.open("w") as out:
        before = os.times()
        subprocess.run(
            [*command, *arguments], cwd=folder, env=environment, stdout=out, stderr=out, check=False
        )
        after = os.times()
    cpu_s = after.children_user + after.children_system
    cpu_s -= before.children_user + before.children_system
    return Run(after.elapsed - before.elapsed, cpu_s, screen.read_text())
