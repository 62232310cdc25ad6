"""The last screen, through pytest's own terminal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_cutover.report.model import Report
from pytest_cutover.report.renderers import github, terminal

# What no terminal shows is read in a log, where there is room.
_LINES = 40


def show(
    report: Report, reporter: Any, report_dir: Path | None, scrub: Callable[[str], str]
) -> None:
    """Write the screen of a report; on GitHub Actions its annotations too.

    `report_dir` is None where nothing was written: what stands there is of another run.
    """
    writer = reporter._tw
    lines = terminal.render(
        report,
        width=writer.fullwidth,
        height=shutil.get_terminal_size(fallback=(80, _LINES)).lines,
        color=writer.hasmarkup,
        verbosity=reporter.config.get_verbosity(),
        encoding=getattr(writer._file, "encoding", None) or "utf-8",
        report_path=_page(report_dir),
    )
    reporter.write_line("")
    for annotation in github.workflow_commands(report, os.environ):
        reporter.write_line(scrub(annotation))
    for line in lines:
        for text, style in line:
            reporter.write(scrub(text), **terminal.markup(style))
        reporter.write_line("")


def _page(report_dir: Path | None) -> str:
    """Return the page to open, as a reader would type its path."""
    if report_dir is None:
        return ""
    path = report_dir / "gate.html"
    if not path.exists():
        path = report_dir / "gate.md"
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
