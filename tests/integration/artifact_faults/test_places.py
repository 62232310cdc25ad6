"""Nothing can be written where it should be: never GO, the reason is told, old files stand."""

from __future__ import annotations

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.artifact_faults.conftest import (
    PLACES,
    AFileInItsPlace,
    Before,
    NoLargeFiles,
    Place,
    child,
    command,
    content,
    gate,
    never_a_go,
    told,
)
from tests.unit.cli.at_a_tty import AtATty

LARGE = {"size": 3, "rows": [f"row {number}" for number in range(100)]}


def intact(place: Place, before: dict[str, str]) -> None:
    """What stood there stands there, and nothing beside it."""
    if isinstance(place, AFileInItsPlace):
        assert place.folder.read_text() == "a file stands here\n"
        assert content(place.folder.with_name("moved")) == before
    else:
        assert content(place.folder) == before


@pytest.mark.parametrize("size", [3, 4], ids=["go", "no-go"])
def test_the_report(project: Project, place: Place, size: int) -> None:
    project.target()
    project.write("test_it.py", ONE_TEST)
    assert project.run("--cutover-target=staging", "--cutover-report=place", gate=False).status == 0
    before = content(place.folder)
    assert {"gate.json", "gate.html", "gate.md"} <= set(before)
    place.break_it()
    project.candidate["GET /thing"] = Answer(200, {"size": size})
    run = gate(project, "--cutover-report=place", before=place.before)
    never_a_go(run)
    assert run.status == 1
    told(
        run, f"cutover: {'INCONCLUSIVE' if size == 3 else 'NO-GO'}", "CUT309", "report not written"
    )
    told(run, "place", place.says, "--cutover-report=DIR", "next: ")
    assert " report: place" not in run.screen
    intact(place, before)


@pytest.mark.parametrize("name", ["gate.json", "gate.html", "gate.md"])
def test_one_file_of_the_report(project: Project, name: str) -> None:
    """The others are not of this run then: a page with GO beside no decision would be read."""
    project.target()
    project.write("test_it.py", ONE_TEST)
    words = ("--cutover-target=staging", "--cutover-report=place")
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.run(*words, gate=False)
    place = project.path / "place"
    (place / name).unlink()
    (place / name).mkdir()
    before = content(place)
    project.candidate["GET /thing"] = Answer(200, {"size": 3})
    run = project.run(*words, gate=False)
    never_a_go(run)
    told(run, "cutover: INCONCLUSIVE", "CUT309", f"place/{name}: a folder stands where the file")
    assert content(place) == before


@pytest.mark.parametrize("kind", ["a full device", "a folder"])
def test_the_step_summary(project: Project, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It changes no verdict, and says so."""
    project.target()
    project.write("test_it.py", ONE_TEST)
    name = "/dev/full" if kind == "a full device" else str(project.path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", name)
    run = gate(project)
    told(run, f"the step summary {name} could not be written: ")
    assert (run.status, run.verdict) == (0, "GO")


def test_what_earlier_steps_have_summed_up_stays(project: Project) -> None:
    """Half a page below it would read as all that there is to say."""
    summary = project.write("summary.md", "of an earlier step\n")
    project.write(
        "sum_up.py",
        """
        from pathlib import Path
        from pytest_cutover.report.renderers.github import append_step_summary
        from pytest_cutover.report.model import BackendInfo, Report, Verdict
        backend = BackendInfo("baseline", "http://127.0.0.1:1")
        now = "2030-01-01T00:00:00Z"
        notes = tuple(f"note {number} of many" for number in range(200))
        report = Report(
            verdict=Verdict.GO, target="staging", phase="pre-cutover", started=now, finished=now,
            baseline=backend, candidate=backend, gates=(), findings=(), notes=notes,
        )
        print(append_step_summary(report, {"GITHUB_STEP_SUMMARY": "summary.md"}))
        """,
    )
    run = child(project, ["sum_up"], NoLargeFiles.before)
    told(run, "the step summary summary.md could not be written: File too large")
    assert summary.read_text() == "of an earlier step\n"


def test_a_golden(project: Project, place: Place) -> None:
    project.target(tables='[parity]\nsnapshots = "place"\n')
    project.write("test_it.py", ONE_TEST)
    project.run("--cutover-target=staging", "--snapshot-update", gate=False)
    before = content(place.folder)
    assert len(before) == 1
    place.break_it()
    project.both("GET /thing", Answer(200, LARGE))
    run = gate(project, "--snapshot-update", before=place.before)
    never_a_go(run)
    assert run.status == 1
    told(run, "not recorded: place/test_it/test_thing-", "cannot be written:", place.says, "next:")
    told(run, "recorded 0 goldens", "1 test was not recorded")
    assert run.screen.count("cannot be written:") == 1
    intact(place, before)


def accept(project: Project, *words: str, before: Before = None) -> Run:
    [finding] = project.run("--cutover-target=staging", gate=False).report["findings"]
    words = (finding["id"], "--scope=test_it.py::*", "--reason=it is meant so", *words)
    return command(project, "accept", *words, "--approver=Ada", before=before)


def test_accepting(project: Project, place: Place) -> None:
    project.target(tables='[parity]\naccepted = "place/accepted.toml"\n')
    project.write("test_it.py", ONE_TEST)
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    assert accept(project).status == 0
    before = content(place.folder)
    assert list(before) == ["accepted.toml"]
    project.candidate["GET /thing"] = Answer(200, {"size": 3, "new": "x" * 700})
    place.break_it()
    run = accept(project, f"--note={'y' * 700}", before=place.before)
    never_a_go(run)
    assert run.status == 4
    told(run, "accepted.toml", place.says, "next:")
    assert "Ada" not in run.screen
    intact(place, before)


@pytest.mark.parametrize("kind", ["a file in its place", "a full disk", "a read-only disk"])
def test_reviewing(project: Project, kind: str) -> None:
    """What somebody has typed is not lost with the file."""
    place = PLACES[kind](project.path / "place")
    project.target(tables='[parity]\naccepted = "place/accepted.toml"\n')
    project.write("test_it.py", ONE_TEST)
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    assert accept(project).status == 0
    before = content(place.folder)
    project.candidate["GET /thing"] = Answer(200, {"size": 3, "new": "x"})
    project.run("--cutover-target=staging", gate=False)
    try:
        place.break_it()
        tty = AtATty(project.path, "review", "--approver", "Mira")
        tty.answer("[q]uit: ", "a")
        tty.answer("scope (", "\n")
        tty.answer("reason, why", "because of the new shelf\n")
        tty.answer("until, a date", "\n")
        tty.answer("[u]ndo: ", "y")
        assert tty.ended() == 4
        said = " ".join(tty.seen.split())
        assert "accepted.toml: cannot be written: " in said
        assert place.says in said
        assert 'reason = "because of the new shelf"' in said
        assert "Traceback" not in said
        assert "written to" not in said
        intact(place, before)
    finally:
        place.mend()


def test_signing(project: Project, place: Place) -> None:
    project.target(tables='[checklist]\nsign_offs = "place/signed.toml"\n')
    words = ("sign-off", "rollback.team", "--target=staging", "--by=Ada")
    assert command(project, *words, "--note=walked through").status == 0
    before = content(place.folder)
    assert list(before) == ["signed.toml"]
    place.break_it()
    run = command(project, *words, f"--note={'y' * 700}", before=place.before)
    never_a_go(run)
    assert run.status == 4
    told(run, "signed.toml", place.says, "next:")
    assert "signed for" not in run.screen
    intact(place, before)
