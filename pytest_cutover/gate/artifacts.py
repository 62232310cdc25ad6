"""What a run leaves behind: gate.json, gate.html, gate.md and the differences, whole or not at all.

Every string of the report goes through the scrubber before anything is rendered: a secret that a
renderer has escaped would no longer be recognised.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pytest_cutover.report import github, markdown, to_json
from pytest_cutover.report.bounds import bounded
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.write import write_texts


_Value = TypeVar("_Value")


def scrubbed(value: _Value, scrub: Callable[[str], str]) -> _Value:
    """The same value with every string in it scrubbed."""
    result: Any = value
    if isinstance(value, str):
        result = value if type(value) is not str else scrub(value)
    elif isinstance(value, tuple):
        result = tuple(scrubbed(item, scrub) for item in value)
    elif isinstance(value, dict):
        result = {key: scrubbed(item, scrub) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: scrubbed(getattr(value, field.name), scrub)
                   for field in fields(value)}
        result = replace(value, **changes)
    return result  # type: ignore[no-any-return]


def write_artifacts(report: Report, directory: Path, scrub: Callable[[str], str]) -> None:
    """Write every artifact into `directory`. Raises an error that names the file and the reason."""
    report = scrubbed(bounded(report), scrub)
    texts = {
        directory / "gate.json": to_json.dumps(report),
        directory / "gate.md": markdown.render(report),
    }
    differences = directory / "diffs"
    for finding in report.findings:
        texts[differences / f"{finding.id}.json"] = _difference(finding)
    write_texts(texts)
    for old in differences.glob("*.json"):
        if old not in texts:
            old.unlink()
    github.append_step_summary(report, os.environ)


def _difference(finding: Finding) -> str:
    """A finding for review in a pull request: sorted, without times and without this run's ids."""
    stable = asdict(finding)
    for volatile in ("reproduce", "baseline", "candidate"):
        del stable[volatile]
    stable["nodeids"] = sorted(stable["nodeids"])
    return json.dumps(stable, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
