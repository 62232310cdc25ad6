"""Stages that may take long say what they are at; here long is no time at all."""

from __future__ import annotations

import pytest

from pytest_cutover.backends import waiting
from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AFTER_S", 0.0)


def test_a_test_that_is_asked_again(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.write("test_it.py", ONE_TEST)

    said = project.run().screen

    assert "asking both sides again to confirm what differs, round 2 of test_it.py" in said
    assert "still waiting for the baseline at http://127.0.0.1:" in said


def test_a_test_that_agrees_is_not_told_of(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)

    assert "asking both sides again" not in project.run().screen


def test_a_check_of_the_checklist(project: Project) -> None:
    project.target(
        more='require = ["checklist"]',
        tables="""
        [checklist.migrations.lint]
        command = ["sleep", "0.1"]
        """,
    )
    project.write("test_it.py", ONE_TEST)

    said = project.run("--cutover-target=staging", gate=False).screen

    assert "running the check " in said
