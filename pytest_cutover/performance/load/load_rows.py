"""From a generator's rows to a load: requests, slices, and whether the baseline suffers.

Called by ``load`` while the load runs. Pure.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pytest_cutover.core.endpoint import Endpoint, match
from pytest_cutover.core.numbers import percent
from pytest_cutover.performance.load.generator import LoadPlan, Row
from pytest_cutover.performance.stats.load_run import WARM_UP_SLICES, LoadRequest, LoadRun, Slice
from pytest_cutover.performance.stats.samples import Side

_WORSE_ERRORS = 0.05
_WORSE_P50 = 3.0
_FEWEST = 20


class Gathering:
    """The rows of one load. ``stops`` asks for `worse` to be found out."""

    def __init__(self, plan: LoadPlan, *, stops: bool) -> None:
        self._plan = plan
        self._stops = stops
        self._requests: list[Row] = []
        self._slices: list[Row] = []
        self.worse = ""

    def add(self, rows: Iterable[Row]) -> None:
        """Take new rows; several processes hand in the same slice."""
        new = False
        for row in rows:
            if row[0] == "r":
                self._requests.append(row)
            else:
                self._slices.append(row)
                new = new or row[2] == Side.BASELINE
        if new and self._stops:
            self._look_at_baseline()

    @property
    def turns(self) -> int:
        """How many parts of slices have been handed in."""
        return len(self._slices)

    def missing(self, processes: int) -> str:
        """Return what keeps the rows of so many processes from being evidence; empty when
        nothing does.
        """
        seen = {row[1] for row in self._slices}
        wanted = len(self._plan.sides)
        if len(seen) < wanted:
            return f"locust handed in {len(seen)} of {wanted} slices"
        fewest = min(Counter(row[1] for row in self._slices).values())
        if fewest < processes:
            return f"only {fewest} of {processes} processes of locust handed in each slice"
        for side in Side:
            if not any(row[1] >= WARM_UP_SLICES and row[2] == side for row in self._requests):
                return f"locust sent no request to the {side} in its turns"
        return ""

    def run(self, empty: LoadRun, endpoints: Sequence[Endpoint]) -> LoadRun:
        """Return the load with its requests and slices."""
        known: dict[tuple[str, str], str] = {}
        requests = tuple(self._request(row, known, endpoints) for row in self._requests)
        return replace(empty, requests=requests, slices=tuple(self._merged()))

    def _request(
        self, row: Row, known: dict[tuple[str, str], str], endpoints: Sequence[Endpoint]
    ) -> LoadRequest:
        _, index, side, method, path, at, latency_ms, status, failed = row
        if (method, path) not in known:
            known[method, path] = str(match(method, path, endpoints) or f"{method} {path}")
        name = known[method, path]
        return LoadRequest(index, Side(side), name, at, latency_ms, int(status), bool(failed))

    def _merged(self) -> list[Slice]:
        """One slice of several processes: their whole time, the busiest one, all requests."""
        parts: dict[int, list[Row]] = {}
        for row in self._slices:
            parts.setdefault(row[1], []).append(row)
        return [
            Slice(
                index=index,
                side=Side(rows[0][2]),
                start_s=min(row[3] for row in rows),
                end_s=max(row[4] for row in rows),
                cpu=max(row[5] for row in rows),
                due=sum(row[6] for row in rows),
                late=sum(row[7] for row in rows),
            )
            for index, rows in sorted(parts.items())
        ]

    def _look_at_baseline(self) -> None:
        """End the load where it hurts the baseline, which others use."""
        slices: dict[int, list[Row]] = {}
        for row in self._requests:
            if row[2] == Side.BASELINE and row[1] >= 0:
                slices.setdefault(row[1], []).append(row)
        full = [rows for _, rows in sorted(slices.items()) if len(rows) >= _FEWEST]
        if not full:
            return
        errors = sum(row[8] for row in full[-1]) / len(full[-1])
        if errors > _WORSE_ERRORS:
            self.worse = (
                f"the load was stopped: {percent(errors, 0)} of the baseline's requests failed in "
                "one of its turns. Load with fewer users, or another environment"
            )
        medians = [_median(rows) for rows in full]
        if len(medians) > 2 and min(medians[-2:]) > _WORSE_P50 * medians[0]:
            self.worse = (
                f"the load was stopped: the baseline's own P50 went from {medians[0]:.1f} ms to "
                f"{medians[-1]:.1f} ms. Load with fewer users, or another environment"
            )


def _median(rows: Iterable[Any]) -> float:
    return float(statistics.median(row[6] for row in rows))
