"""Where a key of the configuration belongs, for who wrote it into another table."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from pytest_cutover.config.model import Config
from pytest_cutover.core.errors import Mistake


def belongs_in(key: str) -> str:
    """Return the tables that have a key of this name, as they are written; empty for none."""
    return ", ".join(dict.fromkeys(table for table, name in _keys(Config, "") if name == key))


def with_its_table(mistake: Mistake) -> Mistake:
    """Return the mistake, with the table in which an unknown key would be known."""
    last = mistake.key.rpartition(".")[2]
    if mistake.what != "unknown key" or mistake.suggestion or not last:
        return mistake
    tables = belongs_in(last)
    if not tables:
        return mistake
    return Mistake(
        key=mistake.key,
        what=mistake.what,
        value=mistake.value,
        valid=mistake.valid,
        advice=f"{last} belongs in {tables}: move it there",
    )


def _keys(cls: type, table: str) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(cls)
    for one in fields(cls):
        key = one.metadata.get("key", one.name)
        if key is None:
            continue
        yield f"[{table}]" if table else "the top of the file", key
        inner = _dataclass_in(hints[one.name])
        if inner is not None:
            yield from _keys(inner, f"{table}.{key}" if table else key)


def _dataclass_in(hint: Any) -> type | None:
    """Return the dataclass that a key holds itself, or None: those in lists and maps have names."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    if get_origin(hint) in (Union, types.UnionType):
        return next((found for part in get_args(hint) if (found := _dataclass_in(part))), None)
    return None
