"""Objects whose keys are ids or codes: rows by what names them, like a list in no order. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists import drawn_keys
from pytest_cutover.compare.noise.lists.identity_key import skeleton
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.compare.noise.texts import text_tokens
from pytest_cutover.core.unique import codes_in
from pytest_cutover.normalize.matchers import ArrayOf, ObjectPattern

# The members of a row that stands for an entry: its key, which names it, and what it holds.
KEY, VALUE = "id", ""
_MADE = "\ufdd0"
_SHORT_ID = re.compile(r"[A-Za-z0-9_-]{8,}")
_KINDS_OF_SIGNS: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "a" * 26 + "A" * 26 + "9" * 10
)
_FEWEST_TOGETHER: Final = 2


def is_keyed(first: dict[str, Any], again: dict[str, Any]) -> bool:
    """Whether two recordings of an object hold other entries, named by ids and not by members.

    Where each has as many, all with names of one run, it is one object with other names each time.
    """
    apart = first.keys() ^ again.keys()
    unnamed = [
        key
        for key in apart
        if not (_names_something(key) or _is_id_of(first.get(key, again.get(key)), key))
    ]
    if not apart or (unnamed and not are_drawn(unnamed, first, again)):
        return False
    kinds = {formats.type_of_pattern(value) for value in (*first.values(), *again.values())}
    if len(kinds) > 1:
        return False
    if len(first) != len(again) or first.keys() & again.keys():
        return True
    ours, theirs = (
        Counter(skeleton(drawn_keys.held(key, one)) for key, one in entries.items())
        for entries in (first, again)
    )
    return not (ours == theirs and drawn_keys.may_be_drawn([*first, *again]))


def _names_something(key: str) -> bool:
    if key.isdigit() or _MADE in key or formats.has_identity(formats.format_of(key)):
        return True
    return next(codes_in(key), None) is not None


def are_drawn(keys: Iterable[str], first: dict[str, Any], again: dict[str, Any]) -> bool:
    """Whether keys are too short to be told one by one, and together look as if drawn by chance.

    All entries with keys of that length are of one kind, letters and digits follow each other
    without a rule, and hardly two keys have them at the same places, as `w640h480` has.
    """
    sizes = {len(key) for key in keys}
    if len(sizes) != 1:
        return False
    cohort = {key: one for key, one in (*again.items(), *first.items()) if len(key) in sizes}
    if len(cohort) < _FEWEST_TOGETHER:
        return False
    if not all(map(_SHORT_ID.fullmatch, cohort)):
        return False
    members = {frozenset(one) if isinstance(one, dict) else None for one in cohort.values()}
    if len(members) > 1 or None in members:
        return False
    shapes = {key.translate(_KINDS_OF_SIGNS) for key in cohort}
    return 4 * len(shapes) >= 3 * len(cohort) and text_tokens.changes_by_chance(cohort)


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
