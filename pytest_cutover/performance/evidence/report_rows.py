"""The room's rows of the report: distributions of both sides, load, resources over time. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from pytest_cutover.performance.evidence import format as shown
from pytest_cutover.performance.evidence import load_rules
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.stats.decision import (
    Caveat,
    Decision,
    PerformanceRule,
    RuleVerdict,
)
from pytest_cutover.performance.stats.histogram import LogHistogram
from pytest_cutover.performance.stats.load_run import LoadRequest, LoadRun
from pytest_cutover.performance.stats.proportions import QUANTILE_TESTS, quantile_estimate
from pytest_cutover.performance.stats.samples import Side
from pytest_cutover.report.measured import Distribution, Interval, LoadSide, Series
from pytest_cutover.report.model import GateVerdict, Latency, LatencyLimits, LoadResult

_MOST_POINTS = 400
_MOST_MEDIANS = 60


def latency_row(
    measurements: Measurements, endpoint: str, decisions: Sequence[Decision], *, source: str
) -> Latency:
    """Both sides of one endpoint, with their histograms."""
    tally = measurements.tallies.get(endpoint)
    plain = measurements.plain.get(endpoint)
    baseline: Sequence[float]
    candidate: Sequence[float]
    if tally is not None:
        baseline, candidate = tally.baseline.warm_ms, tally.candidate.warm_ms
    else:
        assert plain is not None
        baseline, candidate = plain.baseline_ms, plain.candidate_ms
    ratio = next((one for one in decisions if one.rule is PerformanceRule.P50_RATIO), None)
    own = measurements.own(endpoint)
    noise = tally.same_side[Side.BASELINE] if tally is not None else []
    return Latency(
        endpoint=endpoint,
        verdict=worst(decisions),
        source=source,
        baseline=distribution(measurements, baseline),
        candidate=_as_judged(distribution(measurements, candidate), decisions),
        p50_ratio=shown.interval(ratio.observed) if ratio else None,
        noise=_noise(noise),
        limits=LatencyLimits(
            p50_ms=own.p50_ms,
            p95_ms=own.p95_ms,
            p99_ms=own.p99_ms,
            max_ms=own.max_ms,
            p50_ratio=measurements.ratio_rule(endpoint).limit,
        ),
        message=_messages(decisions),
    )


def _messages(decisions: Iterable[Decision]) -> str:
    sentences = [note.sentence for one in decisions for note in one.notes]
    return "; ".join(dict.fromkeys(sentences))


def worst(decisions: Iterable[Decision]) -> GateVerdict:
    """Fail before inconclusive before pass."""
    verdicts = {one.verdict for one in decisions}
    for verdict in (RuleVerdict.FAIL, RuleVerdict.INCONCLUSIVE):
        if verdict in verdicts:
            return GateVerdict(verdict.value)
    return GateVerdict.PASS


def distribution(measurements: Measurements, values_ms: Sequence[float]) -> Distribution:
    """One side's quantiles with their intervals, its maximum and its histogram."""
    quantiles = {
        rule: shown.interval(quantile_estimate(test, values_ms, measurements.strictness))
        for rule, test in QUANTILE_TESTS.items()
    }
    finite = [value for value in values_ms if math.isfinite(value)]
    return Distribution(
        samples=len(values_ms),
        p50_ms=quantiles[PerformanceRule.P50],
        p95_ms=quantiles[PerformanceRule.P95],
        p99_ms=quantiles[PerformanceRule.P99],
        max_ms=max(finite, default=None),
        histogram=shown.histogram(LogHistogram.of(values_ms)),
    )


def _as_judged(candidate: Distribution, decisions: Sequence[Decision]) -> Distribution:
    """Return the intervals that the gates judged by: one number has one interval."""
    judged = {one.rule: shown.interval(one.observed) for one in decisions if one.unit == "ms"}
    return replace(
        candidate,
        p50_ms=judged.get(PerformanceRule.P50, candidate.p50_ms),
        p95_ms=judged.get(PerformanceRule.P95, candidate.p95_ms),
        p99_ms=judged.get(PerformanceRule.P99, candidate.p99_ms),
    )


def latency_series(
    measurements: Measurements, decided: Mapping[str, Sequence[Decision]]
) -> Iterator[Series]:
    """Both sides by time, in ms, where a warm-up was left out or a trend was found."""
    for endpoint, decisions in decided.items():
        tally = measurements.tallies[endpoint]
        if not tally.cold and not any(one.has(Caveat.TREND) for one in decisions):
            continue
        for side, mine in ((Side.BASELINE, tally.baseline), (Side.CANDIDATE, tally.candidate)):
            parts = ((f"{side}, left out", 0, tally.cold), (str(side), tally.cold, mine.kept))
            for name, first, last in parts:
                seen = mine.latencies_ms[first:last]
                times = [at - tally.at_s[0] for at in tally.at_s[first:last]]
                yield from _line(f"latency of {endpoint}", name, times, seen)


def _line(
    name: str, side: str, times_s: Sequence[float], values_ms: Sequence[float]
) -> Iterator[Series]:
    """Yield medians of a few dozen stretches; failures have no place on it."""
    step = max(1, math.ceil(len(values_ms) / _MOST_MEDIANS))
    points = [
        (times_s[start], statistics.median(values))
        for start in range(0, len(values_ms), step)
        if (values := [one for one in values_ms[start : start + step] if math.isfinite(one)])
    ]
    if points:
        yield Series(
            name=name,
            side=side,
            unit="ms",
            times_s=tuple(round(at, 3) for at, _ in points),
            values=tuple(round(value, 4) for _, value in points),
        )


def _noise(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """Return what two neighbouring requests of the baseline differ by: median and quartiles, a
    ratio.
    """
    ratios = [later / first for first, later in pairs if first > 0]
    if len(ratios) < 4:
        return None
    low, middle, high = (float(q) for q in np.quantile(ratios, (0.25, 0.5, 0.75)))
    return Interval(middle, low, high)


def load_rows(measurements: Measurements, load: LoadRun) -> Iterator[LoadResult]:
    """Yield the whole mix, then each endpoint."""
    if load.problem:
        yield LoadResult(users=load.users, verdict=GateVerdict.INCONCLUSIVE, message=load.problem)
        return
    whole = load_rules.degradation(measurements, load)
    yield LoadResult(
        users=load.users,
        verdict=GateVerdict(whole.verdict.value),
        baseline=_load_side(load, load.of(Side.BASELINE)),
        candidate=_load_side(load, load.of(Side.CANDIDATE)),
        p50_ratio=shown.interval(whole.observed),
        message=_messages([whole]),
    )
    of_endpoints: dict[str, list[Decision]] = {}
    for one in load_rules.load_latencies(measurements, load):
        of_endpoints.setdefault(one.endpoint, []).append(one)
    for endpoint, decisions in of_endpoints.items():
        yield LoadResult(
            users=load.users,
            verdict=worst(decisions),
            endpoint=endpoint,
            baseline=_load_side(load, load.of(Side.BASELINE, endpoint)),
            candidate=_load_side(load, load.of(Side.CANDIDATE, endpoint)),
            message=_messages(decisions),
        )


def _load_side(load: LoadRun, requests: Sequence[LoadRequest]) -> LoadSide | None:
    if not requests:
        return None
    side = requests[0].side
    numbers = {one.slice for one in requests}
    seconds = sum(
        part.duration_s for part in load.slices if part.side is side and part.index in numbers
    )
    values = sorted(one.latency_ms for one in requests if not one.failed)
    p99 = values[min(len(values) - 1, math.ceil(0.99 * len(values)) - 1)] if values else None
    return LoadSide(
        requests=len(requests),
        errors=sum(one.failed for one in requests),
        rate_per_s=len(requests) / seconds if seconds else None,
        p50_ms=statistics.median(values) if values else None,
        p99_ms=p99,
    )


def series(load: LoadRun) -> Iterator[Series]:
    """Memory and connections of both sides over the load."""
    for one in load.watched:
        step = max(1, math.ceil(len(one.times_s) / _MOST_POINTS))
        yield Series(
            name=one.name,
            side=str(one.side),
            unit=one.unit,
            times_s=tuple(round(at, 3) for at in one.times_s[::step]),
            values=one.values[::step],
            limit=one.limit,
        )
