"""The monitoring phase beside a real Prometheus, a minute in a fifth of a second."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_cutover.report.live import live_path
from tests.harness.project import Project
from tests.harness.run import Run
from tests.integration.monitoring.real_prometheus import Instance, Scraping, scraping

TABLES = """
[checklist.monitoring]
prometheus = "{url}"
interval = "200ms"
range = "1s"
window = "{window}"
blind = "4m"
error_rate_for = "5m"
p99_for = "5m"
min_requests = 500
p99_ms = {{ "GET /x" = {limit_ms} }}
[checklist.monitoring.queries]
requests = 'sum(http_requests_total{{side="{{side}}",case="{case}"}})'
errors = 'sum(http_requests_total{{side="{{side}}",case="{case}",status=~"5.."}})'
p99_ms = '''1000 * histogram_quantile(0.99, sum by (le) (rate(
  http_request_duration_seconds_bucket{{case="{case}",side="{{side}}"}}[{{range}}])))'''
[checklist.items."monitoring.functionality"]
drop = true
reason = "nothing to ask here"
"""


def fine(side: str = "candidate", **more: Any) -> Instance:
    return Instance(side, **more)


def erring(share: float = 0.05, **more: Any) -> Instance:
    return Instance("candidate", {"200": 1000.0, "500": 1000.0 * share}, **more)


def flapping(age_s: float) -> bool:
    return age_s % 0.9 > 0.6


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scraping]:
    old = 5e6  # What a process has counted that has served for long.
    cases = {
        "quiet": [fine("baseline"), fine(), fine(start=old)],
        "errors": [fine("baseline"), erring(), fine(start=old)],
        "flapping": [fine("baseline"), erring(), fine(start=old, away=flapping)],
        "back": [fine(), fine(start=old, away=lambda age_s: 0.7 < age_s < 1.5)],
        "label": [fine("baseline"), erring(label="code")],
        "side": [fine("baseline"), fine("canary")],
        "bucket": [fine(slow=1.0)],
        "rollout": [fine(start=old, restarts=[0.7]), fine()],
        "crashes": [fine(start=old, restarts=[0.6, 2.2]), fine()],
    }
    with scraping(tmp_path_factory.mktemp("prometheus"), cases) as found:
        yield found


def watch(
    project: Project,
    prometheus: Scraping,
    case: str,
    *,
    window: str = "10m",
    limit_ms: int = 300,
) -> Run:
    """Run the phase; a minute of its durations takes 0.2 s."""
    prometheus.begin(case, live_path(project.path / ".cutover", "staging", "monitoring"))
    tables = TABLES.format(url=prometheus.url, case=case, window=window, limit_ms=limit_ms)
    project.target(more="time_scale = 0.00333\nrequire = ['checklist']", tables=tables)
    return project.run("--cutover-target=staging", "--cutover-phase=monitoring", gate=False)


def action(found: Run) -> str:
    name: str = found.report["action"]["name"]
    return name


def test_a_quiet_window_is_told_in_each_interval_and_kept_in_a_file(
    project: Project, prometheus: Scraping
) -> None:
    found = watch(project, prometheus, "quiet")

    assert (found.verdict, action(found)) == ("GO", "keep monitoring")
    lines = [line for line in found.screen.splitlines() if line.startswith("cutover: 00:0")]
    assert len(lines) >= 5
    assert "5xx 0.00 %, p99 49.5 ms of 300 (GET /x) · baseline " in lines[-1]
    live = json.loads((project.path / ".cutover/runs/staging/monitoring/live.json").read_text())
    assert (live["state"], live["certain"]) == ("ended", True)
    assert live["action"]["name"] == "keep monitoring"
    assert live["candidate"]["instances"] == 2


@pytest.mark.parametrize("case", ["errors", "flapping"])
def test_errors_of_one_roll_back_though_the_other_flaps(
    project: Project, prometheus: Scraping, case: str
) -> None:
    found = watch(project, prometheus, case, window="100m")

    assert action(found) == "roll back", found.screen
    assert "roll back in 00:0" in found.screen


def test_one_that_goes_and_comes_back_is_no_traffic_and_no_restart(
    project: Project, prometheus: Scraping
) -> None:
    found = watch(project, prometheus, "back", window="12m")

    assert (found.verdict, action(found)) == ("GO", "keep monitoring"), found.screen
    assert "away and back 1×" in found.screen


def test_errors_under_another_label_are_named_at_the_start(
    project: Project, prometheus: Scraping
) -> None:
    found = watch(project, prometheus, "label")

    assert (found.verdict, action(found)) == ("INCONCLUSIVE", "investigate")
    first = next(line for line in found.screen.splitlines() if line.startswith("cutover: "))
    assert "cannot tell as yet: errors: 2 series" in first
    assert "have no label status" in first
    assert "their labels are case, code, instance, job, side" in first
    assert "keep" not in found.screen


def test_a_side_that_nobody_scrapes_is_told_with_those_that_are(
    project: Project, prometheus: Scraping
) -> None:
    found = watch(project, prometheus, "side")

    assert found.verdict == "INCONCLUSIVE"
    assert "has no series: side is baseline, canary" in found.screen


@pytest.mark.parametrize(("limit_ms", "verdict"), [(1200, "INCONCLUSIVE"), (1000, "NO-GO")])
def test_what_is_slower_than_the_last_bucket_passes_no_limit(
    project: Project, prometheus: Scraping, limit_ms: int, verdict: str
) -> None:
    found = watch(project, prometheus, "bucket", window="3m", limit_ms=limit_ms)

    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("case", "window", "expected"),
    [("rollout", "20m", "keep monitoring"), ("crashes", "20m", "investigate")],
)
def test_a_restart_is_a_rollout_and_two_of_one_are_looked_into(
    project: Project, prometheus: Scraping, case: str, window: str, expected: str
) -> None:
    found = watch(project, prometheus, case, window=window)

    assert action(found) == expected, found.screen
    assert "started anew" in found.screen
