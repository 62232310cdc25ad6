"""How decisions read in the report: what was observed, and the limit, in the same words."""

from __future__ import annotations

import math

from pytest_cutover.core import numbers
from pytest_cutover.core.numbers import change, number, percent
from pytest_cutover.performance.stats.decision import Decision, Estimate, PerformanceRule
from pytest_cutover.performance.stats.histogram import LogHistogram
from pytest_cutover.report.model import Histogram, Interval

_RATIOS = (PerformanceRule.P50_RATIO, PerformanceRule.LOAD)


def observed(one: Decision) -> str:
    """The observed value with its interval and the samples."""
    if not one.samples:
        return "n=0"
    value, unit = one.observed, one.unit
    if one.rule in _RATIOS:
        text = f"{change(value.estimate)} [{change(value.lower)}, {change(value.upper)}]"
        if one.medians_ms is not None:
            baseline, candidate = map(number, one.medians_ms)
            text += f" {baseline} → {candidate} ms"
    elif one.rule is PerformanceRule.ERRORS:
        rates = (percent(rate, 3) for rate in (value.estimate, value.lower, value.upper))
        text = "{} [{}, {}]".format(*rates)
    elif one.rule in (PerformanceRule.MAXIMUM, PerformanceRule.POOL):
        text = f"{number(value.estimate)} {unit}"
    else:
        text = numbers.interval(value, unit)
    return f"{text}  n={one.samples}"


def limit(one: Decision) -> str:
    """The limit in the same words."""
    if one.rule in _RATIOS:
        return f"≤ {change(one.limit)}"
    if one.rule is PerformanceRule.ERRORS:
        return f"< {one.limit:.3g}" if one.limit < 1e-5 else f"< {percent(one.limit, 3)}"
    return f"≤ {number(one.limit)} {one.unit}"


def interval(value: Estimate) -> Interval:
    """For the report's JSON: what the samples cannot say is null."""
    return Interval(_finite(value.estimate), _finite(value.lower), _finite(value.upper))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def histogram(counted: LogHistogram | None) -> Histogram | None:
    """For the report's JSON."""
    if counted is None:
        return None
    return Histogram(edges_ms=counted.edges_ms, counts=counted.counts)
