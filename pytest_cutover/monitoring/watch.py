"""Looking again and again until the window is over, or a trigger fires."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields

from pytest_cutover.backends.http.client import Backend
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.endpoint import normalise
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.completeness import errors_of, p99_of
from pytest_cutover.monitoring.decision import TriggerState, standing
from pytest_cutover.monitoring.probes import probe_all
from pytest_cutover.monitoring.providers.prometheus import Absence, Prometheus, Reading
from pytest_cutover.monitoring.queries import (
    LATE_INTERVALS,
    asked,
    mistake_of,
    prometheus_of,
    query_of,
)
from pytest_cutover.monitoring.samples import Sample, TriggerLimits

_SAY_EVERY_S = 60.0
# A look right before a scrape would see it only an interval later.
_LOOKS_PER_INTERVAL = 2


def limits_of(
    context: Context, table: Monitoring, *, window_s: float | None = None
) -> TriggerLimits:
    """The limits of a run, its durations scaled. P99 limits are those of the performance gate."""
    scale = context.scale
    performance = context.config.performance
    p99 = dict(table.p99_ms)
    for endpoint, own in (performance.endpoints if performance else {}).items():
        if own.p99_ms is not None:
            p99[str(endpoint)] = own.p99_ms
    return TriggerLimits(
        window_s=(table.window if window_s is None else window_s) * scale,
        blind_s=max(table.blind * scale, LATE_INTERVALS * table.interval),
        error_rate=table.error_rate,
        prepare=table.error_rate_prepare,
        roll_back=table.error_rate_roll_back,
        roll_back_for_s=table.error_rate_for * scale,
        p99_ms={normalise(endpoint): limit for endpoint, limit in p99.items()},
        p99_factor=table.p99_factor,
        p99_for_s=table.p99_for * scale,
        enough_requests=table.enough_requests,
    )


class Watch:
    """One side, watched through one Prometheus. `look` gives one sample, `run` all of them."""

    def __init__(
        self, context: Context, table: Monitoring, side: Side, limits: TriggerLimits
    ) -> None:
        self._context = context
        self._table = table
        self._side = side
        self._limits = limits
        self._prometheus: Prometheus
        self.samples: list[Sample] = []

    def check_queries(self) -> None:
        """Raises MistakesError for every query that waiting will not mend."""
        mistakes = []
        for item in fields(self._table.queries):
            endpoints = list(self._limits.p99_ms)[:1] if item.name == "p99_ms" else [""]
            for endpoint in endpoints:
                reading = self._ask(item.name, endpoint)
                mistake = mistake_of(f"checklist.monitoring.queries.{item.name}", reading)
                if mistake is not None:
                    mistakes.append(mistake)
        if mistakes:
            raise MistakesError(self._context.config.source_name, mistakes)

    def run(
        self, *, probing: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> TriggerState:
        """Looks twice in every interval until the standing has ended; says how it stands."""
        url = self._context.table.switch.url if self._context.table.switch else None
        with ExitStack() as stack:
            self._prometheus = stack.enter_context(prometheus_of(self._context, self._table))
            public = None
            if url and probing:
                # Logging in is a POST that writes nothing; `probes` refuses the others.
                public = stack.enter_context(self._context.public_client(url, writes=True))
            self.check_queries()
            return self._looking(public, probing=probing, clock=clock)

    def _looking(
        self, public: Backend | None, *, probing: bool, clock: Callable[[], float]
    ) -> TriggerState:
        started_s = next_s = clock()
        said_s, said = -_SAY_EVERY_S, ""
        while True:
            self.samples.append(self.look(clock() - started_s, public, probing=probing))
            found = standing(self.samples, self._limits)
            now_s = self.samples[-1].at_s
            if found.ended or found.action != said or now_s - said_s >= _SAY_EVERY_S:
                self._context.say(self._line(found, now_s))
                said_s, said = now_s, found.action
            if found.ended:
                return found
            next_s = max(next_s + self._table.interval / _LOOKS_PER_INTERVAL, clock())
            time.sleep(max(0.0, next_s - clock()))

    def look(self, at_s: float, public: Backend | None, *, probing: bool) -> Sample:
        """One sample; a problem with one query is the problem of all."""
        probes = tuple(probe_all(self._table.probes if probing else (), public, self._context))
        requests, errors = self._ask("requests"), self._errors()
        age = self._ask("age_s")
        problem = next(
            (
                _why(name, one)
                for name, one in (("requests", requests), ("errors", errors), ("age_s", age))
                if one.value is None
            ),
            "",
        )
        if age.value is not None and age.value > LATE_INTERVALS * self._table.interval:
            problem = f"the newest sample is {age.value:.0f} s old: Prometheus lags"
        if problem:
            return Sample(at_s=at_s, probes=probes, problem=problem)
        p99 = {
            endpoint: p99_of(self._prometheus, self._query("p99_ms", endpoint))
            for endpoint in self._limits.p99_ms
        }
        return Sample(
            at_s=at_s,
            requests=requests.value,
            errors=errors.value,
            p99_ms={endpoint: one.value for endpoint, one in p99.items()},
            p99_unknown={endpoint: one.message for endpoint, one in p99.items() if one.message},
            p99_beyond=frozenset(endpoint for endpoint, one in p99.items() if one.beyond),
            probes=probes,
            age_s=age.value or 0.0,
        )

    def _ask(self, name: str, endpoint: str = "") -> Reading:
        return asked(self._prometheus, self._table, name, side=self._side, endpoint=endpoint)

    def _query(self, name: str, endpoint: str = "") -> str:
        return query_of(self._table, name, side=self._side, endpoint=endpoint)

    def _errors(self) -> Reading:
        return errors_of(self._prometheus, self._query("errors"), self._query("requests"))

    def _line(self, found: TriggerState, now_s: float) -> str:
        """One line about how it stands."""
        window_s = self._limits.window_s
        share = f"5xx {found.errors:.0f} of {found.requests:,.0f}"
        why = f" ({'; '.join(found.reasons)})" if found.reasons else ""
        return (
            f"cutover: {_clock(now_s)} of {_clock(window_s)}  {self._side}: {share}, "
            f"p99 {found.p99.observed}, {found.probes.observed} → {found.action}{why}"
        )


def _why(name: str, reading: Reading) -> str:
    if reading.absence is Absence.EMPTY:
        return f"metrics are missing: {name}: {reading.message}"
    if reading.absence is Absence.UNREACHABLE:
        return f"Prometheus does not answer: {reading.message}"
    return f"{name}: {reading.absence}: {reading.message}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
