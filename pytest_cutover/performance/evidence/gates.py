"""From decisions to the room's part of the report: gates, latency rows, load, resources.

Called by the plugin when the gate is decided. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_cutover.core.numbers import percent
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.performance.evidence import format as shown
from pytest_cutover.performance.evidence import load_rules
from pytest_cutover.performance.evidence.one_doubt import (
    JudgedGate,
    beside,
    machine_series,
    under_one_blocker,
)
from pytest_cutover.performance.evidence.report_rows import (
    latency_row,
    latency_series,
    load_rows,
    series,
)
from pytest_cutover.performance.evidence.waiver_gates import (
    WAIVED,
    accepted_entry,
    waived_limit,
    waived_sentence,
    waiver_gates,
    waiver_notes,
)
from pytest_cutover.performance.evidence.waivers import Waiver
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.performance.stats.decision import Decision, PerformanceRule, RuleVerdict
from pytest_cutover.performance.stats.load_run import LoadRun
from pytest_cutover.performance.stats.machine import MachineRecord
from pytest_cutover.report.model import Gate, GateVerdict, NotJudged

FAMILY = "performance"
_CODES = {
    PerformanceRule.P99: ("CUT201", "p99"),
    PerformanceRule.P50_RATIO: ("CUT202", "p50 regression"),
    PerformanceRule.P50: ("CUT203", "p50"),
    PerformanceRule.P95: ("CUT204", "p95"),
    PerformanceRule.MAXIMUM: ("CUT205", "max"),
    PerformanceRule.ERRORS: ("CUT206", "error rate"),
    PerformanceRule.LOAD: ("CUT207", "load degradation"),
    PerformanceRule.MEMORY: ("CUT208", "memory"),
    PerformanceRule.POOL: ("CUT209", "pool"),
}

_SEEN_RARELY = {PerformanceRule.P99, PerformanceRule.MAXIMUM, PerformanceRule.MEMORY}
"""Where a pass says what it could have missed."""


@dataclass(frozen=True, slots=True)
class GateContext:
    """What goes into gates besides decisions.

    ``again`` gives the command that repeats the first of these tests, or the run where there are
    none; ``full`` says whether the whole suite was asked for.
    """

    again: Callable[[Sequence[str]], str]
    waivers: tuple[Waiver, ...] = ()
    full: bool = True


def contribution(
    measurements: Measurements,
    telling: GateContext,
    *,
    missing: Mapping[str, str],
    no_load: str = "",
) -> Contribution:
    """Return the room's part. ``missing`` has the reason for each endpoint that was not measured.

    ``no_load`` says why a load that was asked for did not run.
    """
    decided: dict[str, list[Decision]] = {
        endpoint: measurements.latency(endpoint)
        for endpoint in measurements.tallies
        if endpoint not in measurements.broken
    }
    plain = {
        endpoint: measurements.not_interleaved(endpoint)
        for endpoint in measurements.plain
        if endpoint not in measurements.tallies
    }
    judge = _Judge(telling, measurements.strictness.level)
    judged: list[JudgedGate] = []
    latency = []
    for source, rows in (("benchmark", decided), ("benchmark, not interleaved", plain)):
        for endpoint, decisions in rows.items():
            nodeids = tuple(measurements.nodeids.get(endpoint, ()))
            machine, tally = measurements.machine, measurements.tallies.get(endpoint)
            pace = tally.requests_per_s if tally else 0.0
            judged += [judge.of(one, machine, nodeids=nodeids, per_s=pace) for one in decisions]
            latency.append(latency_row(measurements, endpoint, decisions, source=source))
    if decided or measurements.loads:
        pace = sum(one.requests_per_s for one in measurements.tallies.values())
        judged.append(judge.of(measurements.errors(), measurements.machine, per_s=pace))
    for load in measurements.loads:
        judged += _of_load(measurements, load, judge)
    gates = [
        *_missing(missing, measurements.nodeids, telling),
        *under_one_blocker(judged, measurements.machine, again=telling.again(())),
    ]
    if measurements.settings.load is not None and not measurements.loads:
        gates.append(_no_load(no_load))
    gates += waiver_gates(telling.waivers, full=telling.full)
    return Contribution(
        family=FAMILY,
        gates=tuple(gates),
        accepted=tuple(map(accepted_entry, telling.waivers)),
        latency=tuple(latency),
        load=tuple(row for load in measurements.loads for row in load_rows(measurements, load)),
        resources=(
            *latency_series(measurements, decided),
            *machine_series(measurements.machine),
            *(one for load in measurements.loads for one in series(load)),
        ),
        not_judged=tuple(_not_judged(measurements)),
        notes=(*_notes(measurements), *waiver_notes(gates)),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Makes a gate of a decision; ``level`` is that of its interval."""

    telling: GateContext
    level: float

    def of(
        self,
        one: Decision,
        machine: MachineRecord,
        *,
        nodeids: Sequence[str] = (),
        loaded: bool = False,
        per_s: float = 0.0,
    ) -> JudgedGate:
        """Return the gate, with all that is to be said beside it.

        ``per_s`` is how many requests (or pairs) came in a second, 0 where none will.
        """
        code, title = _CODES[one.rule]
        if loaded and one.rule in (PerformanceRule.P50, PerformanceRule.P99):
            code, title = "CUT211", f"load {title}"
        place = "" if one.rule is PerformanceRule.ERRORS else one.endpoint
        sentences = [note.sentence for note in one.notes]
        if one.reach and one.rule in _SEEN_RARELY:
            sentences.append(one.reach)
        limit, gate_id = shown.limit(one), f"performance.{title.replace(' ', '-')}"
        waivers = self.telling.waivers
        waiver = next((each for each in waivers if each.about(one, loaded=loaded)), None)
        if waiver is not None:
            title, limit = title + WAIVED, waived_limit(one, waiver)
            sentences.insert(0, waived_sentence(one, waiver))
        sentences += filter(None, [shown.takes(one, per_s), beside(one, machine)])
        gate = Gate(
            id=gate_id + (f" {place}" if place else ""),
            code=code,
            title=title,
            verdict=GateVerdict(one.verdict.value),
            place=place,
            limit=limit,
            observed=shown.observed(one, self.level),
            message="; ".join(sentences),
            nodeids=tuple(nodeids),
            next=self.telling.again(nodeids) if one.verdict is not RuleVerdict.PASS else "",
        )
        return JudgedGate(one, gate)


def _of_load(measurements: Measurements, load: LoadRun, judge: _Judge) -> Iterator[JudgedGate]:
    nodeids = (load.nodeid,) if load.nodeid else ()
    if load.problem:
        failed = load_rules.failed_load(load, measurements.strictness)
        yield judge.of(failed, load.machine, nodeids=nodeids)
        return
    decisions = [
        load_rules.degradation(measurements, load),
        *load_rules.load_latencies(measurements, load),
    ]
    if not load.memory_problem:
        decisions.append(load_rules.memory(measurements, load))
    if not load.pool_problem:
        decisions.append(load_rules.pool(load))
    for one in decisions:
        yield judge.of(one, load.machine, nodeids=nodeids, loaded=True)


def _no_load(why: str) -> Gate:
    return Gate(
        id="performance.load-degradation",
        code="CUT210",
        title="load missing",
        verdict=GateVerdict.INCONCLUSIVE,
        limit="at least 1 load",
        observed="0",
        message=why
        or "[performance.load] asks for a load and no test ran one: call the fixture "
        "cutover_load in a test",
    )


def _missing(
    missing: Mapping[str, str], known: Mapping[str, Sequence[str]], telling: GateContext
) -> Iterator[Gate]:
    """One gate for each reason, however many endpoints it holds for."""
    reasons: dict[str, list[str]] = {}
    for endpoint, why in missing.items():
        reasons.setdefault(why, []).append(endpoint)
    for number, (why, endpoints) in enumerate(reasons.items()):
        nodeids = tuple(nodeid for endpoint in endpoints for nodeid in known.get(endpoint, ()))
        yield Gate(
            id="performance.missing" + (f" {number + 1}" if number else ""),
            code="CUT210",
            title="measurements missing",
            verdict=GateVerdict.INCONCLUSIVE,
            place=endpoints[0] if len(endpoints) == 1 else f"{len(endpoints)} endpoints",
            limit="measured",
            observed="not measured",
            message=f"{why} ({', '.join(endpoints)})" if len(endpoints) > 1 else why,
            nodeids=nodeids,
            next=telling.again(nodeids) if nodeids else "",
        )


def _not_judged(measurements: Measurements) -> Iterator[NotJudged]:
    for load in measurements.loads:
        if load.problem:
            continue
        if load.memory_problem:
            yield NotJudged(title="memory", reason=load.memory_problem, code="CUT208")
        if load.pool_problem:
            yield NotJudged(title="pool", reason=load.pool_problem, code="CUT209")


def _notes(measurements: Measurements) -> Iterator[str]:
    if measurements.tallies:
        yield (
            f"performance: the client's own cost was {measurements.client_cost_ms:.3f} ms, taken "
            "off before ratios; an interval holds the truth with "
            f"{percent(measurements.strictness.level, 0)} or more, at every number of requests"
        )
    busy = measurements.machine.sentence()
    if busy:
        yield f"performance: while it was measured {busy}"
