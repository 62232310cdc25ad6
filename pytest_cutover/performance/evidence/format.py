"""How decisions read in the report: what was observed, and the limit, in the same words."""

from __future__ import annotations

import math

from pytest_cutover.core import numbers
from pytest_cutover.core.numbers import change, number, percent
from pytest_cutover.performance.stats.caveats import MOST_TO_ASK_FOR
from pytest_cutover.performance.stats.decision import Decision, Estimate, PerformanceRule
from pytest_cutover.performance.stats.histogram import LogHistogram
from pytest_cutover.report.measured import Histogram, Interval

_RATIOS = (PerformanceRule.P50_RATIO, PerformanceRule.LOAD)


def observed(one: Decision, level: float) -> str:
    """Return the observed value with its interval, their level of confidence and the samples."""
    if not one.samples:
        return "n=0"
    value, unit, sure = one.observed, one.unit, percent(level, 0)
    if one.rule in _RATIOS:
        text = f"{change(value.estimate)} [{change(value.lower)}, {change(value.upper)}] at {sure}"
        if one.medians_ms is not None:
            baseline, candidate = map(number, one.medians_ms)
            text += f", {baseline} → {candidate} ms"
    elif one.rule is PerformanceRule.ERRORS:
        rates = (percent(rate, 3) for rate in (value.estimate, value.lower, value.upper))
        text = "{} [{}, {}] at ".format(*rates) + sure
    elif one.rule in (PerformanceRule.MAXIMUM, PerformanceRule.POOL):
        text = f"{number(value.estimate)} {unit}"
    else:
        text = f"{numbers.interval(value, unit)} at {sure}"
    return f"{text}  n={one.samples:,}"


def limit(one: Decision) -> str:
    """Return the limit in the same words, as it stands in the configuration."""
    if one.rule in _RATIOS:
        return f"≤ {change(one.limit)}"
    if one.rule is PerformanceRule.ERRORS:
        return f"< {one.limit:.3g}" if one.limit < 1e-5 else f"< {percent(one.limit, 3)}"
    if one.rule is PerformanceRule.MAXIMUM:
        return f"{number(one.limit)} {one.unit}, at most one beyond twice it"
    return f"≤ {number(one.limit)} {one.unit}"


def takes(one: Decision, per_s: float) -> str:
    """Return how long what is still needed takes at so many a second; empty where nothing is."""
    more = one.more_samples_needed
    if not (one.open and more and per_s) or more > MOST_TO_ASK_FOR:
        return ""
    seconds = more / per_s
    time = f"{math.ceil(seconds)} s" if seconds < 120 else f"{math.ceil(seconds / 60)} min"
    return f"at this pace about {time} more"


def interval(value: Estimate) -> Interval:
    """Return it for the report's JSON, where null is what the samples cannot say."""
    return Interval(_finite(value.estimate), _finite(value.lower), _finite(value.upper))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def histogram(counted: LogHistogram | None) -> Histogram | None:
    """Return it for the report's JSON."""
    if counted is None:
        return None
    return Histogram(edges_ms=counted.edges_ms, counts=counted.counts)
