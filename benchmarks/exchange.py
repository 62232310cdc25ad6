"""What an exchange costs in the gate, beside the same suite with bare httpx and syrupy.

500 tests of two requests each, on both sides, against a quick stub. The bare suite has one client
for the session and a snapshot with its volatile members masked. Both are recorded first; then they
run in turn. Run: python -m benchmarks.exchange [--tests N] [--rounds N] [--wait-ms MS]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.stub_backend import configuration, stub_backend

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


def run(folder: Path, urls: tuple[str, str], *arguments: str) -> tuple[float, float]:
    """Wall and CPU seconds of one run of a suite."""
    environment = {**os.environ, "BASELINE": urls[0], "CANDIDATE": urls[1]}
    for name in ("CI", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis",
         "-p", "no:locust", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall_s, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if " passed" not in done.stdout or " failed" in done.stdout:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-2000:])
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--wait-ms", type=float, default=0.0, help="how slow the backend is")
    options = parser.parse_args()
    exchanges = 4 * options.tests
    with (
        tempfile.TemporaryDirectory() as root,
        stub_backend(wait_ms=options.wait_ms) as baseline,
        stub_backend(wait_ms=options.wait_ms) as candidate,
    ):
        urls = (baseline, candidate)
        suites: dict[str, tuple[str, ...]] = {"bare": (), "gate": ("--cutover-target=local",)}
        for name, text in (("bare", BARE), ("gate", OURS)):
            folder = Path(root, name)
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n")
            (folder / "cutover.toml").write_text(configuration(wait_ms=options.wait_ms))
            (folder / "test_lots.py").write_text(text.replace("TESTS", str(options.tests)))
            run(folder, urls, "--snapshot-update", *suites[name])
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in suites}
        for _ in range(options.rounds):
            for name, arguments in suites.items():
                taken[name].append(run(Path(root, name), urls, *arguments))
    print(f"{options.tests} tests, {exchanges} exchanges, {options.rounds} rounds", end="")
    print(f", backend {options.wait_ms:g} ms")
    print(f"{'':6} {'wall s':>8} {'CPU s':>8} {'ms per exchange':>16}")
    walls = {}
    for name, figures in taken.items():
        walls[name], cpu_s = (median(one[at] for one in figures) for at in (0, 1))
        each = walls[name] / exchanges * 1000
        print(f"{name:6} {walls[name]:8.2f} {cpu_s:8.2f} {each:16.2f}")
    ratio = walls["gate"] / walls["bare"]
    print(f"wall: {ratio:.2f}× (aim {AIM}×)")
    return int(ratio > AIM)


if __name__ == "__main__":
    raise SystemExit(main())
