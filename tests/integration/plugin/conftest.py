"""A project to run the plugin in, two servers on loopback, and the report that is left behind."""

from __future__ import annotations

import encodings.idna
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import jinja2
import pytest
import tenacity

from tests.harness.preloading import preload
from tests.integration.plugin.stub_server import Answer, StubServer

_PRELOADED = (encodings.idna, httpcore, jinja2, tenacity)
preload("pytest_cutover")
# Both are installed here for what they send; loading them is most of a short run.
WITHOUT = ["-p", "no:schemathesis", "-p", "no:locust", "-p", "no:hypothesispytest", "-Wdefault"]
STUB = Path(__file__).with_name("stub_server.py")
LAUNCHED = f'command = ["{{python}}", "{STUB}", "--port", "{{port}}"]'

ONE_TEST = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        assert backend.get("/thing").status_code == 200
"""


class Project:
    """A user's project, its two servers, and the ways to run it."""

    def __init__(self, pytester: pytest.Pytester, baseline: StubServer, candidate: StubServer):
        self.pytester = pytester
        self.path = pytester.path
        self.baseline = baseline
        self.candidate = candidate

    def write(self, name: str, text: str) -> Path:
        """A file of the project; its text may be indented."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return path

    def both(self, key: str, answer: Any) -> None:
        """Let both servers answer alike."""
        self.baseline[key] = self.candidate[key] = answer

    @property
    def urls(self) -> list[str]:
        return [
            f"--cutover-baseline={self.baseline.url}",
            f"--cutover-candidate={self.candidate.url}",
        ]

    def target(self, name: str = "staging", more: str = "", tables: str = "") -> None:
        """A cutover.toml with one target of the two servers."""
        self.write(
            "cutover.toml",
            f"""
            [targets.{name}]
            {more}
            baseline = {{ url = "{self.baseline.url}" }}
            candidate = {{ url = "{self.candidate.url}" }}
            """,
        )
        if tables:
            with (self.path / "cutover.toml").open("a") as file:
                file.write("\n" + textwrap.dedent(tables))

    def ini(self, text: str) -> None:
        self.write("pytest.ini", "[pytest]\n" + textwrap.dedent(text))

    def run(self, *arguments: str, gate: bool = True, apart: bool = False) -> Run:
        """Run pytest, in this process unless `apart`; with the two URLs unless `gate` is False."""
        (self.path / ".cutover" / "gate.json").unlink(missing_ok=True)
        words = [*self.urls, *arguments] if gate else list(arguments)
        words += WITHOUT
        runner = self.pytester.runpytest_subprocess if apart else self.pytester.runpytest_inprocess
        return Run(runner(*words), self.path)


class Run:
    """What a user has after a run: the screen, the exit status, the report."""

    def __init__(self, result: pytest.RunResult, path: Path) -> None:
        self.result = result
        self.status = int(result.ret)
        self.screen = result.stdout.str()
        self.errors = result.stderr.str()
        self.path = path

    def outcomes(self, **expected: int) -> None:
        self.result.assert_outcomes(**expected)

    @property
    def report(self) -> dict[str, Any]:
        return json.loads((self.path / ".cutover" / "gate.json").read_text("utf-8"))

    @property
    def verdict(self) -> str:
        verdict: str = self.report["verdict"]
        assert f"cutover: {verdict}" in self.screen
        return verdict

    def gate(self, gate_id: str) -> dict[str, Any]:
        return next(gate for gate in self.report["gates"] if gate["id"] == gate_id)

    @property
    def codes(self) -> set[str]:
        """The codes of the gates that did not pass."""
        return {gate["code"] for gate in self.report["gates"] if gate["verdict"] != "pass"}

    @property
    def next(self) -> str:
        """The command that the screen offers."""
        lines = [line for line in self.screen.splitlines() if line.startswith(" next: ")]
        return lines[-1].removeprefix(" next: ") if lines else ""


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that runs these tests is no part of what they are about."""
    for name in (
        "CI",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_SHA",
        "PYTEST_ADDOPTS",
        "GITHUB_BASE_REF",
        "CHANGE_TARGET",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA",
        "CUTOVER_BASE_REF",
        "CUTOVER_BASE_REPORT",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def servers() -> Iterator[tuple[StubServer, StubServer]]:
    baseline, candidate = StubServer(), StubServer()
    for server in (baseline, candidate):
        server["GET /"] = Answer(200, {"ok": True})
        server["GET /thing"] = Answer(200, {"size": 3})
    yield baseline, candidate
    baseline.close()
    candidate.close()


@pytest.fixture
def project(pytester: pytest.Pytester, servers: tuple[StubServer, StubServer]) -> Project:
    return Project(pytester, *servers)
