"""The last screen, through pytest's own terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_cutover.report import github, terminal
from pytest_cutover.report.model import Report


def show(
    report: Report, reporter: Any, report_dir: Path, scrub: Callable[[str], str]
) -> None:
    """Write the screen of a report; on GitHub Actions its annotations too."""
    writer = reporter._tw
    page = report_dir / "gate.html"
    lines = terminal.render(
        report,
        width=writer.fullwidth,
        color=writer.hasmarkup,
        verbosity=reporter.config.get_verbosity(),
        encoding=getattr(writer._file, "encoding", None) or "utf-8",
        report_path=_shown(page) if page.exists() else "",
    )
    reporter.write_line("")
    for line in lines:
        for text, style in line:
            reporter.write(scrub(text), **terminal.markup(style))
        reporter.write_line("")
    for annotation in github.workflow_commands(report, os.environ):
        reporter.write_line(scrub(annotation))


def _shown(path: Path) -> str:
    """The path as a reader would type it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
