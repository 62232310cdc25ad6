"""One number reads alike wherever it stands."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pytest_cutover.core.numbers import change, interval, number, percent
from pytest_cutover.report.measured import Interval


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0"),
        (0.00012, "1.2e-04"),
        (0.0049, "0.0049"),
        (0.05, "0.0500"),
        (3.1, "3.10"),
        (-3.1, "-3.10"),
        (9.999, "10.0"),
        (34.7, "34.7"),
        (99.96, "100"),
        (300, "300"),
        (1234.5, "1,234"),
        (5e9, "5,000,000,000"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "?"),
    ],
)
def test_a_number_has_three_digits_that_mean_something(value: float | None, text: str) -> None:
    assert text == number(value)


@given(st.floats(0.01, 1e12))
def test_what_is_read_is_what_was_measured_to_half_a_per_cent(value: float) -> None:
    shown = number(value)

    assert "e" not in shown
    assert math.isclose(float(shown.replace(",", "")), value, rel_tol=5e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (Interval(), "–"),
        (Interval(3.1), "3.10 ms"),
        (Interval(3.1, 2.79, 3.41), "3.10 ms [2.79, 3.41]"),
        (Interval(3.1, None, 3.41), "3.10 ms [–, 3.41]"),
    ],
)
def test_an_interval_says_what_is_not_known(value: Interval | None, text: str) -> None:
    assert text == interval(value, "ms")


def test_a_share_is_told_in_per_cent_as_it_was_set_or_to_some_digits() -> None:
    assert ["1 %", "0.5 %", "12.5 %"] == [percent(0.01), percent(0.005), percent(0.125)]
    assert ["0 %", "0.50 %", "1.000 %"] == [percent(0.004, 0), percent(0.005, 2), percent(0.01, 3)]


def test_a_ratio_is_told_as_the_change_that_it_is() -> None:
    assert ["+63 %", "-10 %", "+0 %", "∞"] == [change(r) for r in (1.63, 0.9, 1.0, math.inf)]
