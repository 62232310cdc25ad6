"""The report on disk: whole or not at all, and no GO without it."""

from __future__ import annotations

import json

import pytest

from pytest_cutover.cli import main
from pytest_cutover.codes import CODES
from tests.harness.project import ONE_TEST, Project
from tests.harness.run import SCHEMA
from tests.harness.stub_server import Answer


@pytest.mark.parametrize("size", [3, 4], ids=["go", "no-go"])
def test_everything_is_written_and_valid(project: Project, size: int) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": size})
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    SCHEMA.validate(run.report)
    folder = project.path / ".cutover"
    assert {"gate.json", "gate.html", "gate.md"} <= {path.name for path in folder.iterdir()}
    assert not list(folder.glob(".run-*"))
    differences = sorted(path.stem for path in folder.glob("diffs/*.json"))
    assert differences == sorted(finding["id"] for finding in run.report["findings"])
    page = (folder / "gate.html").read_text("utf-8")
    assert run.report["verdict"] in page
    said = [one["pairs"][0]["response"] for one in run.report["exchanges"]]
    assert ['"size": 3' in one["baseline"] for one in said] == [True] * (size - 3)
    assert ['"size": 4' in one["candidate"] for one in said] == [True] * (size - 3)
    assert (CODES["CUT101"].why in page) is (size == 4), "what blocks is explained on the page"
    assert "report: .cutover/gate.html" in run.screen


def test_whole_runs_are_remembered_and_narrowed_ones_are_not(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.run()
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.run("test_it.py", "-k", "test")
    assert len(list((project.path / ".cutover/history").iterdir())) == 1
    project.run()
    page = (project.path / ".cutover/gate.html").read_text("utf-8")
    assert len(list((project.path / ".cutover/history").iterdir())) == 2
    assert "1, 1 new" in page
    assert "new in this run" in page


def test_a_difference_that_is_gone_leaves_no_file(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.write("test_it.py", ONE_TEST)
    project.run()
    project.candidate["GET /thing"] = Answer(200, {"size": 3})
    assert project.run().verdict == "GO"
    assert not list((project.path / ".cutover").glob("diffs/*.json"))


def test_another_folder(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run("--cutover-report=out/here")
    assert "report: out/here/gate.html" in run.screen
    assert json.loads((project.path / "out/here/gate.json").read_text())["verdict"] == "GO"
    assert not (project.path / ".cutover").exists()


@pytest.mark.parametrize("size", [3, 4], ids=["go", "no-go"])
def test_a_report_that_cannot_be_written_is_never_a_go(project: Project, size: int) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": size})
    project.write("test_it.py", ONE_TEST)
    project.write("taken", "a file stands here")
    run = project.run("--cutover-report=taken")
    assert run.status == 1
    assert f"cutover: {'INCONCLUSIVE' if size == 3 else 'NO-GO'}" in run.screen
    assert "CUT309" in run.screen
    assert " report: " not in run.screen  # the page is not offered; the reason may name it
    assert (project.path / "taken").read_text().startswith("a file stands here")


def test_the_page_of_an_earlier_run_is_not_shown_as_this_ones(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.run("--cutover-report=out")
    (project.path / "out/gate.json").unlink()
    (project.path / "out/gate.json").mkdir()
    run = project.run("--cutover-report=out")
    assert "cutover: INCONCLUSIVE" in run.screen
    assert "report: out" not in run.screen


def test_the_step_summary_of_a_workflow(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.path / "summary.md"))
    project.write("test_it.py", ONE_TEST)
    project.run()
    assert "GO" in (project.path / "summary.md").read_text("utf-8")


def test_the_environment_of_the_run(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    environment = project.run("-k", "thing").report["environment"]
    assert environment["command"].startswith("pytest --cutover-baseline=http://127.0.0.1:")
    assert {"python", "pytest", "httpx", "run"} <= set(environment)


def test_every_page_and_command_names_the_same_difference_first(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that came most often, though another comes before it in the alphabet."""
    for endpoint in ("GET /alpha", "GET /zulu"):
        project.baseline[endpoint] = Answer(200, {"size": 3})
        project.candidate[endpoint] = Answer(200, {"size": 4})
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /alpha")
        def test_alpha(backend):
            backend.get("/alpha")

        @pytest.mark.characterization("GET /zulu")
        @pytest.mark.parametrize("number", [1, 2])
        def test_zulu(backend, number):
            backend.get("/zulu")
        """,
    )
    run = project.run()
    capsys.readouterr()
    monkeypatch.chdir(project.path)
    assert main(["review", "--list"]) == 0

    texts = {
        "screen": run.screen.partition("= cutover: NO-GO")[2],
        "comment": (project.path / ".cutover/gate.md").read_text("utf-8"),
        "page": (project.path / ".cutover/gate.html").read_text("utf-8"),
        "review": capsys.readouterr().out,
    }
    first = {
        name: text.index("GET /zulu") < text.index("GET /alpha") for name, text in texts.items()
    }
    assert first == dict.fromkeys(texts, True)
    assert ["GET /zulu", "GET /alpha"] == [one["endpoint"] for one in run.report["findings"]]
    verdicts = [gate["verdict"] for gate in run.report["gates"]]
    assert verdicts == sorted(verdicts, key=["fail", "inconclusive", "pass"].index)


@pytest.mark.parametrize("status", [401, 200], ids=["go", "no-go"])
def test_a_token_in_a_node_id_stays_there_and_nowhere_else(project: Project, status: int) -> None:
    project.both("GET /me", Answer(401, {"error": "no"}))
    project.candidate["GET /me"] = Answer(status, {"error": "no"})
    project.write(
        "test_it.py",
        ONE_TEST
        + """
    @pytest.mark.negative("GET /me", scenario="bad token")
    @pytest.mark.parametrize("token", ["expired-token-1"])
    def test_refused(backend, token):
        backend.get("/me", headers={"Authorization": "Bearer " + token})
""",
    )

    run = project.run()

    assert run.verdict == ("GO" if status == 401 else "NO-GO")
    named = "test_it.py::test_refused[expired-token-1-candidate]"
    report = (project.path / ".cutover/gate.json").read_text("utf-8")
    for finding in run.report["findings"]:
        assert finding["nodeids"] == [named]
    assert (f'"{named}"' in run.next) is (status == 200)
    assert report.replace("test_refused[expired-token-1", "").count("expired-token-1") == 0
