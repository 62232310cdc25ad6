"""From the switch on only the checklist runs: nothing else is asked, and nothing else decides."""

from __future__ import annotations

import json

import pytest

from pytest_cutover.checklist.catalogue import BUILT_IN
from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer

LATER = ["switch", "monitoring", "verification", "rollback", "post-cutover"]
SUITE = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_compared(backend):
        backend.get("/thing")

    @pytest.mark.crossover("GET /thing")
    def test_crossed(baseline, candidate):
        baseline.get("/thing")

    @pytest.mark.negative("GET no slash")
    def test_with_a_mistake(backend): pass

    @pytest.mark.perf("GET /thing")
    def test_measured(paired_benchmark):
        paired_benchmark(lambda backend: backend.get("/thing"))

    @pytest.mark.perf("GET /thing")
    def test_plain_benchmark(benchmark, backend):
        benchmark(lambda: backend.get("/thing"))

    def test_loaded(cutover_load):
        cutover_load("locustfile.py", users=5, duration="20s")

    def test_unmarked(candidate):
        candidate.get("/thing")
        raise AssertionError
"""
LISTED = """
    import pytest

    @pytest.mark.checklist("ours.back")
    def test_back(candidate):
        assert candidate.get("/back").status_code == 200
"""
SCHEMA = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {"/thing": {"get": {"responses": {"200": {"description": "ok"}}}}},
}
RECORDING = {
    "log": {
        "version": "1.2",
        "creator": {"name": "t", "version": "1"},
        "entries": [
            {
                "request": {"method": "GET", "url": "http://127.0.0.1/thing", "headers": []},
                "response": {"status": 200, "headers": [], "content": {"text": "{}"}},
            }
        ],
    }
}


def of_phase(phase: str, *, evidence: str = "tests") -> str:
    """A checklist with one item of ours in a phase, and every family asked for."""
    dropped = "\n".join(
        f'[checklist.items."{item.id}"]\ndrop = true\nreason = "not what this test is about"'
        for item in BUILT_IN
        if str(item.phase) == phase
    )
    return f"""
[gate]
require = ["parity", "performance", "checklist", "contract", "coverage", "fuzz"]
[contract]
path = "openapi.json"
[coverage]
[fuzz]
[performance.endpoints."GET /thing"]
p99_ms = 500
{dropped}
[checklist.items."ours.back"]
phase = "{phase}"
title = "we are where we want to be"
evidence = "{evidence}"
"""


def whole(project: Project, phase: str, *words: str) -> Run:
    """A run of a project that has everything, in a phase."""
    project.target(more="load = true", tables=of_phase(phase))
    project.both("GET /back", Answer(200, {"back": True}))
    project.write("openapi.json", json.dumps(SCHEMA))
    project.write("recorded.har", json.dumps(RECORDING))
    project.write("test_suite.py", SUITE)
    project.write("test_listed.py", LISTED)
    return project.run("--cutover-target=staging", f"--cutover-phase={phase}", *words, gate=False)


def asked(project: Project) -> set[str]:
    return {one.path for server in (project.baseline, project.candidate) for one in server.asked()}


@pytest.mark.parametrize("phase", LATER)
def test_only_the_checklist_runs_from_the_switch_on(project: Project, phase: str) -> None:
    found = whole(project, phase, "--cutover-fuzz=5")

    assert found.verdict == "GO"
    assert found.status == 0
    found.outcomes(passed=1, deselected=11)
    assert asked(project) == {"/back"}
    (aside,) = [one for one in found.report["not_judged"] if "only the checklist" in one["reason"]]
    families = "parity, performance, contract, coverage, fuzz"
    assert aside["title"] == f"{families} (11 tests set aside)"
    assert aside["reason"] == f"in the phase {phase} only the checklist runs"
    assert f"not judged here: {families} (11 tests set aside)" in " ".join(found.screen.split())


def test_workers_set_aside_what_their_controller_would(project: Project) -> None:
    found = whole(project, "rollback", "-n2")

    assert found.verdict == "GO"
    assert found.status == 0
    assert asked(project) == {"/back"}
    assert "(11 tests set aside)" in " ".join(found.screen.split())


def test_what_is_set_aside_runs_before_the_switch(project: Project) -> None:
    suite = SUITE.replace("GET no slash", "GET /thing").replace('"20s"', '"0.1s"')
    project.target(
        tables="""
        [checklist.items."ours.back"]
        phase = "rollback"
        evidence = "tests"
        title = "we are back"
        """
    )
    project.write("test_suite.py", suite)
    project.write("test_listed.py", LISTED)
    found = project.run("--cutover-target=staging", gate=False)

    # Measuring is refused on this target, which is to say that it was asked; so was the suite.
    assert "refused: a benchmark of GET /thing" in found.screen
    assert asked(project) >= {"/thing"}
    assert "/back" not in asked(project)
    assert found.status == 1
    assert "set aside" not in found.screen


def test_a_phase_that_people_sign_for_needs_no_test_to_end_well(project: Project) -> None:
    project.target(tables=of_phase("rollback", evidence="sign-off"))
    project.write("test_suite.py", SUITE)
    words = ("--cutover-target=staging", "--cutover-phase=rollback")
    unsigned = project.run(*words, gate=False)

    assert (unsigned.verdict, unsigned.status) == ("INCONCLUSIVE", 1)

    project.write(
        "cutover-signoffs.toml",
        """
        [[sign-off]]
        item = "ours.back"
        target = "staging"
        by = "Ada"
        at = 2026-01-01T00:00:00Z
        valid_until = 2099-01-01T00:00:00Z
        note = "seen"
        """,
    )
    signed = project.run(*words, gate=False)

    assert (signed.verdict, signed.status) == ("GO", 0)
    assert asked(project) == set()


def test_a_listed_test_that_measures_is_set_aside_and_its_item_stays_open(project: Project) -> None:
    project.target(more="load = true", tables=of_phase("rollback"))
    project.write(
        "test_listed.py",
        """
        import pytest

        @pytest.mark.checklist("ours.back")
        @pytest.mark.perf("GET /thing")
        def test_fast(paired_benchmark):
            paired_benchmark(lambda backend: backend.get("/thing"))
        """,
    )
    found = project.run("--cutover-target=staging", "--cutover-phase=rollback", gate=False)

    assert (found.verdict, found.status) == ("INCONCLUSIVE", 1)
    assert asked(project) == set()
    assert "(1 test set aside)" in " ".join(found.screen.split())


def test_a_listed_test_that_breaks_while_it_cleans_up_says_no(project: Project) -> None:
    project.target(tables=of_phase("rollback"))
    project.write(
        "test_listed.py",
        """
        import pytest

        @pytest.fixture
        def lock():
            yield
            raise RuntimeError("the lock is still held")

        @pytest.mark.checklist("ours.back")
        def test_back(lock): pass
        """,
    )
    found = project.run("--cutover-target=staging", "--cutover-phase=rollback", gate=False)

    assert (found.verdict, found.status) == ("NO-GO", 1)
    assert "the lock is still held" in found.gate("checklist.ours.back")["message"]


def test_a_listed_test_may_be_compared_and_orphans_no_golden(project: Project) -> None:
    project.target(tables=of_phase("verification"))
    project.write("test_suite.py", SUITE.replace("GET no slash", "GET /thing"))
    project.write(
        "test_listed.py",
        LISTED.replace("(candidate)", "(backend)")
        .replace("candidate.get", "backend.get")
        .replace(
            "    @pytest.mark.checklist",
            '    @pytest.mark.characterization("GET /back")\n    @pytest.mark.checklist',
        ),
    )
    project.both("GET /back", Answer(200, {"back": True}))
    project.run(
        "--cutover-target=staging", "--snapshot-update", "-k", "compared or back", gate=False
    )
    found = project.run("--cutover-target=staging", "--cutover-phase=verification", gate=False)

    assert (found.verdict, found.status) == ("GO", 0)
    assert "parity.orphans" not in {gate["id"] for gate in found.report["gates"]}

    project.candidate["GET /back"] = Answer(200, {"back": False})
    found = project.run("--cutover-target=staging", "--cutover-phase=verification", gate=False)

    assert (found.verdict, found.status) == ("NO-GO", 1)


def test_the_phase_asks_for_the_verdict_though_the_target_is_the_ini_files(
    project: Project,
) -> None:
    project.target(tables=of_phase("rollback"))
    project.ini("cutover_target = staging\n")
    project.write("test_listed.py", LISTED)
    found = project.run("--cutover-phase=rollback", gate=False)

    assert (found.verdict, found.status) == ("NO-GO", 1)
