"""Damaged TOML: a usage error that names file and line, or the gate fails; nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_cutover.config.accepted import loads
from pytest_cutover.core.errors import ConfigError
from tests.harness.project import ONE_TEST, Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.artifact_faults.conftest import command, content, never_a_go, told

ACCEPTED = """\
# agreed
[[accepted]]
signature = "GET /thing | value | /size | integer → integer"
scope = ["test_it.py::test_thing"]
reason = "meant so"
approver = "Ada"
expires = 2999-12-31
note = "looked at twice"

[[accepted]]
signature = "GET /thing | added | /new | absent → string"
scope = ["test_it.py::test_thing"]
reason = "meant so"
approver = "Ada"
expires = 2999-12-31
"""
SIGNED = """\
[[sign-off]]
item = "rollback.team"
target = "staging"
by = "Ada"
at = 2026-01-01T10:00:00Z
note = "walked through"
valid_until = 2999-12-31
"""
FILES = ("cutover-accepted.toml", "cutover-signoffs.toml", "cutover.toml")


def half_merged(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first}\n<<<<<<< HEAD\n{rest}=======\n{rest}>>>>>>> theirs\n"


def half_merged_with_the_base(text: str) -> str:
    """As `merge.conflictStyle = diff3` has it, and only its middle marker is left."""
    first, _, rest = text.partition("\n")
    return f"{first}\n||||||| 1234abc\n{rest}"


def cut_off(text: str) -> str:
    return text.rstrip()[:-3]


DAMAGE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "conflict markers": (half_merged, "line 2: a conflict marker of a merge"),
    "conflict markers, CRLF": (
        lambda text: half_merged(text).replace("\n", "\r\n"),
        "line 2: a conflict marker of a merge",
    ),
    "one marker of diff3": (half_merged_with_the_base, "line 2: a conflict marker of a merge"),
    "cut off": (cut_off, ""),
    "cut off in a word": (lambda text: text[: text.rindex('"')], ""),
    "binary": (lambda _: bytes(range(256)), "line 2: not UTF-8"),
    "zeros": (lambda _: b"\0" * 500, "line 1, column 1: not valid TOML"),
    "UTF-16": (lambda text: text.encode("utf-16"), "line 1: not UTF-8"),
    "a golden": (lambda _: '{\n  "version": 1\n}\n', "line 1, column 1: not valid TOML"),
}


@pytest.fixture
def whole(project: Project) -> Project:
    """A run that is GO because of what stands in the three files."""
    project.target(more='require = ["parity"]', tables="[checklist.items]\n")
    project.write("test_it.py", ONE_TEST)
    project.candidate["GET /thing"] = Answer(200, {"size": 4, "new": "x"})
    (project.path / FILES[0]).write_text(ACCEPTED)
    (project.path / FILES[1]).write_text(SIGNED)
    return project


def go(project: Project) -> Run:
    return project.run("--cutover-target=staging", gate=False)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_a_usage_error(whole: Project, name: str, kind: str) -> None:
    path = whole.path / name
    damage, says = DAMAGE[kind]
    damaged = damage(path.read_text())
    path.write_bytes(damaged.encode() if isinstance(damaged, str) else damaged)
    before = content(whole.path)
    run = go(whole)
    never_a_go(run)
    assert run.status == 4
    told(run, f"{name}:", says, "next: ")
    assert "line " in run.errors + run.screen or "end of the file" in run.errors + run.screen
    assert whole.baseline.asked("GET /thing") == []
    assert content(whole.path) == before


@pytest.mark.parametrize("kind", ["conflict markers", "cut off", "binary"])
def test_nothing_is_added_to_a_damaged_file(whole: Project, kind: str) -> None:
    whole.candidate["GET /thing"] = Answer(404, {})
    finding = go(whole).report["findings"][0]["id"]
    for name in FILES[:2]:
        path = whole.path / name
        damaged = DAMAGE[kind][0](path.read_text())
        path.write_bytes(damaged.encode() if isinstance(damaged, str) else damaged)
    before = content(whole.path)
    accepting = ("--scope=test_it.py::*", "--reason=so", "--approver=Ada")
    signing = ("--target=staging", "--by=Ada", "--note=done")
    runs = {
        FILES[0]: command(whole, "accept", finding, *accepting),
        FILES[1]: command(whole, "sign-off", "rollback.team", *signing),
    }
    for name, run in runs.items():
        assert run.status == 4
        told(run, f"{name}:", "next: ")
    assert content(whole.path) == before


def test_an_emptied_file_agrees_to_nothing(whole: Project) -> None:
    assert go(whole).gate("parity.differences")["verdict"] == "pass"
    (whole.path / FILES[0]).write_text("")
    run = go(whole)
    never_a_go(run)
    assert run.verdict == "NO-GO"
    assert len(run.report["findings"]) == 2


def test_a_folder_in_the_place_of_a_file(whole: Project) -> None:
    for name in FILES:
        path = whole.path / name
        text = path.read_text()
        path.unlink()
        path.mkdir()
        run = go(whole)
        never_a_go(run)
        assert run.status == 4
        told(run, f"{name}:", "cannot be read", "next: ")
        path.rmdir()
        path.write_text(text)


def test_a_part_of_the_file_agrees_to_no_more_than_the_whole() -> None:
    """Wherever it was cut off: what is left are entries of the file, or a mistake."""
    entries = loads(ACCEPTED, source="x").entries
    for end in range(len(ACCEPTED)):
        try:
            left = loads(ACCEPTED[:end], source="x").entries
        except ConfigError:
            continue
        for one, known in zip(left, entries, strict=False):
            assert (one.signature, one.scope, one.expires) == (
                known.signature,
                known.scope,
                known.expires,
            )


def test_what_is_only_a_part_of_the_configuration_is_told(whole: Project) -> None:
    """A table that lost its lower half may well be TOML: then its keys are missing."""
    path: Path = whole.path / FILES[2]
    text = path.read_text()
    path.write_text(text[: text.index("candidate")])
    run = go(whole)
    never_a_go(run)
    assert run.status == 4
    told(run, "cutover.toml:", "targets.staging", "candidate")
