"""What a team's command prints: numbers and times as people and tools write them."""

from __future__ import annotations

import pytest

from pytest_cutover.monitoring.providers.command import printed
from pytest_cutover.monitoring.providers.provider import Absence

MOMENT_S = 1_795_688_100  # 2026-11-26T10:15:00Z


@pytest.mark.parametrize(
    "written",
    [
        '"2026-11-26T10:15:00Z"',
        '"2026-11-26T10:15:00.000+00:00"',
        '"2026-11-26T11:15:00+01:00"',
        '"2026-11-26 02:15:00-08:00"',
        f"{MOMENT_S}",
        f'"{MOMENT_S}"',
        f"{MOMENT_S}000",
        f"{MOMENT_S}000000",
        f"{MOMENT_S}000000000",
    ],
)
def test_a_time_is_one_moment_in_every_zone_and_unit(written: str) -> None:
    assert printed(f'{{"value": 1, "time": {written}}}', shown="it").time_s == MOMENT_S


@pytest.mark.parametrize("written", ['"2026-11-26T10:15:00"', '"yesterday"', "true", "NaN", "[]"])
def test_a_time_that_is_no_moment_is_a_mistake(written: str) -> None:
    found = printed(f'{{"value": 1, "time": {written}}}', shown="it")

    assert (found.reading.value, found.reading.absence) == (None, Absence.SHAPE)


@pytest.mark.parametrize(
    ("output", "value"),
    [("12", 12), ("1.2e3\n", 1200), ('"12"', 12), ("warning: slow\n12", 12), ("0", 0)],
)
def test_a_number_is_read(output: str, value: float) -> None:
    assert printed(output, shown="it").reading.value == value


@pytest.mark.parametrize(
    "output",
    ["", "NaN", "Infinity", "-Infinity", "-1", "null", '{"value": null}', "{}", "true", "[1]", "a"],
)
def test_what_is_no_number_is_never_one(output: str) -> None:
    value = printed(output, shown="it").reading.value

    assert value is None
