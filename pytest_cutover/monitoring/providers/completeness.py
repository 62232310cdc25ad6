"""Whether a number that Prometheus gives is the whole: labels that exist, buckets that suffice.

A query that matches nothing and a quantile in the last bucket look like good news. Here Prometheus
is asked what exists, so that both are told for what they are. Called by the watch.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pytest_cutover.monitoring.providers.error_words import left_out, speaks, tellers
from pytest_cutover.monitoring.providers.existing import listed
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.promql import (
    Matcher,
    Quantile,
    Selector,
    quantile_of,
    rewritten,
    selectors,
    without_zero,
)
from pytest_cutover.monitoring.providers.provider import Absence, P99Reading, Reading

# What makes milliseconds of seconds. A P99 of less would be one in seconds.
_FACTOR: Final = re.compile(r"\b(1000|1e3|0\.001|1e-3)\b", re.IGNORECASE)
_IN_MS: Final = re.compile(r"_(ms|msecs?|millis|milliseconds?)(_bucket)?$", re.IGNORECASE)
_SECONDS_END: Final = 10.0
_P99: Final = 0.99
# Where buckets lie that are of seconds, as no latencies in ms do.
_SECONDS_FIRST: Final = 0.1
_SECONDS_LAST: Final = 10.0
_AVERAGE: Final = re.compile(r"\bavg(_over_time)?\s*(by|without|\()", re.IGNORECASE)
_OF_A_TAIL: Final = re.compile(r"p99|99|quantile|percentile", re.IGNORECASE)


def errors_of(prometheus: Prometheus, errors: str, requests: str) -> Reading:
    """Count the errors; zero only where the series of the requests tell errors apart.

    What `errors` asks beyond `requests` is how errors are told. Where a series lacks that label,
    or none has a value of its kind, the errors in it are not counted: *cannot tell*.
    """
    plain = without_zero(errors)
    reading = prometheus.value(plain)
    if reading.absence not in (None, Absence.EMPTY):
        return reading
    shared = {(one.label, one.text) for found in selectors(requests) for one in found.matchers}
    found = selectors(plain)
    for selector in found:
        problem = _cannot_tell(prometheus, selector, shared, empty=not reading.value)
        if problem is not None:
            return problem
    if reading.absence is Absence.EMPTY and found:
        return Reading(value=0.0)
    return reading


def uncounted_of(prometheus: Prometheus, errors: str, requests: str) -> tuple[float, str]:
    """Return how many answers were errors that `errors` does not ask for, and what they were.

    Whoever asks for 500 alone does not see a 503.
    """
    shared = {(one.label, one.text) for found in selectors(requests) for one in found.matchers}
    count, told = 0.0, ""
    for selector in selectors(without_zero(errors)):
        for one in selector.matchers:
            if (one.label, one.text) in shared or one.label == "__name__" or _asks_for_all(one):
                continue
            rest = [each for each in selector.matchers if each is not one]
            values = _values(prometheus, selector.with_matchers(rest), one.label)
            missed = set() if isinstance(values, Reading) else left_out(one, values)
            if missed:
                pattern = "|".join(re.escape(each) for each in sorted(missed))
                literal = '"' + pattern.replace("\\", "\\\\").replace('"', '\\"') + '"'
                every = selector.with_matchers([*rest, Matcher(one.label, "=~", literal)])
                count += prometheus.value(f"sum({every})").value or 0.0
                told = f"{one.label} {listed(missed)}, which {one} leaves out"
    return count, told


def _asks_for_all(matcher: Matcher) -> bool:
    return all(matcher.matches(str(status)) for status in range(500, 512))


def _cannot_tell(
    prometheus: Prometheus, selector: Selector, shared: set[tuple[str, str]], *, empty: bool
) -> Reading | None:
    """Why the errors of a selector cannot be told; None where they can."""
    telling = [
        one
        for one in selector.matchers
        if (one.label, one.text) not in shared and one.label != "__name__"
    ]
    base = selector.with_matchers([one for one in selector.matchers if one not in telling])
    for one in telling:
        lacking = base.with_matchers([*base.matchers, Matcher(one.label, "=", '""')])
        count = prometheus.value(f"count({lacking})")
        if count.absence is Absence.EMPTY:
            continue
        if count.value is None:
            return count
        if count.value:
            return _unlabelled(prometheus, base, one.label, count.value)
    if not empty:
        return None
    count = prometheus.value(f"count({base})")
    if count.absence is Absence.EMPTY:
        said = f"{base} has no series, so that no error can be seen"
        return Reading(absence=Absence.LABEL, message=said)
    if count.value is None:
        return count
    return _nothing_speaks(prometheus, base, selector, telling)


def _nothing_speaks(
    prometheus: Prometheus, base: Selector, selector: Selector, telling: Sequence[Matcher]
) -> Reading | None:
    """Why none of the matchers can be the one that tells errors; None where one can.

    It is one without which there are series, and whose values are of the kind that it asks for.
    Series that are there, and count no error, need none.
    """
    count = prometheus.value(f"count({selector})")
    if count.value:
        return None
    if count.absence is not Absence.EMPTY:
        return count
    for one in tellers(telling):
        rest = selector.with_matchers([each for each in selector.matchers if each is not one])
        values = _values(prometheus, rest, one.label)
        if isinstance(values, Reading):
            return values
        if values and speaks(one, values):
            return None
    for one in telling:
        values = _values(prometheus, base, one.label)
        if isinstance(values, Reading):
            return values
        known = speaks(one, values) if one in tellers(telling) else one.fits(values)
        if not known:
            return Reading(absence=Absence.LABEL, message=_other_values(base, one, values))
    if telling:
        said = f"{selector} can match no series: none has all of these labels at once"
        return Reading(absence=Absence.LABEL, message=said)
    return None


def _values(prometheus: Prometheus, base: Selector, label: str) -> set[str] | Reading:
    """Return what a label is in the series of a selector; asked again of a server that cannot
    group.
    """
    grouped = prometheus.vector(f"count by ({label}) ({base})")
    found = {labels[label] for labels, _ in grouped.rows if labels.get(label)}
    if found:
        return found
    existing = prometheus.series(str(base))
    if isinstance(existing, Reading):
        return existing
    return {series[label] for series in existing if series.get(label)}


def _unlabelled(prometheus: Prometheus, base: Selector, label: str, count: float) -> Reading:
    existing = prometheus.series(str(base))
    labels = set() if isinstance(existing, Reading) else {name for one in existing for name in one}
    return Reading(
        absence=Absence.LABEL,
        message=(
            f"{count:.0f} series of {base} have no label {label}, so that their errors cannot be "
            f"seen; their labels are {listed(labels - {'__name__'})}: name the right one in "
            "[checklist.monitoring.queries] errors"
        ),
    )


def _other_values(base: Selector, matcher: Matcher, values: set[str]) -> str:
    return (
        f"{matcher} can match no series of {base}, where {matcher.label} is {listed(values)}: "
        "ask for what an error has there in [checklist.monitoring.queries] errors"
    )


def p99_of(prometheus: Prometheus, query: str) -> P99Reading:
    """Read a P99, and whether it is no more than the end of the last bucket."""
    reading = prometheus.value(query)
    if reading.value is None:
        if reading.absence is Absence.NAN:
            return P99Reading()
        return _native(prometheus, query) or P99Reading(
            message=_missing(prometheus, query, reading)
        )
    if reading.value < _SECONDS_END and (metric := _in_seconds(query)):
        return P99Reading(
            message=(
                f"{metric} counts seconds, and nothing in [checklist.monitoring.queries] p99_ms "
                "makes milliseconds of them: 1000 * …"
            )
        )
    if reading.value < 0:
        return P99Reading(message=f"{reading.value:g} ms, which no request takes")
    quantile = quantile_of(query)
    if quantile is None and (said := _average(query)):
        return P99Reading(message=said)
    if quantile is not None and reading.value < _SECONDS_END and not _FACTOR.search(query):
        told_ms = any(_IN_MS.search(one.metric) for one in selectors(query))
        edges = [] if told_ms else _edges_of(prometheus, quantile)
        if edges and (min(edges) < _SECONDS_FIRST or max(edges) <= _SECONDS_LAST):
            return P99Reading(
                message=(
                    f"its buckets lie between {min(edges):g} and {max(edges):g}, as seconds do, "
                    "and nothing in [checklist.monitoring.queries] p99_ms makes milliseconds of "
                    "them: 1000 * …"
                )
            )
    share = quantile.share if quantile is not None else _of_summary(query)
    if share < _P99:
        return P99Reading(message=f"p99_ms asks for the quantile {share:g}, which is no P99: 0.99")
    if quantile is None:
        return P99Reading(reading.value)
    beyond = _beyond(prometheus, quantile)
    if isinstance(beyond, str):
        return P99Reading(message=beyond)
    return P99Reading(reading.value, beyond=beyond)


def _average(query: str) -> str:
    """Return why a query gives an average of latencies; empty where it may give a P99."""
    found = selectors(query)
    told = " ".join([one.metric + "".join(map(str, one.matchers)) for one in found])
    if _OF_A_TAIL.search(told):
        return ""
    names = {one.metric for one in found}
    divided = next((one for one in names if f"{one.removesuffix('_sum')}_count" in names), "")
    if divided.endswith("_sum") or _AVERAGE.search(query):
        return "p99_ms asks for an average, which is no P99: histogram_quantile(0.99, …)"
    return ""


def _edges_of(prometheus: Prometheus, quantile: Quantile) -> list[float]:
    """Return the ends of the finite buckets of a quantile; none where they are not known."""
    texts = {labels.get("le", "") for labels, _ in prometheus.vector(quantile.buckets).rows}
    if not any(texts):
        every = [prometheus.series(str(one)) for one in selectors(quantile.buckets)]
        known = [found for found in every if not isinstance(found, Reading)]
        texts = {one.get("le", "") for found in known for one in found}
    edges = map(_edge, texts)
    return [one for one in edges if one is not None and math.isfinite(one)]


def _of_summary(query: str) -> float:
    """Return the quantile of a summary that a query asks for, the least; 1 where it asks none."""
    asked = [
        share
        for selector in selectors(query)
        for one in selector.matchers
        if one.label == "quantile" and (share := _edge(one.text)) is not None
    ]
    return min(asked, default=1.0)


def _in_seconds(query: str) -> str:
    """Return the metric of a query that counts seconds and is left at that; empty for none."""
    if _FACTOR.search(query):
        return ""
    names = (one.metric for one in selectors(query))
    return next((one for one in names if re.search(r"_seconds(_bucket|_sum)?$", one)), "")


def _native(prometheus: Prometheus, query: str) -> P99Reading | None:
    """Return the P99 of a native histogram, which has no series of buckets; None where there is
    none.
    """
    plain = rewritten(query, lambda one: replace(one, metric=one.metric.removesuffix("_bucket")))
    quantile = quantile_of(plain)
    if quantile is None or plain == query or not prometheus.vector(quantile.buckets).histograms:
        return None
    reading = prometheus.value(plain)
    if reading.value is not None:
        return P99Reading(reading.value)
    return P99Reading(message="" if reading.absence is Absence.NAN else reading.message)


def _missing(prometheus: Prometheus, query: str, reading: Reading) -> str:
    """Why there is no P99, with the metrics of a name like it that exist."""
    if reading.absence is not Absence.EMPTY:
        return f"{reading.absence}: {reading.message}"
    for selector in selectors(query):
        if not selector.metric.endswith("_bucket"):
            continue
        family = selector.metric.removesuffix("_bucket")
        name = Matcher("__name__", "=~", f'"{family}(_sum|_count|_bucket)?"')
        existing = prometheus.series(str(Selector("", (name,), 0, 0)))
        if isinstance(existing, Reading):
            continue
        if any("quantile" in one for one in existing):
            return (
                f"{selector} has no series: {family} is a summary, with quantiles of its own; "
                "ask for one in [checklist.monitoring.queries] p99_ms"
            )
        if not any(one.get("__name__") == selector.metric for one in existing):
            return f"{selector.metric} has no series"
        labels = {label for one in existing for label in one} - {"__name__"}
        return f"{selector} has no series; the labels of {selector.metric} are {listed(labels)}"
    return reading.message


def _beyond(prometheus: Prometheus, quantile: Quantile) -> bool | str:
    """Whether more requests than the quantile allows lie above the last finite bucket."""
    answer = prometheus.vector(quantile.buckets)
    if answer.absence is not None:
        return f"the buckets cannot be read: {answer.message}"
    if any("le" in labels for labels, _ in answer.rows):
        return _overflows(answer.rows, quantile.share)
    if answer.histograms and not answer.rows:
        return False  # A native histogram has no last bucket.
    return _one_by_one(prometheus, quantile)


def _overflows(rows: Iterable[tuple[Mapping[str, str], float]], share: float) -> bool:
    groups: dict[tuple[tuple[str, str], ...], dict[float, float]] = defaultdict(dict)
    for labels, value in rows:
        if (le := _edge(labels.get("le", ""))) is not None:
            rest = tuple(sorted((name, text) for name, text in labels.items() if name != "le"))
            groups[rest][le] = groups[rest].get(le, 0.0) + value
    return any(_is_full(buckets, share) for buckets in groups.values())


def _is_full(buckets: Mapping[float, float], share: float) -> bool:
    total = buckets.get(math.inf, 0.0)
    finite = [le for le in buckets if math.isfinite(le)]
    return bool(total > 0 and (not finite or buckets[max(finite)] < share * total))


def _one_by_one(prometheus: Prometheus, quantile: Quantile) -> bool | str:
    """As `_beyond`, of a server that gives buckets no label: each is asked for by its edge."""
    edges: dict[float, str] = {}
    for selector in selectors(quantile.buckets):
        existing = prometheus.series(str(selector))
        if isinstance(existing, Reading):
            return f"the buckets cannot be read: {existing.message}"
        texts = [one.get("le", "") for one in existing]
        edges |= {le: text for text in texts if (le := _edge(text)) is not None}
    buckets = {}
    for le in (math.inf, max((one for one in edges if math.isfinite(one)), default=math.nan)):
        if le in edges:
            value = prometheus.value(_at_edge(quantile.buckets, edges[le]))
            if value.value is None:
                return f"the bucket {edges[le]} cannot be read: {value.message}"
            buckets[le] = value.value
    if math.inf not in buckets:
        return "there are no buckets that hold every request, so that no quantile can be told"
    return _is_full(buckets, quantile.share)


def _at_edge(query: str, edge: str) -> str:
    matcher = Matcher("le", "=", f'"{edge}"')
    return rewritten(query, lambda one: one.with_matchers([*one.matchers, matcher]))


def _edge(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
