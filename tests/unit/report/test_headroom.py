"""The nearest limit first, in the unit and per cent; what has no limit has no headroom."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.report.headroom import headrooms, nearest
from pytest_cutover.report.measured import Interval
from pytest_cutover.report.model import LatencyLimits
from tests.unit.report.reports import GO, HEALTH


def test_the_nearest_limit_comes_first_and_says_what_is_left() -> None:
    row = replace(HEALTH, p50_ratio=Interval(1.2, 1.1, 1.3))

    told = [one.told for one in headrooms(row)]

    assert told[0] == "P50 ratio 1.20 of 1.50×, 0.300× (20 %) left"
    assert told[1] == "P50 3.10 of 5.00 ms, 1.90 ms (38 %) left"
    assert told[-1] == "max 18.6 of 100 ms, 81.4 ms (81 %) left"


def test_what_is_beyond_its_limit_is_nearer_than_anything_within() -> None:
    slow = replace(HEALTH, endpoint="GET /slow", limits=LatencyLimits(p99_ms=10))
    fast = replace(HEALTH, endpoint="GET /fast", limits=LatencyLimits(p99_ms=500))

    found = nearest(replace(GO, latency=(fast, slow)))

    assert [one.endpoint for one in found] == ["GET /slow", "GET /fast"]
    assert found[0].told == "P99 12.4 of 10.0 ms, 2.40 ms (24 %) over"


def test_without_a_limit_or_a_number_there_is_no_headroom() -> None:
    unlimited = replace(HEALTH, limits=LatencyLimits())
    unknown = replace(HEALTH, candidate=None, p50_ratio=None)

    assert nearest(replace(GO, latency=(unlimited, unknown))) == ()
