"""A command of the team as a provider: for Datadog, CloudWatch, Grafana and whatever has a CLI.

Each command prints one number, or one JSON object `{"value": …, "time": …}`; `value` is null where
there is none, `time` is that of the newest point (ISO 8601 with its offset, or epoch seconds). The
counts are of everything since `{since}`, so that what arrives late is counted in the end. It is
called once in an interval, may take as long, and what it prints is shown without secrets. What it
writes to standard error is no number, and is told where it fails.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.command import Command
from pytest_cutover.config.monitoring import MetricCommands, Monitoring
from pytest_cutover.core.errors import Mistake
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.numbers import number
from pytest_cutover.monitoring.providers.processes import ALL
from pytest_cutover.monitoring.providers.provider import (
    Absence,
    Figure,
    FigureName,
    P99Reading,
    ProcessCounts,
    ProviderCheck,
    Reading,
    TrafficReading,
)

# Each is a process that mostly waits for somebody else's answer.
_AT_ONCE: Final = 8
_LEAST_S: Final = 5.0
_MOST_SHOWN: Final = 80
# Above each a number of seconds since the epoch is one of a smaller unit.
_UNITS: Final = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
_FUTURE_S: Final = 5.0
_FORM: Final = 'a number, or {"value": NUMBER or null, "time": "2026-11-23T10:15:00Z"}'


@dataclass(frozen=True, slots=True)
class _Printed:
    """What a command printed: a reading, and when it was true; None where it did not say."""

    reading: Reading
    time_s: float | None = None


class CommandProvider:
    """Both sides through the team's commands; `since_s` is what the counts begin with."""

    looks_per_interval = 1

    def __init__(
        self, context: Context, table: Monitoring, commands: MetricCommands, *, since_s: float
    ) -> None:
        self._context = context
        self._table = table
        self._commands = commands
        self._since_s = since_s
        self._counted: dict[tuple[str, Side], float] = {}

    def traffic(self, side: Side, *, errors: bool = True) -> TrafficReading:
        """Both counts of a side, since the watch began."""
        names = ("requests", "errors") if errors else ("requests",)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            counted = pool.map(lambda name: self._count(name, side), names)
        printed = dict(zip(names, counted, strict=True))
        for name, one in printed.items():
            if one.reading.value is None:
                said = one.reading.message
                return TrafficReading(problem=f"the command for {name}: {said}")
        times = [one.time_s for one in printed.values() if one.time_s is not None]
        age_s = time.time() - min(times) if times else 0.0
        if age_s < -_FUTURE_S:
            said = f"the newest number lies {-age_s:.0f} s in the future: two clocks differ"
            return TrafficReading(problem=said)
        counts = ProcessCounts(*(one.reading.value or 0.0 for one in printed.values()))
        return TrafficReading(processes={ALL: counts}, age_s=max(0.0, age_s))

    def p99(self, side: Side, endpoints: Sequence[str]) -> Mapping[str, P99Reading]:
        """Return what the command for P99 prints for each endpoint, in ms; null is no traffic."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(lambda endpoint: self._p99(side, endpoint), endpoints)
        return dict(zip(endpoints, found, strict=True))

    def _p99(self, side: Side, endpoint: str) -> P99Reading:
        if self._commands.p99_ms is None:
            return P99Reading(message="[checklist.monitoring.commands] has no p99_ms")
        printed = self._printed(self._commands.p99_ms, side, endpoint)
        if printed.reading.absence in (Absence.EMPTY, Absence.NAN):
            return P99Reading()
        if printed.reading.value is None:
            return P99Reading(message=printed.reading.message)
        if printed.time_s is not None:
            age_s = time.time() - printed.time_s
            if abs(age_s) > max(self._table.range, 3 * self._table.interval):
                return P99Reading(message=f"its newest number is {age_s:.0f} s old")
        return P99Reading(printed.reading.value)

    def figure(self, name: FigureName, *, span_s: float = 0.0) -> Figure | None:
        """Return what the command of a figure prints; None where there is none.

        The baseline's requests are those of `requests`, counted since the beginning of the span.
        """
        of_baseline = name in (FigureName.BASELINE_REQUESTS, FigureName.COVERED)
        field = "requests" if name is FigureName.BASELINE_REQUESTS else str(name)
        command: Command | None = getattr(self._commands, field)
        if command is None:
            return None
        side = Side.BASELINE if of_baseline else Side.CANDIDATE
        since_s = time.time() - span_s if span_s else self._since_s
        found = self._printed(command, side, "", since_s=since_s)
        reading, latest_s = found.reading, max(_LEAST_S, 3 * self._table.interval)
        age_s = time.time() - found.time_s if found.time_s is not None else 0.0
        if reading.value is not None and not of_baseline and abs(age_s) > latest_s:
            said = f"its newest number is {age_s:.0f} s old"
            reading = Reading(absence=Absence.PARTIAL, message=said)
        return Figure(f"checklist.monitoring.commands.{field}", reading)

    def check(self, side: Side, endpoints: Sequence[str]) -> ProviderCheck:
        """Name commands that cannot be started, print no number, or give nothing as yet."""
        mistakes, notices = [], []
        for name, one in self._readings(side, endpoints):
            if one.absence is not None and one.absence.is_mistake:
                key = f"checklist.monitoring.commands.{name}"
                mistakes.append(Mistake(key, one.message, valid=_FORM))
            elif one.value is None and not (name == "p99_ms" and one.absence is Absence.EMPTY):
                notices.append(f"{name}: {one.message}")
        return ProviderCheck(mistakes, notices)

    def _readings(self, side: Side, endpoints: Sequence[str]) -> Iterator[tuple[str, Reading]]:
        yield "requests", self._printed(self._commands.requests, side, "").reading
        yield "errors", self._printed(self._commands.errors, side, "").reading
        if endpoints and self._commands.p99_ms is not None:
            yield "p99_ms", self._printed(self._commands.p99_ms, side, endpoints[0]).reading

    def _count(self, name: str, side: Side) -> _Printed:
        printed = self._printed(getattr(self._commands, name), side, "")
        value = printed.reading.value
        if value is None:
            return printed
        before = self._counted.get((name, side), 0.0)
        if value < before:
            # Of everything since one moment there is never less: some of it was not found again.
            said = f"it counts since one moment, and fell from {number(before)} to {number(value)}"
            return _Printed(Reading(absence=Absence.PARTIAL, message=said))
        self._counted[name, side] = value
        return printed

    def _printed(
        self, command: Command, side: Side, endpoint: str, *, since_s: float | None = None
    ) -> _Printed:
        since_s = self._since_s if since_s is None else since_s
        words = {
            "{side}": str(side),
            "{endpoint}": endpoint,
            "{since}": f"{math.floor(since_s)}",
            "{seconds}": f"{max(1, math.ceil(time.time() - since_s))}",
            "{range}": f"{max(1, round(self._table.range))}",
        }
        filled = replace(
            command,
            command=tuple(_filled(word, words) for word in command.command),
            timeout=min(command.timeout, max(_LEAST_S, self._table.interval)),
        )
        ran = run(filled, self._context, apart=True)
        if ran.problem:
            started = "still running" in ran.problem
            absence = Absence.UNREACHABLE if started else Absence.MALFORMED
            return _Printed(Reading(absence=absence, message=f"`{ran.shown}` {ran.problem}"))
        if not ran.succeeded:
            last = (ran.tail.strip().splitlines() or ["and said nothing"])[-1]
            said = f"`{ran.shown}` ended with status {ran.status}: {last}"
            return _Printed(Reading(absence=Absence.ERROR, message=said))
        return printed(ran.output, shown=f"`{ran.shown}` printed {_excerpt(ran.tail)}")


def _filled(word: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(name, value)
    return word


def printed(output: str, *, shown: str) -> _Printed:
    """Read what a command printed; `shown` names both in the reason why it is no number."""
    text = output.strip()
    if not text:
        empty = Reading(absence=Absence.EMPTY, message=f"{shown}; print 0 for none")
        return _Printed(empty)
    document = _document(text)
    if document is _NOTHING:
        document = _document(text.splitlines()[-1].strip())
    if isinstance(document, dict):
        if "value" not in document:
            return _Printed(_no_number(shown))
        try:
            time_s = _time_s(document.get("time"))
        except ValueError:
            said = f"{shown}: its time is none; it needs an offset, or is in seconds since 1970"
            return _Printed(Reading(absence=Absence.SHAPE, message=said))
        return _Printed(_number(document["value"], shown), time_s)
    return _Printed(_no_number(shown) if document is _NOTHING else _number(document, shown))


_NOTHING: Final = object()


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING


def _number(value: Any, shown: str) -> Reading:
    if value is None:
        return Reading(absence=Absence.EMPTY, message=f"{shown}: there is no value yet")
    try:
        found = float(value) if not isinstance(value, bool | list | dict) else None
    except ValueError:
        found = None
    if found is None:
        return _no_number(shown)
    if math.isnan(found):
        return Reading(absence=Absence.NAN, message="NaN")
    if math.isinf(found) or found < 0:
        return Reading(absence=Absence.ERROR, message=f"{shown}, which is neither count nor time")
    return Reading(value=found)


def _no_number(shown: str) -> Reading:
    return Reading(absence=Absence.SHAPE, message=f"{shown}, which is no number")


def _time_s(value: Any) -> float | None:
    """Return a moment in seconds since the epoch, or None. Raises ValueError for anything else."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return _time_s(float(value))
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return next((value / unit for end, unit in _UNITS if value > end), float(value))


def _excerpt(text: str) -> str:
    one = " ".join(text.split())
    if not one:
        return "nothing"
    return one if len(one) <= _MOST_SHOWN else f"{one[: _MOST_SHOWN - 1]}…"
