"""Real nginx and Prometheus: the rehearsal, the phases of a good cutover, and odd queries."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_cutover.config.checklist import After
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.provider import Absence
from tests.slow.drill.faults import wait_for
from tests.slow.drill.ledger import missing, window
from tests.slow.drill.rig import MissingProgram, Rig, programs, rig


@pytest.fixture(scope="module")
def stage() -> Iterator[Rig]:
    try:
        programs()
    except MissingProgram as error:
        pytest.skip(str(error))
    with rig() as made:
        yield made


def run(stage: Rig, phase: str) -> tuple[dict[str, Any], str]:
    """The report and the screen of one phase."""
    stage.finish(stage.phase(phase), 120)
    report: Any = stage.report(phase)
    return report, stage.screen(phase)


def row(report: dict[str, Any], item_id: str) -> dict[str, Any]:
    return next(one for one in report["checklist"] if one["id"] == item_id)


def test_before_the_cutover_the_switch_is_rehearsed_and_the_probe_is_seen(stage: Rig) -> None:
    started_s = time.time()
    report, screen = run(stage, "pre-cutover")
    seen = window(stage, started_s, time.time())

    drill = row(report, "rollback.drill")
    assert drill["verdict"] == "pass", screen
    assert "to candidate: last old answer after" in drill["evidence"]
    assert "to baseline: last old answer after" in drill["evidence"]
    assert " writes acknowledged, 0 not readable afterwards" in drill["evidence"]
    assert (bool(seen.lots), missing(stage, seen)) == (True, [])
    assert (
        row(report, "environment.logging")["evidence"] == "logging: the probe was seen in 3 places"
    )
    assert row(report, "environment.health")["verdict"] == "pass"


def test_from_the_switch_to_the_rollback(stage: Rig) -> None:
    report, screen = run(stage, "switch")
    assert (report["verdict"], report["action"]["name"]) == ("NO-GO", "investigate"), screen

    stage.switch("candidate")
    time.sleep(1)
    for phase in ("switch", "monitoring", "verification"):
        report, screen = run(stage, phase)
        assert report["verdict"] == "GO", screen
        assert report["action"]["name"] == "keep monitoring"
    report, screen = run(stage, "rollback")
    assert row(report, "rolled-back.traffic")["verdict"] == "fail"
    assert report["action"]["name"] == "roll back"
    assert " next: sh switch.sh baseline" in screen

    stage.switch("baseline")
    time.sleep(1)
    report, screen = run(stage, "rollback")
    assert (report["verdict"], report["action"]["name"]) == ("GO", "hold"), screen


def test_a_request_of_a_kind_never_seen_before_is_counted_on_the_baseline(stage: Rig) -> None:
    after = After()
    client = Prometheus(stage.urls["prometheus"])

    def asked(query: str) -> float:
        return client.value(query.replace("{range}", "6s").replace(":1m]", ":1s]")).value or 0.0

    stage.switch("candidate")
    try:
        wait_for(stage, lambda: asked(after.baseline_requests) == 0)
        assert asked(after.covered) > 60
        body = b'{"email": "nobody-asked-before@flowviz.com"}'
        request = urllib.request.Request(
            f"{stage.urls['baseline']}/api/login", body, {"Content-Type": "application/json"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        refused.value.close()
        wait_for(stage, lambda: asked(after.baseline_requests) >= 1)
    finally:
        stage.switch("baseline")
        client.close()


@pytest.mark.parametrize(
    ("query", "absence"),
    [
        ("sum(up", Absence.MALFORMED),
        ("up[1m]", Absence.SHAPE),
        ("up", Absence.SHAPE),
        ("'text'", Absence.SHAPE),
        ("no_such_metric", Absence.EMPTY),
        ("0 / 0", Absence.NAN),
        ("histogram_quantile(0.99, sum by (le) (0 * up))", Absence.EMPTY),
    ],
)
def test_what_prometheus_says_to_odd_queries(stage: Rig, query: str, absence: Absence) -> None:
    client = Prometheus(stage.urls["prometheus"])
    try:
        assert client.value(query).absence is absence
    finally:
        client.close()


def test_the_metrics_are_off_the_contract(stage: Rig) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{stage.urls['public']}/metrics", timeout=5)
    assert refused.value.code == 404
    refused.value.close()
    client = Prometheus(stage.urls["prometheus"])
    counted = 'sum by (side) (http_requests_total{endpoint="POST /api/lots"}) and up'
    assert client.value(f"count({counted.removesuffix(' and up')})").value == 2
    client.close()
