"""A backend against itself: how often the gate is wrong, or without an answer.

    python benchmarks/aa.py [--gates N] [--busy] [--seconds S]

Two copies of the reference candidate on one database, sampled by the very stage of the gate until
every gate is decided, again and again: 100 gates take about ten runs of eleven. With --busy both
cores are kept busy by other processes. A fail is a false alarm and makes the exit status 1; the
share of inconclusive gates is in the last line.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from examples.flowviz.backends import fastapi
from examples.flowviz.database import reference_database
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.process.launch import start_target
from pytest_cutover.config.load import load_config
from pytest_cutover.core.endpoint import parse
from pytest_cutover.core.exchange import Side
from pytest_cutover.performance.measure.client_cost import client_cost_ms
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.measure.sampling import Sampling
from pytest_cutover.performance.measure.timed_http import Connection
from pytest_cutover.performance.measure.timed_transport import TimedTransport
from pytest_cutover.performance.measure.workload import Workload
from pytest_cutover.performance.stats.decision import RuleVerdict

ROOT = Path(__file__).parents[1]
BUSY = "while True: pass"


def workloads(urls: dict[Side, str]) -> dict[str, Workload]:
    """A read and a write of the reference."""
    found = {}
    for name, call in (
        ("GET /api/health", lambda backend: backend.get("/api/health")),
        (
            "POST /api/lots",
            lambda backend: backend.post(
                "/api/lots", json={"lot_code": f"AA-{secrets.token_hex(8)}"}
            ),
        ),
    ):
        clients, transports = {}, {}
        for side, url in urls.items():
            inner = SideTransport(
                side,
                url,
                permissions=Permissions(writes=True, requests_per_s=None),
                bounds=Bounds(),
            )
            transports[side] = TimedTransport(inner, Connection(url))
            clients[side] = Backend(side, base_url=url, transport=transports[side])
        found[name] = Workload(parse(name), name, call, clients, transports)
    return found


@contextlib.contextmanager
def busy_cores(wanted: bool) -> Iterator[None]:
    """Every core kept busy by a process of its own, where wanted."""
    count = (os.cpu_count() or 1) if wanted else 0
    processes = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main() -> None:
    """Print one line per run and the shares."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--gates", type=int, default=100)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--seconds", type=float, default=40.0, help="the budget of one run")
    options = parser.parse_args()
    os.chdir(ROOT)
    config = load_config(ROOT)
    assert config.performance is not None
    os.environ.setdefault("FLOWVIZ_SEEDED", "")
    target = config.target("seeded").resolved(root=config.root)
    counts: Counter[RuleVerdict] = Counter()
    with ExitStack() as stack:
        database = stack.enter_context(reference_database())
        environment = fastapi(database).environment
        running = start_target(target, environment=lambda _side: environment, cleanup=stack)
        stack.callback(running.stop, None, str)
        urls = {side: one.url for side, one in running.sides.items()}
        stack.enter_context(busy_cores(options.busy))
        while sum(counts.values()) < options.gates:
            known = workloads(urls)
            measurements = Measurements(config.performance, ())
            measurements.client_cost_ms = client_cost_ms()
            for workload in known.values():
                for _ in range(50):
                    for side in Side:
                        workload.once(side)
            deadline = time.monotonic() + options.seconds
            Sampling(measurements, known, time.time_ns(), options.seconds, deadline).run()
            decisions = [one for name in known for one in measurements.latency(name)]
            decisions.append(measurements.errors())
            counts.update(one.verdict for one in decisions)
            for one in decisions:
                if one.verdict is not RuleVerdict.PASS:
                    said = "; ".join(note.sentence for note in one.notes)
                    print(f"  {one.verdict} {one.rule} {one.endpoint}: {said[:150]}")
            print(dict(counts), flush=True)
            for workload in known.values():
                workload.close()
    total = sum(counts.values())
    print(
        f"{'busy' if options.busy else 'quiet'}: {total} gates of a backend against itself, "
        f"{counts[RuleVerdict.FAIL]} failed, "
        f"{counts[RuleVerdict.INCONCLUSIVE] / total:.1%} inconclusive"
    )
    raise SystemExit(1 if counts[RuleVerdict.FAIL] else 0)


if __name__ == "__main__":
    main()
