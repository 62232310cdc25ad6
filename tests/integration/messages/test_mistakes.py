"""Each mistake of a newcomer is told with what, where, expected against observed, and what next."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pytest_cutover.cli import main
from tests.harness.project import Project
from tests.harness.stub_server import Answer
from tests.integration.messages.mistakes.command_line import ON_THE_COMMAND_LINE
from tests.integration.messages.mistakes.configuration import IN_THE_CONFIGURATION
from tests.integration.messages.mistakes.suite import IN_THE_SUITE
from tests.integration.messages.newcomer import Newcomer
from tests.integration.messages.oddities import ODDITIES


@pytest.fixture
def newcomers(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("COLUMNS", "400")  # a message is looked for whole
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(project.path)
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.both("GET /locked", Answer(401, {"error": "locked"}))
    project.both("GET /full", Answer(409, {"error": "full"}))
    return project


MISTAKES = (*ON_THE_COMMAND_LINE, *IN_THE_CONFIGURATION, *IN_THE_SUITE, *ODDITIES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_newcomer_is_told_what_to_do(
    newcomers: Project,
    mistake: Newcomer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if mistake.needs:
        pytest.importorskip(mistake.needs)
    urls = {
        "baseline": newcomers.baseline.url,
        "candidate": newcomers.candidate.url,
        "tls": newcomers.candidate.url.replace("http:", "https:"),
    }
    for name, value in mistake.environment.items():
        monkeypatch.setenv(name, value)
    newcomers.write("test_it.py", mistake.suite)
    if mistake.config:
        newcomers.write("cutover.toml", mistake.config.format(**urls))
    if mistake.conftest:
        newcomers.write("conftest.py", mistake.conftest)
    for name, text in mistake.files.items():
        newcomers.write(name, text)
    if mistake.command:
        capsys.readouterr()
        status = main(list(mistake.command))
        output = capsys.readouterr()
        said = output.out + output.err
    else:
        run = newcomers.here(*(word.format(**urls) for word in mistake.arguments))
        status, said = run.status, run.screen + run.errors

    assert [words for words in mistake.told if words not in said] == [], said
    never = ("Traceback (most recent call last)", "INTERNALERROR", *mistake.never)
    assert [words for words in never if words in said] == [], said
    if mistake.status is not None:
        assert status == mistake.status
    else:
        assert "cutover: INCONCLUSIVE" in said


def test_a_reader_that_has_seen_enough_ends_no_command_in_a_traceback() -> None:
    """`pytest-cutover explain --markdown | head -1`."""
    done = subprocess.run(
        f"{sys.executable} -m pytest_cutover explain --markdown | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.count("\n"), done.stderr) == (1, "")
