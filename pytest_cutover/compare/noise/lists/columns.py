"""Columns of tables: a cell that two recordings happened to hold alike is no literal. Pure.

Of a column of measured values most cells differ between two recordings, and a few are equal by
chance. Where most are held to a form that says something, the rest of the column is held to it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pytest_cutover.compare.noise import constraints, formats
from pytest_cutover.normalize.matchers import (
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    members_of,
    optional_of,
)

FEWEST_ROWS = 8
_NONE: Any = object()
_NO_CHANCE = frozenset(("boolean", "null"))


def completed(
    rows: list[Pattern], names: Sequence[str] | Sequence[int] | None = None
) -> list[Pattern]:
    """Return the rows of an array, with the symbol of its column in the place of such a cell.

    `names` are the members of rows that may vary, or the places of cells, where that is known.
    """
    if len(rows) < FEWEST_ROWS:
        return rows
    varying = _varying(rows) if names is None else _varying_among(rows, names)
    symbols = {}
    for key, count in varying.items():
        if not len(rows) < 2 * count < 2 * len(rows):
            continue
        cells = [_cell(row, key) for row in rows]
        is_whole = all(cell is not _NONE for cell in cells)
        symbol = _symbol_of(cells) if is_whole else None
        if symbol is not None:
            symbols[key] = symbol
    return [_with_symbols(row, symbols) for row in rows] if symbols else rows


def _varying(rows: list[Pattern]) -> Counter[Any]:
    """Return in how many rows each cell is a symbol."""
    return Counter(
        key
        for row in rows
        if type(row) is ArrayPattern or type(row) is ObjectPattern
        for key, cell in _cells(row)
        if type(cell) is Placeholder
    )


def _varying_among(rows: list[Pattern], names: Sequence[str] | Sequence[int]) -> Counter[Any]:
    """Return the same of some members or cells that all rows have, column by column."""
    are_places = all(isinstance(name, int) for name in names)
    cells: list[Any] = list(map(_items if are_places else members_of, rows))
    return Counter({name: [type(row[name]) for row in cells].count(Placeholder) for name in names})


def _cells(row: Pattern) -> Iterable[tuple[Any, Pattern]]:
    if isinstance(row, dict | ObjectPattern):
        return members_of(row).items()
    if isinstance(row, list | ArrayPattern):
        return enumerate(row if isinstance(row, list) else row.items)
    return ()


def _items(row: Pattern) -> Any:
    return row.items if isinstance(row, ArrayPattern) else row


def _cell(row: Pattern, key: Any) -> Any:
    """Return one cell of a row; nothing where it has none there."""
    if isinstance(key, str):
        return members_of(row).get(key, _NONE)
    items = _items(row)
    is_there = isinstance(items, tuple | list) and key < len(items)
    return items[key] if is_there else _NONE


def _symbol_of(cells: list[Pattern]) -> Placeholder | None:
    """Return what a column of which most cells vary is held to as a whole; None where its literals
    may well be meant, or where it has none but in its heading.
    """
    varying = [cell for cell in cells if isinstance(cell, Placeholder)]
    literals = [cell for cell in cells if not isinstance(cell, Placeholder)]
    if any(cell.secret or cell.per_run or cell.number is not None for cell in varying):
        return None
    names = constraints.widen({name for cell in varying for name in cell.formats})
    if constraints.is_type_alone(names) or _NO_CHANCE & {*names}:
        return None
    below = literals if cells[0] is not literals[0] or _fits(literals[0], names) else literals[1:]
    if not below or not all(_fits(cell, names) for cell in below):
        return None
    if any(map(formats.has_identity, names)):
        return None
    return Placeholder(names, clock=all(cell.clock for cell in varying))


def _fits(cell: Pattern, names: tuple[str, ...]) -> bool:
    """Whether a cell is a literal of one of the formats; that in a row of headings is none."""
    return isinstance(cell, str | bytes) and constraints.conforms(cell, names)


def _with_symbols(row: Pattern, symbols: dict[Any, Placeholder]) -> Pattern:
    apart = {}
    for key, symbol in symbols.items():
        cell = _cell(row, key)
        if type(cell) is not Placeholder and _fits(cell, symbol.formats):
            apart[key] = symbol
    if not apart:
        return row
    if isinstance(row, dict | ObjectPattern):
        return ObjectPattern({**members_of(row), **apart}, optional_of(row))
    items = [apart.get(key, cell) for key, cell in _cells(row)]
    return ArrayPattern(tuple(items), isinstance(row, ArrayPattern) and row.unordered)
