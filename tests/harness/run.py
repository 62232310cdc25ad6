"""What a user has after a run: the screen, the exit status, the report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import pytest_cutover.report

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(Path(pytest_cutover.report.__file__).with_name("gate.v2.schema.json").read_bytes())
)
"""What every gate.json must be; read once, since reading it is most of a short test."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run said and left; `written` is its gate.json, None where it wrote none."""

    status: int
    screen: str
    errors: str
    path: Path
    written: bytes | None

    @classmethod
    def left_in(
        cls,
        path: Path,
        status: int,
        screen: str,
        errors: str = "",
        *,
        folder: Path | None = None,
    ) -> Run:
        """Take its report along: the next run in the same place writes another."""
        report = (folder or path / ".cutover") / "gate.json"
        written = report.read_bytes() if report.is_file() else None
        return cls(status, screen, errors, path, written)

    def outcomes(self, **expected: int) -> None:
        """As many passed, failed, … as expected, and no others."""
        lines = self.screen.splitlines()
        pytest.RunResult(self.status, lines, self.errors.splitlines(), 0.0).assert_outcomes(
            **expected
        )

    @property
    def report(self) -> dict[str, Any]:
        assert self.written is not None, self.screen + self.errors
        report: dict[str, Any] = json.loads(self.written)
        return report

    @property
    def verdict(self) -> str:
        """The verdict of the report, which the screen says too."""
        verdict: str = self.report["verdict"]
        assert f"cutover: {verdict}" in self.screen, self.screen
        return verdict

    def gate(self, word: str) -> dict[str, Any]:
        """The first gate with this id or this code."""
        gates: list[dict[str, Any]] = self.report["gates"]
        return next(gate for gate in gates if word in (gate["id"], gate["code"]))

    def gates(self, *verdicts: str) -> set[str]:
        """The codes of the gates with one of these verdicts."""
        return {gate["code"] for gate in self.report["gates"] if gate["verdict"] in verdicts}

    @property
    def codes(self) -> set[str]:
        """The codes of the gates that did not pass."""
        return self.gates("fail", "inconclusive")

    @property
    def next(self) -> str:
        """The command that the screen offers."""
        lines = [line for line in self.screen.splitlines() if line.startswith(" next: ")]
        return lines[-1].removeprefix(" next: ") if lines else ""
