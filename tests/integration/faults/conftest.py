"""Two servers that may misbehave, a project that asks them, and what must hold however it ends."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.harness.processes import MARK, Started, survivors
from tests.harness.project import Between
from tests.harness.run import SCHEMA, Run
from tests.integration.faults.bad_server import BadServer

# Short, and yet long enough for a sound server on a busy machine.
TIMEOUTS = """
[timeouts]
connect_s = 0.4
read_s = 0.7
total_s = 0.8
[limits]
max_body_bytes = 1000000
"""


class BadProject(Between[BadServer]):
    """A project between two servers that may misbehave."""

    def side(self, role: str) -> list[BadServer]:
        both = {"baseline": [self.baseline], "candidate": [self.candidate]}
        return both.get(role) or [self.baseline, self.candidate]

    def impatient(self, more: str = "") -> None:
        """A target `staging` of the two servers, with short timeouts and a small cap."""
        self.target(more=more, tables=TIMEOUTS)

    def begin(self, *words: str, target: str = "local") -> Started:
        """Start the gate as a program, for what happens to it then."""
        return self.start(f"--cutover-target={target}", *words)

    def go(self, *more: str, apart: bool = False) -> Run:
        return self.run("--cutover-target=staging", *more, gate=False, apart=apart)


@pytest.fixture
def servers() -> Iterator[tuple[BadServer, BadServer]]:
    baseline, candidate = BadServer(), BadServer()
    yield baseline, candidate
    baseline.close()
    candidate.close()


@pytest.fixture
def project(
    pytester: pytest.Pytester,
    servers: tuple[BadServer, BadServer],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[BadProject]:
    """The project; afterwards nothing that it started lives, and no temporary file is left."""
    mark = uuid.uuid4().hex
    folder = pytester.path.parent / f"tmp-{mark[:8]}"
    folder.mkdir()
    monkeypatch.setenv(MARK, mark)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield BadProject(pytester, *servers)
    left = survivors(mark)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    assert left == []


def holds(run: Run, verdict: str | None = None) -> dict[str, Any]:
    """What must hold for every run that met a fault; returns its report."""
    assert run.status != 0
    assert "cutover: GO" not in run.screen
    report = run.report
    SCHEMA.validate(report)
    assert report["verdict"] in ("NO-GO", "INCONCLUSIVE")
    assert f"cutover: {report['verdict']}" in run.screen
    if verdict is not None:
        assert report["verdict"] == verdict
    whole(run.path)
    blockers = [gate for gate in report["gates"] if gate["verdict"] != "pass" and gate["required"]]
    assert blockers
    first = {row["gate"] for row in report["blockers"]}
    beside = {gate for row in report["blockers"] for gate in row["others"]} - first
    for gate in blockers:
        # An assertion that follows from a difference is told beside it, as a number.
        shown = "failed assertion" if gate["id"] in beside else gate["code"]
        assert shown in " ".join(run.screen.split())
        assert gate["message"]
        assert gate.get("next") or gate.get("place") or gate["nodeids"]
    assert run.next.startswith(("pytest", "curl")), run.screen
    assert "Traceback (most recent call last)" not in run.screen + run.errors
    assert "INTERNALERROR" not in run.screen + run.errors
    return report


def whole(path: Path, folder: str = ".cutover") -> None:
    """Every artifact is absent or whole, and no temporary file is left."""
    for file in (path / folder).rglob("*"):
        assert not file.name.endswith(".tmp"), file
        assert not file.name.startswith(".run-"), file
        if file.suffix == ".json":
            json.loads(file.read_text("utf-8"))
    page = path / folder / "gate.html"
    if page.exists():
        assert page.read_text("utf-8").rstrip().endswith("</html>")
    assert list(Path(os.environ["TMPDIR"]).glob("cutover-*")) == []
