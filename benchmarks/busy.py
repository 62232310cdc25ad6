"""Verdicts on latency while the machine is busy with something else.

    python -m benchmarks.busy [--loops N] [--runs N] [--seconds S]

Two small servers, a third of whose time is the processor's, and three endpoints measured by the
stage of the gate, again and again: one alike on both sides, one that takes twice as long (+50 % is
allowed), one that takes twice its limit in ms. Beside it so many loops spin as are asked for (0, 1
and 4 without ``--loops``). The slower two must fail in every run, the equal one in none: exit
status 1 otherwise. A run takes ``--seconds`` at most; 20 runs of one load fit into five minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.config.performance import EndpointLimits, Performance
from pytest_cutover.core.endpoint import parse
from pytest_cutover.core.exchange import Side
from pytest_cutover.performance.measure.client_cost import client_cost_ms
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.measure.sampling import Sampling
from pytest_cutover.performance.measure.timed_http import Connection
from pytest_cutover.performance.measure.timed_transport import TimedTransport
from pytest_cutover.performance.measure.workload import Workload
from pytest_cutover.performance.stats.decision import PerformanceRule, RuleVerdict

USUAL_MS = 9.0
PROCESSOR_SHARE = 1 / 3
SLOWER = {"/alike": 1.0, "/slower": 2.0, "/over": 4.0}
"""By how much the candidate is; the limit of ``/over`` is twice what is usual."""
LIMITS = {
    "/alike": EndpointLimits(p50_ms=4 * USUAL_MS),
    "/slower": EndpointLimits(),
    "/over": EndpointLimits(p50_ms=2 * USUAL_MS),
}
JUDGED = {
    "/alike": None,
    "/slower": PerformanceRule.P50_RATIO,
    "/over": PerformanceRule.P50,
}
LOOPS = (0, 1, 4)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Answering(asyncio.Protocol):
    """One connection; every request is answered after its share of work and of waiting."""

    def __init__(self, side: Side) -> None:
        self._slower = SLOWER if side is Side.CANDIDATE else dict.fromkeys(SLOWER, 1.0)
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete; requests have no body here."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            ms = USUAL_MS * self._slower[head.split(b" ", 2)[1].decode()]
            until = time.thread_time() + PROCESSOR_SHARE * ms / 1000
            while time.thread_time() < until:
                pass
            wait_s = (1 - PROCESSOR_SHARE) * ms / 1000
            asyncio.get_running_loop().call_later(wait_s, self._transport.write, _ANSWER)


async def serve(side: Side) -> None:
    """Serve until ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(side), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of this interpreter that lives as long as the block."""
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True) as found:
        try:
            yield found
        finally:
            found.kill()


@contextlib.contextmanager
def servers() -> Iterator[dict[Side, str]]:
    """The URLs of both sides."""
    with ExitStack() as stack:
        urls = {}
        for side in Side:
            running = stack.enter_context(process(__file__, "--serve", str(side)))
            assert running.stdout is not None
            urls[side] = running.stdout.readline().strip()
        yield urls


def workloads(urls: dict[Side, str]) -> dict[str, Workload]:
    """Return a workload for each path."""
    found = {}
    for path in SLOWER:
        clients, transports = {}, {}
        for side, url in urls.items():
            inner = SideTransport(
                side,
                url,
                permissions=Permissions(writes=False, requests_per_s=None),
                bounds=Bounds(),
            )
            transports[side] = TimedTransport(inner, Connection(url))
            clients[side] = Backend(side, base_url=url, transport=transports[side])
        endpoint = parse(f"GET {path}")
        call = lambda backend, path=path: backend.get(path)  # noqa: E731
        found[str(endpoint)] = Workload(endpoint, path, call, clients, transports)
    return found


def run(urls: dict[Side, str], seconds: float) -> dict[str, RuleVerdict]:
    """Return what one run says of each path: its own rule, for the equal one the worst of all."""
    limits = {parse(f"GET {path}"): own for path, own in LIMITS.items()}
    # Errors are not what is asked here: with the usual limit they alone take 3,700 requests.
    measurements = Measurements(Performance(endpoints=limits, error_rate=0.05), ())
    measurements.client_cost_ms = client_cost_ms()
    known = workloads(urls)
    try:
        deadline = time.monotonic() + seconds
        Sampling(measurements, known, time.time_ns(), seconds, deadline).run()
    finally:
        for workload in known.values():
            workload.close()
    found = {}
    for path, rule in JUDGED.items():
        decisions = measurements.latency(f"GET {path}")
        verdicts = [one.verdict for one in decisions if rule in (None, one.rule)]
        order = (RuleVerdict.FAIL, RuleVerdict.INCONCLUSIVE, RuleVerdict.PASS)
        found[path] = next(one for one in order if one in verdicts)
    return found


def main() -> None:
    """Print the counts for each load."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--loops", type=int, nargs="*", default=list(LOOPS))
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=15.0, help="the most that one run takes")
    parser.add_argument("--stop", type=float, default=900.0, help="seconds after which it ends")
    parser.add_argument("--serve", type=Side, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options.serve))
        return
    missed = 0
    for loops in options.loops:
        counts: dict[str, Counter[RuleVerdict]] = {path: Counter() for path in SLOWER}
        began = time.monotonic()
        with ExitStack() as stack:
            urls = stack.enter_context(servers())
            for _ in range(loops):
                stack.enter_context(process("-c", "while True: pass"))
            for _ in range(options.runs):
                for path, verdict in run(urls, options.seconds).items():
                    counts[path][verdict] += 1
                if time.monotonic() - began > options.stop:
                    break
        for path, seen in counts.items():
            failed = seen[RuleVerdict.FAIL]
            runs = seen.total()
            right = failed == (0 if JUDGED[path] is None else runs)
            missed += not right
            print(
                f"{loops} loops, {path}: {failed} of {runs} failed, "
                f"{seen[RuleVerdict.INCONCLUSIVE]} open{'' if right else '  MISSED'}",
                flush=True,
            )
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
