"""The one word, and the exit status that CI understands."""

from __future__ import annotations

from tests.plugin.conftest import ONE_TEST, Project
from tests.plugin.stub_server import Answer


def test_two_backends_that_agree_are_a_go(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    run.outcomes(passed=2)
    assert run.verdict == "GO"
    assert run.status == 0
    assert [gate["verdict"] for gate in run.report["gates"]] == ["pass"] * len(run.report["gates"])


def test_a_difference_is_a_no_go_though_every_assertion_holds(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": "3"})
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    assert run.status == 1
    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("type", "/size")
    assert "FAILED test_it.py::test_thing[candidate]" in run.screen
    assert "number → string" in run.screen
