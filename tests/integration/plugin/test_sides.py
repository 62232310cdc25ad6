"""A marked test runs on the baseline, then on the candidate, side by side."""

from __future__ import annotations

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer


def order(run: Run) -> list[str]:
    lines = run.screen.splitlines()
    return [line.split()[0] for line in lines if "::" in line and "PASSED" in line]


def test_baseline_then_candidate_with_other_parameters(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        @pytest.mark.parametrize("a", ["x-candidate", "b[1]"])
        @pytest.mark.parametrize("b", [1, 2])
        def test_thing(backend, a, b):
            backend.get("/thing")
        """,
    )
    run = project.run("-v")
    assert order(run) == [
        f"test_it.py::test_thing[{b}-{a}-{side}]"
        for b in (1, 2)
        for a in ("x-candidate", "b[1]")
        for side in ("baseline", "candidate")
    ]
    assert run.verdict == "GO"
    assert run.report["tests"]["both_sides"] == 4


def test_pairs_stay_together_when_a_plugin_shuffles(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        @pytest.mark.parametrize("n", range(8))
        def test_thing(backend, n):
            backend.get("/thing")
        """,
    )
    project.write(
        "conftest.py",
        """
        import random, pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(items):
            random.Random(5).shuffle(items)
        """,
    )
    seen = order(project.run("-v"))
    assert len(seen) == 16
    pairs = list(zip(seen[::2], seen[1::2], strict=True))
    assert all(b.replace("-baseline", "-candidate") == c for b, c in pairs)
    assert seen != sorted(seen)


def test_classes_fixtures_of_every_scope_and_fresh_instances(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import itertools
        import pytest

        counter = itertools.count()

        @pytest.fixture(scope="session")
        def once():
            return next(counter)

        @pytest.fixture(scope="module")
        def per_module(once):
            return once

        @pytest.fixture(autouse=True)
        def through(backend):
            backend.headers["X-Set"] = "yes"

        class TestThing:
            state = ()

            @pytest.mark.characterization("GET /thing")
            def test_thing(self, backend, per_module):
                assert not self.state
                self.state = (1,)
                assert per_module == 0
                assert backend.get("/thing").request.headers["X-Set"] == "yes"
        """,
    )
    run = project.run()
    run.outcomes(passed=2)
    assert run.verdict == "GO"


def test_the_rounds_of_confirming_use_fresh_instances_too(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.fixture
        def fresh():
            return []

        class TestThing:
            state = ()

            @pytest.mark.characterization("GET /thing")
            def test_thing(self, backend, fresh):
                assert not self.state and not fresh
                self.state = (1,)
                fresh.append(1)
                backend.get("/thing")
        """,
    )
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    assert run.codes == {"CUT101"}
    assert len(project.candidate.asked("GET /thing")) == 4


def test_crossover_speaks_to_both_sides_in_one_run(project: Project) -> None:
    project.both("GET /other", Answer(200, {}))
    project.write("test_other.py", ONE_TEST.replace("/thing", "/other"))
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.crossover("GET /thing")
        def test_both(baseline, candidate):
            assert (baseline.name, candidate.name) == ("baseline", "candidate")
            assert baseline.get("/thing").json() == candidate.get("/thing").json()
        """,
    )
    run = project.run()
    run.outcomes(passed=3)
    assert run.verdict == "GO"
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = project.run()
    assert run.verdict == "NO-GO"
    assert run.codes == {"CUT109"}


def test_a_module_scoped_fixture_cannot_hold_a_client(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.fixture(scope="module")
        def user(backend):
            return backend.get("/thing")

        @pytest.mark.characterization("GET /thing")
        def test_thing(user): ...
        """,
    )
    run = project.run()
    assert "ScopeMismatch" in run.screen
    assert run.report["verdict"] == "INCONCLUSIVE"


MISTAKES = {
    "no endpoint": ("def test_it(backend): ...", "names no endpoint", None),
    "bad endpoint": ("def test_it(backend): ...", "not an HTTP method", "GTE /thing"),
    "other sides": ("def test_it(baseline): ...", "uses `baseline`", "GET /thing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_suite_is_a_usage_error(project: Project, mistake: str) -> None:
    function, words, endpoint = MISTAKES[mistake]
    argument = repr(endpoint) if endpoint else ""
    project.write(
        "test_it.py", f"import pytest\n@pytest.mark.characterization({argument})\n{function}\n"
    )
    run = project.run()
    assert run.status == 4
    assert words in run.errors + run.screen
    assert "test_it.py::test_it" in run.errors + run.screen
    assert project.baseline.requests == []


def test_an_unknown_argument_of_the_marker_is_a_usage_error(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.negative("GET /thing", scenaro="typo")
        def test_it(backend): ...
        """,
    )
    run = project.run()
    assert run.status == 4
    assert "`scenaro`" in run.errors
    assert "scenario=" in run.errors


@pytest.mark.parametrize("name", ["backend", "baseline", "candidate"])
def test_a_fixture_that_hides_ours_is_a_usage_error(project: Project, name: str) -> None:
    marker = "characterization" if name == "backend" else "crossover"
    project.write(
        "conftest.py", f"import pytest\n@pytest.fixture\ndef {name}():\n    return None\n"
    )
    project.write(
        "test_it.py",
        f'import pytest\n@pytest.mark.{marker}("GET /thing")\ndef test_it({name}): ...\n',
    )
    run = project.run()
    assert run.status == 4
    assert f"the fixture `{name}`" in run.errors
    assert "cutover_login" in run.errors


def test_a_test_without_a_marker_is_told_to_have_one(project: Project) -> None:
    project.write("test_it.py", "def test_it(backend): ...\n")
    run = project.run()
    run.outcomes(errors=1)
    assert "without a marker" in run.screen
