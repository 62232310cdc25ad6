"""How numbers and intervals of decisions read in the report. Imports the standard library only."""

from __future__ import annotations

import math

from pytest_cutover.performance.stats.decision import Decision, Estimate, PerformanceRule
from pytest_cutover.performance.stats.histogram import LogHistogram
from pytest_cutover.report.model import Histogram, Interval

_RATIOS = (PerformanceRule.P50_RATIO, PerformanceRule.LOAD)


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if math.isinf(value) or math.isnan(value):
        return "∞" if math.isinf(value) else "?"
    if value and abs(value) < 0.001:
        return f"{value:.1e}"
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:.{min(max(digits, 0), 4)}f}"


def observed(one: Decision) -> str:
    """The observed value with its interval and the samples."""
    if not one.samples:
        return "n=0"
    value, unit = one.observed, one.unit
    if one.rule in _RATIOS:
        text = f"{_percent(value.estimate)} [{_percent(value.lower)}, {_percent(value.upper)}]"
        if one.medians_ms is not None:
            baseline, candidate = map(number, one.medians_ms)
            text += f" {baseline} → {candidate} ms"
    elif one.rule is PerformanceRule.ERRORS:
        text = f"{value.estimate:.3%} [{value.lower:.3%}, {value.upper:.3%}]"
    elif one.rule in (PerformanceRule.MAXIMUM, PerformanceRule.POOL):
        text = f"{number(value.estimate)} {unit}"
    else:
        bounds = f"[{number(value.lower)}, {number(value.upper)}]"
        text = f"{number(value.estimate)} {unit} {bounds}"
    return f"{text}  n={one.samples}"


def limit(one: Decision) -> str:
    """The limit in the same words."""
    if one.rule in _RATIOS:
        return f"≤ {_percent(one.limit)}"
    if one.rule is PerformanceRule.ERRORS:
        return f"< {one.limit:.3g}" if one.limit < 1e-5 else f"< {one.limit:.3%}"
    return f"≤ {number(one.limit)} {one.unit}"


def _percent(ratio: float) -> str:
    if math.isinf(ratio) or math.isnan(ratio):
        return "∞" if math.isinf(ratio) else "?"
    return f"{(ratio - 1) * 100:+.0f} %"


def interval(value: Estimate) -> Interval:
    """For the report's JSON: what the samples cannot say is null."""
    return Interval(_finite(value.estimate), _finite(value.lower), _finite(value.upper))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def histogram(sketch: LogHistogram) -> Histogram | None:
    """The sketch with explicit edges, empty buckets between the first and the last included."""
    counts = dict(sketch.buckets)
    if not counts:
        return None
    first, last = min(counts), max(counts)
    data = sketch.as_data()
    floor, growth = data["floor_ms"], data["growth"]
    edges = [0.0 if first == 0 else floor * growth ** (first - 1)]
    edges += [floor * growth**bucket for bucket in range(first, last + 1)]
    filled = tuple(counts.get(bucket, 0) for bucket in range(first, last + 1))
    return Histogram(edges_ms=tuple(round(edge, 6) for edge in edges), counts=filled)
