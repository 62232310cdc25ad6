"""How much the account of many tests adds to the process that decides, without running them.

The reports of so many tests on both sides are given to what gathers evidence, as pytest keeps them
and as workers send them, and the evidence is read as the gate reads it: in a process with the
account of each test, and in one without. Half of the tests have the account that another has; the
others count differently at each place. Places are held in three ways, as where a test asks once, in
twelve, and in all forty-eight that travel. What is paid once is most of what few tests add, so the
aim is for ten thousand. Whole runs: `scale`, which takes half an hour.

Run: python -m benchmarks.account [--tests N]
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
from dataclasses import replace

import psutil
from _pytest.reports import TestReport

from pytest_cutover.compare.verdict.account_rows import account_rows
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.core.run_evidence import Received

AIM_BYTES, AIM_TESTS = 50_000_000, 10_000
FEW, SOME, MOST = 3, 12, 48
ENDPOINTS = 200
PHASES = ("setup", "call", "teardown")


def main() -> int:
    """Print the table; the exit status says whether the aim is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=10_000, help="the most; tenths of it before")
    parser.add_argument("--one", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        tests, kinds, workers = options.one
        print(resident_bytes(tests, kinds, workers=bool(workers)))
        return 0
    met = True
    print(f"{'tests':>7}  {'ways':>5}  {'':12} {'without MB':>10} {'with MB':>8} {'adds MB':>8}")
    for tests in (options.tests // 10, options.tests // 2, options.tests):
        for kinds in (FEW, SOME, MOST):
            for workers in (False, True):
                base, full = measured(tests, 0, workers), measured(tests, kinds, workers)
                added = full - base
                held = f"   aim {AIM_BYTES / 1e6:g}" if tests == AIM_TESTS else ""
                is_met = not held or added <= AIM_BYTES
                met = met and is_met
                where = "two workers" if workers else "one process"
                print(f"{tests:7,}  {kinds:5}  {where:12} {base / 1e6:10.1f} {full / 1e6:8.1f}"
                      f" {added / 1e6:8.1f}{held}{'' if is_met else ', missed'}",
                      flush=True)  # fmt: skip
    if options.tests == AIM_TESTS:
        print(f"the aim is {'met' if met else 'missed'}")
    return int(not met)


def measured(tests: int, kinds: int, workers: bool) -> int:
    """The growth of a process of its own, in bytes."""
    command = [sys.executable, "-m", "benchmarks.account", "--one"]
    command += [str(tests), str(kinds), str(int(workers))]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def resident_bytes(tests: int, kinds: int, *, workers: bool) -> int:
    """By how much this process grows by the evidence of so many tests."""
    received, kept = Received(), []
    process = psutil.Process()
    gc.collect()
    before = process.memory_info().rss
    for number in range(tests):
        for evidence in sides(number, kinds):
            properties: list[tuple[str, object]] = []
            TEST.attach(properties, evidence)
            for when in PHASES:
                arrived = [(name, f" {line}"[1:]) if workers else (name, line)
                           for name, line in properties]  # fmt: skip
                report = TestReport(
                    evidence.nodeid, ("test_lots.py", 3, "test_lot"), {"test_lot": 1},
                    "passed", None, when, (), 0.1, 1e9, 1e9, arrived,  # type: ignore[arg-type]
                )  # fmt: skip
                received.add(report.user_properties)
                kept.append(report)
    rows = account_rows(received.of(TEST))
    gc.collect()
    assert len(kept) == 6 * tests
    assert bool(rows) == bool(kinds)
    assert json.dumps([row.endpoint for row in rows])
    return process.memory_info().rss - before


def sides(number: int, kinds: int) -> tuple[TestEvidence, TestEvidence]:
    """What the two items of a test say."""
    test = f"tests/characterization/test_lots.py::test_lot[{number}]"
    endpoint = f"GET /api/lots/{{number}}/of/{number % ENDPOINTS}"
    base = TestEvidence(
        nodeid=f"{test[:-1]}-baseline]", test=test, side="baseline", marker="characterization",
        endpoints=(endpoint,), requests=1, seen=((endpoint, 200, 1),),
    )  # fmt: skip
    own = number if number % 2 else 0
    account = tuple(
        (endpoint, "constrained" if kind else "exact", f"format {kind}" if kind else "",
         1 + (own * (kind + 1)) % 4_000)
        for kind in range(kinds)
    )  # fmt: skip
    candidate = replace(
        base, nodeid=f"{test[:-1]}-candidate]", side="candidate", compared="live", account=account
    )
    return base, candidate


if __name__ == "__main__":
    raise SystemExit(main())
