"""Ten thousand marked tests against a stub: does memory stay flat, and the report quick and small.

A third of the answers is wrong in one of five ways, so that findings are few and occurrences many.
Memory is the resident size of the process that decides, from a tenth of the tests on, beside that
of pytest alone with as many items, and at the end beside that of a run whose tests hand over no
account; the report is all that the gate does when the last test is over and the workers of
pytest-xdist have ended.
Run: python -m benchmarks.scale [--tests N] [--wrong SHARE] [-n WORKERS]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stub_backend import configuration
from benchmarks.suite import run_suite, write_suite

REPORT_AIM_S = 5.0
# Over what pytest keeps itself: three reports of each item. The evidence of a test is its names,
# statuses and differences; bodies must not stay.
GROWTH_AIM_BYTES_PER_ITEM = 4096
ACCOUNT_AIM_BYTES = 50e6
BYTES_PER_FINDING_AIM = 100_000

TESTS = """
import pytest

@pytest.mark.characterization("GET /api/lots/{number}")
@pytest.mark.parametrize("number", range(TESTS))
def test_lot(backend, number):
    assert backend.get(f"/api/lots/{number}").status_code == 200
"""
BARE = """
import pytest

@pytest.mark.parametrize("side", ["baseline", "candidate"])
@pytest.mark.parametrize("number", range(TESTS))
def test_lot(number, side):
    assert number >= 0
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
        config.pluginmanager.register(Settled())
        config.pluginmanager.register(Watch())

# Registered before the gate is: of those that want to come last, before it.
class Settled:
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        note("settled")

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

# In each process, what a test hands over of its account is nothing.
WITHOUT_ACCOUNT = """
import pytest_cutover.compare.plugin as compared

compared.counts_of = lambda account: ()
compared.open_places_of = lambda account, scrub: ()
"""


def main() -> int:
    """Print what was measured; the exit status says whether the aims are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--wrong", type=float, default=0.33, help="share of wrong answers")
    parser.add_argument("-n", type=int, default=0, help="workers of pytest-xdist")
    options = parser.parse_args()
    workers = ["-n", str(options.n)] if options.n else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_suite(folder, BARE.replace("TESTS", str(options.tests)), "", CONFTEST)
        run_suite(folder, "--tb=no", *workers)
        without = Log.read(folder / "log.txt")
        (folder / "log.txt").unlink()
        tests = TESTS.replace("TESTS", str(options.tests))
        write_suite(folder, tests, configuration(wrong=options.wrong), CONFTEST)
        run = run_suite(folder, "--tb=no", "--cutover-target=local", *workers)
        if not (folder / ".cutover" / "gate.json").exists():
            raise SystemExit(run.screen[-3000:])
        print(f"{options.tests:,} tests on both sides, {run.wall_s:.0f} s")
        log = Log.read(folder / "log.txt")
        missed = shown(folder, log, without)
        (folder / "log.txt").unlink()
        write_suite(folder, tests, configuration(wrong=options.wrong), CONFTEST + WITHOUT_ACCOUNT)
        run_suite(folder, "--tb=no", "--cutover-target=local", *workers)
        added = log.most_bytes() - Log.read(folder / "log.txt").most_bytes()
        met = added <= ACCOUNT_AIM_BYTES
        print(f"the account adds {added / 1e6:.1f} MB (aim {ACCOUNT_AIM_BYTES / 1e6:g} MB"
              f"{'' if met else ', missed'})")  # fmt: skip
        return missed or int(not met)


@dataclass(frozen=True, slots=True)
class Log:
    """What the conftest of a run noted."""

    samples: list[tuple[int, int]]  # tests done, resident bytes
    moments: dict[str, tuple[float, float, int]]  # seconds, seconds of CPU, resident bytes

    @classmethod
    def read(cls, path: Path) -> Log:
        """The notes of a run."""
        lines = [line.split() for line in path.read_text().splitlines()]
        samples = [(int(done), int(rss)) for what, _, _, done, rss in lines if what == "test"]
        steady = [one for one in samples if one[0] >= samples[-1][0] // 10] or samples
        moments = {what: (float(at), float(cpu), int(rss)) for what, at, cpu, _, rss in lines}
        return cls(steady, moments)

    def bytes_per_item(self) -> float:
        """By how much the process grew."""
        (first, small), (last, large) = self.samples[0], self.samples[-1]
        return (large - small) / max(1, last - first)

    def most_bytes(self) -> int:
        """How large the process was at most, the report included."""
        at_tests = [rss for _, rss in self.samples]
        return max(*at_tests, *(rss for _, _, rss in self.moments.values()))

    def between(self, before: str, after: str) -> tuple[float, float]:
        """Seconds, and seconds of CPU."""
        one, other = self.moments[before], self.moments[after]
        return other[0] - one[0], other[1] - one[1]


def shown(folder: Path, log: Log, without: Log) -> int:
    """Print the table of one run."""
    report = json.loads((folder / ".cutover" / "gate.json").read_text("utf-8"))
    files = [path for path in (folder / ".cutover").rglob("*") if path.is_file()]
    size = (folder / ".cutover" / "gate.json").stat().st_size
    for done, rss in log.samples[:: max(1, len(log.samples) // 8)]:
        print(f"  {done:7,} items {rss / 1e6:8.1f} MB")
    grown, base = log.bytes_per_item(), without.bytes_per_item()
    print(
        f"memory: {grown:,.0f} bytes per item, {base:,.0f} of them without the gate;",
        end="",
    )
    print(f" {log.moments['reported'][2] / 1e6:.0f} MB after the report")
    report_s, report_cpu_s = log.between("settled", "reported")
    print(f"report: {report_s:.2f} s, {report_cpu_s:.2f} s of CPU (aim {REPORT_AIM_S:g} s)", end="")
    print(f", {len(files)} files; before it, for workers to end: ", end="")
    print(f"{log.between('end', 'settled')[0]:.2f} s, without the gate ", end="")
    print(f"{without.between('end', 'settled')[0]:.2f} s")
    found, occurrences = len(report["findings"]), sum(f["occurrences"] for f in report["findings"])
    print(f"gate.json: {size / 1e6:.2f} MB for {found} findings, {occurrences:,} occurrences")
    for path in sorted(files, key=lambda one: -one.stat().st_size)[:4]:
        print(f"  {path.relative_to(folder)}: {path.stat().st_size / 1e6:.2f} MB")
    flat = grown - base <= GROWTH_AIM_BYTES_PER_ITEM
    bounded = size <= BYTES_PER_FINDING_AIM * (found + 1)
    met = flat and bounded and report_s <= REPORT_AIM_S
    print(f"verdict {report['verdict']}; the aims are {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
