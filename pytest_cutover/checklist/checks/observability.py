"""Is it seen: a probe request is found in the log, and moves the counter in Prometheus."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext
from urllib.parse import quote

from pytest_cutover.backends import http_library as http
from pytest_cutover.backends.exchange import Side
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.monitoring.prometheus import Prometheus
from pytest_cutover.checklist.monitoring.queries import prometheus_of, value_of
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Logging

_POLL_S = 0.5


def logging(context: Context) -> CheckResult:
    """One request with a unique id; then the log, the counter and the scrape target are watched."""
    table = context.table.logging
    if table is None:
        return undecided("not configured", "[checklist.logging] says where the log is")
    monitoring = context.table.monitoring
    if (table.counter or table.up) and monitoring is None:
        return undecided("no Prometheus", "[checklist.monitoring] says where it is")
    with nullcontext() if monitoring is None else prometheus_of(context, monitoring) as prometheus:
        return _probed(table, context, prometheus)


def _probed(table: Logging, context: Context, prometheus: Prometheus | None) -> CheckResult:
    source = context.config.source_name

    def value(name: str, query: str | None) -> float | None:
        if prometheus is None or query is None:
            return None
        key = f"checklist.logging.{name}"
        return value_of(key, prometheus.value(query), source=source)

    before = value("counter", table.counter)
    mark = f"cutover-{secrets.token_hex(8)}"
    try:
        with context.client(Side.CANDIDATE) as client:
            client.get(table.path.replace("{id}", quote(mark)), headers={table.header: mark})
    except http.TransportError as error:
        return undecided(f"the probe was not answered: {type(error).__name__}")
    deadline = time.monotonic() + table.deadline * context.scale
    waiting: dict[str, Callable[[], bool]] = {
        "not in the log": lambda: _logged(table, context, mark),
        "the counter did not move": lambda: (
            (value("counter", table.counter) or 0.0) > (before or 0.0)
        ),
        "the scrape target is not up": lambda: value("up", table.up) == 1,
    }
    if table.file is None and table.command is None:
        del waiting["not in the log"]
    if table.counter is None:
        del waiting["the counter did not move"]
    if table.up is None:
        del waiting["the scrape target is not up"]
    if not waiting:
        return undecided("nothing to look at", "[checklist.logging] needs file, command or counter")
    total = len(waiting)
    while waiting and time.monotonic() < deadline:
        waiting = {what: look for what, look in waiting.items() if not look()}
        if waiting:
            time.sleep(min(_POLL_S, table.deadline * context.scale / 10))
    if waiting:
        limit = f"within {table.deadline * context.scale:g} s"
        return failed("; ".join(waiting), f"the probe {mark} was sent to {table.path}", limit=limit)
    return passed(f"the probe was seen in {total} place{'' if total == 1 else 's'}")


def _logged(table: Logging, context: Context, mark: str) -> bool:
    if table.command is not None:
        return mark in run(table.command, context).output
    assert table.file is not None
    try:
        return mark in (context.root / table.file).read_text("utf-8", "replace")
    except OSError:
        return False
