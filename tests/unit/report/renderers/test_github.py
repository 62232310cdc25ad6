"""Annotations and the step summary, only where GitHub Actions runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

from pytest_cutover.report.renderers.github import append_step_summary, workflow_commands
from pytest_cutover.report.renderers.markdown import STEP_SUMMARY_BYTES, render
from tests.unit.report.io.test_json import HOSTILE
from tests.unit.report.reports import GO, INCONCLUSIVE, NO_GO, PARTIAL, WEIGHT

ACTIONS = {"GITHUB_ACTIONS": "true"}


def test_one_annotation_for_the_verdict_and_one_for_each_blocker() -> None:
    assert workflow_commands(NO_GO, ACTIONS) == [
        "::error title=cutover%3A NO-GO::2 of 4 gates failed, 1 inconclusive%0A"
        'next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"',
        "::error title=CUT101 differences POST /api/lots::"
        '/weight_kg  500.5 → "500.5"   12× in 2 tests (pytest-cutover explain CUT101)',
        "::error title=CUT202 p50 GET /api/health::"
        "+63 %25 [58, 69]   limit +50 %25 (pytest-cutover explain CUT202)",
        "::error title=CUT203 p99 POST /api/login::"
        "n=120, at least 432 needed   limit 300 ms (pytest-cutover explain CUT203)",
    ]


def test_the_level_says_whether_the_check_may_pass() -> None:
    levels = [workflow_commands(report, ACTIONS)[0] for report in (GO, INCONCLUSIVE, PARTIAL)]

    assert [line.split(" ")[0] for line in levels] == ["::notice", "::error", "::warning"]


def test_at_most_ten_blockers_are_annotated() -> None:
    findings = tuple(replace(WEIGHT, pointer=f"/{number}") for number in range(30))

    assert len(workflow_commands(replace(NO_GO, findings=findings), ACTIONS)) == 11


def test_outside_github_nothing_is_said(tmp_path: Path) -> None:
    assert workflow_commands(NO_GO, {}) == []
    assert append_step_summary(NO_GO, {}) == ""


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
def test_no_text_ends_its_command_or_begins_another(text: str) -> None:
    text += "\r\n::error::x,y=z%0A::"
    gate = replace(NO_GO.gates[0], title=text, place=text, observed=text, next=text)
    finding = replace(WEIGHT, endpoint=text, pointer=text, change=text)

    for line in workflow_commands(replace(NO_GO, gates=(gate,), findings=(finding,)), ACTIONS):
        properties, _, body = line.removeprefix("::").partition("::")
        assert properties.startswith("error title=")
        assert properties.count(",") == 0
        assert line.isprintable()
        assert body.replace("%25", "").replace("%0A", "", 1).count("%") == 0


def test_the_step_summary_is_appended_to_what_other_steps_wrote(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")

    assert append_step_summary(NO_GO, {"GITHUB_STEP_SUMMARY": str(path)}) == ""

    assert path.read_text(encoding="utf-8") == "before\n\n" + render(NO_GO)


def test_a_full_step_summary_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("x" * STEP_SUMMARY_BYTES)

    reason = append_step_summary(NO_GO, {"GITHUB_STEP_SUMMARY": str(path)})

    assert "1 MiB" in reason
    assert path.stat().st_size == STEP_SUMMARY_BYTES


def test_a_summary_that_cannot_be_written_is_a_sentence_and_no_error(tmp_path: Path) -> None:
    reason = append_step_summary(NO_GO, {"GITHUB_STEP_SUMMARY": str(tmp_path)})

    assert "could not be written" in reason
