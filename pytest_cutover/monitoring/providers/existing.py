"""What exists in place of what a query asks for: metrics, labels, values. Called at the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pytest_cutover.core.errors import did_you_mean
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.promql import Matcher, Selector, selectors
from pytest_cutover.monitoring.providers.provider import Reading

_MOST_SHOWN: Final = 8


def instead_of(prometheus: Prometheus, query: str) -> str:
    """Why a query finds no series, with what exists; empty where each of its selectors has some."""
    for selector in selectors(query):
        said = _of(prometheus, selector)
        if said:
            return said
    return ""


def listed(names: Iterable[str]) -> str:
    """Return some of the names, in order, and how many more there are."""
    shown: Sequence[str] = sorted(names)
    if not shown:
        return "none"
    more = f" and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return f"{', '.join(shown[:_MOST_SHOWN])}{more}"


def _of(prometheus: Prometheus, selector: Selector) -> str:
    found = prometheus.series(str(selector))
    if isinstance(found, Reading):
        return found.message
    if found:
        return ""
    alone = selector.with_matchers([one for one in selector.matchers if one.label == "__name__"])
    every = prometheus.series(str(alone)) if str(alone) else ()
    if isinstance(every, Reading):
        return every.message
    if not every:
        return f"{selector} has no series: {_no_metric(prometheus, selector)}"
    labels = {label for one in every for label in one} - {"__name__"}
    for one in selector.matchers:
        if one.label == "__name__" or one.operator not in ("=", "=~"):
            continue
        if one.label not in labels:
            guess = did_you_mean(one.label, labels)
            meant = f"; did you mean {guess}?" if guess else ""
            return (
                f"{selector} has no series: {selector.metric or 'it'} has no label {one.label}; "
                f"its labels are {listed(labels)}{meant}"
            )
        values = _values(prometheus, selector, one)
        if values:
            return f"{selector} has no series: {one.label} is {listed(values)}"
    return f"{selector} has no series: none has all of these labels at once"


def _values(prometheus: Prometheus, selector: Selector, matcher: Matcher) -> set[str]:
    """Return what a label is in the series that fit but for it."""
    rest = selector.with_matchers([one for one in selector.matchers if one is not matcher])
    found = prometheus.series(str(rest))
    if isinstance(found, Reading):
        return set()
    return {series[matcher.label] for series in found if series.get(matcher.label)}


def _no_metric(prometheus: Prometheus, selector: Selector) -> str:
    names = prometheus.metrics()
    if isinstance(names, Reading):
        return f"there is no metric {selector.metric}"
    words = [word for word in ("http", "request", "latency", "duration") if word in selector.metric]
    alike = {name for name in names if any(word in name for word in words)}
    guess = did_you_mean(selector.metric, names)
    shown = listed(alike or names)
    meant = f"; did you mean {guess}?" if guess else ""
    return f"there is no metric {selector.metric}; there are {shown}{meant}"
