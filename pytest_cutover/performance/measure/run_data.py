"""Everything measured in a run, and what the rules say about it at this moment.

Filled by the first blocks of every perf test, the sampling stage and the load; asked by the
sampling stage (what is still open?) and the gate. Imports no pytest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pytest_cutover.config.performance import EndpointLimits, Performance
from pytest_cutover.core.endpoint import Endpoint
from pytest_cutover.performance.stats.counters import EndpointTally, JudgedLimits, RunTail
from pytest_cutover.performance.stats.course import (
    TrendDoubt,
    is_due,
    pairs_to_see_a_trend,
    warm_up,
)
from pytest_cutover.performance.stats.decision import (
    Decision,
    PerformanceRule,
    RuleVerdict,
    Strictness,
)
from pytest_cutover.performance.stats.load_run import PROBE_RATE_PER_S, LoadRun
from pytest_cutover.performance.stats.machine import MachineRecord
from pytest_cutover.performance.stats.maximum import judge_maximum
from pytest_cutover.performance.stats.outliers import Outliers
from pytest_cutover.performance.stats.ratio import RatioRule, judge_p50_ratio, judge_plain_ratio
from pytest_cutover.performance.stats.rules import (
    judge_errors,
    judge_latencies,
    judge_quantile,
)
from pytest_cutover.performance.stats.samples import Block, Side

YOUNG_S = 30.0
"""So long each endpoint is measured, however soon it is decided, or until a trend would show."""
_SLOW_PROBE_MS = 250.0
"""What a probe takes for slow where its endpoint has no P99 limit."""
_QUANTILES = (PerformanceRule.P50, PerformanceRule.P95, PerformanceRule.P99)


@dataclass(slots=True)
class Plain:
    """An endpoint that a plain benchmark measured, one side after the other: latencies in ms."""

    baseline_ms: list[float] = field(default_factory=list)
    candidate_ms: list[float] = field(default_factory=list)

    def of(self, side: Side) -> list[float]:
        """Return the latencies of one side."""
        return self.baseline_ms if side is Side.BASELINE else self.candidate_ms


class Measurements:
    """The tallies of a run. ``expected`` are the endpoints that must be measured."""

    def __init__(self, settings: Performance, expected: Iterable[Endpoint]) -> None:
        self.settings = settings
        self.expected = tuple(dict.fromkeys([*settings.endpoints, *expected]))
        self.limits = {str(endpoint): _limits(own) for endpoint, own in settings.endpoints.items()}
        self.tallies: dict[str, EndpointTally] = {}
        self.tail = RunTail(self.limits)
        self.outliers = Outliers(self.limits)
        self.plain: dict[str, Plain] = {}
        self.nodeids: dict[str, list[str]] = {}
        self.broken: dict[str, str] = {}
        self.client_cost_ms = 0.0
        self.loads: list[LoadRun] = []
        self.machine = MachineRecord()
        self._looks: dict[str, tuple[int, bool]] = {}
        self._trends: dict[str, TrendDoubt] = {}

    @property
    def strictness(self) -> Strictness:
        """How many gates share the error of the run: all that there could be, counted upfront."""
        endpoints = {str(endpoint) for endpoint in self.expected} | set(self.tallies)
        gates = sum(len(list(self._rules(name))) for name in endpoints) + 1
        loaded = self.settings.load is not None or bool(self.loads)
        return Strictness(gates=max(1, gates + (2 * len(endpoints) + 4 if loaded else 0)))

    def own(self, endpoint: str) -> EndpointLimits:
        """Return the limits configured for an endpoint."""
        found = (own for known, own in self.settings.endpoints.items() if str(known) == endpoint)
        return next(found, EndpointLimits())

    def add(self, block: Block) -> None:
        """Count the next block of the run."""
        limits = self.limits.get(block.endpoint, JudgedLimits())
        if block.endpoint not in self.tallies:
            self.tallies[block.endpoint] = EndpointTally(block.endpoint, limits)
        tally = self.tallies[block.endpoint]
        tally.add(block)
        self.tail.add(block)
        self.outliers.add(block)
        if is_due(tally.candidate.kept):
            self._leave_out_warm_up(tally)

    def _leave_out_warm_up(self, tally: EndpointTally) -> None:
        cold = warm_up(
            np.array(tally.baseline.latencies_ms), np.array(tally.candidate.latencies_ms)
        )
        if cold != tally.cold:
            tally.leave_out(cold)
            self.tail.restart(tally)

    def add_load(self, run: LoadRun) -> None:
        """Take over a load; the stalls that its probe saw make passes of slow tails harder."""
        self.loads.append(run)
        if run.probe:
            limits = self.limits.get(run.probe_endpoint, JudgedLimits())
            slow_ms = limits.p99_ms or _SLOW_PROBE_MS
            self.tail.add_probe(run.stalls(slow_ms, interval_s=1 / PROBE_RATE_PER_S))

    def plain_of(self, endpoint: str) -> Plain:
        """Return what plain benchmarks measured of an endpoint; empty at first."""
        return self.plain.setdefault(endpoint, Plain())

    def latency(self, endpoint: str, *, explain: bool = True) -> list[Decision]:
        """Return what the rules say about one endpoint that was measured in blocks."""
        tally, strictness = self.tallies[endpoint], self.strictness
        baseline, candidate = np.array(tally.baseline.warm_ms), np.array(tally.candidate.warm_ms)
        allowed, doubt = self.ratio_rule(endpoint), self._trends.setdefault(endpoint, TrendDoubt())
        trend = doubt.look(baseline, candidate, limit=allowed.limit)
        ratio = judge_p50_ratio(
            tally,
            allowed,
            strictness=strictness,
            explain=explain,
            trend=trend,
            busy=self.machine.busy,
        )
        slower = ratio.verdict is RuleVerdict.FAIL
        found = []
        for rule in self._rules(endpoint):
            if rule is PerformanceRule.MAXIMUM:
                found.append(judge_maximum(tally, strictness=strictness, outliers=self.outliers))
            elif rule is PerformanceRule.P50_RATIO:
                found.append(ratio)
            else:
                found.append(
                    judge_quantile(
                        tally,
                        rule,
                        strictness=strictness,
                        tail=self.tail,
                        explain=explain,
                        excusable=not (slower and rule is PerformanceRule.P50),
                        trend=trend,
                    )
                )
        return found

    def not_interleaved(self, endpoint: str) -> list[Decision]:
        """Return what may be said about an endpoint that only a plain benchmark measured."""
        plain, limits = self.plain[endpoint], self.limits.get(endpoint, JudgedLimits())
        found = [
            judge_latencies(
                endpoint,
                rule,
                limit,
                candidate_ms=plain.candidate_ms,
                baseline_ms=plain.baseline_ms,
                strictness=self.strictness,
            )
            for rule in _QUANTILES
            if (limit := limits.of(rule)) is not None
        ]
        ratio = judge_plain_ratio(
            endpoint,
            self.ratio_rule(endpoint),
            baseline_ms=plain.baseline_ms,
            candidate_ms=plain.candidate_ms,
            strictness=self.strictness,
        )
        return [*found, ratio]

    def errors(self) -> Decision:
        """Return what the rule on errors says, over all endpoints and load."""
        pooled = [load.failures() for load in self.loads]
        return judge_errors(
            self.tallies.values(),
            limit=self.settings.error_rate,
            strictness=self.strictness,
            tail=self.tail,
            load=LoadRun.pooled(pooled),
            load_throttled=(
                sum(load.throttled[0] for load in self.loads),
                sum(load.throttled[1] for load in self.loads),
            ),
        )

    def undecided(self, endpoints: Sequence[str]) -> list[str]:
        """Which of these endpoints another block of would tell something about."""
        waiting = [endpoint for endpoint in endpoints if self._waits(endpoint)]
        if not waiting:
            # What one endpoint showed since may have opened another again.
            self._looks.clear()
            waiting = [endpoint for endpoint in endpoints if self._waits(endpoint)]
        return waiting or (list(endpoints) if self.errors().open else [])

    def undecided_latencies(self, endpoints: Sequence[str]) -> list[str]:
        """Which of these endpoints has a latency that another block would tell something about."""
        return [endpoint for endpoint in endpoints if self._waits(endpoint)]

    def _waits(self, endpoint: str) -> bool:
        """Whether an endpoint is open, or too young for its warm-up and its trend to be seen.

        Looked at each time that it has grown by a twentieth: rules cost time that requests need.
        """
        tally = self.tallies.get(endpoint)
        if tally is None:
            return True
        next_look, waits = self._looks.get(endpoint, (0, True))
        if tally.blocks >= next_look:
            decisions = self.latency(endpoint, explain=False)
            sides = np.array(tally.baseline.warm_ms), np.array(tally.candidate.warm_ms)
            grown = tally.candidate.count >= pairs_to_see_a_trend(*sides)
            young = not grown and tally.reach.watched_s < YOUNG_S
            decided = all(one.verdict is not RuleVerdict.INCONCLUSIVE for one in decisions)
            waits = any(one.open for one in decisions) or (young and decided)
            self._looks[endpoint] = (tally.blocks + 1 + tally.blocks // 20, waits)
        return waits

    def standing(self, endpoints: Sequence[str]) -> tuple[int, list[Decision]]:
        """How many gates are decided, and those that are open."""
        decisions = [
            one for name in endpoints if name in self.tallies for one in self.latency(name)
        ]
        decisions.append(self.errors())
        open_ones = [one for one in decisions if one.verdict is RuleVerdict.INCONCLUSIVE]
        return len(decisions) - len(open_ones), open_ones

    def ratio_rule(self, endpoint: str) -> RatioRule:
        """Return the regression that an endpoint is allowed."""
        own, general = self.own(endpoint), self.settings
        regression, floor = own.p50_regression, own.p50_floor_ms
        return RatioRule(
            regression=general.p50_regression if regression is None else regression,
            floor_ms=general.p50_floor_ms if floor is None else floor,
            client_cost_ms=self.client_cost_ms,
        )

    def _rules(self, endpoint: str) -> Iterator[PerformanceRule]:
        limits = self.limits.get(endpoint, JudgedLimits())
        yield from (
            rule for rule in (*_QUANTILES, PerformanceRule.MAXIMUM) if limits.of(rule) is not None
        )
        yield PerformanceRule.P50_RATIO


def _limits(own: EndpointLimits) -> JudgedLimits:
    return JudgedLimits(own.p50_ms, own.p95_ms, own.p99_ms, own.max_ms)
