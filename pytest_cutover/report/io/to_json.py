"""gate.json: the report for other tools (schema `gate.v1.schema.json`).

The text is ASCII, so that nothing in it can act on a terminal, and bounded by the number of
findings. Pure; `write` puts it on disk.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import Any

from pytest_cutover.report.model import Report
from pytest_cutover.report.truncation import bounded

SCHEMA_NAME = "gate.v1.schema.json"


def dumps(report: Report) -> str:
    """The text of gate.json: ASCII, indented by one, with a final newline."""
    return json.dumps(as_json(report), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """The bounded report as dicts, lists and scalars; `version` stands first."""
    plain = _plain(bounded(report))
    assert isinstance(plain, dict)
    return {"version": plain.pop("version"), **plain}


def schema() -> dict[str, Any]:
    """The JSON Schema that every gate.json of this version satisfies."""
    text = files("pytest_cutover.report").joinpath(SCHEMA_NAME).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
