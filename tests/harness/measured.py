"""A project with two launched backends, run as its user would run it, and what that leaves."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.harness.project import Workspace
from tests.harness.run import Run

SERVER = Path(__file__).with_name("measured_server.py")
PEM = Path(__file__).with_name("loopback.pem")
"""The key of a loopback server and the certificate that it signed itself."""
STRANGER = Path(__file__).with_name("stranger.pem")
_OTHERS = ["-p", "no:schemathesis", "-p", "no:locust", "-p", "no:cacheprovider"]
_SIDE = """
[targets.local.{side}]
command = ["{{python}}", "{server}", "{{port}}", '{behaviour}']
ready = "/ready"
"""


class MeasuredProject(Workspace):
    """A project whose target launches two backends that behave as they are told."""

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

    def run(self, *words: str) -> Run:
        """Run pytest as a program: what is measured shares no process with the test."""
        return self.module("pytest", *_OTHERS, *words).finish()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> MeasuredProject:
    for name in [name for name in os.environ if name.startswith("LOCUST_")]:
        monkeypatch.delenv(name)
    project = MeasuredProject(pytester)
    project.ini("testpaths = .\n")
    return project
