"""The verdict in the JUnit file of `--junitxml`, as properties of its suite.

pytest has written that file by the time the gate decides: it is written once more, which is what
its writer does whenever it is called. The writer is found by what it can do, as pytest gives a
plugin no other way to a suite's properties outside of a test.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_cutover.report.model import Report
from pytest_cutover.report.renderers.junit import properties


def record(
    config: pytest.Config, report: Report, directory: Path | None, scrub: Callable[[str], str]
) -> None:
    """Add the verdict to the JUnit file, if one was asked for. `directory` holds the report."""
    page = str(directory / "gate.html") if directory else ""
    for plugin in config.pluginmanager.get_plugins():
        if hasattr(plugin, "add_global_property") and hasattr(plugin, "pytest_sessionfinish"):
            for name, value in properties(report, page):
                plugin.add_global_property(name, scrub(value))
            plugin.pytest_sessionfinish()
