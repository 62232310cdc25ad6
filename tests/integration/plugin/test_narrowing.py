"""A part of the suite is PARTIAL: it may say NO-GO, never GO."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer

TWO_TESTS = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("n", [1, 2])
    def test_thing(backend, n):
        backend.get("/thing")

    @pytest.mark.negative("GET /nothing")
    def test_nothing(backend):
        backend.get("/nothing")
"""


# Fails on both sides until both answer.
SURE = """
    import pytest

    @pytest.mark.characterization("GET /sure")
    def test_sure(backend):
        assert backend.get("/sure").status_code == 200
"""


@pytest.fixture
def suite(project: Project) -> Project:
    project.write("tests/test_it.py", TWO_TESTS)
    project.write("other/test_other.py", "def test_unit(): pass\n")
    project.ini("testpaths = tests other")
    return project


NARROWING = [
    ("-k", "nothing"),
    ("-m", "negative"),
    ("--deselect", "tests/test_it.py::test_nothing"),
    ("--ignore", "other"),
    ("--ignore-glob", "oth*"),
    ("--stepwise",),
    ("tests/test_it.py",),
    ("tests/test_it.py::test_nothing",),
    ("tests",),
]


@pytest.mark.parametrize("options", NARROWING, ids=" ".join)
def test_a_narrowed_run_is_partial(suite: Project, options: tuple[str, ...]) -> None:
    run = suite.run(*options)
    assert run.verdict == "PARTIAL"
    assert run.status == 1
    assert "CUT303" not in run.codes


@pytest.mark.parametrize("options", [("tests", "other"), (".",), ("-p", "no:cacheprovider")])
def test_arguments_that_leave_nothing_out_are_the_whole_suite(
    suite: Project, options: tuple[str, ...]
) -> None:
    run = suite.run(*options)
    assert run.verdict == "GO"
    assert run.status == 0


def test_from_the_ini_file_a_part_keeps_pytests_own_status(suite: Project) -> None:
    suite.target("local")
    suite.ini("testpaths = tests\ncutover_target = local")
    run = suite.run("-k", "nothing", gate=False)
    assert run.verdict == "PARTIAL"
    assert run.status == 0
    assert run.next == "pytest"


def test_a_part_that_differs_is_a_no_go(suite: Project) -> None:
    suite.candidate["GET /nothing"] = Answer(410)
    run = suite.run("-k", "nothing")
    assert run.verdict == "NO-GO"
    assert run.status == 1


def test_last_failed_is_a_part(suite: Project) -> None:
    suite.candidate["GET /nothing"] = Answer(410)
    assert suite.run().verdict == "NO-GO"
    suite.candidate["GET /nothing"] = Answer(404)
    run = suite.run("--lf")
    run.outcomes(passed=1, deselected=5) if "deselected" in run.screen else None
    assert run.verdict != "GO"
    assert run.status == 1


def test_last_failed_is_a_part_where_whole_files_are_passed_over(suite: Project) -> None:
    """pytest deselects nothing then: it does not collect what had not failed."""
    suite.write("tests/test_sure.py", SURE)
    assert suite.run().verdict == "INCONCLUSIVE"
    suite.both("GET /sure", Answer(200, {}))
    run = suite.run("--lf")
    run.outcomes(passed=2)
    assert (run.verdict, run.status) == ("PARTIAL", 1), run.screen
    assert "--lf" in " ".join(run.report["notes"])
    assert suite.run().verdict == "GO"


def test_a_conftest_that_deselects_narrows_too(suite: Project) -> None:
    suite.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(config, items):
            gone = [item for item in items if "nothing" in item.name]
            items[:] = [item for item in items if item not in gone]
            config.hook.pytest_deselected(items=gone)
        """,
    )
    run = suite.run()
    assert run.verdict == "PARTIAL"
    assert run.report["tests"]["deselected"] == 2


@pytest.mark.parametrize("words", [(), ("-n1",)])
def test_a_conftest_that_deselects_what_is_no_evidence_does_not(
    suite: Project, words: tuple[str, ...]
) -> None:
    suite.write("tests/test_arithmetic.py", "def test_sums(): assert 1 + 1 == 2\n")
    suite.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(config, items):
            gone = [item for item in items if "sums" in item.name]
            items[:] = [item for item in items if item not in gone]
            config.hook.pytest_deselected(items=gone)
        """,
    )
    run = suite.run(*words, apart=bool(words))
    assert run.verdict == "GO"
    assert run.report["tests"]["deselected"] == 1


def test_the_candidate_alone_brings_its_baseline_along(suite: Project) -> None:
    suite.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = suite.run("-k", "candidate and 1")
    run.outcomes(failed=1, deselected=6)
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert (finding["pointer"], finding["baseline"], finding["candidate"]) == ("/size", "3", "4")
    assert suite.baseline.asked("GET /thing")


def test_the_baseline_alone_brings_its_candidate_along(suite: Project) -> None:
    assert suite.run("-k", "baseline and 1").verdict == "PARTIAL"
    suite.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = suite.run("-k", "baseline and 1")
    run.outcomes(failed=1, deselected=6)
    assert run.verdict == "NO-GO"
    assert run.report["findings"][0]["nodeids"] == ["tests/test_it.py::test_thing[1-baseline]"]


def test_the_candidate_alone_is_compared_with_its_golden_where_no_baseline_answers(
    suite: Project,
) -> None:
    assert suite.run("--snapshot-update").verdict == "PARTIAL"
    suite.candidate["GET /thing"] = Answer(200, {"size": 4})
    suite.baseline.close()
    run = suite.run("-k", "candidate and 1")
    assert "differs from the golden" in run.screen


def test_next_repeats_both_sides_on_the_same_target(suite: Project) -> None:
    suite.candidate["GET /thing"] = Answer(200, {"size": 4})
    urls = " ".join(suite.urls)
    run = suite.run()
    assert run.next == (
        f'pytest {urls} "tests/test_it.py::test_thing[1-baseline]" '
        '"tests/test_it.py::test_thing[1-candidate]"'
    )
    suite.target("staging")
    run = suite.run("--cutover-target=staging", "--cutover-phase=validation", gate=False)
    assert run.gate("parity.differences")["next"].startswith(
        'pytest --cutover-target=staging --cutover-phase=validation "tests/test_it.py::'
    )


def test_next_of_a_crossover_test_is_that_test_whatever_its_id_ends_with(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.crossover("GET /thing")
        @pytest.mark.parametrize("way", ["baseline-to-candidate"])
        def test_thing(baseline, candidate, way):
            assert baseline.get("/thing").json() == candidate.get("/other").json()
        """,
    )
    run = project.run()
    assert run.next.endswith('"test_it.py::test_thing[baseline-to-candidate]"')


def test_an_option_value_after_a_blank_leaves_rootdir_where_it_is(
    project: Project, tmp_path: Path
) -> None:
    project.write("test_it.py", ONE_TEST)
    project.target()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = project.run(
        "--cutover-target=staging", "--cutover-report", str(elsewhere), gate=False, apart=True
    )
    assert run.status == 0
    assert (elsewhere / "gate.json").exists()


def test_next_can_be_pasted_into_a_shell(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        @pytest.mark.parametrize("n", ["a $HOME \\"b\\" 'c'"])
        def test_thing(backend, n):
            backend.get("/thing")
        """,
    )
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = project.run()
    import shlex

    words = shlex.split(run.next)
    assert words[-1] == "test_it.py::test_thing[a $HOME \"b\" 'c'-candidate]"
    again = project.run(*words[3:])
    again.outcomes(passed=1, failed=1)


def test_next_is_a_path_from_where_pytest_was_called(
    suite: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.candidate["GET /nothing"] = Answer(410)
    monkeypatch.chdir(suite.path / "other")
    run = suite.run("..", "--rootdir=..")
    assert run.next.endswith('"../tests/test_it.py::test_nothing"')
