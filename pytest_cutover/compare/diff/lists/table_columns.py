"""Rows of cells, as CSV and HTML have them, by the names of their columns. Pure.

What a write drew, and in which member it told the time, is known by name. The cells of a row have
none: the head of their table names them, or, where the list has none, what a write was answered
with and stands in a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pytest_cutover.compare.diff.ids.drawn_order import time_of
from pytest_cutover.normalize.matchers import ArrayPattern, ObjectPattern

_LOOKED_INTO: Final = 20  # rows at each end, among which are those of this run
_BESIDE: Final = ("@", "#")  # attributes and blanks, as the names of markup begin

Columns = tuple[str, ...]


def columns_of(rows: Sequence[Any], given: Iterable[tuple[str, str]]) -> Columns:
    """Return how the columns of rows of cells are called: by their head, by a class of their own,
    else as members in which this run was `given` what stands in them. Empty for other rows, and
    where nothing names any.
    """
    cells = [_cells_of(row) for row in ends_of(rows)]
    if len(cells) < 2 or len(cells[0]) < 2 or len({len(one) for one in cells}) > 1:
        return ()
    head, *others = ([_text_of(_inside(cell)) for cell in one] for one in cells)
    by_column = list(zip(*others, strict=True))
    if all(map(_is_name, head, by_column)) and len(set(head)) == len(head):
        return tuple(head)
    if classes := _classes(cells):
        return classes
    names = {text: name for name, text in given}
    columns = tuple(
        next((names[text] for text in (first, *column) if text in names), f"#{at}")
        for at, (first, column) in enumerate(zip(head, by_column, strict=True))
    )
    is_told = any(not one.startswith("#") for one in columns)
    return columns if is_told and len(set(columns)) == len(columns) else ()


def _classes(cells: Sequence[Sequence[Any]]) -> Columns:
    """Return the classes of the cells, where each column has its own."""
    found = [
        tuple(_text_of((_members_of(cell) or {}).get("@class")) for cell in row) for row in cells
    ]
    is_told = all(found[0]) and len(set(found)) == 1 and len(set(found[0])) == len(found[0])
    return found[0] if is_told else ()


def ends_of(rows: Sequence[Any]) -> Sequence[Any]:
    """Return the first rows of a list and the last."""
    return rows if len(rows) <= 2 * _LOOKED_INTO else [*rows[:_LOOKED_INTO], *rows[-_LOOKED_INTO:]]


def _is_name(text: str, column: Sequence[str]) -> bool:
    """Whether the first cell of a column is the name of the others."""
    return bool(text) and text not in column and text[0].isalpha() and not time_of(text)


def by_column(columns: Columns, row: Any) -> Any:
    """Return a row, or a mask of one, with its cells by the names of their columns; as it is where
    it has not as many.
    """
    cells = _cells_of(row)
    if not columns or len(cells) != len(columns):
        return row
    members = _members_of(row) or {}
    beside = {name: value for name, value in members.items() if name.startswith(_BESIDE)}
    named = beside | dict(zip(columns, map(_inside, cells), strict=True))
    is_mask = isinstance(row, ObjectPattern | ArrayPattern)
    return ObjectPattern(named) if is_mask else named


def column_of(columns: Columns, place: tuple[Any, ...]) -> str:
    """Return the name of the column that a place in a row is in; nothing where it is in none."""
    at = next((step for step in place if isinstance(step, int)), len(columns))
    return columns[at] if at < len(columns) else ""


def is_cell(value: Any) -> bool:
    """Whether a value is an element, or a cell of CSV in quotes: it holds one thing."""
    members = _members_of(value)
    return members is not None and sum(not one.startswith(_BESIDE) for one in members) == 1


def _cells_of(row: Any) -> Sequence[Any]:
    cells = _inside(row)
    if isinstance(cells, ArrayPattern):
        return cells.items
    return cells if isinstance(cells, list) else ()


def _inside(value: Any) -> Any:
    """Return what an element holds, besides its attributes; anything else as it is."""
    if not is_cell(value):
        return value
    members = _members_of(value) or {}
    return next(inside for name, inside in members.items() if not name.startswith(_BESIDE))


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _members_of(value: Any) -> dict[str, Any] | None:
    members = value.members if isinstance(value, ObjectPattern) else value
    return members if isinstance(members, dict) else None
