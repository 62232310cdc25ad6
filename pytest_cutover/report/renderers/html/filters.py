"""How the page shows a value: cut texts, numbers with their intervals, times."""

from __future__ import annotations

import re

from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Interval

_FRACTION = re.compile(r"\.\d+(?=Z$)")


def cut(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters."""
    return one_line(str(text), limit)


def number(value: float | None) -> str:
    """A measured number with three digits that mean something; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def interval(value: Interval | None) -> str:
    """The estimate with its interval: "3.1 [2.79, 3.41]"."""
    if value is None or value.estimate is None:
        return "–"
    if value.lower is None and value.upper is None:
        return number(value.estimate)
    return f"{number(value.estimate)} [{number(value.lower)}, {number(value.upper)}]"


def when(text: str) -> str:
    """An ISO 8601 time as people read it, to the second; anything else as it is."""
    day, separator, time = _FRACTION.sub("", text).partition("T")
    return f"{day} {time.replace('Z', ' UTC')}" if separator else text
