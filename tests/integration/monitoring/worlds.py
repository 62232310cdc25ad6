"""Two places that numbers come from, each of which a test puts into the same state."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pytest_cutover.backends.session import Session
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.load import load_config
from pytest_cutover.config.run_plan import RunPlan
from pytest_cutover.monitoring.providers.opened import provider_of
from pytest_cutover.monitoring.providers.provider import Provider
from tests.harness.stub_server import Answer, Seen, StubServer
from tests.unit.monitoring.small_prometheus import SmallPrometheus

TARGET = """
[targets.t]
baseline = { url = "http://127.0.0.1:1" }
candidate = { url = "http://127.0.0.1:2" }
"""


class World(Protocol):
    """Something with numbers; `table` is how a team names it in `[checklist.monitoring]`."""

    table: str

    def says(self, *, requests: float, errors: float, p99_ms: float | None) -> None: ...
    def is_empty(self) -> None: ...
    def is_old(self, seconds: float) -> None: ...
    def refuses(self) -> None: ...
    def loses_a_part(self) -> None: ...
    def shows_a_page(self) -> None: ...
    def hangs(self) -> None: ...
    def is_gone(self) -> None: ...


class PrometheusWorld:
    """A small Prometheus behind a path, which wants a login."""

    def __init__(self, server: StubServer) -> None:
        self.server, self.small, self.age_s = server, SmallPrometheus(), 0.1
        for method in ("GET", "POST"):
            for path in ("query", "series", "label/__name__/values"):
                server[f"{method} /prom/api/v1/{path}"] = self._answer
        self.table = f"""
[checklist.logging]
counter = 'sum(http_requests_total{{side="candidate"}})'
[checklist.after]
baseline_requests = 'sum(http_requests_total{{side="candidate",status="500"}})'
[checklist.monitoring]
prometheus = "{server.url}/prom/"
username = "ada"
password = "{{env:METRICS_PASSWORD}}"
interval = "1s"
"""

    def _answer(self, seen: Seen) -> Answer:
        query = seen.body.decode()
        if "timestamp" in query:
            value = {"metric": {}, "value": [0, str(self.age_s)]}
            data = {"resultType": "vector", "result": [value] if self.small.series else []}
            return self.small.before(seen) or Answer(200, {"status": "success", "data": data})
        return self.small.answer(seen)

    def says(self, *, requests: float, errors: float, p99_ms: float | None) -> None:
        self.small.series.clear()
        self.small.requests({"status": "200"}, requests - errors)
        self.small.requests({"status": "500"}, errors)
        self.small.buckets(le_0_1=980, le_0_25=995, le_inf=1000)
        self.small.p99_ms = float("nan") if p99_ms is None else p99_ms

    def is_empty(self) -> None:
        self.small.series.clear()

    def is_old(self, seconds: float) -> None:
        self.age_s = seconds

    def refuses(self) -> None:
        self.small.before = lambda _seen: Answer(401, "401 who are you")

    def loses_a_part(self) -> None:
        self.small.more = {"warnings": ["store 10.0.0.7: connection refused"]}

    def shows_a_page(self) -> None:
        page = Answer(200, "<html>Log in</html>", {"Content-Type": "text/html"})
        self.small.before = lambda _seen: page

    def hangs(self) -> None:
        self.small.before = lambda _seen: Answer(200, {}, wait_s=20)

    def is_gone(self) -> None:
        self.server.close()


class CommandWorld:
    """A script that prints what a file holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "metrics.sh").write_text(
            'test "$METRICS_PASSWORD" = hunter2-hunter2 || exit 9\n. ./state.sh\n', "utf-8"
        )
        words = '["sh", "metrics.sh", "{name}", "{{side}}", "{{endpoint}}", "{{since}}"]'
        env = 'env = { METRICS_PASSWORD = "{env:METRICS_PASSWORD}" }, timeout = "2s"'
        lines = [
            f"{name} = {{ command = {words.format(name=name)}, {env} }}"
            for name in ("requests", "errors", "p99_ms", "counter")
        ]
        self.table = (
            '[checklist.monitoring]\ninterval = "1s"\n[checklist.monitoring.commands]\n'
            + "\n".join(lines)
        )
        self.time_s = time.time()
        self.numbers: dict[str, float | None] = {}

    def _prints(self, script: str) -> None:
        (self.folder / "state.sh").write_text(script + "\n", "utf-8")

    def _show(self) -> None:
        cases = [
            f"{name}) echo '{json.dumps({'value': value, 'time': self.time_s})}';;"
            for name, value in self.numbers.items()
        ]
        self._prints(f'case "$1" in {" ".join(cases)} esac')

    def says(self, *, requests: float, errors: float, p99_ms: float | None) -> None:
        self.numbers = {
            "requests": requests,
            "errors": errors,
            "p99_ms": p99_ms,
            "counter": requests,
        }
        self._show()

    def is_empty(self) -> None:
        self._prints(":")

    def is_old(self, seconds: float) -> None:
        self.time_s = time.time() - seconds
        self._show()

    def refuses(self) -> None:
        self._prints('echo "401 who are you, $METRICS_PASSWORD"; exit 22')

    def loses_a_part(self) -> None:
        self.numbers["requests"] = (self.numbers["requests"] or 0.0) / 2
        self._show()

    def shows_a_page(self) -> None:
        self._prints('echo "<html>Log in</html>"')

    def hangs(self) -> None:
        self._prints("sleep 20")

    def is_gone(self) -> None:
        self._prints("exec 2>&1; curl-of-nowhere")


def context(folder: Path, table: str) -> Context:
    """The context of a run with this table."""
    (folder / "cutover.toml").write_text(TARGET + table, "utf-8")
    config = load_config(folder)
    assert config.checklist is not None
    plan = RunPlan(config=config, target=config.target("t"), report_dir=folder / ".cutover")
    return Context(Session(plan), config.checklist)


@contextmanager
def provider(folder: Path, table: str) -> Iterator[Provider]:
    """The provider of a table, as a run would open it."""
    made = context(folder, table)
    assert made.table.monitoring is not None
    with provider_of(made, made.table.monitoring) as opened:
        yield opened
