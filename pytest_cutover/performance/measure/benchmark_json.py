"""pytest-benchmark's JSON: each of our rows with both sides, later samples included.

Called by the plugin when pytest-benchmark writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_cutover.performance.measure.run_data import Measurements


def add_both_sides(
    rows: list[dict[str, Any]], endpoints: Mapping[str, str], measurements: Measurements
) -> None:
    """Give the rows of these node ids the samples and decisions of their endpoints.

    ``warm_up`` is how many first samples of each side the decisions leave out.
    """
    for row in rows:
        name = endpoints.get(str(row.get("fullname")))
        if name is None:
            continue
        tally = measurements.tallies[name]
        row["cutover"] = {
            "endpoint": name,
            "interleaved": True,
            "client_cost_ms": measurements.client_cost_ms,
            "warm_up": tally.cold,
            "baseline_ms": _finite(tally.baseline.latencies_ms),
            "candidate_ms": _finite(tally.candidate.latencies_ms),
            "decisions": [
                {"rule": str(one.rule), "verdict": str(one.verdict)}
                for one in measurements.latency(name)
            ],
        }


def _finite(values: Any) -> list[float | None]:
    """JSON has no infinity: a failed request is null."""
    return [value if value < float("inf") else None for value in values]
