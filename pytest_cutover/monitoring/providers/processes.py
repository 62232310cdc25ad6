"""Counters by the process that counts them, since only a process starts anew.

A sum over processes falls when one of them is not scraped, and leaps when it is back: neither is
traffic. So what a team asks as one `sum(…)` is asked again by process. Called by the provider.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from typing import Final

from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.promql import (
    Selector,
    grouped_sum,
    selectors,
    without_zero,
)
from pytest_cutover.monitoring.providers.provider import Reading

# What scrapers and platforms name a process by, from the widest to the narrowest.
_NAMES: Final = ("job", "namespace", "pod", "instance")
_EPOCH_S: Final = 1_000_000_000
ALL: Final = ""
"""The name of the one process where nobody tells them apart."""


def by_process(prometheus: Prometheus, query: str, total: Reading) -> dict[str, float]:
    """Return the value of a query by process; all of it in one where the query cannot be taken
    apart.
    """
    if total.value is None:
        return {}
    whole = {ALL: total.value}
    grouped = grouped_sum(without_zero(query), _NAMES)
    if grouped is None:
        return whole
    answer = prometheus.vector(grouped)
    if answer.absence is not None or answer.histograms or not answer.rows:
        return whole
    rows: dict[str, float] = {}
    for labels, value in answer.rows:
        if not 0 <= value < float("inf"):
            return whole
        rows[_name(labels)] = rows.get(_name(labels), 0.0) + value
    return rows


def instances(processes: Collection[str]) -> list[str]:
    """Return the instances among names of processes."""
    return [name.rpartition("/")[2] for name in processes if name != ALL]


def started(prometheus: Prometheus, processes: Collection[str]) -> dict[str, float]:
    """When each process began, in seconds since the epoch, of those whose exporter says so."""
    latest_s = time.time() + 3600
    began = _of_each(prometheus, "process_start_time_seconds", processes)
    return {name: value for name, value in began.items() if _EPOCH_S < value < latest_s}


def down(prometheus: Prometheus, gone: Collection[str], present: Collection[str]) -> frozenset[str]:
    """Which of the processes that are gone may still be serving.

    A target that the platform took away has no `up` any more; one that cannot be scraped has an
    `up` of zero. Where nothing says `up` nobody knows.
    """
    if not gone:
        return frozenset()
    up = _of_each(prometheus, "up", [*gone, *present])
    if not up:
        return frozenset(gone)
    return frozenset(name for name in gone if name in up)


def unreachable(prometheus: Prometheus, query: str, present: Collection[str]) -> frozenset[str]:
    """Return processes of the same jobs and labels that cannot be scraped, seen before or not."""
    known = instances(present)
    found = selectors(query)
    if not known or not found:
        return frozenset()
    matchers = [one for one in found[0].matchers if one.label != "__name__"]
    answer = prometheus.vector(str(Selector("up", tuple(matchers), 0, 0)))
    rows = [(labels, value) for labels, value in answer.rows if "instance" in labels]
    jobs = {labels.get("job") for labels, _ in rows if labels["instance"] in known}
    return frozenset(
        _name(labels)
        for labels, value in rows
        if value < 1 and labels.get("job") in jobs and labels["instance"] not in known
    )


def _of_each(
    prometheus: Prometheus, metric: str, processes: Collection[str]
) -> Mapping[str, float]:
    """Return a metric of each of the processes, by their names."""
    wanted = dict(zip(instances(processes), (one for one in processes if one != ALL), strict=True))
    if not wanted:
        return {}
    pattern = "|".join(re.escape(one).replace("\\", "\\\\") for one in sorted(wanted))
    answer = prometheus.vector(f'{metric}{{instance=~"{pattern}"}}')
    return {
        wanted[labels["instance"]]: value
        for labels, value in answer.rows
        if labels.get("instance") in wanted
    }


def _name(labels: Mapping[str, str]) -> str:
    return "/".join(text for name in _NAMES if (text := labels.get(name)))
