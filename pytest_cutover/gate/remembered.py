"""What an earlier run left pending and a narrowed one did not ask: it is not forgotten. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pytest_cutover.core.nodeid import SEED, without_side
from pytest_cutover.report.model import Finding, Report


def remembered(report: Report, before: Report | None, asked: Collection[str]) -> Report:
    """Return the report of a narrowed run with what is still pending from `before`, the one before
    it.

    `asked` are the tests of this run, by their node ids. A finding of which every test ran again is
    settled by what they showed; a full run settles all.
    """
    if before is None or not report.narrowed or _of(before) != _of(report):
        return report
    tests = {without_side(nodeid) for nodeid in asked}
    shown = {one.id for one in report.findings}
    kept = [
        one
        for one in (*before.findings, *before.remembered)
        if one.accepted is None and one.id not in shown and not _is_settled(one, tests)
    ]
    pending = tuple({one.id: one for one in kept}.values())
    notes = (*report.notes, _note(len(pending))) if pending else report.notes
    return replace(report, remembered=pending, notes=notes)


def _note(number: int) -> str:
    what = (
        "1 finding of an earlier run is"
        if number == 1
        else f"{number:,} findings of an earlier run are"
    )
    return f"{what} still pending, since not all their tests ran here: pytest-cutover review"


def _of(report: Report) -> tuple[str, str]:
    return report.target, report.phase


def _is_settled(finding: Finding, tests: Collection[str]) -> bool:
    if finding.nodeids_total > len(finding.nodeids):
        return False  # some of its tests are not listed
    # The seed comes before any test.
    return all(nodeid == SEED or without_side(nodeid) in tests for nodeid in finding.nodeids)
