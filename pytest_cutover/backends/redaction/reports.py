"""Takes secrets out of pytest's own reports, whatever form the traceback has."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.core.evidence import PROPERTY, scrub_line
from pytest_cutover.core.sanitize import block, without_commands

_DEEPEST = 40


def scrub_report(report: pytest.TestReport, scrub: Callable[[str], str]) -> None:
    """Scrub the traceback, the captured output and the properties of a report, in place.

    What a backend said stands in the message of an assertion, and may be printed by a test: no
    terminal and no CI obeys it there.
    """
    untyped: Any = report
    untyped.longrepr = _scrubbed(report.longrepr, lambda text: block(scrub(text)))
    report.sections[:] = [
        (scrub(name), without_commands(scrub(text))) for name, text in report.sections
    ]
    report.user_properties[:] = [
        (name, _property(name, value, scrub)) for name, value in report.user_properties
    ]
    if isinstance(getattr(report, "wasxfail", None), str):
        untyped.wasxfail = scrub(untyped.wasxfail)


def scrub_collect_report(report: pytest.CollectReport, scrub: Callable[[str], str]) -> None:
    """Mask the report of a file that could not be collected, in the same way."""
    untyped: Any = report
    untyped.longrepr = _scrubbed(report.longrepr, scrub)
    report.sections[:] = [(scrub(name), scrub(text)) for name, text in report.sections]


def _property(name: str, value: object, scrub: Callable[[str], str]) -> object:
    if not isinstance(value, str):
        return value
    return scrub_line(value, scrub) if name == PROPERTY else scrub(value)


def scrub_traceback(representation: Any, scrub: Callable[[str], str]) -> None:
    """Scrub what pytest is about to print of an exception, in place."""
    _scrubbed(representation, scrub)


def scrub_warning(message: warnings.WarningMessage, scrub: Callable[[str], str]) -> None:
    """Scrub a warning in place, keeping its category."""
    text = str(message.message)
    clean = scrub(text)
    if clean != text:
        # Not the category itself: its constructor may want other arguments.
        message.message = Warning(clean)
    line = linecache.getline(message.filename, message.lineno).strip()
    if scrub(line) != line:
        message.line = scrub(line)


def _scrubbed(value: Any, scrub: Callable[[str], str], depth: int = 0) -> Any:
    """Return the same value with every string in it scrubbed; objects are changed in place."""
    if isinstance(value, str):
        return scrub(value)
    if depth > _DEEPEST or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        value[:] = [_scrubbed(item, scrub, depth + 1) for item in value]
        return value
    if type(value) is tuple:
        return tuple(_scrubbed(item, scrub, depth + 1) for item in value)
    if isinstance(value, dict):
        return {key: _scrubbed(item, scrub, depth + 1) for key, item in value.items()}
    # The classes of _pytest._code that end up in a longrepr, and nothing of the user's.
    if type(value).__module__.startswith("_pytest."):
        for name, part in list(getattr(value, "__dict__", {}).items()):
            setattr(value, name, _scrubbed(part, scrub, depth + 1))
    return value
