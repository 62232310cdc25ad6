"""What clients report for a server whose delay is known, against the truth.

    python benchmarks/client.py [--requests N]

The gate's clock, bare http.client, httpx, and locust's FastHttpUser and HttpUser ask a server that
waits a known time, one request in fifty ten times as long. The truth is what the server itself
took, from the last byte of the request read to the last byte of the answer written.

http.client stands there twice. Around the call, as people time it, its own Python is in the figure:
writing one head, and reading the other with email.parser; it sends once and without Nagle, as the
gate's clock does. Bare, its socket is timed from the first byte written to the last byte read: what
every client must wait for. The gate's clock must be within 0.1 ms of the bare one at P50; the other
difference is printed beside it. About half a minute.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from pytest_cutover.performance.measure.timed_http import Connection

DELAY_S = 0.002
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
AIM_MS = 0.1

LOCUSTFILE = """
import json, os
import gevent
from locust import FastHttpUser, HttpUser, constant, events, task
seen = []
@events.request.add_listener
def keep(response_time, **_):
    seen.append(response_time)
@events.init.add_listener
def clock(**_):
    gevent.get_hub().loop.update_now()
@events.quitting.add_listener
def write(**_):
    open(os.environ["OUT"], "w").write(json.dumps(seen))
class Fast(FastHttpUser):
    wait_time = constant(0)
    @task
    def ask(self):
        self.client.get("/")
class Plain(HttpUser):
    wait_time = constant(0)
    @task
    def ask(self):
        self.client.get("/")
"""


def serve(listener: socket.socket, truth: list[float]) -> None:
    """Accept, and answer each connection in a thread of its own."""
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=answer, args=(connection, truth), daemon=True).start()


def answer(connection: socket.socket, truth: list[float]) -> None:
    """Serve one connection: sleep, answer, and note how long that really took."""
    count = 0
    while connection.recv(65536):
        began = time.perf_counter()
        count += 1
        delay = DELAY_S * (10 if count % 50 == 0 else 1)
        time.sleep(delay)
        connection.sendall(ANSWER)
        truth.append((time.perf_counter() - began) * 1000)


def server_process() -> tuple[subprocess.Popen[str], str]:
    """The server as a process of its own; the truth comes back when its input closes."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}"


def own_clock(url: str, requests: int) -> list[float]:
    """The gate's."""
    connection = Connection(url)
    raw = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    return [connection.exchange(raw).latency_ms for _ in range(requests)]


def standard_client(url: str, requests: int) -> list[float]:
    """http.client on one connection, around the call."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    taken = []
    for _ in range(requests):
        began = time.perf_counter()
        connection.request("GET", "/")
        connection.getresponse().read()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


class _Arrivals(socket.SocketIO):
    """Notes when bytes came in."""

    last_s = 0.0

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        self.last_s = time.perf_counter()
        return count


class _BareResponse(http.client.HTTPResponse):
    """A response whose raw socket is watched."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.arrivals = _Arrivals(sock, "rb")
        self.fp = io.BufferedReader(self.arrivals)


class _BareConnection(http.client.HTTPConnection):
    """Notes when the first byte left."""

    response_class = _BareResponse
    left_s = 0.0

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.left_s = time.perf_counter()
        super().send(data)


def bare_client(url: str, requests: int) -> list[float]:
    """The same http.client, timed from the first byte written to the last byte read."""
    connection = _BareConnection(url.removeprefix("http://"))
    taken = []
    for _ in range(requests):
        connection.request("GET", "/")
        response = connection.getresponse()
        assert isinstance(response, _BareResponse)
        response.read()
        taken.append((response.arrivals.last_s - connection.left_s) * 1000)
    return taken


def with_httpx(url: str, requests: int) -> list[float]:
    """An httpx.Client, around the call."""
    taken = []
    with httpx.Client(base_url=url, trust_env=False) as client:
        for _ in range(requests):
            began = time.perf_counter()
            client.get("/")
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def with_locust(user: str) -> Callable[[str, int], list[float]]:
    """One locust user of that class, for as long as the requests take."""

    def run(url: str, requests: int) -> list[float]:
        with tempfile.TemporaryDirectory() as directory:
            path, out = Path(directory) / "locustfile.py", Path(directory) / "out.json"
            path.write_text(LOCUSTFILE)
            seconds = max(3, round(requests * DELAY_S * 2))
            words = ["-f", str(path), user, "--headless", "-u", "1", "-H", url]
            words += ["-t", f"{seconds}s", "--only-summary", "--exit-code-on-error", "0"]
            subprocess.run(
                [sys.executable, "-m", "locust", *words],
                env={**os.environ, "OUT": str(out)},
                check=True,
                capture_output=True,
                timeout=seconds + 60,
            )
            taken: list[float] = json.loads(out.read_text())
            return taken

    return run


def quantile(values: Sequence[float], share: float) -> float:
    """An order statistic."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Print the table; exit with 1 when the gate's clock misses its aim."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--requests", type=int, default=1500)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        listener = socket.create_server(("127.0.0.1", 0))
        truth: list[float] = []
        threading.Thread(target=serve, args=(listener, truth), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
        sys.stdin.read()
        print(json.dumps(truth))
        return
    clients: list[tuple[str, Callable[[str, int], list[float]]]] = [
        ("the gate's clock", own_clock),
        ("http.client, bare", bare_client),
        ("http.client", standard_client),
        ("httpx", with_httpx),
        ("locust FastHttpUser", with_locust("Fast")),
        ("locust HttpUser", with_locust("Plain")),
    ]
    print(f"{'client':22}{'n':>7}{'P50 ms':>9}{'truth':>9}{'P99 ms':>9}{'truth':>9}")
    # In turns: on a machine that others use too, one after the other compares the machine.
    measured: dict[str, tuple[list[float], list[float]]] = {}
    for name, ask in [*clients[:4] * _ROUNDS, *clients[4:]]:
        process, url = server_process()
        count = options.requests // (_ROUNDS if ask in _IN_TURNS else 1)
        taken = ask(url, count + _WARM_UP)[_WARM_UP:]
        told, _ = process.communicate()
        reported, true = measured.setdefault(name, ([], []))
        reported += taken
        true += json.loads(told)[_WARM_UP:]
    for name, (reported, true) in measured.items():
        row = [quantile(values, q) for q in (0.5, 0.99) for values in (reported, true)]
        print(f"{name:22}{len(reported):7}" + "".join(f"{value:9.3f}" for value in row))
    own, bare, around = (over(*measured[name]) for name, _ in clients[:3])
    print(
        f"over the truth at P50: the gate's clock {own:.3f} ms, http.client {bare:.3f} ms bare and "
        f"{around:.3f} ms around the call\n"
        f"apart: {abs(own - bare):.3f} ms from the bare one (aim: within {AIM_MS} ms), "
        f"{abs(own - around):.3f} ms from the call ({around - bare:.3f} ms are its own Python)"
    )
    raise SystemExit(0 if abs(own - bare) <= AIM_MS else 1)


def over(reported: Sequence[float], true: Sequence[float]) -> float:
    """By how much a client's median is above the truth, in ms."""
    return statistics.median(reported) - statistics.median(true)


_IN_TURNS = (own_clock, bare_client, standard_client, with_httpx)
_ROUNDS = 6
_WARM_UP = 30


if __name__ == "__main__":
    main()
