"""Whatever a backend sent, no command lets it act on the terminal that shows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.report.io.gate_json import dumps, read_report
from pytest_cutover.report.model import BothSides, Finding
from tests.unit.cli.at_a_tty import AtATty
from tests.unit.cli.last_run import WEIGHT

#: Colours, a bell, a new title, the other direction, a line of its own, half a character.
NASTY = (
    "::error::x\x1b[31mred\x1b]0;title\x07 \u202egnp.exe\u2066 \r\n::error::y\n##[error]z"
    "\u2028 <script>alert(1)</script> **bold** `code` \ud800 " + "long " * 2_000
)


def hostile() -> Finding:
    """A finding all of whose texts are hostile."""
    return replace(
        WEIGHT,
        id=NASTY,
        signature=NASTY,
        endpoint=NASTY,
        kind=NASTY,
        pointer=NASTY,
        change=NASTY,
        baseline=NASTY,
        candidate=NASTY,
        nodeids=(f"::error::{NASTY}[candidate]",),
        context=BothSides(NASTY, NASTY + "x"),
        reproduce=BothSides(NASTY, NASTY),
    )


def acting(shown: str) -> list[str]:
    """What in a text would act on a terminal or on GitHub's runner."""
    lines = shown.split("\n")
    commands = [line for line in lines if line.lstrip().startswith(("::", "##["))]
    return commands + [sign for sign in "".join(lines) if not sign.isprintable()]


@pytest.fixture
def report(project: Path) -> Path:
    path = project / ".cutover" / "gate.json"
    found = replace(
        read_report(path), findings=(hostile(),), target="staging", finished=NASTY[:200]
    )
    path.write_text(dumps(found), encoding="utf-8")
    return path


@pytest.mark.parametrize("option", ["--list", "--json", None])
def test_review_without_a_terminal(
    report: Path, option: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", *([option] if option else [])]) == 0

    shown = capsys.readouterr().out
    assert "\\u202e" in shown
    assert acting(shown) == []


def test_review_at_a_terminal(project: Path, report: Path) -> None:
    tty = AtATty(project, "review", "--approver", "Mira")

    shown = tty.answer("[q]uit: ", "r")

    assert tty.ended() == 0
    assert "\\x1b[31mred" in shown
    assert acting(tty.seen) == []


def test_a_mistake_names_a_hostile_finding_harmlessly(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", "nope", "--scope", "x", "--reason", "y"]) == 4

    assert acting(capsys.readouterr().err) == []
