"""A perf test as its author writes it, and what the gate then says."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from pytest_cutover.core.numbers import number
from tests.harness.measured import MeasuredProject
from tests.harness.workloads import LIMITS, PERF, SLOW

pytestmark = pytest.mark.long


def test_both_sides_keep_the_limits(project: MeasuredProject) -> None:
    project.configure(LIMITS, baseline=SLOW, candidate=SLOW)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local", "--benchmark-json=bench.json")

    assert (run.verdict, run.status) == ("GO", 0), run.screen
    assert {"CUT201", "CUT202", "CUT203", "CUT204", "CUT205", "CUT206"} <= run.gates("pass")
    (row,) = run.report["latency"]
    assert row["source"] == "benchmark"
    for side in ("baseline", "candidate"):
        assert row[side]["samples"] >= 432
        assert sum(row[side]["histogram"]["counts"]) == row[side]["samples"]
        assert 3 < row[side]["p50_ms"]["estimate"] < 50
    assert row["p50_ratio"]["lower"] < 1.5

    (bench,) = json.loads((project.path / "bench.json").read_text())["benchmarks"]
    assert bench["stats"]["rounds"] == 32
    for side in ("baseline", "candidate"):
        taken = len(bench["cutover"][f"{side}_ms"])
        assert taken == bench["cutover"]["warm_up"] + row[side]["samples"]


def test_raw_samples_stand_beside_the_report_on_request_and_a_status_line_unless_silent(
    project: MeasuredProject,
) -> None:
    """Two things in two runs, since each run measures for seconds."""
    asked = LIMITS.replace("budget_s = 30", "budget_s = 30\n    raw_samples = true")
    project.configure(asked, baseline=SLOW, candidate=SLOW)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert "cutover: sampling" in run.screen
    assert "gates decided" in run.screen
    assert "\x1b" not in run.screen
    assert "\r" not in run.screen

    path = project.path / ".cutover" / "samples.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (latency,) = run.report["latency"]
    for side in ("baseline", "candidate"):
        warm = [row for row in rows if row["source"] == "benchmark"]
        mine = [float(row["latency_ms"]) for row in warm if row["side"] == side]
        assert len(mine) == latency[side]["samples"], run.screen
        assert min(mine) >= 3

    project.configure(LIMITS, baseline=SLOW, candidate=SLOW)
    quiet = project.run("--cutover-target=local", "-q")
    assert not path.exists(), "those of the run before would be taken for this one's"
    assert "sampling" not in quiet.screen


def test_a_candidate_that_is_twice_as_slow_fails_its_regression_and_nothing_else(
    project: MeasuredProject,
) -> None:
    project.configure(LIMITS, baseline=SLOW, candidate={"GET /thing": {"delay_ms": 12}})
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert (run.verdict, run.status) == ("NO-GO", 1), run.screen
    assert run.gates("fail") == {"CUT202"}
    assert "p50 regression" in run.screen
    gate = run.gate("CUT202")
    (row,) = run.report["latency"]
    # Whether +300 % matter is seen from the milliseconds.
    both = [number(row[side]["p50_ms"]["estimate"]) for side in ("baseline", "candidate")]
    assert f", {both[0]} → {both[1]} ms " in gate["observed"]
    # One test is enough to see it again; the others need not run.
    assert gate["next"] == 'pytest --cutover-target=local "test_perf.py::test_thing"'


def test_errors_fail_the_error_rate_and_not_the_median(project: MeasuredProject) -> None:
    failing = {"GET /thing": {"delay_ms": 3, "fails_every": 10}}
    project.configure(LIMITS, baseline=SLOW, candidate=failing)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.verdict == "NO-GO", run.screen
    assert "CUT206" in run.gates("fail")
    assert {"CUT202", "CUT203"}.isdisjoint(run.gates("fail"))


def test_a_limit_that_the_baseline_breaks_too_is_the_environment(project: MeasuredProject) -> None:
    limits = """
        [performance]
        budget_s = 4
        [performance.endpoints]
        "GET /thing" = { p50_ms = 1 }
    """
    project.configure(limits, baseline=SLOW, candidate=SLOW)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "the baseline breaks this limit too" in run.gate("CUT203")["message"]


def test_a_target_that_throttles_decides_nothing(project: MeasuredProject) -> None:
    project.configure(LIMITS, candidate={"GET /thing": {"then": [250, 429]}})
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "answered 429" in run.gate("CUT201")["message"]


def test_a_budget_that_does_not_suffice_says_how_many_more(project: MeasuredProject) -> None:
    limits = LIMITS.replace("budget_s = 30", 'budget_s = "100ms"')
    project.configure(limits, baseline=SLOW, candidate=SLOW)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    message = run.gate("CUT201")["message"]
    assert "about 432 requests needed" in message
    assert "budget" in message


def test_an_endpoint_with_limits_and_without_a_test_is_not_forgotten(
    project: MeasuredProject,
) -> None:
    project.configure(LIMITS + '    "GET /other" = { p99_ms = 5 }\n')
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    gate = run.gate("CUT210")
    assert gate["place"] == "GET /other"
    assert "no test measured it" in gate["message"]


def test_an_endpoint_of_the_contract_without_a_test_is_not_forgotten(
    project: MeasuredProject,
) -> None:
    project.configure('[contract]\npath = "api.json"\n[performance]\nerror_rate = 0.01\n')
    answers = {"responses": {"200": {"description": "fine"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "things", "version": "1"},
        "paths": {"/thing": {"get": answers}, "/new": {"post": answers}},
    }
    project.write("api.json", json.dumps(document))
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.gate("CUT210")["place"] == "POST /new", run.screen


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "1"], "pytest-xdist"),
        (["--benchmark-disable"], "pytest-benchmark is switched off"),
        (["-p", "no:benchmark"], "pytest-benchmark is switched off"),
    ],
)
def test_where_nothing_can_be_measured_the_answer_is_open_and_says_why(
    project: MeasuredProject, arguments: list[str], said: str
) -> None:
    project.configure(LIMITS)
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local", *arguments)

    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    assert said in run.gate("CUT210")["message"]


def test_a_plain_benchmark_is_read_and_never_proves_a_ratio(project: MeasuredProject) -> None:
    project.configure(LIMITS, baseline=SLOW, candidate=SLOW)
    project.write(
        "test_perf.py",
        """
        import pytest

        @pytest.mark.perf("GET /thing")
        def test_thing(benchmark, backend):
            benchmark(backend.get, "/thing")
        """,
    )
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    (row,) = run.report["latency"]
    assert row["source"] == "benchmark, not interleaved"
    assert "one after the other" in run.gate("CUT202")["message"]
