"""The distribution in the report."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.performance.stats.histogram import LogHistogram

LATENCIES = st.lists(st.floats(0.002, 60_000), min_size=1, max_size=200)


@given(latencies=LATENCIES, share=st.floats(0.01, 1))
def test_a_quantile_is_within_one_percent(latencies: list[float], share: float) -> None:
    exact = sorted(latencies)[max(1, math.ceil(share * len(latencies))) - 1]
    assert LogHistogram.of(latencies).quantile_ms(share) == pytest.approx(exact, rel=0.0101)


@given(left=LATENCIES, right=LATENCIES)
def test_two_histograms_add_up(left: list[float], right: list[float]) -> None:
    merged = LogHistogram.of(left).merged(LogHistogram.of(right))
    assert LogHistogram.of([*left, *right]) == merged


def test_failures_are_counted_beside_the_buckets_and_stand_above_all() -> None:
    histogram = LogHistogram.of([1.0, 2.0, math.inf])
    assert (histogram.count, histogram.failed) == (3, 1)
    assert math.inf == histogram.quantile_ms(1.0)


def test_the_data_is_json_without_infinities() -> None:
    data = LogHistogram.of([0.0, 1.0, math.inf]).as_data()
    assert data == json.loads(json.dumps(data, allow_nan=False))


def test_an_empty_histogram_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="empty histogram"):
        LogHistogram.of([]).quantile_ms(0.5)
