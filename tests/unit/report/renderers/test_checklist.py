"""What the checklist demands stands beside the verdict, on every page alike."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.report.model import Action
from pytest_cutover.report.renderers import markdown, terminal
from tests.unit.report.renderers.test_html import words
from tests.unit.report.reports import NO_GO

ROLL_BACK = replace(NO_GO, phase="monitoring", action=Action(command="", name="roll back"))


def test_the_action_stands_beside_the_verdict_and_the_meaning_after_it() -> None:
    assert " cutover: NO-GO · roll back now " in terminal.text(terminal.render(ROLL_BACK))
    meaning = "fastapi does not keep what it has to keep"
    assert "NO-GO · roll back now" in markdown.render(ROLL_BACK)
    assert "May the traffic stay on fastapi? Fastapi does not keep" in markdown.render(ROLL_BACK)
    assert f"NO-GO roll back now · {meaning}" in words(ROLL_BACK)


def test_an_action_without_a_command_leaves_the_first_blockers() -> None:
    assert " next: pytest " in terminal.text(terminal.render(ROLL_BACK))
