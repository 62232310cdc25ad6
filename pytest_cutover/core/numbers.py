"""How numbers read, on every screen, page and comment and in every message.

A measured number has three digits that mean something. Units are the caller's, but for the per
cent, which stands apart from its number: "3.10 ms", "+63 %".
"""

from __future__ import annotations

import math
from typing import Protocol

UNKNOWN = "–"


def number(value: float | None) -> str:
    """Return a measured number in three significant digits; a dash where there is none."""
    if value is None:
        return UNKNOWN
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(float(f"{value:.3g}"))  # as it reads: 9.999 is 10.0
    if size >= 100 or not size:
        return f"{value:,.0f}"
    if size < 0.001:
        return f"{value:.1e}"
    return f"{value:.{min(2 - math.floor(math.log10(size)), 4)}f}"


class Bounded(Protocol):
    """An estimate and its confidence bounds; None where the samples cannot say."""

    @property
    def estimate(self) -> float | None:
        """The most likely value."""

    @property
    def lower(self) -> float | None:
        """The least that it may be."""

    @property
    def upper(self) -> float | None:
        """The most that it may be."""


def interval(value: Bounded | None, unit: str = "") -> str:
    """Return an estimate with its unit and its bounds: "3.10 ms [2.79, 3.41]"; a dash for none."""
    if value is None or value.estimate is None:
        return UNKNOWN
    text = f"{number(value.estimate)} {unit}".rstrip()
    if value.lower is None and value.upper is None:
        return text
    return f"{text} [{number(value.lower)}, {number(value.upper)}]"


def percent(share: float, digits: int | None = None) -> str:
    """Return a share of one: 0.0125 is "1.25 %", or "1 %" with no digit after the point."""
    value = 100 * share
    return f"{value:.6g} %" if digits is None else f"{value:.{digits}f} %"


def change(ratio: float) -> str:
    """Return a ratio as the change it is: 1.63 is "+63 %"."""
    if math.isinf(ratio) or math.isnan(ratio):
        return number(ratio)
    return f"{(ratio - 1) * 100:+.0f} %"
