"""Is it seen: a probe request is found in the log, and moves the counter in Prometheus."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pytest_cutover.backends.http import library as http
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Logging
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.opened import prometheus_of
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.provider import Absence, Reading
from pytest_cutover.monitoring.queries import LATE_INTERVALS, value_of

_POLL_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one place: whether the probe is there; `unknown` says why nobody can tell."""

    seen: bool = False
    unknown: str = ""


def logging(context: Context) -> CheckResult:
    """One request with a unique id; then the log, the counter and the scrape target are watched."""
    table = context.table.logging
    if table is None:
        return undecided("not configured", "[checklist.logging] says where the log is")
    if not (table.file or table.command or table.counter or table.up):
        return undecided("nothing to look at", "[checklist.logging] needs file, command or counter")
    monitoring = context.table.monitoring
    if (table.counter or table.up) and monitoring is None:
        return undecided("no Prometheus", "[checklist.monitoring] says where it is")
    if not (table.counter or table.up):
        monitoring = None  # There may be commands in place of Prometheus.
    with nullcontext() if monitoring is None else prometheus_of(context, monitoring) as prometheus:
        return _probed(table, context, prometheus)


def _probed(table: Logging, context: Context, prometheus: Prometheus | None) -> CheckResult:
    before = _asked(table, context, prometheus, "counter")
    if before is not None and before.value is None and before.absence is not Absence.EMPTY:
        return undecided("the counter cannot be read", before.message)
    if prometheus is not None and table.up is not None:
        _asked(table, context, prometheus, "up")  # A query that is wrong is told before we wait.
    mark = f"cutover-{secrets.token_hex(8)}"
    deadline_s = _deadline_s(table, context)
    deadline = time.monotonic() + deadline_s
    places = _places(table, context, prometheus, (before.value if before else 0.0) or 0.0)
    try:
        with context.client(Side.CANDIDATE) as client:
            client.get(table.path.replace("{id}", quote(mark)), headers={table.header: mark})
    except http.TransportError as error:
        return undecided(f"the probe was not answered: {type(error).__name__}")
    while True:
        left_s = deadline - time.monotonic()
        looks = {what: look(mark, left_s) for what, look in places.items()}
        waiting = {what: look.unknown for what, look in looks.items() if not look.seen}
        if not waiting or time.monotonic() >= deadline:
            return _found(waiting, len(places), f"the probe {mark} of {table.path}", deadline_s)
        time.sleep(min(_POLL_S, deadline_s / 10))


def _deadline_s(table: Logging, context: Context) -> float:
    """Return the deadline, scaled, but never so short that no scrape could have come."""
    monitoring = context.table.monitoring
    scrapes = table.counter is not None and monitoring is not None
    least_s = LATE_INTERVALS * monitoring.interval if scrapes and monitoring else 0.0
    return max(table.deadline * context.scale, least_s)


def _found(waiting: Mapping[str, str], total: int, probe: str, deadline_s: float) -> CheckResult:
    """Tell what is not there, which has failed, from what could not be looked at."""
    missed = [what for what, unknown in waiting.items() if not unknown]
    if missed:
        said = f"{probe} was answered, and is not to be seen"
        return failed("; ".join(missed), said, limit=f"within {deadline_s:g} s")
    if waiting:
        return undecided("; ".join(waiting.values()), f"whether {probe} is seen is not known")
    return passed(f"the probe was seen in {total} place{'' if total == 1 else 's'}")


def _places(
    table: Logging, context: Context, prometheus: Prometheus | None, before: float
) -> dict[str, Callable[[str, float], _Look]]:
    """Return what is looked at, by what it means when the probe is not there."""
    places: dict[str, Callable[[str, float], _Look]] = {}
    if table.file is not None:
        path, name = context.root / table.file, table.file
        start = _size(path)
        places["not in the log"] = lambda mark, _left: _in_file(path, name, start, mark)
    if table.command is not None:
        places["not in the log"] = lambda mark, left: _printed(table, context, mark, left)
    if table.counter is not None:
        places["the counter did not move"] = lambda _mark, _left: _counted(
            _asked(table, context, prometheus, "counter"), lambda value: value > before
        )
    if table.up is not None:
        places["the scrape target is not up"] = lambda _mark, _left: _counted(
            _asked(table, context, prometheus, "up"), lambda value: value == 1
        )
    return places


def _asked(
    table: Logging, context: Context, prometheus: Prometheus | None, name: str
) -> Reading | None:
    """Return what a query gives; None where there is none. Raises MistakesError for one that is
    wrong.
    """
    query: str | None = getattr(table, name)
    if query is None or prometheus is None:
        return None
    reading = prometheus.value(query)
    value_of(f"checklist.logging.{name}", reading, source=context.config.source_name)
    return reading


def _counted(reading: Reading | None, wanted: Callable[[float], bool]) -> _Look:
    if reading is None or reading.absence is Absence.EMPTY:
        return _Look()
    if reading.value is None:
        return _Look(unknown=f"Prometheus cannot be asked: {reading.message}")
    return _Look(seen=wanted(reading.value))


def _printed(table: Logging, context: Context, mark: str, left_s: float) -> _Look:
    """Whether a command that reads the log prints the mark; it may not outlast the deadline."""
    assert table.command is not None
    command = replace(table.command, timeout=max(1.0, min(table.command.timeout, left_s)))
    ran = run(command, context)
    if mark in ran.output:
        return _Look(seen=True)
    if ran.succeeded:
        return _Look()
    return _Look(unknown=f"`{ran.shown}` {ran.problem or f'ended with status {ran.status}'}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _in_file(path: Path, name: str, start: int, mark: str) -> _Look:
    """Whether the mark stands in what was added; in the whole file, where it began anew."""
    try:
        with path.open("rb") as file:
            file.seek(start if _size(path) >= start else 0)
            return _Look(seen=mark.encode() in file.read())
    except OSError as error:
        return _Look(unknown=f"{name} cannot be read: {type(error).__name__}")
