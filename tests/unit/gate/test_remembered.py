"""A narrowed run forgets nothing that an earlier one found and it did not ask."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.gate.remembered import remembered
from pytest_cutover.report.model import Report
from tests.unit.report.reports import ENVELOPE, LOTS, NO_GO, WEIGHT

OTHER = replace(WEIGHT, id="0000000b", nodeids=("tests/test_x.py::test_x[candidate]",))
BEFORE = replace(NO_GO, findings=(WEIGHT, OTHER, ENVELOPE))
NARROWED = replace(NO_GO, findings=(), narrowed="-k x")


def ids(report: Report) -> list[str]:
    return [one.id for one in report.remembered]


def test_what_was_not_asked_stays_and_what_was_asked_is_settled() -> None:
    assert [WEIGHT.id, OTHER.id] == ids(remembered(NARROWED, BEFORE, []))
    assert [WEIGHT.id] == ids(remembered(NARROWED, BEFORE, ["tests/test_x.py::test_x[baseline]"]))
    # One of its two tests ran: the other may show it still.
    assert WEIGHT.id in ids(remembered(NARROWED, BEFORE, [LOTS]))
    assert OTHER.id not in ids(remembered(replace(NARROWED, findings=(OTHER,)), BEFORE, []))


def test_it_stays_over_several_narrowed_runs_and_a_full_run_settles_all() -> None:
    first = remembered(NARROWED, BEFORE, [])
    second = remembered(NARROWED, first, list(OTHER.nodeids))

    assert [WEIGHT.id] == ids(second)
    assert ids(remembered(replace(NARROWED, narrowed=""), second, [])) == []
    assert ids(remembered(replace(NARROWED, target="other"), BEFORE, [])) == []
    assert ids(remembered(NARROWED, None, [])) == []
