"""A narrowed run forgets nothing that an earlier one found and it did not ask."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.gate.remembered import remembered
from pytest_cutover.report.model import Report
from pytest_cutover.report.renderers import terminal
from pytest_cutover.report.renderers.html.page import render
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


def test_it_is_told_on_every_page_once() -> None:
    first = remembered(NARROWED, BEFORE, [])
    again = remembered(replace(NARROWED, notes=("another",)), first, list(OTHER.nodeids))

    told = "2 findings of an earlier run are still pending"
    assert [note[: len(told)] for note in first.notes] == [told]
    assert [note.partition(" of ")[0] for note in again.notes] == ["another", "1 finding"]
    assert remembered(NARROWED, None, []).notes == ()
    page = render(first)
    assert "Pending since an earlier run" in page
    assert f"<code>{OTHER.id}</code>" in page
    screen = " ".join(terminal.text(terminal.render(first, color=False)).split())
    assert "still pending, since not all their tests ran here: pytest-cutover review" in screen
