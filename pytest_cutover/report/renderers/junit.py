"""The verdict as properties of a JUnit suite, for GitLab, Jenkins and whatever else reads those."""

from __future__ import annotations

from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report import summary
from pytest_cutover.report.model import Report

#: Blockers that get a property of their own; all are counted.
BLOCKERS = 10


def properties(report: Report, page: str = "") -> list[tuple[str, str]]:
    """Return names and values, each value in one harmless line. `page` is where the report is."""
    blocking = summary.blockers(report)
    found = [
        ("cutover.verdict", str(report.verdict)),
        ("cutover.answer", summary.answer(report)),
        ("cutover.gates", summary.headline(report)),
        ("cutover.target", report.target),
        ("cutover.phase", report.phase),
        ("cutover.report", page),
        ("cutover.next", summary.next_command(report)),
        ("cutover.blockers", str(len(blocking))),
    ]
    for number, blocker in enumerate(summary.first(blocking, BLOCKERS), start=1):
        gate = blocker.gate
        parts = (f"{gate.code} {gate.title}", blocker.place, blocker.detail)
        found.append((f"cutover.blocker.{number}", "   ".join(part for part in parts if part)))
    return [(name, one_line(value, 1_000)) for name, value in found if value]
