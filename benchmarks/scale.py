"""Ten thousand marked tests against a stub: does memory stay flat, and the report quick and small.

A third of the answers is wrong in one of five ways, so that findings are few and occurrences many.
Memory is the resident size of the process that decides, from a tenth of the tests on; the report is
all that happens between the last test and the end of the session.
Run: python -m benchmarks.scale [--tests N] [--wrong SHARE] [-n WORKERS]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stub_backend import configuration

REPORT_AIM_S = 5.0
# pytest keeps three reports of each item, 2 to 3 KB; the evidence travels in them.
GROWTH_AIM_BYTES_PER_ITEM = 8192
BYTES_PER_FINDING_AIM = 100_000

TESTS = """
import pytest

@pytest.mark.characterization("GET /api/lots/{number}")
@pytest.mark.parametrize("number", range(TESTS))
def test_lot(backend, number):
    assert backend.get(f"/api/lots/{number}").status_code == 200
"""
# Prints, per line: what, seconds, seconds of CPU, tests done, resident bytes.
CONFTEST = """
import time
from pathlib import Path

import psutil
import pytest

PROCESS, DONE, LOG = psutil.Process(), [0], Path("log.txt").open("a", buffering=1)

def note(what):
    cpu_s, rss = sum(PROCESS.cpu_times()[:2]), PROCESS.memory_info().rss
    print(what, time.time(), cpu_s, DONE[0], rss, file=LOG)

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Watch())

class Watch:
    def pytest_runtest_logfinish(self):
        DONE[0] += 1
        if DONE[0] % 100 == 0:
            note("test")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self):
        note("end")
        try:
            return (yield)
        finally:
            note("reported")
"""


def main() -> int:
    """Print what was measured; the exit status says whether the aims are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--wrong", type=float, default=0.33, help="share of wrong answers")
    parser.add_argument("-n", type=int, default=0, help="workers of pytest-xdist")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "cutover.toml").write_text(configuration(wrong=options.wrong))
        (folder / "test_lots.py").write_text(TESTS.replace("TESTS", str(options.tests)))
        workers = ["-n", str(options.n)] if options.n else []
        started = time.perf_counter()
        environment = {**os.environ}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with (folder / "screen.txt").open("w") as screen:
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "--tb=no", "--cutover-target=local",
                 "-p", "no:schemathesis", "-p", "no:locust", "-p", "no:cacheprovider", *workers],
                cwd=folder, env=environment, stdout=screen, stderr=screen, check=False,
            )  # fmt: skip
        taken_s = time.perf_counter() - started
        if not (folder / ".cutover" / "gate.json").exists():
            raise SystemExit((folder / "screen.txt").read_text()[-3000:])
        return shown(folder, options.tests, taken_s)


def shown(folder: Path, tests: int, taken_s: float) -> int:
    """Print the table of one run."""
    lines = [line.split() for line in (folder / "log.txt").read_text().splitlines()]
    samples = [(int(done), int(rss)) for what, _, _, done, rss in lines if what == "test"]
    moments = {what: float(at) for what, at, _, _, _ in lines}
    busy = {what: float(cpu_s) for what, _, cpu_s, _, _ in lines}
    peaks = {what: int(rss) for what, _, _, _, rss in lines}
    report = json.loads((folder / ".cutover" / "gate.json").read_text("utf-8"))
    files = [path for path in (folder / ".cutover").rglob("*") if path.is_file()]
    size = (folder / ".cutover" / "gate.json").stat().st_size
    print(f"{tests:,} tests on both sides, {taken_s:.0f} s, verdict {report['verdict']}")
    steady = [one for one in samples if one[0] >= samples[-1][0] // 10] or samples
    for done, rss in steady[:: max(1, len(steady) // 8)]:
        print(f"  {done:7,} items {rss / 1e6:8.1f} MB")
    growth = (steady[-1][1] - steady[0][1]) / max(1, steady[-1][0] - steady[0][0])
    report_s = moments["reported"] - moments["end"]
    occurrences = sum(one["occurrences"] for one in report["findings"])
    found = len(report["findings"])
    print(
        f"memory: {growth:,.0f} bytes per item; {peaks['reported'] / 1e6:.0f} MB after the report"
    )
    report_cpu_s = busy["reported"] - busy["end"]
    print(f"report: {report_s:.2f} s, {report_cpu_s:.2f} s of CPU (aim {REPORT_AIM_S:g} s)", end="")
    print(f", {len(files)} files")
    print(f"gate.json: {size / 1e6:.2f} MB for {found} findings, {occurrences:,} occurrences")
    for path in sorted(files, key=lambda one: -one.stat().st_size)[:4]:
        print(f"  {path.relative_to(folder)}: {path.stat().st_size / 1e6:.2f} MB")
    flat = growth <= GROWTH_AIM_BYTES_PER_ITEM
    bounded = size <= BYTES_PER_FINDING_AIM * (found + 1)
    met = flat and bounded and report_s <= REPORT_AIM_S
    print(f"the aims are {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
