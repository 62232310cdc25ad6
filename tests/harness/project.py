"""A user's project in a folder of its own, and the ways to run pytest in it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import pytest

from tests.harness import processes, stub_server
from tests.harness.processes import Started
from tests.harness.run import Run
from tests.harness.stub_server import StubServer

# They are installed here for what they send; loading them is most of a short run.
WITHOUT = ["-p", "no:schemathesis", "-p", "no:locust", "-p", "no:hypothesispytest", "-Wdefault"]
LAUNCHED = f'command = ["{{python}}", "{stub_server.__file__}", "--port", "{{port}}"]'

ONE_TEST = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        assert backend.get("/thing").status_code == 200
"""


class Workspace:
    """The folder: files, runs in the process of the test, runs in one of their own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path
        self.environment: dict[str, str] = {}
        """What runs of their own have beside the environment of the test."""

    def write(self, name: str, text: str) -> Path:
        """A file of the project; its text may be indented."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return path

    def ini(self, text: str) -> None:
        self.write("pytest.ini", "[pytest]\n" + textwrap.dedent(text))

    def here(self, *words: str) -> Run:
        """Run pytest in this process: quick, since everything is imported."""
        (self.path / ".cutover" / "gate.json").unlink(missing_ok=True)
        result = self.pytester.runpytest_inprocess(*words, *WITHOUT)
        screen, errors = result.stdout.str(), result.stderr.str()
        return Run.left_in(self.path, int(result.ret), screen, errors)

    def start(self, *words: str) -> Started:
        """Start pytest as a program."""
        return self.module("pytest", *words, *WITHOUT)

    def apart(self, *words: str) -> Run:
        """Run pytest as a program: what a signal, an exit or a measurement needs."""
        (self.path / ".cutover" / "gate.json").unlink(missing_ok=True)
        return self.start(*words).finish()

    def module(self, *words: str) -> Started:
        """Start ``python -m …``."""
        streams = self.path.with_name(f"{self.path.name}-said")
        streams.mkdir(exist_ok=True)
        return processes.start(
            [sys.executable, "-m", *words],
            self.path,
            streams=streams,
            environment=self.environment,
        )


class Serves(Protocol):
    """A server of a test, wherever it is."""

    url: str


ServerT = TypeVar("ServerT", bound=Serves)


class Between(Workspace, Generic[ServerT]):
    """A project between two servers of the test."""

    def __init__(self, pytester: pytest.Pytester, baseline: ServerT, candidate: ServerT) -> None:
        super().__init__(pytester)
        self.baseline = baseline
        self.candidate = candidate

    @property
    def urls(self) -> list[str]:
        """The two options that make an ad-hoc target."""
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

    def run(self, *words: str, gate: bool = True, apart: bool = False) -> Run:
        """Run pytest, in this process unless `apart`; with the two URLs unless `gate` is False."""
        words = (*self.urls, *words) if gate else words
        return self.apart(*words) if apart else self.here(*words)


class Project(Between[StubServer]):
    """A project between two servers whose answers the test chooses."""

    def both(self, key: str, answer: Any) -> None:
        """Let both servers answer alike."""
        self.baseline[key] = self.candidate[key] = answer
