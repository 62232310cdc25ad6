"""How late a number may be, and when what was asked is a mistake instead of a lack of data."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.errors import MistakesError
from pytest_cutover.monitoring.providers.prometheus_provider import mistake_of
from pytest_cutover.monitoring.providers.provider import Figure

# A scrape may be late by one; three intervals without a new sample is a lag.
LATE_INTERVALS: Final = 3


def value_of(figure: Figure | None, *, source: str) -> float | None:
    """Return the value of a figure; None where there is none yet. Raises MistakesError for a
    mistake.
    """
    if figure is None:
        return None
    mistake = mistake_of(figure.key, figure.reading)
    if mistake is not None:
        raise MistakesError(source, [mistake])
    return figure.reading.value
