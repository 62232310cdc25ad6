"""Prometheus as a provider: the team's queries, filled in, asked and checked for being whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pytest_cutover.config.monitoring import Monitoring, Queries
from pytest_cutover.core.errors import Mistake
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.completeness import errors_of, p99_of, uncounted_of
from pytest_cutover.monitoring.providers.existing import instead_of
from pytest_cutover.monitoring.providers.processes import (
    ALL,
    by_process,
    down,
    started,
    unreachable,
)
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.promql import changes_taken, selectors
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

ADVICE: Final = "try it in Prometheus' own page, then fix it"
# Above it two clocks differ: a sample cannot come from the future.
_FUTURE_S: Final = 5.0
# A single error is monitored, by the matrix, and no more is one that is not counted.
_FEWEST: Final = 2


class PrometheusProvider:
    """Both sides through one server. Remembers which processes it has seen."""

    # A look right before a scrape would see it only when it looks again.
    looks_per_interval = 4

    def __init__(
        self,
        prometheus: Prometheus,
        table: Monitoring,
        figures: Mapping[FigureName, tuple[str, str]],
    ) -> None:
        """`figures` has the key and the query of each that the configuration names."""
        self._prometheus = prometheus
        self._table = table
        self._figures = figures
        self._seen: dict[Side, frozenset[str]] = {}
        self._began: dict[Side, Mapping[str, float]] = {}
        self._uncounted: dict[Side, float] = {}

    def traffic(self, side: Side, *, errors: bool = True) -> TrafficReading:
        """Both counters of a side, by process; a problem with one query is the problem of all."""
        asked, failed = self._query("requests", side), self._query("errors", side)
        if errors and (said := self._of_no_side("errors")):
            return TrafficReading(problem=f"errors: {said}")
        age = self._prometheus.value(self._query("age_s", side))
        if age.value is None and age.absence is not Absence.EMPTY:
            return TrafficReading(problem=why("age_s", age))
        requests = self._prometheus.value(asked)
        if requests.value is None:
            return TrafficReading(problem=why("requests", requests))
        wrong = errors_of(self._prometheus, failed, asked) if errors else Reading(value=0.0)
        for name, reading in (("errors", wrong), ("age_s", age)):
            if reading.value is None:
                return TrafficReading(problem=why(name, reading))
        for name, reading in (("requests", requests), ("errors", wrong)):
            if (reading.value or 0.0) < 0:
                said = f"{name}: {reading.value:g}, which is no count"
                return TrafficReading(problem=said)
        if age.value is not None and age.value < -_FUTURE_S:
            said = f"the newest sample lies {-age.value:.0f} s in the future: two clocks differ"
            return TrafficReading(problem=said)
        counts = [(asked, requests), *([(failed, wrong)] if wrong.value else [])]
        counted, erring = self._by_process(counts)
        began = started(self._prometheus, counted)
        if began != self._began.get(side, began):
            # One began anew: what was asked before its start may be what the one before counted.
            counted, erring = self._by_process(counts)
        self._began[side] = began
        known = self._seen.get(side, frozenset())
        gone = down(self._prometheus, known - counted.keys(), counted)
        self._seen[side] = gone | counted.keys()
        gone |= unreachable(self._prometheus, asked, counted)
        return TrafficReading(
            processes={
                name: ProcessCounts(count, erring.get(name, 0.0), began.get(name))
                for name, count in counted.items()
            },
            age_s=max(0.0, age.value or 0.0),
            down=gone,
            doubt=self._not_asked_for(side, failed, asked) if errors else "",
        )

    def _by_process(
        self, counts: Sequence[tuple[str, Reading]]
    ) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return requests and errors by process, from the query and the total of each."""
        counted, *rest = [by_process(self._prometheus, query, total) for query, total in counts]
        erring = rest[0] if rest else {}
        if erring.keys() <= counted.keys():
            return counted, erring
        return {ALL: sum(counted.values())}, {ALL: sum(erring.values())}

    def p99(self, side: Side, endpoints: Sequence[str]) -> Mapping[str, P99Reading]:
        """Return the P99 of each endpoint, and whether its buckets can show it."""
        said = self._of_no_side("p99_ms")
        return {
            endpoint: P99Reading(message=said)
            if said
            else p99_of(self._prometheus, self._query("p99_ms", side, endpoint))
            for endpoint in endpoints
        }

    def _not_asked_for(self, side: Side, errors: str, requests: str) -> str:
        """Return which errors there have been since the first look that the query leaves out."""
        count, which = uncounted_of(self._prometheus, errors, requests)
        more = count - self._uncounted.setdefault(side, count)
        if more < _FEWEST:
            return ""
        return (
            f"{more:,.0f} answers had {which}: ask for all errors in "
            "[checklist.monitoring.queries] errors"
        )

    def _of_no_side(self, name: str) -> str:
        """Return why a query is about both sides, or the other; empty where it is about one."""
        queries = self._table.queries
        if "{side}" in getattr(queries, name) or "{side}" not in queries.requests:
            return ""
        return (
            f"[checklist.monitoring.queries] {name} asks for no {{side}}, and requests does: what "
            "it gives is not this side's alone"
        )

    def figure(self, name: FigureName, *, span_s: float = 0.0) -> Figure | None:
        """Return what the query of a figure gives; None where there is none."""
        if name not in self._figures:
            return None
        key, query = self._figures[name]
        query = query.replace("{range}", f"{max(1, round(span_s))}s")
        return Figure(key, self._prometheus.value(query))

    def check(self, side: Side, endpoints: Sequence[str]) -> ProviderCheck:
        """Which queries are none, find nothing, or count what has no label; and what exists."""
        mistakes: dict[str, Mistake] = {}
        notices = []
        for name, query in self._queries(side, endpoints):
            reading = self._prometheus.value(query)
            key = f"checklist.monitoring.queries.{name}"
            mistake = mistake_of(key, reading) or _no_counter(key, query)
            if mistake is not None:
                mistakes.setdefault(key, mistake)
                continue
            if name == "errors":
                reading = errors_of(self._prometheus, query, self._query("requests", side))
            said = self._missing(name, query, reading)
            if reading.absence in (Absence.REFUSED, Absence.UNREACHABLE):
                return ProviderCheck(tuple(mistakes.values()), [said])
            if name in ("errors", "p99_ms"):
                said = self._of_no_side(name) or said
            if said:
                notices.append(f"{name}: {said}")
        if len(endpoints) > 1 and "{endpoint}" not in self._table.queries.p99_ms:
            notices.append("p99_ms: it asks for no {endpoint}, and gives all of them the same")
        return ProviderCheck(tuple(mistakes.values()), notices)

    def _missing(self, name: str, query: str, reading: Reading) -> str:
        """Return what a reading lacks, and what exists instead; empty where it lacks nothing."""
        if reading.absence in (None, Absence.NAN):
            return p99_of(self._prometheus, query).message if name == "p99_ms" else ""
        if reading.absence is not Absence.EMPTY:
            return reading.message
        if name != "p99_ms":
            return instead_of(self._prometheus, query) or reading.message
        said = p99_of(self._prometheus, query).message  # Empty where it is a native histogram.
        return (said and instead_of(self._prometheus, query)) or said

    def _queries(self, side: Side, endpoints: Sequence[str]) -> Iterator[tuple[str, str]]:
        for name in ("requests", "errors", "age_s"):
            yield name, self._query(name, side)
        for endpoint in endpoints:
            yield "p99_ms", self._query("p99_ms", side, endpoint)

    def _query(self, name: str, side: Side, endpoint: str = "") -> str:
        return query_of(self._table, name, side=side, endpoint=endpoint)


def query_of(table: Monitoring, name: str, *, side: Side, endpoint: str = "") -> str:
    """One of `[checklist.monitoring.queries]`, filled in for a side and an endpoint."""
    queries = table.queries
    query: str = getattr(queries, name)
    if name == "age_s" and query == Queries().age_s and queries.requests != Queries().requests:
        # Whose counter has another name is asked for the age of that one.
        counters = selectors(queries.requests)
        query = f"time() - max(timestamp({counters[0]}))" if counters else query
    words = {
        "{side}": str(side),
        "{endpoint}": endpoint,
        "{range}": f"{max(1, round(table.range))}s",
    }
    for word, value in words.items():
        query = query.replace(word, value)
    return query


def _no_counter(key: str, query: str) -> Mistake | None:
    """Return the mistake of asking for changes, where the watch takes the differences itself."""
    function = changes_taken(query) if key.endswith((".requests", ".errors")) else ""
    if not function:
        return None
    return Mistake(
        key,
        f"{function}() gives changes, and the counter is needed: a rate that stays is no growth",
        advice="ask for the counter itself, as sum(http_requests_total{…})",
    )


def mistake_of(key: str, reading: Reading) -> Mistake | None:
    """Return the mistake that a reading is, where waiting will not mend its query."""
    if reading.absence is None or not reading.absence.is_mistake:
        return None
    return Mistake(key, reading.message, advice=ADVICE)


def why(name: str, reading: Reading) -> str:
    """Why there is no number, in a sentence."""
    if reading.absence is Absence.EMPTY:
        return f"metrics are missing: {name}: {reading.message}"
    if reading.absence is Absence.UNREACHABLE:
        return f"Prometheus does not answer: {reading.message}"
    if reading.absence is Absence.REFUSED:
        return reading.message
    return f"{name}: {reading.absence}: {reading.message}"
