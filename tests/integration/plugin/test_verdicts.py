"""The one word, and the exit status that CI understands."""

from __future__ import annotations

import re

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer, Seen

DIFFERENT = Answer(200, {"size": "3"})


def test_two_backends_that_agree_are_a_go(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    run.outcomes(passed=2)
    assert run.verdict == "GO"
    assert run.status == 0
    assert {gate["verdict"] for gate in run.report["gates"]} == {"pass"}


def test_a_difference_is_a_no_go_though_every_assertion_holds(project: Project) -> None:
    project.candidate["GET /thing"] = DIFFERENT
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    assert run.status == 1
    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("type", "/size")
    assert "FAILED test_it.py::test_thing[candidate]" in run.screen
    assert "number → string" in run.screen
    assert "Mismatch" not in run.screen


def test_a_failing_test_without_a_marker_keeps_the_status_at_1(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write("test_unit.py", "def test_arithmetic(): assert 1 == 2\n")
    run = project.run()
    run.outcomes(passed=2, failed=1)
    assert run.verdict == "GO"
    assert run.status == 1


def test_no_marked_test_is_no_evidence(project: Project) -> None:
    project.write("test_unit.py", "def test_arithmetic(): assert 1 == 1\n")
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.status == 1
    assert "CUT301" in run.codes


def test_no_test_at_all_keeps_status_5(project: Project) -> None:
    project.write("test_unit.py", "")
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.status == 5


def test_a_collection_error_keeps_status_2(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write("test_broken.py", "import nowhere\n")
    run = project.run()
    assert run.status == 2
    assert run.verdict == "INCONCLUSIVE"
    assert "CUT303" in run.codes


def test_an_internal_error_keeps_status_3_and_leaves_a_report(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write(
        "conftest.py",
        """
        def pytest_runtest_logfinish(nodeid):
            if "candidate" in nodeid:
                raise RuntimeError("a plugin broke")
        """,
    )
    run = project.run()
    assert run.status == 3
    assert run.report["verdict"] == "INCONCLUSIVE"
    assert "CUT307" in run.codes


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan", "--fixtures", "--markers"])
def test_what_only_tells_about_the_suite_asks_nobody(project: Project, option: str) -> None:
    project.write("test_it.py", ONE_TEST)
    run = project.run(option)
    assert run.status == 0
    assert "cutover: " not in run.screen.replace("pytest-cutover: ", "")
    assert project.baseline.requests == []
    assert not (project.path / ".cutover").exists()


def test_collect_only_lists_what_a_run_would_refuse(project: Project) -> None:
    project.write("test_it.py", ONE_TEST.replace("GET /thing", "GTE /thing"))
    assert project.run("--collect-only", "-q").status == 0
    assert project.run().status == 4


def test_with_the_target_from_the_ini_file_a_run_without_marked_tests_is_not_ours(
    project: Project,
) -> None:
    project.target("local")
    project.ini("cutover_target = local")
    project.write("test_unit.py", "def test_arithmetic(): assert 1 == 1\n")
    run = project.run(gate=False)
    assert run.status == 0
    assert "cutover:" not in run.screen


def test_with_the_target_from_the_ini_file_the_whole_suite_has_a_verdict(project: Project) -> None:
    project.target("local")
    project.ini("cutover_target = local")
    project.candidate["GET /thing"] = DIFFERENT
    project.write("test_it.py", ONE_TEST)
    run = project.run(gate=False)
    assert run.verdict == "NO-GO"
    assert run.status == 1


def test_stopping_at_the_first_failure_leaves_the_rest_unjudged(project: Project) -> None:
    project.write("test_a.py", "def test_unit(): assert 0\n")
    project.write("test_it.py", ONE_TEST)
    run = project.run("-x")
    assert run.verdict == "INCONCLUSIVE"
    assert run.status == 1
    assert "CUT307" in run.codes
    assert "stopping after 1 failures" in run.screen


def test_the_command_line_option_wins_over_the_ini_file(project: Project) -> None:
    project.target("local")
    with (project.path / "cutover.toml").open("a") as file:
        file.write(
            f'[targets.other]\nbaseline = {{ url = "{project.candidate.url}" }}\n'
            f'candidate = {{ url = "{project.baseline.url}" }}\n'
        )
    project.ini("cutover_target = local")
    project.write("test_it.py", ONE_TEST)
    run = project.run("--cutover-target=other", gate=False)
    assert run.verdict == "GO"
    assert run.report["baseline"]["url"] == project.candidate.url
    assert run.report["target"] == "other"


def test_a_go_says_that_other_tests_failed(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write("test_unmarked.py", "def test_other():\n    assert False\n")
    run = project.run()
    assert (run.verdict, run.status) == ("GO", 1)
    told = " ".join(run.screen.split())
    assert "1 test that compares nothing failed, and no gate that was asked for here" in told


def test_the_verdict_has_the_last_word(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.candidate["GET /thing"] = Answer(200, {"size": "x"})
    screen = project.run().screen
    assert screen.index("short test summary info") < screen.index("cutover: NO-GO")


def test_a_plugin_that_breaks_at_the_end_does_not_take_the_report_with_it(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write(
        "conftest.py",
        """
        def pytest_sessionfinish(session):
            raise RuntimeError("broken at the end")
        """,
    )
    run = project.run(apart=True)
    assert run.status != 0
    assert run.report["verdict"] == "INCONCLUSIVE"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_backend_compared_with_itself_is_never_a_go(project: Project, name: str) -> None:
    project.write("test_it.py", ONE_TEST)
    url = project.baseline.url
    both = (f"--cutover-baseline={url}", f"--cutover-candidate={url.replace('127.0.0.1', name)}/")
    run = project.run(*both, gate=False)
    assert (run.verdict, run.status, run.codes) == ("INCONCLUSIVE", 1, {"CUT310"})
    assert "the same server" in run.gate("evidence.one-backend")["message"]


def test_a_hundred_agreed_differences_hide_no_further_one(project: Project) -> None:
    """All are judged and in the report; a failing test shows some, and says how many more."""
    names = [f"m{n:03}" for n in range(120)]
    project.baseline["GET /thing"] = Answer(200, dict.fromkeys(names, 1))
    project.candidate["GET /thing"] = Answer(200, dict.fromkeys(names, "1"))
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert len(run.report["findings"]) == len(names)
    shown = re.findall(r"^E?  *GET /thing  type  /m\d+", run.screen, re.MULTILINE)
    assert 3 < len(shown) < len(names)
    assert f"and {len(names) - len(shown)} more, in the report" in run.screen

    entry = """
        [[accepted]]
        signature = "GET /thing | type | /{} | number → string"
        scope = ["test_it.py::*"]
        reason = "agreed"
        approver = "Mira Ek"
        expires = 2999-12-31
    """
    project.write("cutover-accepted.toml", "".join(entry.format(name) for name in names[:-1]))
    run = project.run()
    assert run.verdict == "NO-GO"
    assert [one["pointer"] for one in run.report["findings"] if not one["accepted"]] == ["/m119"]


def test_one_address_may_lead_to_two_backends(project: Project) -> None:
    """A proxy may tell them apart by a header."""

    def behind_a_proxy(request: Seen) -> Answer:
        server = project.candidate if request.headers.get("x-to") == "new" else project.baseline
        answer = server.answers["GET /size"]
        return answer(request) if callable(answer) else answer

    project.both("GET /size", Answer(200, {"size": 3}))
    project.baseline["GET /thing"] = behind_a_proxy
    project.write("test_it.py", ONE_TEST)
    project.write(
        "cutover.toml",
        f"""
        [targets.staging]
        baseline = {{ url = "{project.baseline.url}" }}
        candidate = {{ url = "{project.baseline.url}", headers = {{ "X-To" = "new" }} }}
        """,
    )
    assert project.run("--cutover-target=staging", gate=False).verdict == "GO"
    project.candidate["GET /size"] = Answer(200, {"size": 4})
    assert project.run("--cutover-target=staging", gate=False).verdict == "NO-GO"
