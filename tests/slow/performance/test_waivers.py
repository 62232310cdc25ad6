"""A limit that somebody raised until a day, as an entry of `cutover-accepted.toml`."""

from __future__ import annotations

from typing import Any

from tests.harness.measured import MeasuredProject
from tests.harness.run import Run
from tests.harness.workloads import PERF

LIMITS = """
    [performance]
    error_rate = 0.1
    p50_regression = 1000
    budget_s = 20
    [performance.endpoints]
    "GET /thing" = { p50_ms = 15 }
"""
SLOW: dict[str, Any] = {"GET /thing": {"delay_ms": 40}}


def run_with(project: MeasuredProject, *, change: str = "15 → 400", **given: str) -> Run:
    """A candidate whose median is above its limit, and an entry about that."""
    scope = given.get("scope", "test_perf.py::test_thing")
    project.configure(LIMITS, candidate=SLOW)
    project.write("test_perf.py", PERF)
    project.write(
        "cutover-accepted.toml",
        f"""
        [[accepted]]
        signature = "GET /thing | p50_ms |  | {change}"
        scope = ["{scope}"]
        reason = "the audit log has no queue yet"
        approver = "Mira Ek"
        expires = {given.get("expires", "2999-12-03")}
        """,
    )
    return project.run("--cutover-target=local")


def test_a_gate_passes_by_its_waiver_and_says_so_with_both_limits(project: MeasuredProject) -> None:
    run = run_with(project)

    assert (run.verdict, run.status) == ("GO", 0), run.screen
    gate = run.gate("CUT203")
    assert (gate["id"], gate["title"]) == ("performance.p50 GET /thing", "p50, waived")
    assert gate["limit"] == "≤ 400 ms instead of ≤ 15.0 ms"
    assert gate["message"].startswith(
        "waived until 2999-12-03 by Mira Ek: the audit log has no queue yet "
        "(its own limit of ≤ 15.0 ms is broken)"
    )
    (entry,) = run.report["accepted"]
    assert (entry["approver"], entry["matched"]) == ("Mira Ek", 1)
    assert "p50 GET /thing is waived until 2999-12-03 by Mira Ek" in " ".join(run.report["notes"])


def test_an_expired_waiver_counts_for_nothing_and_blocks_until_it_is_removed(
    project: MeasuredProject,
) -> None:
    run = run_with(project, expires="2020-12-03")

    assert run.verdict == "NO-GO", run.screen
    assert run.gates("fail") == {"CUT203", "CUT104"}
    assert run.gate("CUT203")["limit"] == "≤ 15.0 ms"
    expired = next(one for one in run.report["gates"] if one["title"] == "waiver expired")
    assert "entry 1 (GET /thing | p50_ms |  | 15 → 400)" in expired["message"]


def test_a_waiver_of_another_limit_is_reported_as_unused(project: MeasuredProject) -> None:
    run = run_with(project, change="20 → 400")

    assert run.gates("fail") == {"CUT203", "CUT105"}, run.screen
    unused = next(one for one in run.report["gates"] if one["title"] == "waiver unused")
    assert "the limit is 15 now, and not 20" in unused["message"]


def test_a_waiver_is_not_for_other_tests(project: MeasuredProject) -> None:
    run = run_with(project, scope="test_other.py::*")

    assert run.gates("fail") == {"CUT203", "CUT105"}, run.screen


def test_what_is_beyond_the_waiver_fails(project: MeasuredProject) -> None:
    run = run_with(project, change="15 → 20")

    assert run.gates("fail") == {"CUT203"}, run.screen
    assert run.gate("CUT203")["limit"] == "≤ 20.0 ms instead of ≤ 15.0 ms"
