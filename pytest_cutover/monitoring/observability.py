"""Is it seen: a probe request is found in the log, and moves the counter of the metrics."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pytest_cutover.backends.http import library as http
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import PASS, CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Logging
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.errors import Mistake, MistakesError
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.opened import provider_of
from pytest_cutover.monitoring.providers.provider import Absence, FigureName, Provider, Reading
from pytest_cutover.monitoring.queries import LATE_INTERVALS, value_of

_POLL_S: Final = 0.5
_FIGURES: Final = (FigureName.COUNTER, FigureName.UP)
_UNCOUNTED: Final = "; no counter is named, and none was asked"


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
    monitoring = context.table.monitoring
    figures = _named(table, monitoring, context)
    if not (table.file or table.command or figures):
        return undecided("nothing to look at", "[checklist.logging] needs file, command or counter")
    if figures and monitoring is None:
        return undecided("no Prometheus", "[checklist.monitoring] says where it is")
    opened = provider_of(context, monitoring) if figures and monitoring else nullcontext()
    with opened as provider:
        return _probed(table, context, provider, figures)


def _named(
    table: Logging, monitoring: Monitoring | None, context: Context
) -> tuple[FigureName, ...]:
    """Return the figures that the configuration names. Raises MistakesError for PromQL where
    there is no Prometheus.
    """
    commands = monitoring.commands if monitoring is not None else None
    if commands is None:
        return tuple(one for one in _FIGURES if getattr(table, one) is not None)
    wrong = [
        Mistake(
            f"checklist.logging.{one}",
            "PromQL is asked, and [checklist.monitoring] names commands",
            advice=f"say in [checklist.monitoring.commands] {one} what prints it",
        )
        for one in _FIGURES
        if getattr(table, one) is not None
    ]
    if wrong:
        raise MistakesError(context.config.source_name, wrong)
    return tuple(one for one in _FIGURES if getattr(commands, one) is not None)


def _probed(
    table: Logging, context: Context, provider: Provider | None, figures: Sequence[FigureName]
) -> CheckResult:
    source = context.config.source_name
    asked = {
        name: partial(_figure, provider, name, source) for name in figures if provider is not None
    }
    # All are asked once, so that a query that is wrong is told before anybody waits.
    first = {name: ask() for name, ask in asked.items()}
    before = first.get(FigureName.COUNTER)
    if before is not None and before.value is None and before.absence is not Absence.EMPTY:
        return undecided("the counter cannot be read", before.message)
    mark = f"cutover-{secrets.token_hex(8)}"
    deadline_s = _deadline_s(table, context, counted=FigureName.COUNTER in asked)
    deadline = time.monotonic() + deadline_s
    places = _places(table, context, asked, (before.value if before else 0.0) or 0.0)
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
            probe = f"the probe {mark} of {table.path}"
            found = _found(waiting, len(places), probe, deadline_s)
            if found.verdict is not PASS or FigureName.COUNTER in asked:
                return found
            return replace(found, observed=f"{found.observed}{_UNCOUNTED}")
        time.sleep(min(_POLL_S, deadline_s / 10))


def _deadline_s(table: Logging, context: Context, *, counted: bool) -> float:
    """Return the deadline, scaled, but never so short that no scrape could have come."""
    monitoring = context.table.monitoring
    least_s = LATE_INTERVALS * monitoring.interval if counted and monitoring else 0.0
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
    table: Logging,
    context: Context,
    asked: Mapping[FigureName, Callable[[], Reading]],
    before: float,
) -> dict[str, Callable[[str, float], _Look]]:
    """Return what is looked at, by what it means when the probe is not there."""
    places: dict[str, Callable[[str, float], _Look]] = {}
    if table.file is not None:
        path, name = context.root / table.file, table.file
        start = _size(path)
        places["not in the log"] = lambda mark, _left: _in_file(path, name, start, mark)
    if table.command is not None:
        places["not in the log"] = lambda mark, left: _printed(table, context, mark, left)
    for figure, (missing, wanted) in {
        FigureName.COUNTER: ("the counter did not move", lambda value: value > before),
        FigureName.UP: ("the scrape target is not up", lambda value: value == 1),
    }.items():
        if figure in asked:
            places[missing] = partial(_counted, asked[figure], figure, wanted)
    return places


def _figure(provider: Provider, name: FigureName, source: str) -> Reading:
    """Return what a figure is now. Raises MistakesError for one that is asked wrongly."""
    found = provider.figure(name)
    value_of(found, source=source)
    return found.reading if found is not None else Reading(absence=Absence.EMPTY)


def _counted(
    ask: Callable[[], Reading],
    name: FigureName,
    wanted: Callable[[float], bool],
    _mark: str,
    _left_s: float,
) -> _Look:
    reading = ask()
    if reading.absence is Absence.EMPTY:
        return _Look()
    if reading.value is None:
        return _Look(unknown=f"{name} cannot be asked: {reading.message}")
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
