"""How far each measured number is from its limit, the nearest first. Pure.

A limit that is passed by little is what a reader wants to know of a GO, and a table of quantiles
does not say it. A quantile without a limit has no headroom; one that nobody could estimate neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_cutover.core.numbers import number
from pytest_cutover.report.model import Latency, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """One number of the candidate beside its limit; `unit` is ``ms``, or ``×`` for a ratio.

    `share` is what is left as a share of the limit: 0.1 where 90 of 100 ms are used, negative
    beyond it.
    """

    endpoint: str
    name: str
    value: float
    limit: float
    unit: str = "ms"

    @property
    def left(self) -> float:
        """What is left up to the limit, in the unit."""
        return self.limit - self.value

    @property
    def share(self) -> float:
        """What is left, as a share of the limit."""
        return self.left / self.limit

    @property
    def told(self) -> str:
        """Value, limit and what is left, in words: "P99 48.0 of 50.0 ms, 2.00 ms (4 %) left"."""
        unit = f" {self.unit}" if self.unit == "ms" else self.unit
        beyond = self.left < 0
        rest = (
            f"{number(abs(self.left))}{unit} ({abs(self.share):.0%}) {'over' if beyond else 'left'}"
        )
        rest = rest.replace("%)", " %)")
        return f"{self.name} {number(self.value)} of {number(self.limit)}{unit}, {rest}"


def headrooms(row: Latency) -> tuple[Headroom, ...]:
    """Return the headroom of each limit of one endpoint, the nearest first."""
    return tuple(sorted(_of(row), key=lambda one: one.share))


def nearest(report: Report) -> tuple[Headroom, ...]:
    """Return the nearest limit of every endpoint, the nearest of all first."""
    first = [found[0] for row in report.latency if (found := headrooms(row))]
    return tuple(sorted(first, key=lambda one: (one.share, one.endpoint)))


def _of(row: Latency) -> Iterator[Headroom]:
    side, limits = row.candidate, row.limits
    if side is not None:
        for name, value, limit in (
            ("P50", side.p50_ms.estimate, limits.p50_ms),
            ("P95", side.p95_ms.estimate, limits.p95_ms),
            ("P99", side.p99_ms.estimate, limits.p99_ms),
            ("max", side.max_ms, limits.max_ms),
        ):
            if value is not None and limit:
                yield Headroom(endpoint=row.endpoint, name=name, value=value, limit=limit)
    ratio = row.p50_ratio.estimate if row.p50_ratio else None
    if ratio is not None and limits.p50_ratio:
        yield Headroom(
            endpoint=row.endpoint,
            name="P50 ratio",
            value=ratio,
            limit=limits.p50_ratio,
            unit="×",
        )
