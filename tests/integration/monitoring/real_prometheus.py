"""A real Prometheus that scrapes instances on loopback, five times a second.

It takes five seconds to look at targets that it was just told of, so one serves all the cases of a
module: each case has instances of its own, which serve nothing until it begins.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.backends.process.launch import free_port
from pytest_cutover.backends.process.supervised import SupervisedProcess
from tests.harness.stub_server import Answer, Seen, StubServer

SCRAPE_S = 0.2
_READY_S = 30.0
_EDGES = (0.05, 0.1, 0.25, 1.0)


@dataclass
class Instance:
    """One process behind a port: requests per second by status, and how it is disturbed.

    `slow` is the share of requests above every finite bucket. `away` says when it cannot be
    scraped, `restarts` when it begins anew, both in seconds of the watch that looks at it: on a
    busy machine it begins late.
    """

    side: str
    per_s: Mapping[str, float] = field(default_factory=lambda: {"200": 1000.0})
    label: str = "status"
    start: float = 0.0
    slow: float = 0.0
    away: Callable[[float], bool] = lambda _age_s: False
    restarts: Sequence[float] = ()
    server: StubServer = field(init=False)
    began_s: float = 0.0
    live: Path | None = None

    def begin(self, live: Path) -> None:
        """The case begins: until now it served nothing. `live` says how far the watch is."""
        self.began_s, self.live = time.time(), live

    def _watched_s(self) -> float:
        try:
            return float(json.loads((self.live or Path()).read_text())["elapsed_s"])
        except (OSError, ValueError):
            return 0.0

    def scraped(self, _seen: Seen) -> Answer:
        now_s, watched_s = time.time(), self._watched_s()
        if self.live is None or self.away(watched_s):
            return Answer(503, "not now")
        if self.restarts and watched_s > self.restarts[0]:
            self.restarts = self.restarts[1:]
            self.began_s, self.start = now_s, 0.0
        age_s = now_s - self.began_s
        lines = [f"process_start_time_seconds {self.began_s}"]
        total = 0.0
        for status, per_s in self.per_s.items():
            value = per_s * age_s + (self.start if status == "200" else 0.0)
            total += value
            lines.append(f'http_requests_total{{{self.label}="{status}"}} {value:.0f}')
        for edge in (*_EDGES, "+Inf"):
            share = 1.0 if edge == "+Inf" else 0.0 if self.slow == 1 else 1 - self.slow
            lines.append(
                f'http_request_duration_seconds_bucket{{endpoint="GET /x",le="{edge}"}} '
                f"{share * total:.0f}"
            )
        return Answer(200, "\n".join(lines) + "\n", {"Content-Type": "text/plain"})


@dataclass
class Scraping:
    """A running Prometheus, and the cases that it scrapes."""

    url: str
    cases: Mapping[str, Sequence[Instance]]

    def begin(self, case: str, live: Path) -> None:
        """Let the instances of a case serve, and wait until they have been looked at."""
        for one in self.cases[case]:
            one.begin(live)
        seen = f'sum(up{{case="{case}"}}) == {len(self.cases[case])}'
        _wait(lambda: bool(asked(self.url, seen)), case)


@contextmanager
def scraping(folder: Path, cases: Mapping[str, Sequence[Instance]]) -> Iterator[Scraping]:
    """Prometheus with every instance of every case, none of which serves as yet."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("needs Prometheus: apt-get install --no-install-recommends prometheus")
    with ExitStack() as stack:
        lines = ["global:", "  scrape_interval: 200ms", "  scrape_timeout: 200ms"]
        lines += ["scrape_configs:", "  - job_name: shop", "    static_configs:"]
        for case, instances in cases.items():
            for one in instances:
                one.server = stack.enter_context(StubServer({"GET /metrics": one.scraped}))
                lines.append(f"      - targets: ['127.0.0.1:{one.server.port}']")
                lines.append(f"        labels: {{ side: {one.side}, case: {case} }}")
        (folder / "prometheus.yml").write_text("\n".join(lines) + "\n", "utf-8")
        port = free_port()
        process = SupervisedProcess.start(
            [
                program,
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ],
            env=dict(os.environ),
            cwd=folder,
            log_path=folder / "prometheus.log",
            grace_s=1.0,
        )
        stack.callback(process.stop)
        found = Scraping(f"http://127.0.0.1:{port}", cases)
        total = sum(map(len, cases.values()))
        _wait(lambda: len(asked(found.url, "up")) == total, folder / "prometheus.log")
        yield found


def asked(url: str, query: str) -> list[Any]:
    """The rows of an instant query; none while nobody answers."""
    words = urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query?{words}", timeout=2) as answer:
            rows: list[Any] = json.load(answer)["data"]["result"]
            return rows
    except OSError:
        return []


def _wait(done: Callable[[], bool], what: object) -> None:
    deadline = time.monotonic() + _READY_S
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it was not looked at: {what}")
        time.sleep(0.05)
