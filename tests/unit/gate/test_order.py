"""What stands first in a report stands first on every page, because it is ordered once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pytest_cutover.codes import CODES
from pytest_cutover.gate.order import ordered
from pytest_cutover.gate.severity import findings_in_order
from pytest_cutover.report import summary
from pytest_cutover.report.model import Gate, GateVerdict, Report, Verdict
from tests.unit.report.reports import ACCEPTED, ENVELOPE, FULL, HEALTH, NO_GO, WEIGHT

PASS, FAIL, OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE


def a_gate(name: str, verdict: GateVerdict, *, required: bool = True) -> Gate:
    return Gate(id=name, code="CUT101", title=name, verdict=verdict, required=required)


GATES = (
    a_gate("passed", PASS, required=False),
    a_gate("also passed", PASS),
    a_gate("optional", OPEN, required=False),
    a_gate("undecided", OPEN),
    a_gate("failed, not required", FAIL, required=False),
    a_gate("also failed", FAIL),
)


def test_what_failed_stands_before_what_is_undecided_and_that_before_what_passed() -> None:
    found = ordered(replace(FULL, gates=GATES), CODES)

    assert [
        "failed, not required",
        "also failed",
        "undecided",
        "optional",
        "passed",
        "also passed",
    ] == [gate.title for gate in found.gates]


def test_open_findings_stand_before_accepted_ones_and_the_worst_before_the_frequent() -> None:
    added = replace(WEIGHT, id="a", kind="added", change="absent → string", occurrences=26)
    wrong = replace(WEIGHT, id="b", kind="value", change="text → text", occurrences=1)
    wide = replace(WEIGHT, id="c", signature="c", nodeids=("a", "b", "c", "d"), occurrences=4)

    found = findings_in_order([ENVELOPE, added, WEIGHT, wide, wrong])

    assert ["b", "c", WEIGHT.id, "a", ENVELOPE.id] == [one.id for one in found]
    assert [1, 2, 2, 4, 2] == [one.severity for one in found]


def test_blockers_of_all_gates_stand_in_one_order_the_failed_first_and_then_the_worst() -> None:
    added = replace(WEIGHT, id="a", kind="added", change="absent → string")
    wrong = replace(WEIGHT, id="b", kind="value", change="text → text")
    gates = (
        Gate(id="people", code="CUT409", title="sign-off", verdict=FAIL),
        Gate(id="silent", code="CUT302", title="backend", verdict=OPEN),
        Gate(id="asked by nobody", code="CUT302", title="backend", verdict=OPEN, required=False),
        Gate(id="parity", code="CUT101", title="differences", verdict=FAIL),
        Gate(id="slow", code="CUT201", title="p99", verdict=FAIL),
        Gate(id="fine", code="CUT202", title="p50", verdict=PASS),
    )

    found = ordered(
        replace(FULL, verdict=Verdict.NO_GO, gates=gates, findings=(added, wrong)), CODES
    )

    rows = [(row.gate, row.finding, row.severity) for row in found.blockers]
    assert rows == [
        ("parity", "b", 1),
        ("slow", "", 2),
        ("people", "", 3),
        ("parity", "a", 4),
        ("silent", "", 1),
    ]
    assert [(one.gate.id, one.severity) for one in summary.blockers(found)] == [
        (gate, severity) for gate, _, severity in rows
    ]
    assert {"parity": 1, "slow": 2, "people": 3, "silent": 1, "asked by nobody": 1, "fine": 0} == {
        gate.id: gate.severity for gate in found.gates
    }


def test_a_part_of_the_suite_is_not_blocked_by_what_it_left_out() -> None:
    undecided = Gate(id="silent", code="CUT302", title="backend", verdict=OPEN)

    found = ordered(replace(FULL, verdict=Verdict.PARTIAL, gates=(undecided,), findings=()), CODES)

    assert found.blockers == ()


def test_latencies_and_accepted_entries_have_their_order_too() -> None:
    rows = [
        replace(HEALTH, endpoint=str(verdict), verdict=verdict) for verdict in (PASS, OPEN, FAIL)
    ]
    later = replace(ACCEPTED, days_left=80, signature="a")

    found = ordered(replace(NO_GO, latency=tuple(rows), accepted=(later, ACCEPTED)), CODES)

    assert [FAIL, OPEN, PASS] == [row.verdict for row in found.latency]
    assert (ACCEPTED, later) == found.accepted


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_changes_nothing_about_findings(seed: int) -> None:
    findings = [
        replace(WEIGHT, id=f"{n:08x}", signature=str(n % 7), occurrences=n % 3) for n in range(20)
    ]
    mixed = list(findings)
    random.Random(seed).shuffle(mixed)

    assert findings_in_order(findings) == findings_in_order(mixed)


def test_an_ordered_report_stays_as_it_is() -> None:
    once: Report = ordered(replace(FULL, gates=GATES, findings=(ENVELOPE, WEIGHT)), CODES)

    assert once == ordered(once, CODES)
