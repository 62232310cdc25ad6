"""Every latency behind the figures, as a compressed table beside the report, on request.

Called by the plugin when the gate is decided. Whole or not at all, like every artifact.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pytest_cutover.core.atomic import replace_whole
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.stats.samples import Side

NAME = "samples.csv.gz"
_HEAD = ("source", "endpoint", "side", "at_s", "latency_ms", "failed")


def write_samples(measurements: Measurements, directory: Path) -> Path:
    """Write ``samples.csv.gz``: a row per request, in the order of each source. Raises OSError.

    The source is ``benchmark``, ``warm-up`` for those of it that are left out, or ``load``.
    ``at_s`` is seconds since the epoch for a request under load, empty for one of a block;
    ``latency_ms`` is empty where the request failed.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_HEAD)
    table.writerows(_rows(measurements))
    # Without the time of packing: the same samples are the same bytes.
    packed = gzip.compress(text.getvalue().encode("utf-8"), mtime=0)
    replace_whole(directory / NAME, packed)
    return directory / NAME


def forget_samples(directory: Path) -> None:
    """Remove those of an earlier run: beside this run's report they would be taken for its own."""
    with suppress(OSError):
        (directory / NAME).unlink()


def _rows(measurements: Measurements) -> Iterator[tuple[object, ...]]:
    for endpoint, tally in measurements.tallies.items():
        for side, mine in ((Side.BASELINE, tally.baseline), (Side.CANDIDATE, tally.candidate)):
            for index, value in enumerate(mine.latencies_ms):
                source = "warm-up" if index < mine.cold else "benchmark"
                failed = value == float("inf")
                latency = "" if failed else f"{value:.6f}"
                yield (source, endpoint, str(side), "", latency, int(failed))
    for load in measurements.loads:
        for one in load.measured:
            latency = "" if one.failed else f"{one.latency_ms:.6f}"
            at = f"{one.at_s:.6f}"
            yield ("load", one.endpoint, str(one.side), at, latency, int(one.failed))
