"""The last screen of real runs: 80 columns, no colour, as its user has it before the eyes.

The expected screens stand in `expected/`, as text, to be read in a review.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer

EXPECTED = Path(__file__).with_name("expected")
SUITE = """
    import pytest

    @pytest.mark.characterization("GET /lots")
    @pytest.mark.parametrize("page", [1, 2, 3])
    def test_lots(backend, page):
        assert backend.get("/lots", params={"page": page}).status_code < 500

    @pytest.mark.characterization("GET /health")
    def test_health(backend):
        assert backend.get("/health").json()["status"] == "ok"

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")
"""


@pytest.fixture
def suite(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Five tests between two servers that agree."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    project.target()
    project.write("tests/test_api.py", SUITE)
    for page in (1, 2, 3):
        project.both(f"GET /lots?page={page}", Answer(200, [{"lot": page, "weight": 500.5}]))
    project.both("GET /health", Answer(200, {"status": "ok"}))
    return project


@pytest.fixture
def drifted(suite: Project) -> Project:
    """The same, with a candidate that differs in three ways."""
    for page in (1, 2, 3):
        answer = Answer(200, [{"lot": page, "weight": "500.5"}])
        suite.candidate[f"GET /lots?page={page}"] = answer
    suite.candidate["GET /health"] = Answer(503, {"status": "down"})
    suite.candidate["GET /thing"] = Answer(200, {"size": 3, "colour": "red"})
    return suite


def screen(run: Run) -> str:
    """The last screen, what is new in every run replaced."""
    lines = run.screen.splitlines()
    start = next(number for number, line in enumerate(lines) if "cutover: " in line)
    text = "\n".join(line.rstrip() for line in lines[start:])
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text) + "\n"


def expected(name: str) -> str:
    return (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def run(project: Project, *arguments: str) -> Run:
    return project.run("--cutover-target=staging", *arguments, gate=False)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--tb=short"], ["--tb=no"], ["-n2"], ["--color=no"]],
    ids=["plain", "tb=short", "tb=no", "xdist", "color=no"],
)
def test_a_no_go(drifted: Project, arguments: list[str]) -> None:
    assert screen(run(drifted, *arguments)) == expected("no_go")


def test_it_stands_below_the_list_of_failed_tests(drifted: Project) -> None:
    lines = run(drifted, "-ra").screen.splitlines()

    (answer,) = [number for number, line in enumerate(lines) if " cutover: NO-GO " in line]
    failed = [number for number, line in enumerate(lines) if line.startswith("FAILED ")]
    assert max(failed) < answer
    assert len(lines) - answer < 16


def test_a_quiet_no_go(drifted: Project) -> None:
    assert screen(run(drifted, "-q")) == expected("no_go_quiet")


@pytest.mark.parametrize("arguments", [["-v"], ["-v", "-n2"]], ids=["plain", "xdist"])
def test_a_verbose_no_go(drifted: Project, arguments: list[str]) -> None:
    assert screen(run(drifted, *arguments)) == expected("no_go_verbose")


@pytest.mark.parametrize("arguments", [[], ["-n2"]], ids=["plain", "xdist"])
def test_a_go(suite: Project, arguments: list[str]) -> None:
    assert screen(run(suite, *arguments)) == expected("go")


def test_a_quiet_go(suite: Project) -> None:
    assert screen(run(suite, "-q")) == expected("go_quiet")


def test_a_part_of_the_suite(suite: Project) -> None:
    assert screen(run(suite, "-k", "health")) == expected("partial")


def test_a_candidate_that_is_not_there(suite: Project) -> None:
    suite.candidate.close()

    assert screen(run(suite)) == expected("inconclusive")


def test_colour_changes_no_word(drifted: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    coloured = run(drifted, "--color=yes")

    assert "\x1b[31m" in coloured.screen
    plain = replace(coloured, screen=re.sub(r"\x1b\[[0-9;]*m", "", coloured.screen))
    assert screen(plain) == expected("no_go")


@pytest.mark.parametrize("name", sorted(path.stem for path in EXPECTED.glob("*.txt")))
def test_every_screen_names_the_answer_first_and_fits(name: str) -> None:
    lines = expected(name).splitlines()

    assert "cutover: " in lines[0]
    assert lines[-1].startswith("cutover: "), "and last"
    assert all(len(line) <= 80 or line.startswith((" next: ", " " * 10)) for line in lines)


def test_github_has_one_annotation_for_the_verdict_and_one_for_each_blocker(
    drifted: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(drifted.path / "summary.md"))

    lines = [line for line in run(drifted).screen.splitlines() if line.startswith("::")]

    titles = [re.sub(r"^::(\w+) title=([^:]*)::.*", r"\1 \2", line) for line in lines]
    assert titles[:2] == ["error cutover%3A NO-GO", "error CUT101 differences GET /health"]
    summary = (drifted.path / "summary.md").read_text(encoding="utf-8")
    assert summary == (drifted.path / ".cutover" / "gate.md").read_text(encoding="utf-8")


def test_findings_that_the_base_branch_did_not_have_are_marked(
    drifted: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(drifted)
    (drifted.path / ".cutover" / "gate.json").rename(drifted.path / "base.json")
    drifted.candidate["GET /thing"] = Answer(201, {"size": 3})
    monkeypatch.setenv("CUTOVER_BASE_REPORT", str(drifted.path / "base.json"))

    run(drifted)

    comment = (drifted.path / ".cutover" / "gate.md").read_text(encoding="utf-8")
    assert "3 unaccepted, 1 new difference since the base branch, 1 gone, 2 as before" in comment
    assert comment.count("🆕") == 2, "among the blockers and among the findings"


def test_a_page_and_a_diff_for_each_finding_are_left(drifted: Project) -> None:
    run(drifted)
    first = {path.name: path.read_text() for path in (drifted.path / ".cutover/diffs").iterdir()}
    run(drifted)
    second = {path.name: path.read_text() for path in (drifted.path / ".cutover/diffs").iterdir()}

    assert len(first) == 3
    assert first == second
    page = (drifted.path / ".cutover" / "gate.html").read_text(encoding="utf-8")
    assert all(f'id="f-{Path(name).stem}"' in page for name in first)
