"""The JSON Schema of gate.json, generated from the types in `model` and shipped beside them.

`python -m pytest_cutover.report.io.schema` writes it anew after a member was added. A member with a
default is not required: a report that was written before it came stays valid.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, Final

import msgspec

from pytest_cutover.report.model import VERSION, Report

SCHEMA_NAME: Final = f"gate.v{VERSION}.schema.json"
_WHERE: Final = "https://github.com/pytest-cutover/pytest-cutover/blob/main/pytest_cutover/report"


def generated() -> dict[str, Any]:
    """Return the schema of the version that this package writes."""
    made = msgspec.json.schema(Report)
    definitions: dict[str, Any] = made["$defs"]
    report = definitions.pop("Report")
    report["properties"]["version"] = {"const": VERSION}
    report["required"] = ["version", *report["required"]]
    for definition in (report, *definitions.values()):
        definition["description"] = inspect.cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_WHERE}/{SCHEMA_NAME}",
        **report,
        "title": f"pytest-cutover gate report, version {VERSION}",
        "$defs": definitions,
    }


def text() -> str:
    """Return the text of the file."""
    return json.dumps(generated(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath(SCHEMA_NAME).write_text(text(), encoding="utf-8")
