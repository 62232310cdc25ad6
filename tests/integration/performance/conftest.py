"""A project with two launched backends, run as its user would run it, and what that leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SERVER = Path(__file__).with_name("server.py")
_SIDE = """
[targets.local.{side}]
command = ["{{python}}", "{server}", "{{port}}", '{behaviour}']
ready = "/ready"
"""


@dataclass(frozen=True)
class Run:
    """What a user has after a run."""

    status: int
    screen: str
    report: dict[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.report["verdict"])

    def gates(self, verdict: str) -> set[str]:
        """The codes of the gates with this verdict."""
        return {gate["code"] for gate in self.report["gates"] if gate["verdict"] == verdict}

    def gate(self, code: str) -> dict[str, Any]:
        return next(gate for gate in self.report["gates"] if gate["code"] == code)


class Project:
    """A folder with a cutover.toml and tests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment: dict[str, str] = {}

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return path

    def configure(
        self,
        tables: str,
        *,
        baseline: dict[str, Any] | None = None,
        candidate: dict[str, Any] | None = None,
    ) -> None:
        """Two backends that behave so, and tables of the configuration."""
        sides = {"baseline": baseline or {}, "candidate": candidate or {}}
        text = '[targets.local]\nrequire = ["performance"]\n'
        for side, behaviour in sides.items():
            text += _SIDE.format(side=side, server=SERVER, behaviour=json.dumps(behaviour))
        self.write("cutover.toml", text + textwrap.dedent(tables))

    def run(self, *arguments: str) -> Run:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "LOCUST_")) and name not in ("CI", "GITHUB_ACTIONS")
        }
        result = subprocess.run(
            [
                *[sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:locust"],
                *["-p", "no:cacheprovider", *arguments],
            ],
            cwd=self.path,
            env={**kept, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        path = self.path / ".cutover" / "gate.json"
        report = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return Run(result.returncode, result.stdout, report)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("pytest.ini", "[pytest]\ntestpaths = .\n")
    return project
