"""What an exchange costs in the gate, beside the same suite with bare httpx and syrupy.

500 tests of two requests each, on both sides, against a quick stub. The bare suite has one client
for the session and a snapshot with its volatile members masked. Both are recorded first; then they
run in turn, and each round is compared with itself. The processor's time holds the gate's own
backends; those of the bare suite live on between its runs.
Run: python -m benchmarks.exchange [--tests N] [--rounds N] [--wait-ms MS]
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.paired_figures import paired_ratio
from benchmarks.stub_backend import configuration, stub_backend
from benchmarks.suite import Run, run_suite, write_suite

Suites = dict[str, Callable[..., Run]]

AIM = 1.25
OURS = """
import pytest

@pytest.mark.characterization("GET /api/lots/{number}")
@pytest.mark.parametrize("number", range(TESTS))
def test_lot(backend, number):
    assert backend.get(f"/api/lots/{number}").status_code == 200
    assert backend.get(f"/api/lots/{number + 1}").json()["lot_code"] == f"LOT-{number + 1}"
"""
BARE = """
import os
import httpx
import pytest
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.matchers import path_type

MASKS = path_type({"id": (str,), "created_at": (str,)})

@pytest.fixture(scope="session", params=["BASELINE", "CANDIDATE"])
def backend(request):
    with httpx.Client(base_url=os.environ[request.param]) as client:
        yield client

@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(JSONSnapshotExtension)

@pytest.mark.parametrize("number", range(TESTS))
def test_lot(backend, number, snapshot):
    response = backend.get(f"/api/lots/{number}")
    assert response.status_code == 200
    assert response.json() == snapshot(matcher=MASKS)
    response = backend.get(f"/api/lots/{number + 1}")
    assert response.json()["lot_code"] == f"LOT-{number + 1}"
    assert response.json() == snapshot(matcher=MASKS)
"""


def recorded_suites(root: Path, tests: int, wait_ms: float, urls: dict[str, str]) -> Suites:
    """Both suites with their snapshots, each as a function that runs it again."""
    suites: Suites = {}
    settings = configuration(wait_ms=wait_ms)
    for name, text, target in (("bare", BARE, ()), ("gate", OURS, ("--cutover-target=local",))):
        write_suite(root / name, text.replace("TESTS", str(tests)), settings)
        suites[name] = partial(passing, root / name, urls, *target)
        suites[name]("--snapshot-update")
    return suites


def passing(folder: Path, urls: dict[str, str], *arguments: str) -> Run:
    """A run in which every test passed."""
    run = run_suite(folder, *arguments, variables=urls)
    if " passed" not in run.screen or " failed" in run.screen:
        raise SystemExit(run.screen[-3000:])
    return run


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--wait-ms", type=float, default=0.0, help="how slow the backend is")
    options = parser.parse_args()
    exchanges = 4 * options.tests
    with (
        tempfile.TemporaryDirectory() as root,
        stub_backend(wait_ms=options.wait_ms) as baseline,
        stub_backend(wait_ms=options.wait_ms) as candidate,
    ):
        urls = {"BASELINE": baseline, "CANDIDATE": candidate}
        suites = recorded_suites(Path(root), options.tests, options.wait_ms, urls)
        taken: dict[str, list[Run]] = {name: [] for name in suites}
        for _ in range(options.rounds):
            for name in random.sample(list(suites), len(suites)):
                taken[name].append(suites[name]())
    print(f"{options.tests} tests, {exchanges} exchanges, {options.rounds} rounds", end="")
    print(f", backend {options.wait_ms:g} ms; medians")
    print(f"{'':6} {'wall s':>8} {'CPU s':>8} {'ms per exchange':>16}")
    for name, runs in taken.items():
        wall_s, cpu_s = median(run.wall_s for run in runs), median(run.cpu_s for run in runs)
        print(f"{name:6} {wall_s:8.2f} {cpu_s:8.2f} {wall_s / exchanges * 1000:16.2f}")
    wall, cpu = (
        paired_ratio(*([getattr(run, what) for run in taken[name]] for name in ("gate", "bare")))
        for what in ("wall_s", "cpu_s")
    )
    met = wall.median <= AIM
    print(f"gate beside bare, pairs of rounds: wall {wall}, CPU {cpu}, 95 %")
    print(f"aim for wall {AIM}×: {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
