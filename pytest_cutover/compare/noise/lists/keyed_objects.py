"""Objects whose keys are ids or codes: rows by what names them, like a list in no order. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.identity_key import skeleton
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.compare.normalize.matchers import ArrayOf, ObjectPattern
from pytest_cutover.core.unique import codes_in

# The members of a row that stands for an entry: its key, which names it, and what it holds.
KEY, VALUE = "id", ""
_MADE = "\ufdd0"


def is_keyed(first: dict[str, Any], again: dict[str, Any]) -> bool:
    """Whether two recordings of an object hold other entries, named by ids and not by members.

    Where each has as many, all with names of one run, it is one object with other names each time.
    """
    apart = first.keys() ^ again.keys()
    if not apart or not all(
        _names_something(key) or _is_id_of(first.get(key, again.get(key)), key) for key in apart
    ):
        return False
    kinds = {formats.type_of_pattern(value) for value in (*first.values(), *again.values())}
    if len(kinds) > 1:
        return False
    if len(first) != len(again) or first.keys() & again.keys():
        return True
    return Counter(map(skeleton, rows(first))) != Counter(map(skeleton, rows(again)))


def _names_something(key: str) -> bool:
    if key.isdigit() or _MADE in key or formats.has_identity(formats.format_of(key)):
        return True
    return next(codes_in(key), None) is not None


def _is_id_of(value: Any, key: str) -> bool:
    """Return whether an entry says itself that its key is its id: ``urn:lot:4``, ``lots/4``."""
    return isinstance(value, dict) and any(
        item == key and names_an_id(name) for name, item in value.items()
    )


def rows(entries: dict[str, Any]) -> list[Any]:
    """Return the entries as rows."""
    return [{KEY: key, VALUE: value} for key, value in entries.items()]


def rows_of_columns(table: Any) -> list[Any] | None:
    """Return the rows of a table whose columns are lists of scalars of one length, None for any
    other object.
    """
    columns = list(table.values()) if isinstance(table, dict) else []
    if len(columns) < 2 or not all(isinstance(column, list) for column in columns):
        return None
    if len({len(column) for column in columns}) > 1:
        return None
    if any(isinstance(cell, dict | list) for column in columns for cell in column):
        return None
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]


def known_rows(value: Any) -> list[Any]:
    """Return what is known of the rows of an object, or of the pattern of one."""
    if isinstance(value, ArrayOf):
        return [] if value.item is None else [value.item]
    return rows(value.members if isinstance(value, ObjectPattern) else value)


def value_of(row: Any) -> Any:
    """Return what the entry of a row, or of the pattern of one, holds."""
    if isinstance(row, ObjectPattern):
        return row.members.get(VALUE)
    return row.get(VALUE) if isinstance(row, dict) else row


def may_be_keyed(value: Any) -> bool:
    """Whether a value, or a pattern, is an object of any kind."""
    return isinstance(value, dict | ObjectPattern) or is_pattern(value)


def is_pattern(value: Any) -> bool:
    """Whether a pattern is that of an object keyed by ids."""
    return isinstance(value, ArrayOf) and value.keyed
