"""The distribution in the report."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.performance.stats.histogram import LogHistogram

LATENCIES = st.lists(st.floats(0.002, 60_000), min_size=1, max_size=200)


@given(latencies=LATENCIES)
def test_every_latency_is_counted_between_edges_two_percent_apart(latencies: list[float]) -> None:
    found = LogHistogram.of(latencies)

    assert found is not None
    assert sum(found.counts) == len(latencies)
    assert len(found.edges_ms) == len(found.counts) + 1
    for (low, high), count in zip(pairwise(found.edges_ms), found.counts, strict=True):
        assert high <= low * 1.021 + 1e-5
        near = [ms for ms in latencies if low - 2e-6 <= ms <= high + 2e-6]
        assert count <= len(near)


@given(latencies=LATENCIES)
def test_both_ends_hold_something(latencies: list[float]) -> None:
    found = LogHistogram.of(latencies)

    assert found is not None
    assert 0 not in (found.counts[0], found.counts[-1])


def test_failures_are_in_no_bucket() -> None:
    assert LogHistogram.of([1.0, 2.0, math.inf]) == LogHistogram.of([2.0, 1.0])


def test_what_is_below_a_microsecond_is_one_bucket_from_nothing() -> None:
    found = LogHistogram.of([0.0, 0.0005])

    assert found == LogHistogram(edges_ms=(0.0, 0.001), counts=(2,))


def test_nothing_has_no_histogram() -> None:
    assert LogHistogram.of([math.inf]) is LogHistogram.of([]) is None
