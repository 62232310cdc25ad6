"""How long something runs is one format, however it is spelled; a version and a size are none."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.noise.formats import format_of


@pytest.mark.parametrize(
    "value",
    [
        "1d 3h 46m 40s", "0d 0h 0m 5s", "2 days, 3:04:05", "3 hours 5 minutes", "1h2m3s", "12.5s",
        "1 day, 2 hours and 3 minutes", "P1DT3H46M40S", "PT0.5S",
    ],
)  # fmt: skip
def test_a_duration_is_known_by_its_units(value: str) -> None:
    assert format_of(value) == "duration"


@pytest.mark.parametrize("value", ["1.2.3", "3 items", "5 km", "4dr", "P", "PT", "days", "10 MB"])
def test_other_numbers_with_words_are_none(value: str) -> None:
    assert format_of(value) != "duration"
