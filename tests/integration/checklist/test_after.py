"""After the cutover: what is due when, and when nobody uses the baseline any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.checklist.fake_prometheus import FakePrometheus, data, number

HOUR = [f"after.{name}" for name in ("performance", "dashboards")]
DAY = [f"after.{name}" for name in ("error-rates", "metrics", "background-jobs", "pool")]
WEEK = [f"after.{name}" for name in ("trends", "documentation", "retirement-plan")]
LATER = ["after.container-removed", "after.code-archived", "after.architecture"]
# What was not quiet is seen at once; this test is about what people sign, and when.
NO_CHECKS = "".join(
    f'[checklist.items."after.{name}"]\ndrop = true\nreason = "another test"\n'
    for name in ("endpoints", "errors", "no-traffic")
)


def after(project: Project, tables: str, more: str = "") -> Run:
    project.target(more=more, tables=tables)
    return project.run("--cutover-target=staging", "--cutover-phase=post-cutover", gate=False)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (timedelta(minutes=59), []),
        (timedelta(minutes=61), HOUR),
        (timedelta(hours=25), HOUR + DAY),
        (timedelta(days=8), HOUR + DAY + WEEK),
        (timedelta(days=15), HOUR + DAY + WEEK + LATER),
    ],
)
def test_an_item_is_asked_for_when_it_is_due(
    project: Project, since: timedelta, due: list[str]
) -> None:
    moment = (datetime.now(UTC) - since).isoformat()
    found = after(project, f"{NO_CHECKS}[checklist.after]\nswitched_at = {moment}\n")

    rows = found.report["checklist"]
    assert [one["id"] for one in rows if one["required"]] == due
    assert {one["evidence"] for one in rows if not one["required"]} <= {"not due yet"}
    assert found.verdict == "INCONCLUSIVE"
    assert found.report["action"]["name"] == "keep monitoring"
    assert not any("everything is due now" in note for note in found.report["notes"])


def test_without_the_time_of_the_switch_everything_is_due_and_says_why(project: Project) -> None:
    found = after(project, NO_CHECKS)

    rows = found.report["checklist"]
    assert [one["id"] for one in rows if one["required"]] == HOUR + DAY + WEEK + LATER
    assert any("[checklist.after] switched_at" in note for note in found.report["notes"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"2026-01-01T10:00:00"', "not a time with its zone"),
        ('"yesterday"', "not a time with its zone"),
        ("2999-01-01T10:00:00Z", "not in the past"),
    ],
)
def test_a_time_of_the_switch_that_cannot_be_meant_is_a_usage_error(
    project: Project, value: str, said: str
) -> None:
    found = after(project, f"[checklist.after]\nswitched_at = {value}\n")

    assert found.status == 4
    assert "checklist.after.switched_at = " in found.errors
    assert said in found.errors


def quiet(project: Project, prometheus: FakePrometheus, covered: Any, requests: Any) -> Run:
    """A week, scaled to 30,240 seconds: for how long it was recorded, and what was counted."""
    prometheus.said |= {"C 30240s": covered, "B 30240s": requests}
    tables = f"""
[checklist.monitoring]
prometheus = "{prometheus.server.url}"
interval = "50ms"
window = "20s"
normal = "20s"
[checklist.after]
baseline_requests = "B {{range}}"
covered = "C {{range}}"
"""
    return after(project, tables, "time_scale = 0.05")


@pytest.mark.parametrize(
    ("covered", "requests", "verdict", "evidence"),
    [
        (31_000, 0, "pass", "no request in the last 8.4 h"),
        (31_000, 7, "fail", "7 requests in the last 8 h"),
        (100, 0, "inconclusive", "recorded for 0.0 h"),
        (29_000, 0, "inconclusive", "recorded for 8.1 h"),
        (data("vector", []), 0, "inconclusive", "no data"),
        (31_000, number("NaN"), "inconclusive", "no data"),
        (31_000, Answer(503, "later"), "inconclusive", "no data"),
    ],
)
def test_a_week_without_a_request_has_to_be_on_record(
    project: Project,
    prometheus: FakePrometheus,
    covered: Any,
    requests: Any,
    verdict: str,
    evidence: str,
) -> None:
    found = quiet(project, prometheus, covered, requests)

    row = next(one for one in found.report["checklist"] if one["id"] == "after.no-traffic")
    assert (row["verdict"], row["evidence"]) == (verdict, f"after.no-traffic: {evidence}")


def test_a_query_of_several_series_is_a_usage_error(
    project: Project, prometheus: FakePrometheus
) -> None:
    several = data("vector", [{"metric": {}, "value": [0, "1"]}] * 2)
    found = quiet(project, prometheus, 31_000, several)

    assert found.status == 4
    assert "checklist.after.baseline_requests: the query gives 2 series" in found.errors


COMMANDS = """
[checklist.monitoring]
interval = "50ms"
window = "20s"
normal = "20s"
[checklist.monitoring.commands]
requests = {{ command = ["sh", "requests.sh", "{{side}}", "{{since}}"] }}
errors = {{ command = ["echo", "0"] }}
{covered}
"""


@pytest.mark.parametrize(
    ("covered", "requests", "verdict", "evidence"),
    [
        ("30240", "0", "pass", "no request in the last 8.4 h"),
        ("30240", "7", "fail", "7 requests in the last 8 h"),
        ("100", "0", "inconclusive", "recorded for 0.0 h"),
        (None, "0", "inconclusive", "no request in the last 8.4 h, as far as was recorded"),
        (None, "7", "fail", "7 requests in the last 8 h"),
        ("30240", "null", "inconclusive", "no data"),
        ("null", "0", "inconclusive", "no data"),
    ],
)
def test_commands_may_say_whether_the_week_was_quiet(
    project: Project, covered: str | None, requests: str, verdict: str, evidence: str
) -> None:
    (project.path / "requests.sh").write_text(
        f"""test "$1" = baseline || exit 3
age=$(($(date +%s) - $2))
test $age -ge 30240 -a $age -lt 30300 || exit 4
echo '{{"value": {requests}}}'
"""
    )
    line = f"""covered = {{ command = ["echo", '{{"value": {covered}}}'] }}""" if covered else ""
    found = after(project, COMMANDS.format(covered=line), "time_scale = 0.05")

    row = next(one for one in found.report["checklist"] if one["id"] == "after.no-traffic")
    assert (row["verdict"], row["evidence"]) == (verdict, f"after.no-traffic: {evidence}")
