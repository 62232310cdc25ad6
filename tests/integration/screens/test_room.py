"""`pytest-cutover room` over what real runs left."""

from __future__ import annotations

import shutil

import pytest

from pytest_cutover.cli import main
from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer


def test_it_shows_the_phases_of_several_folders_and_is_written_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.path)
    project.target(
        tables="""
        [checklist.items."rollback.team"]
        owner = "Operations"
        """
    )
    project.write("test_it.py", ONE_TEST)
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.run("--cutover-target=staging", gate=False)
    shutil.copytree(project.path / ".cutover", project.path / "elsewhere")
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.run("--cutover-target=staging", "--cutover-phase=validation", gate=False)
    capsys.readouterr()

    folders = ["elsewhere", ".cutover"]
    assert main(["room", "--target=staging", "--once", "--output=room.html", *folders]) == 0

    assert capsys.readouterr().out == "written: room.html\n"
    page = (project.path / "room.html").read_text("utf-8")
    assert "Operations" in page
    assert page.count('class="s no-go"') == 2
    assert "<h1>NO-GO · " in page


def test_a_part_of_a_phase_does_not_take_the_place_of_the_whole(project: Project) -> None:
    project.target()
    project.write("test_it.py", ONE_TEST)
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.run("--cutover-target=staging", gate=False)
    kept = project.path / ".cutover/runs/staging/pre-cutover/gate.json"
    before = kept.read_bytes()

    run = project.run("--cutover-target=staging", "-k", "thing", gate=False)

    assert run.verdict == "PARTIAL"
    assert kept.read_bytes() == before


def test_a_phase_that_judged_another_build_of_the_candidate_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.path)
    project.write(
        "cutover.toml",
        f"""
        [targets.staging]
        baseline = {{ url = "{project.baseline.url}" }}
        candidate = {{ url = "{project.candidate.url}", version = "/version#/commit" }}
        """,
    )
    project.write("test_it.py", ONE_TEST)
    project.both("GET /thing", Answer(200, {"size": 3}))
    shown = []
    for phase, commit in (("pre-cutover", "abc"), ("validation", "abc"), ("validation", "def")):
        project.candidate["GET /version"] = Answer(200, {"commit": commit, "up_s": 1})
        run = project.run("--cutover-target=staging", f"--cutover-phase={phase}", gate=False)
        assert run.report["environment"]["candidate"] == commit
        assert main(["room", "--target=staging", "--once", "--output=room.html"]) == 0
        shown.append((project.path / "room.html").read_text("utf-8"))

    assert "candidate abc" in shown[1]
    assert ["another candidate" in page for page in shown] == [False, False, True]
    assert "another candidate: abc, now def" in shown[2]


def test_a_build_that_is_not_told_where_the_configuration_says_is_a_note(project: Project) -> None:
    project.write(
        "cutover.toml",
        f"""
        [targets.staging]
        baseline = {{ url = "{project.baseline.url}", version = "2.1" }}
        candidate = {{ url = "{project.candidate.url}", version = "/version" }}
        """,
    )
    project.write("test_it.py", ONE_TEST)
    project.both("GET /thing", Answer(200, {"size": 3}))

    run = project.run("--cutover-target=staging", gate=False)

    assert run.verdict == "GO"
    assert run.report["environment"]["baseline"] == "2.1"
    assert run.report["notes"][0] == (
        "which build the candidate is could not be told: GET /version answered 404, not 200"
    )
