"""The team's queries, filled in and asked: one Prometheus, connected as the configuration says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pytest_cutover.checklist.context import Context
from pytest_cutover.config.constraints import REFERENCE
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.errors import Mistake, MistakesError
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.prometheus import Prometheus, Reading

# A scrape may be late by one; three intervals without a new sample is a lag.
LATE_INTERVALS: Final = 3
ADVICE: Final = "try it in Prometheus' own page, then mend it"


@contextmanager
def prometheus_of(context: Context, table: Monitoring) -> Iterator[Prometheus]:
    """A client with the headers of the configuration, closed at the end of a `with`."""
    headers = {}
    for name, value in table.headers.items():
        headers[name] = REFERENCE.sub(lambda found: os.environ.get(found[1], ""), value)
        context.session.secrets.add(headers[name])
    client = Prometheus(table.prometheus, headers)
    try:
        yield client
    finally:
        client.close()


def asked(
    prometheus: Prometheus, table: Monitoring, name: str, *, side: Side, endpoint: str = ""
) -> Reading:
    """What one of `[checklist.monitoring.queries]` gives for a side and an endpoint."""
    return prometheus.value(query_of(table, name, side=side, endpoint=endpoint))


def query_of(table: Monitoring, name: str, *, side: Side, endpoint: str = "") -> str:
    """One of `[checklist.monitoring.queries]`, filled in for a side and an endpoint."""
    query: str = getattr(table.queries, name)
    words = {
        "{side}": str(side),
        "{endpoint}": endpoint,
        "{range}": f"{max(1, round(table.range))}s",
    }
    for word, value in words.items():
        query = query.replace(word, value)
    return query


def mistake_of(key: str, reading: Reading) -> Mistake | None:
    """The mistake that a reading is, where waiting will not mend its query."""
    if reading.absence is None or not reading.absence.is_mistake:
        return None
    return Mistake(key, reading.message, advice=ADVICE)


def value_of(key: str, reading: Reading, *, source: str) -> float | None:
    """The value of a reading; None where there is none yet. Raises MistakesError as above."""
    mistake = mistake_of(key, reading)
    if mistake is not None:
        raise MistakesError(source, [mistake])
    return reading.value
