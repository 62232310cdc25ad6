"""action.yml: each of its scripts, run by bash as GitHub's runner does, with a `gh` of our own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_cutover.report.io.artifacts import write_report
from pytest_cutover.report.model import Verdict
from pytest_cutover.report.renderers.markdown import marker
from tests.unit.report.reports import GO, NO_GO

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/cutover.yml").read_text(encoding="utf-8"))
GH = """\
import json, os, pathlib, sys
said = sys.argv[1:]
with open("gh.log", "a") as log:
    log.write(json.dumps(said) + "\\n")
for key, answer in json.loads(pathlib.Path("gh.json").read_text()).items():
    if key in " ".join(said):
        for name, text in answer.get("files", {}).items():
            folder = pathlib.Path(said[said.index("--dir") + 1])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        print(answer.get("out", ""))
        sys.exit(answer.get("status", 0))
"""


@dataclass
class Runner:
    """A runner in a folder of its own, which runs one step of the action."""

    path: Path
    gh: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def step(self, name: str, **environ: str) -> int:
        """The exit status of a step's script; its outputs and words are kept."""
        (step,) = (step for step in ACTION["runs"]["steps"] if step["name"] == name)
        assert set(environ) <= set(step["env"]), "only what the action passes on"
        program = self.path / "bin" / "gh"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\n{GH}")
        program.chmod(0o755)
        (self.path / "gh.json").write_text(json.dumps(self.gh))
        output = self.path / "output"
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_OUTPUT": str(output),
                "GITHUB_REPOSITORY": "owner/name",
                "GITHUB_WORKFLOW": "cutover",
                "GITHUB_BASE_REF": "main",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_RUN_ID": "77",
                "RUNNER_TEMP": str(self.path / "temp"),
                **environ,
            },
        )
        self.said = done.stdout + done.stderr
        self.outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done.returncode

    def asked(self, word: str) -> list[list[str]]:
        """What `gh` was called with, where the word is in it."""
        log = self.path / "gh.log"
        calls = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [call for call in calls if word in " ".join(call)]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "temp").mkdir()
    return Runner(tmp_path)


# -- the gate and its verdict ---------------------------------------------------------------------


def test_the_gate_runs_with_its_words_and_without_an_earlier_report(runner: Runner) -> None:
    write_report(GO, runner.path / ".cutover")
    program = runner.path / "py.test"
    program.write_text('#!/bin/sh\nfor word in "$@"; do echo "<$word>"; done\nexit 1\n')
    program.chmod(0o755)

    status = runner.step(
        "Run the gate",
        TARGET="stag; echo $(id)",
        COMMAND="./py.test -p xdist",
        ARGUMENTS="-n 2 *",
        REPORT=".cutover",
    )

    words = "<-p>\n<xdist>\n<--cutover-target=stag; echo $(id)>\n<--cutover-report=.cutover>\n"
    assert runner.said == f"{words}<-n>\n<2>\n<*>\n"
    assert status == 1
    assert not (runner.path / ".cutover" / "gate.json").exists()


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed: apt-get install jq")
@pytest.mark.parametrize("verdict", Verdict)
def test_the_verdict_is_read_from_the_report(runner: Runner, verdict: Verdict) -> None:
    write_report(replace(GO, verdict=verdict), runner.path / "build")

    assert runner.step("Read the verdict", REPORT="build") == 0
    assert runner.outputs == {"verdict": verdict}


@pytest.mark.parametrize("text", [None, "", "{", '{"verdict": "GO\\nx=y"}'])
def test_a_report_that_is_not_there_or_not_whole_is_no_verdict(
    runner: Runner, text: str | None
) -> None:
    (runner.path / ".cutover").mkdir()
    if text is not None:
        (runner.path / ".cutover" / "gate.json").write_text(text)

    assert runner.step("Read the verdict", REPORT=".cutover") == 0
    assert runner.outputs == {"verdict": "NONE"}


@pytest.mark.parametrize(
    ("verdict", "outcome", "status"),
    [
        ("GO", "success", 0),
        ("GO", "failure", 1),
        ("NO-GO", "failure", 1),
        ("NO-GO", "success", 1),
        ("INCONCLUSIVE", "failure", 1),
        ("PARTIAL", "success", 1),
        ("NONE", "success", 1),
        ("", "skipped", 1),
    ],
)
def test_the_check_passes_for_go_alone(
    runner: Runner, verdict: str, outcome: str, status: int
) -> None:
    assert runner.step("Hold the check to the verdict", VERDICT=verdict, OUTCOME=outcome) == status


# -- the comment ----------------------------------------------------------------------------------

COMMENT = {"LC_ALL": "C.UTF-8", "NUMBER": "5", "TARGET": "staging", "REPORT": ".cutover"}
STEP = "Post or update the comment"


def body(runner: Runner) -> str:
    (call,) = runner.asked("--field")
    return Path(call[call.index("--field") + 1].removeprefix("body=@")).read_text(encoding="utf-8")


def test_the_first_answer_is_posted(runner: Runner) -> None:
    write_report(NO_GO, runner.path / ".cutover")

    assert runner.step(STEP, **COMMENT) == 0

    (call,) = runner.asked("--method")
    assert call[:4] == ["api", "--method", "POST", "repos/owner/name/issues/5/comments"]
    assert body(runner).startswith(f"{marker('staging')}\n## ❌ cutover: NO-GO")
    assert "(https://github.com/owner/name/actions/runs/77)" in body(runner).splitlines()[-1]
    assert len(body(runner)) <= 65_536


@pytest.mark.parametrize("target", ["staging", "new --> one", "né", "é" * 80])
def test_each_target_has_a_comment_of_its_own(runner: Runner, target: str) -> None:
    assert runner.step(STEP, **{**COMMENT, "TARGET": target}) == 0

    assert body(runner).splitlines()[0] == marker(target)


def test_a_later_answer_takes_the_place_of_the_first(runner: Runner) -> None:
    write_report(GO, runner.path / ".cutover")
    runner.gh = {"--paginate": {"out": "11\n12"}}

    assert runner.step(STEP, **COMMENT) == 0

    (call,) = runner.asked("--method")
    assert call[:4] == ["api", "--method", "PATCH", "repos/owner/name/issues/comments/11"]


def test_a_run_without_a_report_says_so_in_the_same_comment(runner: Runner) -> None:
    assert runner.step(STEP, **COMMENT) == 0

    assert body(runner).startswith(f"{marker('staging')}\n## ❓ cutover: no report\n")


def test_a_token_that_may_not_write_fails_nothing(runner: Runner) -> None:
    write_report(GO, runner.path / ".cutover")
    runner.gh = {"api": {"status": 1}}

    assert runner.step(STEP, **COMMENT) == 0
    assert "::notice title=cutover::the comment could not be written" in runner.said


# -- the base branch's report ---------------------------------------------------------------------

FETCH = "Fetch the report of the base branch"


def test_the_newest_report_of_a_push_to_the_base_branch_is_fetched(runner: Runner) -> None:
    runner.gh = {
        "run list": {"out": "3\n2\n1"},
        "run download 3": {"status": 1},
        "run download 2": {"files": {"gate.json": "{}"}},
    }

    assert runner.step(FETCH, ARTIFACT="cutover") == 0

    assert runner.outputs == {"folder": str(runner.path / "temp" / "cutover-base")}
    (listing,) = runner.asked("run list")
    assert "--branch main --event push --status completed" in " ".join(listing)
    assert len(runner.asked("run download")) == 2


@pytest.mark.parametrize(
    "gh",
    [{"run list": {"status": 1}}, {"run list": {"out": ""}}, {"run list": {"out": "1"}}],
    ids=["may not ask", "no run", "no artifact"],
)
def test_without_a_report_of_the_base_branch_the_run_goes_on(
    runner: Runner, gh: dict[str, Any]
) -> None:
    runner.gh = gh

    assert runner.step(FETCH, ARTIFACT="cutover") == 0
    assert runner.outputs == {}
    assert "no finding is marked as new" in runner.said


# -- what is promised about both files ------------------------------------------------------------


def test_what_others_wrote_is_pinned_by_a_full_hash() -> None:
    steps = [*ACTION["runs"]["steps"], *WORKFLOW["jobs"]["gate"]["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]

    assert len(used) == 4
    for name in used:
        _, _, commit = name.partition("@")
        assert name == "./" or (len(commit) == 40 and set(commit) <= set("0123456789abcdef"))


def test_no_expression_stands_in_a_script_and_the_permissions_are_the_least() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    assert WORKFLOW["permissions"] == {}
    assert WORKFLOW["jobs"]["gate"]["permissions"] == {
        "contents": "read",
        "actions": "read",
        "pull-requests": "write",
    }
