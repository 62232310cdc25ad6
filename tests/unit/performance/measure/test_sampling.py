"""How the sampling stage shares the budget, and whom it samples."""

from __future__ import annotations

import pytest

from pytest_cutover.performance.measure.sampling import time_to_sample_s


@pytest.mark.parametrize(
    ("spent_s", "left_s"), [(0.0, 60.0), (20.0, 40.0), (55.0, 30.0), (90.0, 30.0)]
)
def test_a_load_never_takes_more_than_half_of_the_time_from_the_tails(
    spent_s: float, left_s: float
) -> None:
    assert time_to_sample_s(60.0, spent_s) == left_s
