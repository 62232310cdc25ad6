"""What a backend said in a report of pytest: shown, and obeyed by nobody."""

from __future__ import annotations

import pytest

from pytest_cutover.backends.redaction.reports import scrub_report


def test_nothing_in_a_report_is_a_command() -> None:
    said = "::error::boom\n  ##[debug]x\n\x1b[2J std::string at ::1 is fine"
    report = pytest.TestReport(
        "test.py::test_it",
        ("test.py", 1, "test_it"),
        {},
        "failed",
        said,
        "call",
        sections=[("Captured stdout call", "\x1b[32mgreen\x1b[0m\n" + said)],
    )
    scrub_report(report, lambda text: text.replace("boom", "<secret>"))

    shown = str(report.longrepr)
    assert shown.splitlines()[0] == "\\x3a:error::<secret>"
    assert "\x1b" not in shown
    assert "std::string at ::1 is fine" in shown
    captured = report.sections[0][1]
    assert captured.startswith("\x1b[32mgreen")  # of a program's own
    for text in (shown, captured):
        lines = [line.lstrip() for line in text.splitlines()]
        assert not any(line.startswith(("::error", "##[")) for line in lines)
