"""How long a large report takes, and how much memory: 10,000 tests, 1,000 findings, 100 endpoints.

The promise is under 3 s and 300 MB, and a page under 1 MB. Run: python benchmarks/report_scale.py
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from pytest_cutover.codes import CODES
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.io.artifacts import write_report
from tests.unit.report.scale import large

LIMIT_S = 3.0
LIMIT_MB = 300
LIMIT_PAGE_BYTES = 1_000_000


def main() -> int:
    """Prints the measurements; the exit status says whether the promise holds."""
    report = large()
    with tempfile.TemporaryDirectory() as folder:
        started, worked = perf_counter(), process_time()
        written = write_report(ordered(report, CODES), Path(folder))
        elapsed_s, cpu_s = perf_counter() - started, process_time() - worked
        sizes = {path.name: path.stat().st_size for path in (written.html, written.json)}
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(report.findings):,} findings, {len(report.latency)} endpoints: {elapsed_s:.2f} s")
    print(f"processor: {cpu_s:.2f} s")
    for name, size in sizes.items():
        print(f"{name}: {size / 1e6:.2f} MB")
    print(f"memory: {memory_mb:.0f} MB at most")
    page = sizes[written.html.name]
    return int(elapsed_s > LIMIT_S or memory_mb > LIMIT_MB or page >= LIMIT_PAGE_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
