"""What stands first in a report stands first on every page, because it is ordered once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pytest_cutover.gate.order import findings_in_order, ordered
from pytest_cutover.report import summary
from pytest_cutover.report.model import Gate, GateVerdict, Report
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
    found = ordered(replace(FULL, gates=GATES))

    assert [
        "failed, not required",
        "also failed",
        "undecided",
        "optional",
        "passed",
        "also passed",
    ] == [gate.title for gate in found.gates]


def test_open_findings_stand_before_accepted_ones_and_the_most_frequent_before_others() -> None:
    seldom = replace(WEIGHT, signature="b", occurrences=2)
    often = replace(WEIGHT, signature="c", occurrences=30)
    twin = replace(WEIGHT, signature="a", occurrences=2)

    assert (often, twin, seldom, ENVELOPE) == findings_in_order([ENVELOPE, seldom, often, twin])


def test_what_is_new_since_the_base_branch_stands_before_what_it_had_too() -> None:
    old = replace(WEIGHT, signature="a", occurrences=30)
    new = replace(WEIGHT, signature="b", occurrences=1)
    report = replace(NO_GO, findings=(ENVELOPE, old, new))

    found = ordered(report, replace(NO_GO, findings=(old,)))

    assert (new, old, ENVELOPE) == found.findings
    assert new == summary.blockers(found)[0].finding
    assert (old, new, ENVELOPE) == ordered(report).findings


def test_latencies_and_accepted_entries_have_their_order_too() -> None:
    rows = [
        replace(HEALTH, endpoint=str(verdict), verdict=verdict) for verdict in (PASS, OPEN, FAIL)
    ]
    later = replace(ACCEPTED, days_left=80, signature="a")

    found = ordered(replace(NO_GO, latency=tuple(rows), accepted=(later, ACCEPTED)))

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
    once: Report = ordered(replace(FULL, gates=GATES, findings=(ENVELOPE, WEIGHT)))

    assert once == ordered(once)
