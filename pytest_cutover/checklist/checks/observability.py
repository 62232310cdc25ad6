"""Is it seen: a probe request is found in the log, and moves the counter in Prometheus."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from urllib.parse import quote

from pytest_cutover.backends import http_library as http
from pytest_cutover.backends.exchange import Side
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.monitoring.prometheus import Prometheus
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Logging
from pytest_cutover.config.checks import REFERENCE
from pytest_cutover.config.errors import Mistake, MistakesError

_POLL_S = 0.5


def logging(context: Context) -> CheckResult:
    """One request with a unique id; then the log, the counter and the scrape target are watched."""
    table = context.table.logging
    if table is None:
        return undecided("not configured", "[checklist.logging] says where the log is")
    prometheus = _prometheus(context)
    if (table.counter or table.up) and prometheus is None:
        return undecided("no Prometheus", "[checklist.monitoring] says where it is")
    try:
        return _probed(table, context, prometheus)
    finally:
        if prometheus is not None:
            prometheus.close()


def _probed(table: Logging, context: Context, prometheus: Prometheus | None) -> CheckResult:
    before = _value(prometheus, "counter", table.counter)
    mark = f"cutover-{secrets.token_hex(8)}"
    try:
        with context.client(Side.CANDIDATE) as client:
            client.get(table.path.replace("{id}", quote(mark)), headers={table.header: mark})
    except http.TransportError as error:
        return undecided(f"the probe was not answered: {type(error).__name__}")
    deadline = time.monotonic() + table.deadline * context.scale
    waiting: dict[str, Callable[[], bool]] = {
        "not in the log": lambda: _logged(table, context, mark),
        "the counter did not move": lambda: _moved(prometheus, table.counter, before),
        "the scrape target is not up": lambda: _value(prometheus, "up", table.up) == 1,
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


def _moved(prometheus: Prometheus | None, query: str | None, before: float | None) -> bool:
    now = _value(prometheus, "counter", query)
    return now is not None and now > (before or 0.0)


def _value(prometheus: Prometheus | None, name: str, query: str | None) -> float | None:
    """The value of a query; raises MistakesError for one that waiting will not mend."""
    if prometheus is None or query is None:
        return None
    reading = prometheus.value(query)
    if reading.absence is not None and reading.absence.is_mistake:
        raise MistakesError("cutover.toml", [Mistake(f"checklist.logging.{name}", reading.message)])
    return reading.value


def _prometheus(context: Context) -> Prometheus | None:
    table = context.table.monitoring
    if table is None:
        return None
    headers = {
        name: REFERENCE.sub(lambda found: os.environ.get(found[1], ""), value)
        for name, value in table.headers.items()
    }
    return Prometheus(table.prometheus, headers)
