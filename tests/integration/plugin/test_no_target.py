"""Without a target the plugin stays out of the way; what names one is told every mistake."""

from __future__ import annotations

import pytest

from tests.harness.project import ONE_TEST, Project

HEAVY = ("httpx", "jinja2", "scipy", "cattrs", "psutil", "tenacity", "syrupy.extensions.json")


def test_nothing_heavier_than_pytest_is_imported(project: Project) -> None:
    project.write(
        "test_unit.py",
        f"""
        import sys

        def test_unit():
            ours = [name for name in sys.modules if name.startswith("pytest_cutover")]
            assert sorted(ours) == [
                "pytest_cutover", "pytest_cutover.hookspecs", "pytest_cutover.plugin"
            ]
            assert [name for name in {HEAVY} if name in sys.modules] == []
        """,
    )
    run = project.run("-p", "no:syrupy", "-p", "no:benchmark", gate=False, apart=True)
    run.outcomes(passed=1)
    assert run.status == 0
    assert "cutover:" not in run.screen


def test_a_marked_test_fails_saying_what_to_give(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write("test_unit.py", "def test_unit(): pass\n")
    run = project.run(gate=False)
    assert run.status == 1
    assert "--cutover-target=NAME" in run.screen
    assert "--cutover-baseline=URL" in run.screen
    assert "cutover_target" in run.screen
    assert "1 passed" in run.screen


def test_a_project_keeps_its_own_fixtures_of_these_names(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.fixture
        def candidate():
            return "Ada"

        def test_hiring(candidate):
            assert candidate == "Ada"
        """,
    )
    run = project.run(gate=False)
    run.outcomes(passed=1)


def test_the_markers_are_known(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run("--collect-only", "--strict-markers", gate=False)
    assert run.status == 0


@pytest.mark.parametrize(
    ("given", "missing"), [("baseline", "candidate"), ("candidate", "baseline")]
)
def test_one_url_of_two_is_a_usage_error(project: Project, given: str, missing: str) -> None:
    run = project.run(f"--cutover-{given}=http://127.0.0.1:1", gate=False)
    assert run.status == 4
    assert f"--cutover-{given} was given without --cutover-{missing}" in run.errors
    assert f"Add --cutover-{missing}=URL" in run.errors


def test_urls_and_a_target_are_a_usage_error(project: Project) -> None:
    project.target("staging")
    run = project.run("--cutover-target=staging")
    assert run.status == 4
    assert "which target" in run.errors


def test_an_unknown_target_gets_a_suggestion(project: Project) -> None:
    project.target("staging")
    run = project.run("--cutover-target=stagging", gate=False)
    assert run.status == 4
    assert "did you mean `staging`?" in run.errors


def test_consent_to_write_is_given_in_the_file_for_a_named_target(project: Project) -> None:
    project.target("staging")
    run = project.run("--cutover-target=staging", "--cutover-writes", gate=False)
    assert run.status == 4
    assert "writes = true" in run.errors


def test_a_mistake_in_the_file_is_a_usage_error(project: Project) -> None:
    project.target("staging", "wrties = true")
    run = project.run("--cutover-target=staging", gate=False)
    assert run.status == 4
    assert "did you mean `writes`?" in run.errors


def test_an_unknown_phase_is_refused(project: Project) -> None:
    run = project.run("--cutover-phase=lunch")
    assert run.status == 4
    assert "pre-cutover" in run.errors


def test_a_password_in_a_url_is_refused_and_not_shown(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run(
        "--cutover-baseline=http://ada:s3cretw0rd@127.0.0.1:1",
        "--cutover-candidate=http://127.0.0.1:1",
        gate=False,
    )
    assert run.status == 4
    assert "s3cretw0rd" not in run.errors + run.screen


@pytest.mark.parametrize("room", ["cutover-parity", "cutover-gate", "cutover-backends"])
def test_a_part_that_is_switched_off_cannot_give_a_verdict(project: Project, room: str) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run("-p", f"no:{room}")
    assert run.status == 4
    assert f"-p no:{room}" in run.errors
    assert "CUT304" in run.errors


def test_the_whole_plugin_switched_off_knows_no_target(project: Project) -> None:
    run = project.run("-p", "no:cutover", apart=True)
    assert run.status == 4


def test_recording_in_ci_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    project.write("test_it.py", ONE_TEST)
    run = project.run("--snapshot-update")
    assert run.status == 4
    assert "--snapshot-update" in run.errors
    assert "CI=true" in run.errors
    monkeypatch.setenv("CI", "false")
    assert project.run("--snapshot-update").verdict == "PARTIAL"
