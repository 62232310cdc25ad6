"""The geometry of the plots: latency strips and lines over time, as numbers for SVG.

Pure. Horizontal places are percentages, so that a plot stretches without its text; shapes are
drawn in a box of 100 x `HEIGHT`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pytest_cutover.report.measured import Distribution, Interval, Series
from pytest_cutover.report.model import Latency, LatencyLimits

#: Height of one side of a strip, in pixels.
HEIGHT = 40

_Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the axis with its name: "P99", "300 ms"."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class ChartSide:
    """One distribution: its outline, its quantile marks with their intervals, the names."""

    outline: str
    marks: str
    labels: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """One endpoint: the baseline above the axis, the candidate below it.

    `limits` are the places of all that are configured, each drawn through both sides; `named` are
    those of them whose names have room.
    """

    baseline: ChartSide | None
    candidate: ChartSide | None
    ticks: tuple[Mark, ...]
    limits: tuple[float, ...]
    named: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class RatioStrip:
    """The P50 ratio against the noise floor and the limit, as (from, to) and places."""

    noise: tuple[float, float] | None
    ratio: tuple[float, float] | None
    estimate: float | None
    limit: float | None
    one: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A resource over time: one polyline for each side, and the range of both axes.

    Time counts from the first measurement, whatever clock it was read from.
    """

    lines: tuple[tuple[str, str], ...]
    top: float
    bottom: float
    end_s: float
    limit: float | None
    limit_value: float | None


def strip(row: Latency) -> Strip | None:
    """Return the strip of a latency row, on a logarithmic axis; None where nothing was measured."""
    limits = _limits(row.limits)
    values = [value for side in (row.baseline, row.candidate) if side for value in _values(side)]
    values += [value for _, value in limits]
    positive = [value for value in values if value > 0 and math.isfinite(value)]
    if not positive:
        return None
    low, high = min(positive) / 1.1, max(positive) * 1.1
    span = math.log(high / low)

    def place(value: float) -> float:
        return round(100 * math.log(max(value, low) / low) / span, 1)

    marks = [Mark(place(value), f"{name} ≤ {value:g}") for name, value in limits]
    return Strip(
        baseline=_side(row.baseline, place, up=True),
        candidate=_side(row.candidate, place, up=False),
        ticks=tuple(Mark(place(value), f"{value:g}") for value in _ticks(low, high)),
        limits=tuple(mark.x for mark in marks),
        named=_apart(marks, room=11),
    )


def ratio_strip(row: Latency) -> RatioStrip | None:
    """Return the P50 ratio beside the noise floor; None without a ratio."""
    bounds = [_span(interval) for interval in (row.noise, row.p50_ratio)]
    limit = row.limits.p50_ratio
    values = [value for span in bounds if span for value in span] + [limit or 1.0, 1.0]
    if row.p50_ratio is None or row.p50_ratio.estimate is None:
        return None
    low, high = min([*values, 0.8]) * 0.95, max([*values, 1.2]) * 1.05
    span = math.log(high / low) if low > 0 else 0.0
    if not span or not math.isfinite(span):
        return None

    def place(value: float) -> float:
        return round(100 * math.log(max(value, low) / low) / span, 1)

    noise, ratio = ((place(b[0]), place(b[1])) if b else None for b in bounds)
    return RatioStrip(
        noise=noise,
        ratio=ratio,
        estimate=place(row.p50_ratio.estimate),
        limit=place(limit) if limit else None,
        one=place(1.0),
    )


def plot(group: Sequence[Series]) -> Plot | None:
    """Draw lines over time of series that share name and unit."""
    values = [value for series in group for value in series.values if math.isfinite(value)]
    times = [time for series in group for time in series.times_s]
    start, end = min(times, default=0.0), max(times, default=0.0)
    if not values or end <= start:
        return None
    limit = next((series.limit for series in group if series.limit is not None), None)
    top = max([*values, limit if limit is not None else values[0]])
    bottom = min(values)
    span = (top - bottom) or 1.0

    def y(value: float) -> float:
        return round(5 + 90 * (top - value) / span, 1)

    lines = []
    for series in group:
        points = zip(series.times_s, series.values, strict=False)
        drawn = [
            f"{100 * (t - start) / (end - start):.1f},{y(v)}" for t, v in points if math.isfinite(v)
        ]
        lines.append((series.side, " ".join(drawn)))
    at = None if limit is None else y(limit)
    return Plot(tuple(lines), top, bottom, end - start, at, limit)


def _limits(limits: LatencyLimits) -> list[tuple[str, float]]:
    named = (
        ("P50", limits.p50_ms),
        ("P95", limits.p95_ms),
        ("P99", limits.p99_ms),
        ("max", limits.max_ms),
    )
    return sorted(((name, value) for name, value in named if value), key=lambda one: one[1])


def _values(side: Distribution) -> Iterable[float]:
    for interval in (side.p50_ms, side.p95_ms, side.p99_ms):
        yield from (v for v in (interval.estimate, interval.lower, interval.upper) if v is not None)
    if side.max_ms is not None:
        yield side.max_ms
    if side.histogram:
        yield from (edge for edge in side.histogram.edges_ms if edge > 0)


def _side(side: Distribution | None, place: _Place, *, up: bool) -> ChartSide | None:
    if side is None:
        return None
    marks, labels = "", []
    base = HEIGHT if up else 0
    for name, interval in (("P50", side.p50_ms), ("P95", side.p95_ms), ("P99", side.p99_ms)):
        if interval.estimate is None:
            continue
        x = place(interval.estimate)
        marks += f"M{x} 0V{HEIGHT}"
        reach = _span(interval)
        if reach:
            y = base + (-6 if up else 6)
            marks += f"M{place(reach[0])} {y}H{place(reach[1])}"
        labels.append(Mark(x, name))
    return ChartSide(_outline(side, place, up=up), marks, _apart(labels))


def _outline(side: Distribution, place: _Place, *, up: bool) -> str:
    """Return the histogram as one path, its density scaled so that the highest bin fills the
    height.
    """
    histogram = side.histogram
    if histogram is None or not any(histogram.counts):
        return ""
    edges = [place(edge) if edge > 0 else 0.0 for edge in histogram.edges_ms]
    pairs = zip(edges, edges[1:], histogram.counts, strict=False)
    bins = [(a, b, count / max(b - a, 0.1)) for a, b, count in pairs if b > a]
    if not bins:
        return ""
    peak = max(density for _, _, density in bins) or 1.0
    base = HEIGHT if up else 0
    path = f"M{bins[0][0]} {base}"
    for _, end, density in bins:
        tall = (HEIGHT - 4) * density / peak
        path += f"V{base - tall if up else tall:.1f}H{end}"
    return f"{path}V{base}Z"


def _apart(labels: list[Mark], room: float = 6) -> tuple[Mark, ...]:
    """Return the labels that do not run into the one before."""
    kept: list[Mark] = []
    for label in labels:
        if not kept or label.x - kept[-1].x > room:
            kept.append(label)
    return tuple(kept)


def _ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) <= 3 else (1,)
    return [
        step * 10.0**power for power in powers for step in steps if low < step * 10.0**power < high
    ]


def _span(interval: Interval | None) -> tuple[float, float] | None:
    if interval is None or interval.lower is None or interval.upper is None:
        return None
    return interval.lower, interval.upper
