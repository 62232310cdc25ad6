"""How many gates share the error of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_cutover.config.performance import EndpointLimits, LoadTable, Performance
from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.performance.measure.run_data import Measurements

HEALTH, LOTS = parse("GET /health"), parse("GET /lots")
LIMITS = EndpointLimits(p50_ms=50, p99_ms=400)
PLAIN = Performance(endpoints={HEALTH: LIMITS, LOTS: LIMITS})


def gates(settings: Performance) -> int:
    return Measurements(settings, settings.endpoints).strictness.gates


def test_the_gates_of_a_load_are_counted_before_it_runs() -> None:
    """Two for each endpoint and four of the load itself: else each would be too easy to pass."""
    loaded = replace(PLAIN, load=LoadTable(locustfile="locustfile.py"))
    assert gates(loaded) == gates(PLAIN) + 2 * 2 + 4


@pytest.mark.parametrize("endpoints", [{HEALTH: LIMITS}, {HEALTH: LIMITS, LOTS: LIMITS}])
def test_more_endpoints_are_more_gates(endpoints: dict[Endpoint, EndpointLimits]) -> None:
    one, more = gates(replace(PLAIN, endpoints={})), gates(replace(PLAIN, endpoints=endpoints))
    assert more >= one + 2 * len(endpoints)
