"""What was measured, as gate.json holds it: numbers of one side or of both, and no verdict.

Part of the gate report (`model`): a member that is added gets a default, and units stand in the
names.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.report.annotated import Count


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its confidence bounds; None where the samples cannot say."""

    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts between neighbouring edges: `len(edges_ms) == len(counts) + 1`."""

    edges_ms: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The latencies of one side at one endpoint."""

    samples: Count
    p50_ms: Interval
    p95_ms: Interval
    p99_ms: Interval
    max_ms: float | None = None
    histogram: Histogram | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSide:
    """What one side did under load."""

    requests: Count
    errors: Count
    rate_per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A resource over time ("memory", "connections"): `values` in `unit` at `times_s`."""

    name: str
    side: str
    unit: str
    times_s: tuple[float, ...]
    values: tuple[float, ...]
    limit: float | None = None
