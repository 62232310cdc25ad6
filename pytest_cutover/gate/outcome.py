"""How pytest's report of a phase reads as the outcome of a test."""

from __future__ import annotations

import pytest

from pytest_cutover.core.run_evidence import ItemOutcome


def outcome_of(report: pytest.TestReport) -> ItemOutcome | None:
    """Return the outcome that a phase gives its test; None where the phase decides nothing."""
    word = _word(report)
    if word is None:
        return None
    return ItemOutcome(report.nodeid, word, "" if word == "passed" else _reason(report))


def worse(known: ItemOutcome | None, new: ItemOutcome) -> ItemOutcome:
    """Return the outcome to keep of two for one test: what went wrong first, else the later."""
    return new if known is None or known.word == "passed" else known


def _word(report: pytest.TestReport) -> str | None:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped or report.failed else "xpassed"
    if report.skipped:
        return "skipped"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "passed" if report.when == "call" else None


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).splitlines()[0] if crash.message else ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    lines = str(report.longrepr or "").strip().splitlines()
    return lines[0] if lines else ""
