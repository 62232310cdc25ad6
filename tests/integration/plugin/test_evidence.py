"""What counts as evidence, and whose fault a failing test is."""

from __future__ import annotations

import textwrap

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer

HEAD = """
import pytest
SIDES = []

@pytest.mark.characterization("GET /thing")
"""


def suite(project: Project, body: str, *, decorators: str = "", head: str = HEAD) -> None:
    lines = [f"    {line}" for line in body.strip().splitlines()]
    text = f"{head}{decorators}\ndef test_it(backend, request):\n" + "\n".join(lines) + "\n"
    project.write("test_it.py", text)


NO_EVIDENCE = {
    "skipped by a mark": ("backend.get('/thing')", "@pytest.mark.skip(reason='later')"),
    "skipped after a request": ("backend.get('/thing'); pytest.skip('later')", ""),
    "skipped before a request": ("pytest.skip('later')", ""),
    "importorskip": ("backend.get('/thing'); pytest.importorskip('nowhere_to_be_found')", ""),
    "xfailed": ("backend.get('/thing'); assert 0", "@pytest.mark.xfail"),
    "xfailed by hand": ("backend.get('/thing'); pytest.xfail('later')", ""),
    "xpassed": ("backend.get('/thing')", "@pytest.mark.xfail"),
    "no request": ("pass", ""),
}


@pytest.mark.parametrize("case", NO_EVIDENCE)
def test_green_without_a_word_from_the_backend_is_no_evidence(project: Project, case: str) -> None:
    body, decorators = NO_EVIDENCE[case]
    suite(project, body, decorators=decorators)
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.status == 1
    gate = run.gate("evidence.missing")
    assert gate["code"] == "CUT303"
    assert gate["nodeids"] == ["test_it.py::test_it[baseline]", "test_it.py::test_it[candidate]"]


def test_one_test_without_evidence_spoils_the_go_of_the_others(project: Project) -> None:
    project.write("test_a.py", ONE_TEST)
    suite(project, "backend.get('/thing'); pytest.skip('later')")
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert "1 skipped" in run.gate("evidence.missing")["observed"]


def test_a_difference_in_an_xfailed_test_is_no_evidence_either_way(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    suite(project, "backend.get('/thing')", decorators="@pytest.mark.xfail(strict=False)")
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.report["findings"] == []


def test_a_set_up_that_breaks_is_missing_evidence(project: Project) -> None:
    suite(project, "backend.get('/thing')", decorators="@pytest.mark.usefixtures('broken')")
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture
        def broken():
            raise OSError("no disk")
        """,
    )
    run = project.run()
    run.outcomes(errors=2)
    assert run.verdict == "INCONCLUSIVE"
    assert "1 broken in set-up" in run.gate("evidence.missing")["observed"]


def test_an_assertion_that_fails_on_the_candidate_alone_is_a_no_go(project: Project) -> None:
    suite(project, "backend.get('/thing'); assert backend.name == 'baseline', 'my own words'")
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    assert run.codes == {"CUT109"}
    assert "my own words" in run.screen


def test_an_assertion_that_fails_on_both_sides_alike_accuses_nobody(project: Project) -> None:
    suite(project, "assert backend.get('/thing').json() == {}")
    run = project.run()
    run.outcomes(failed=2)
    assert run.verdict == "INCONCLUSIVE"
    assert run.codes == {"CUT109"}
    assert "mend the test" in run.gate("parity.assertions")["message"]


def test_an_assertion_that_fails_on_the_baseline_alone_accuses_nobody(project: Project) -> None:
    suite(project, "backend.get('/thing'); assert backend.name == 'candidate'")
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "INCONCLUSIVE"


def test_the_bodys_own_error_is_the_cause_of_ours(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    suite(project, "assert backend.get('/thing').json()['size'] == 3, 'three was promised'")
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert finding["pointer"] == "/size"
    assert "three was promised" in run.screen
    assert "the candidate differs from the baseline" in run.screen


def test_comparing_happens_in_the_call(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    suite(project, "backend.get('/thing')")
    run = project.run()
    run.outcomes(passed=1, failed=1, errors=0)


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since version 9")
def test_a_subtest_repeats_the_evidence_and_it_counts_once(project: Project) -> None:
    suite(
        project,
        """
with subtests.test("one"):
    assert backend.get("/thing").json()["size"] == 3
with subtests.test("two"):
    assert backend.get("/thing").status_code == 200
""",
    )
    path = project.path / "test_it.py"
    path.write_text(path.read_text().replace("(backend, request)", "(backend, subtests)"))
    run = project.run()
    assert run.verdict == "GO"
    assert run.report["tests"]["both_sides"] == 1
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = project.run()
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert finding["occurrences"] == 2
    assert finding["nodeids"] == ["test_it.py::test_it[candidate]"]


def test_a_candidate_that_fails_to_answer_is_a_difference(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(raw=b"")
    suite(project, "backend.get('/thing')")
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert finding["kind"] == "wire"


def test_a_test_that_asks_the_two_sides_different_things_is_not_comparable(
    project: Project,
) -> None:
    suite(project, "backend.get('/thing' if backend.name == 'baseline' else '/other/place')")
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert "CUT308" in run.codes
    assert run.report["findings"] == []


def test_what_the_test_makes_up_for_each_side_is_the_same_request(project: Project) -> None:
    suite(project, "backend.get('/thing', params={'q': 'of-' + backend.name})")
    run = project.run()
    assert (run.verdict, run.report["findings"]) == ("GO", [])


def test_a_test_with_several_endpoints_and_a_scenario(project: Project) -> None:
    project.both("GET /other", Answer(200, {}))
    project.candidate["GET /other"] = Answer(200, {"more": 1})
    suite(
        project,
        "backend.get('/thing'); backend.get('/other')",
        head=HEAD.replace('("GET /thing")', '("GET /thing", "GET /other", scenario="two")'),
    )
    run = project.run()
    [finding] = run.report["findings"]
    assert finding["endpoint"] == "GET /other"
    assert (finding["kind"], finding["pointer"]) == ("added", "/more")


def test_what_only_crossover_tests_saw_was_not_compared(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.crossover("GET /thing")
        def test_both(baseline, candidate):
            assert baseline.get("/thing").status_code == candidate.get("/thing").status_code
        """,
    )
    run = project.run()
    assert (run.verdict, run.codes) == ("INCONCLUSIVE", {"CUT101"})
    assert run.gate("parity.differences")["observed"] == "nothing compared"


@pytest.mark.parametrize("status", [401, 500])
def test_two_backends_that_refuse_everything_agree_about_nothing(
    project: Project, status: int
) -> None:
    project.both("GET /thing", Answer(status, {"error": "no"}))
    suite(project, "backend.get('/thing')")
    run = project.run()
    assert (run.verdict, run.codes) == ("INCONCLUSIVE", {"CUT301"})
    assert f"with success (1 × {status})" in run.gate("evidence.tests")["message"]


def test_one_success_of_the_baseline_shows_that_it_works(project: Project) -> None:
    project.both("GET /other", Answer(404, {"error": "no"}))
    suite(project, "backend.get('/thing')\nbackend.get('/other')")
    assert project.run().verdict == "GO"


def test_a_marker_that_names_what_no_test_asks_is_no_evidence(project: Project) -> None:
    project.write("test_a.py", ONE_TEST)
    suite(project, "backend.get('/thing')", head=HEAD.replace("GET /thing", "POST /lots"))
    run = project.run()
    assert (run.verdict, run.codes) == ("INCONCLUSIVE", {"CUT303"})
    gate = run.gate("evidence.missing")
    assert gate["observed"].startswith("1 whose marker says ")
    assert gate["nodeids"] == ["test_it.py::test_it[baseline]", "test_it.py::test_it[candidate]"]


@pytest.mark.parametrize("named", ["PUT /thing", "GET /thing/"])
def test_another_method_or_a_slash_is_about_the_same_endpoint(project: Project, named: str) -> None:
    suite(project, "backend.get('/thing')", head=HEAD.replace("GET /thing", named))
    assert project.run().verdict == "GO"


LEAVES_OUT = {
    "a list": "collect_ignore = ['test_it.py']",
    "a pattern": "collect_ignore_glob = ['*_it.py']",
    "a hook": "def pytest_ignore_collect(collection_path):\n"
    "    return True if collection_path.name == 'test_it.py' else None",
}


@pytest.mark.parametrize("how", LEAVES_OUT)
@pytest.mark.parametrize("ours", [True, False])
def test_a_file_that_a_conftest_leaves_out_is_missing_if_it_holds_tests_of_ours(
    project: Project, how: str, ours: bool
) -> None:
    project.write("test_a.py", ONE_TEST)
    project.write("conftest.py", LEAVES_OUT[how])
    if ours:
        suite(project, "backend.get('/thing')")
    else:
        project.write("test_it.py", "def test_it(): assert True")
    run = project.run()
    assert run.verdict == ("INCONCLUSIVE" if ours else "GO"), run.screen
    if ours:
        assert run.gate("evidence.left-out")["nodeids"] == ["test_it.py"]
        part = project.run("test_a.py")  # asks for no more: nothing of it is missing
        assert part.gate("evidence.left-out")["verdict"] == "pass"


NEVER_COLLECTED = {
    "a class with an init": (
        "class TestRates:\n"
        "    def __init__(self): ...\n"
        "    @pytest.mark.characterization('GET /thing')\n"
        "    def test_rates(self, backend): backend.get('/thing')\n",
        "test_it.py::TestRates::test_rates",
    ),
    "a condition": (
        "if False:\n"
        "    @pytest.mark.characterization('GET /thing')\n"
        "    def test_rates(backend): backend.get('/thing')\n",
        "test_it.py::test_rates",
    ),
    "another of its name": (
        "@pytest.mark.characterization('GET /thing')\n"
        "def test_thing(backend): backend.get('/thing')\n",
        "test_it.py::test_thing",
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestCollectionWarning")
@pytest.mark.parametrize("how", NEVER_COLLECTED)
def test_a_marked_test_that_pytest_makes_nothing_of_is_missed(project: Project, how: str) -> None:
    more, nodeid = NEVER_COLLECTED[how]
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.write("test_it.py", textwrap.dedent(ONE_TEST) + "\n" + more)

    run = project.run()

    assert run.verdict == "INCONCLUSIVE"
    gate = run.gate("evidence.left-out")
    assert (gate["verdict"], gate["nodeids"]) == ("inconclusive", [nodeid])


def test_tests_of_others_and_inherited_ones_are_not_missed(project: Project) -> None:
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.write(
        "test_it.py",
        textwrap.dedent(ONE_TEST)
        + textwrap.dedent(
            """
            if False:
                def test_of_nobody(): ...

            class Asked:
                @pytest.mark.characterization("GET /thing")
                def test_asked(self, backend): backend.get("/thing")

            class TestAsked(Asked): ...
            """
        ),
    )

    assert project.run().verdict == "GO"


LEAVES_OUT_FOLDERS = {
    "a list": ("conftest.py", "collect_ignore = ['slow']"),
    "a pattern": ("conftest.py", "collect_ignore_glob = ['sl*']"),
    "the configuration": ("pytest.ini", "[pytest]\nnorecursedirs = slow"),
}


@pytest.mark.parametrize("how", LEAVES_OUT_FOLDERS)
@pytest.mark.parametrize("ours", [True, False])
def test_a_folder_that_is_left_out_is_missing_if_it_holds_tests_of_ours(
    project: Project, how: str, ours: bool
) -> None:
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.write("test_a.py", ONE_TEST)
    project.write("slow/node_modules/test_c.py", ONE_TEST)
    project.write(*LEAVES_OUT_FOLDERS[how])
    project.write("slow/more/test_b.py", ONE_TEST if ours else "def test_it(): assert True")
    run = project.run()
    assert run.verdict == ("INCONCLUSIVE" if ours else "GO")
    assert run.gate("evidence.left-out")["nodeids"] == (["slow"] if ours else [])


def test_a_file_whose_name_pytest_does_not_collect_is_missed(project: Project) -> None:
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.write("suite/test_a.py", ONE_TEST)
    project.write("suite/tests_b.py", textwrap.dedent(ONE_TEST).replace("test_thing", "test_b"))
    project.write("suite/shared.py", ONE_TEST)  # What it defines is collected somewhere.

    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.gate("evidence.left-out")["nodeids"] == ["suite/tests_b.py::test_b"]

    alone = project.run("suite/test_a.py")
    assert alone.gate("evidence.left-out")["verdict"] == "pass"


def test_items_that_a_hook_takes_out_after_the_collection_are_missed(project: Project) -> None:
    project.both("GET /thing", Answer(200, {"size": 3}))
    project.write("test_it.py", ONE_TEST)
    project.write("test_more.py", textwrap.dedent(ONE_TEST).replace("test_thing", "test_more"))
    project.write(
        "conftest.py",
        """
        def pytest_collection_finish(session):
            session.items[:] = [one for one in session.items if "test_more" not in one.nodeid]
        """,
    )

    run = project.run()

    assert run.verdict == "INCONCLUSIVE"
    assert "test_more.py::test_more[candidate]" in run.gate("evidence.left-out")["nodeids"]
