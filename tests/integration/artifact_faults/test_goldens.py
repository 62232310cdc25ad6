"""A golden that is damaged is never taken for none: nothing is forgotten in silence."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_cutover.compare.golden.text import GoldenError, load
from tests.harness.project import ONE_TEST, Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Seen
from tests.integration.artifact_faults.conftest import never_a_go, told

NAME = "snapshots/test_it/test_thing-821e580e.json"


def half_merged(text: str) -> str:
    ours = text.replace("integer", "uuid4")
    return f"<<<<<<< ours\n{ours}=======\n{text}>>>>>>> theirs\n"


def half_resolved(text: str) -> str:
    """Both sides were kept, as some editors do, and no marker is left."""
    return text.replace('"status": 200,', '"status": 200,\n        "status": 201,')


DAMAGE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "empty": (lambda _: "", "line 1: the file is empty"),
    "blank": (lambda _: "\n\n", "line 3: the file is empty"),
    "cut off": (lambda text: text[: len(text) // 2], "line 14: not JSON"),
    "without its end": (lambda text: text[:-3], "line 25: not JSON"),
    "conflict markers": (half_merged, "line 1: merge conflict markers"),
    "half resolved": (half_resolved, "key 'status' stands twice"),
    "binary": (lambda _: bytes(range(256)), "line 2: not UTF-8"),
    "UTF-16": (lambda text: text.encode("utf-16"), "line 1: not UTF-8"),
    "zeros": (lambda _: "\0" * 500, "line 1: not JSON"),
    "of a later version": (lambda text: text.replace('"version": 1', '"version": 9'), "is 9"),
    "without a version": (lambda text: text.replace('  "version": 1,\n', ""), "is missing"),
    "of another test": (lambda text: text.replace("::test_thing", "::test_Thing"), "test_Thing"),
    "another document": (lambda _: '{"version": 1}', "no 'exchanges'"),
    "an array": (lambda _: "[]", "is missing"),
    "without its exchanges": (lambda text: text[: text.index('"exch')] + '"exchanges": []}', ""),
}


def recorded(project: Project) -> Path:
    """A recorded test whose answer has noise in it, on two servers that are alike."""
    numbers = itertools.count(100_000)

    def changing(_seen: Seen) -> Answer:
        return Answer(200, {"size": 3, "id": next(numbers)})

    project.both("GET /thing", changing)
    project.target()
    project.write("test_it.py", ONE_TEST)
    go(project, "--snapshot-update")
    assert go(project).verdict == "GO"
    return project.path / NAME


def go(project: Project, *words: str) -> Run:
    return project.run("--cutover-target=staging", *words, gate=False)


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_golden_passes_nothing(project: Project, kind: str) -> None:
    path = recorded(project)
    damage, says = DAMAGE[kind]
    damaged = damage(path.read_text())
    path.write_bytes(damaged.encode() if isinstance(damaged, str) else damaged)
    before = path.read_bytes()
    run = go(project)
    never_a_go(run)
    assert (run.status, run.verdict) == (1, "INCONCLUSIVE")
    gate = run.gate("parity.goldens")
    assert (gate["code"], gate["verdict"]) == ("CUT102", "inconclusive")
    assert gate["nodeids"] == ["test_it.py::test_thing[baseline]"]
    if says:
        told(run, "CUT102", f"{NAME} cannot be used: ")
        assert f"{NAME} cannot be used: " in gate["message"]
        assert says in gate["message"]
        assert "record it again" in gate["message"]
        assert run.next == "pytest --cutover-target=staging --snapshot-update"
    assert "is unrecorded" not in run.screen
    assert path.read_bytes() == before


def test_without_the_baseline_a_damaged_golden_is_no_memory(project: Project) -> None:
    path = recorded(project)
    path.write_text("{")
    project.ini("cutover_target = staging")
    project.baseline.close()
    run = project.run("-k", "candidate", gate=False)
    never_a_go(run)
    run.outcomes(deselected=1)
    told(run, "the baseline", "does not answer")


def test_recording_over_a_damaged_golden_says_what_is_lost(project: Project) -> None:
    path = recorded(project)
    path.write_text(path.read_text()[:-3])
    run = go(project, "--snapshot-update")
    never_a_go(run)
    told(run, "1 in place of what could not be read, without the noise it knew")
    load(path.read_text())
    assert go(project).verdict == "GO"


def test_a_name_that_differs_by_case_is_no_golden_of_this_test(project: Project) -> None:
    path = recorded(project)
    twin = path.with_name(path.name.replace("test", "Test"))
    twin.write_text(path.read_text().replace("<integer>", "<uuid4>"))
    run = go(project)
    assert run.verdict == "INCONCLUSIVE"
    assert run.gate("parity.orphans")["place"] == twin.relative_to(project.path).as_posix()
    path.unlink()
    assert go(project).report["tests"]["unrecorded"] == 1


def test_no_part_of_a_golden_is_one(project: Project) -> None:
    text = recorded(project).read_text()
    for end in range(len(text) - 1):
        with pytest.raises(GoldenError):
            load(text[:end])
