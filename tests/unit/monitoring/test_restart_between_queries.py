"""A process that begins anew while a look at it is under way: its queries are asked one by one."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

import pytest

from pytest_cutover.config.monitoring import Monitoring, Queries
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.prometheus_provider import PrometheusProvider
from pytest_cutover.monitoring.samples import Sample
from pytest_cutover.monitoring.traffic import Flow, flow_of
from tests.harness.stub_server import Seen
from tests.unit.monitoring.small_prometheus import SmallPrometheus, serving

OTHER = "10.0.0.2:80"
BEGAN_S = time.time() - 9000


def holds(small: SmallPrometheus, requests: float, began_s: float, errors: float = 0) -> None:
    """Let one process have counted so much since it began, and the other go on."""
    small.series.clear()
    for one, counted, erring, since_s in (
        ("10.0.0.1:80", requests, errors, began_s),
        (OTHER, 50_000.0, 0.0, BEGAN_S),
    ):
        labels = {"job": "shop", "instance": one}
        small.requests({"status": "200", **labels}, counted)
        small.requests({"status": "500", **labels}, erring)
        small.series.append(({"__name__": "process_start_time_seconds", **labels}, since_s))


@pytest.mark.parametrize("after_s", [1.0, 8000.0])
@pytest.mark.parametrize("before", ["process_start", "sum by (job", "time()"])
def test_one_that_begins_anew_between_two_queries_did_so_once(before: str, after_s: float) -> None:
    small = SmallPrometheus()
    looks: list[Sample] = []
    with serving(small) as prometheus:
        provider = PrometheusProvider(prometheus, Monitoring(queries=Queries()), {})
        for number in range(4):
            if number < 2:
                holds(small, 5_000_000 + 100 * number, BEGAN_S, errors=7)
            else:
                small.before = lambda seen: scraped(seen, small, before, BEGAN_S + after_s)
            found = provider.traffic(Side.CANDIDATE)
            assert found.problem == ""
            looks.append(Sample(at_s=float(number), counts=found.processes))

    flow: Flow = flow_of(looks)

    assert flow.backwards == 0
    assert dict(flow.restarts) == {"shop/10.0.0.1:80": 1}
    assert flow.requests < 1000


def scraped(seen: Seen, small: SmallPrometheus, before: str, began_s: float) -> None:
    """The scrape that shows the new process arrives right before a query."""
    if before in parse_qs(seen.body.decode())["query"][0]:
        holds(small, 20, began_s)
