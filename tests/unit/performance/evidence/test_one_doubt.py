"""What a busy machine leaves open is one blocker, and everything else stays what it was."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.performance.evidence.one_doubt import JudgedGate, beside, under_one_blocker
from pytest_cutover.performance.stats.decision import (
    Caveat,
    Decision,
    Estimate,
    Note,
    PerformanceRule,
    RuleVerdict,
)
from pytest_cutover.performance.stats.machine import MachineRecord, MachineSample
from pytest_cutover.report.model import Gate, GateVerdict

OPEN = RuleVerdict.INCONCLUSIVE


def machine(waiting: float) -> MachineRecord:
    return MachineRecord([[MachineSample(0.0, 0.0), MachineSample(10.0, 10 * waiting)]])


def judged(
    rule: PerformanceRule, verdict: RuleVerdict = OPEN, doubt: Caveat = Caveat.TOO_FEW
) -> JudgedGate:
    decision = Decision(
        rule=rule, endpoint="GET /x", verdict=verdict, limit=5, unit="ms",
        observed=Estimate(4, 3, 6), samples=90, more_samples_needed=9,
        notes=(Note(doubt, "n=90"),) if verdict is OPEN else (),
    )  # fmt: skip
    gate = Gate(
        id=f"performance.{rule}", code="CUT201", title=str(rule), place="GET /x",
        verdict=GateVerdict(verdict.value), message="n=90",
    )  # fmt: skip
    return JudgedGate(decision, gate)


P95, P99, RATIO = (
    judged(PerformanceRule.P95),
    judged(PerformanceRule.P99),
    PerformanceRule.P50_RATIO,
)


def test_gates_that_it_leaves_open_stand_behind_one_blocker_that_names_them() -> None:
    failed = judged(RATIO, RuleVerdict.FAIL)
    first, *rest = under_one_blocker([P95, P99, failed], machine(0.7), again="pytest")
    assert (first.code, first.verdict, first.required) == ("CUT212", "inconclusive", True)
    assert first.place == "2 gates"
    # The cure comes first: a screen cuts at the end.
    assert first.message.startswith("run again while nothing else runs here, or with a larger")
    assert first.message.endswith("open are p95 GET /x, p99 GET /x")
    assert "processes waited for a core 70 % of the time" in first.observed
    assert [(gate.verdict, gate.required) for gate in rest] == [
        ("inconclusive", False),
        ("inconclusive", False),
        ("fail", True),
    ]


def test_a_quiet_machine_and_a_single_gate_have_no_such_blocker() -> None:
    assert list(under_one_blocker([P95, P99], machine(0.1), again="")) == [P95.gate, P99.gate]
    (single,) = under_one_blocker([P95], machine(0.7), again="")
    assert (single.id, single.code, single.required) == (P95.gate.id, P95.gate.code, True)


def test_a_single_gate_that_a_busy_machine_leaves_open_says_so_itself() -> None:
    (said,) = under_one_blocker([P95], machine(0.7), again="")
    (quiet,) = under_one_blocker([P95], machine(0.1), again="")
    assert "the machine was busy (processes waited for a core 70 % of the time)" in said.message
    assert "run again while nothing else runs here" in said.message
    assert "busy" not in quiet.message


def test_what_a_quiet_machine_would_not_cure_stays_a_blocker_of_its_own() -> None:
    throttled = judged(RATIO, doubt=Caveat.THROTTLED)
    growing = judged(RATIO, doubt=Caveat.TREND)
    found = list(under_one_blocker([P95, P99, throttled, growing], machine(0.7), again=""))
    assert throttled.gate in found
    assert growing.gate in found


def test_what_a_throttle_leaves_open_is_one_blocker_too() -> None:
    throttled = [judged(rule, doubt=Caveat.THROTTLED) for rule in (RATIO, PerformanceRule.P50)]
    first, *rest = under_one_blocker([*throttled, P99], machine(0.1), again="pytest")
    assert (first.code, first.title, first.place) == ("CUT213", "throttled", "2 gates")
    assert "it leaves open p50-ratio GET /x, p50 GET /x" in first.message
    assert [gate.required for gate in rest] == [False, False, True]


def test_how_busy_it_was_stands_beside_absolute_limits_only() -> None:
    assert beside(P95.decision, machine(0.1)).startswith("meanwhile processes waited")
    assert beside(replace(P95.decision, rule=RATIO), machine(0.1)) == ""
    assert beside(P95.decision, MachineRecord()) == ""
