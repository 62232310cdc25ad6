"""Reading a gate.json back: for `review`, `compare`, `accept` and the next run's comment.

As strict as the schema: a field too many, too few or of another type is an error that names its
place. Python's own conversions are refused ("3" is no number), which is why this is no library's
work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pytest_cutover.report.model import VERSION, Report

_AGAIN = "Run the gate again: pytest --cutover-target=NAME"


class ReportUnreadable(Exception):  # noqa: N818 - the house names the state, as httpx does
    """The file is not a gate report of this version; the message says what to do."""


class _Wrong(Exception):  # noqa: N818
    """One value is not what its place asks for."""


def read_report(path: Path) -> Report:
    """The report in a gate.json. Raises `ReportUnreadable` for anything else."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportUnreadable(f"{path} cannot be read: {error}. {_AGAIN}") from error
    return loads(text, source=str(path))


def loads(text: str, *, source: str = "the report") -> Report:
    """The report in a text of gate.json; `source` names it in errors."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportUnreadable(
            f"{source} is not whole JSON ({error}); it was cut off or edited. {_AGAIN}"
        ) from error
    _check_version(document, source)
    try:
        report: Report = _build(Report, document, "")
    except _Wrong as error:
        raise ReportUnreadable(
            f"{source} is not a gate report: {error}. Expected the shape of gate.v1.schema.json."
            f" {_AGAIN}"
        ) from error
    return report


def _check_version(document: object, source: str) -> None:
    if not isinstance(document, dict) or "version" not in document:
        raise ReportUnreadable(
            f"{source} is JSON, but no gate report: it has no 'version'."
            " Give the gate.json that a run left in .cutover/"
        )
    found = document["version"]
    if found != VERSION or isinstance(found, bool):
        raise ReportUnreadable(
            f"{source} is a gate report of version {found!r}, and this pytest-cutover reads"
            f" version {VERSION}. Install the version that wrote it, or run the gate again"
        )


def _build(kind: Any, value: Any, place: str) -> Any:
    """The value as `kind`, which is one of the shapes that the model uses. Raises `_Wrong`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:  # X | None
        return None if value is None else _build(arguments[0], value, place)
    if origin is tuple:
        items = enumerate(_expect(list, value, place))
        return tuple(_build(arguments[0], item, f"{place}/{number}") for number, item in items)
    if origin is Mapping:
        entries = _expect(dict, value, place).items()
        return {key: _expect(str, item, f"{place}/{key}") for key, item in entries}
    if is_dataclass(kind):
        return _build_dataclass(kind, _expect(dict, value, place), place)
    if issubclass(kind, StrEnum):
        valid = [str(member) for member in kind]
        if value not in valid:
            raise _Wrong(f"{place} is {value!r}, expected one of {', '.join(valid)}")
        return kind(value)
    if kind is float and type(value) is int:
        return float(value)
    return _expect(kind, value, place)


def _build_dataclass(kind: Any, value: dict[str, Any], place: str) -> Any:
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise _Wrong(f"{place}/{name} is not known")
    for name in hints:
        if name not in value:
            raise _Wrong(f"{place}/{name} is missing")
    return kind(**{name: _build(hints[name], value[name], f"{place}/{name}") for name in hints})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _expect(kind: type, value: Any, place: str) -> Any:
    if type(value) is not kind:
        raise _Wrong(f"{place or '/'} is {type(value).__name__}, expected {kind.__name__}")
    return value
