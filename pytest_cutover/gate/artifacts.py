"""What a run leaves behind, without a secret in it.

Every string of the report goes through the scrubber before anything is rendered: a secret that a
renderer has escaped would no longer be recognised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pytest_cutover.core.codes import Code
from pytest_cutover.report.history import History, history_of
from pytest_cutover.report.io.artifacts import write_report
from pytest_cutover.report.io.history import past_runs
from pytest_cutover.report.io.pull_request import base_report
from pytest_cutover.report.live import run_folder
from pytest_cutover.report.model import Report, Verdict
from pytest_cutover.report.renderers import github
from pytest_cutover.report.truncation import bounded

_Value = TypeVar("_Value")


def scrubbed(value: _Value, scrub: Callable[[str], str]) -> _Value:
    """Return the same value with every string in it scrubbed."""
    result: Any = value
    if isinstance(value, str):
        result = value if type(value) is not str else scrub(value)
    elif isinstance(value, tuple):
        result = tuple(scrubbed(item, scrub) for item in value)
    elif isinstance(value, dict):
        result = {key: scrubbed(item, scrub) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: scrubbed(getattr(value, field.name), scrub) for field in fields(value)
        }
        result = replace(value, **changes)
    return result  # type: ignore[no-any-return]


def write_artifacts(
    report: Report, directory: Path, scrub: Callable[[str], str], codes: Mapping[str, Code]
) -> Report:
    """Write every artifact into `directory`. Raises an error that names the file and the reason.

    Returns the report with a note of what is not as it should be and changes no verdict.
    """
    base, why_none = base_report(report, os.environ)
    report = _noted(report, why_none)
    clean = scrubbed(bounded(report), scrub)
    # The last run of its target and phase is kept; a part of a phase answers none.
    whole = report.verdict is not Verdict.PARTIAL
    kept = run_folder(directory, report.target, report.phase) if whole else None
    history = None if clean.narrowed or not whole else _history(clean, directory)
    write_report(clean, directory, base=base, codes=codes, kept_in=kept, history=history)
    return _noted(report, github.append_step_summary(clean, os.environ, base=base))


def _history(report: Report, directory: Path) -> History:
    return history_of(report, past_runs(directory, os.environ))


def _noted(report: Report, note: str) -> Report:
    return replace(report, notes=(*report.notes, note)) if note else report
