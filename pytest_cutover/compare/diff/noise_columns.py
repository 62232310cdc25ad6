"""Rows of which all but a few members are equal on both sides, taken apart column by column. Pure.

Where every row of a mask calls the same members volatile, each of them is a column. Both documents
are split at its name: what stands between the values is compared as bytes at once, and a column of
texts is read at once. Only rows whose other bytes depart are looked into one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, compress
from operator import attrgetter, itemgetter, ne
from typing import Any, Final

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.compare.noise.formats import are_random_uuids
from pytest_cutover.normalize.matchers import (
    NOISY,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
)

# The names of members that every encoder spells alike.
_PLAIN_NAME: Final = re.compile(r"[\x20\x21\x23-\x2e\x30-\x3b\x3d\x3f-\x5b\x5d-\x7e]+")
# From the first escape of a string to its end, and the colon that makes it a name.
_ESCAPED: Final = re.compile(rb'\\.(?:[^"\\]++|\\.)*+"(?:[ \t\n\r]*+(:))?', re.DOTALL)

_OBJECTS: Final = Decoder(list[dict[str, Raw]])

_BUT_ITS_NUMBER: Final = attrgetter(
    *(one.name for one in fields(Placeholder) if one.name != "number")
)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """A volatile member of every row: its symbols, and what all of them are but for their number;
    None where they are of several kinds.
    """

    name: str
    symbols: tuple[Placeholder, ...]
    kind: Placeholder | None


def columns_of(mask: ArrayPattern) -> tuple[Column, ...]:
    """Return the columns of a mask of rows; none where its rows are not alike in their noise."""
    if mask.columns is None:
        object.__setattr__(mask, "columns", _columns(mask.items))  # of what does not change
    return mask.columns or ()


def _columns(rows: Sequence[Pattern]) -> tuple[Column, ...]:
    if not rows or not all(type(row) is ObjectPattern for row in rows):
        return ()
    members = [row.members for row in rows if isinstance(row, ObjectPattern)]
    names = [name for name, symbol in members[0].items() if type(symbol) in NOISY]
    if not all(map(_PLAIN_NAME.fullmatch, names)):
        return ()
    size = len(names)
    try:
        columns: list[tuple[Any, ...]] = [tuple(row[name] for row in members) for name in names]
    except KeyError:
        return ()
    if any(type(symbol) is not Placeholder for column in columns for symbol in column):
        return ()
    kinds = map(type, chain.from_iterable(map(dict.values, members)))
    if sum(map(NOISY.__contains__, kinds)) != size * len(rows):
        return ()  # some row holds more that is volatile
    return tuple(
        Column(name, symbols, _kind(symbols)) for name, symbols in zip(names, columns, strict=True)
    )


def _kind(symbols: Sequence[Placeholder]) -> Placeholder | None:
    is_one = len(set(map(_BUT_ITS_NUMBER, symbols))) == 1
    return replace(symbols[0], number=None) if is_one else None


@dataclass(slots=True)
class Table:
    """An array of objects by some of its columns.

    `rows` have the values of the columns read, and all else unread. `spelled` are the bytes of each
    column, and `values` what they say. `named` is how the last column is named in the document, and
    `between` what stands between its values once the other columns are taken out.
    """

    rows: Rows
    spelled: tuple[list[bytes], ...]
    values: tuple[list[Any], ...]
    named: bytes
    between: list[bytes]
    _are_ids: bool | None = None

    @classmethod
    def of(
        cls,
        text: bytes,
        names: tuple[str, ...],
        scalar: Callable[[bytes], Any],
        like: Table | None = None,
    ) -> Table | None:
        """Return a table with `scalar` as reader of its values; None where it cannot be told by
        these columns. `like` is a table of the same columns, whose rows may be these but for them.
        """
        if like is not None and (found := like._with_other_texts(text, names)) is not None:
            return found
        try:
            rows = _OBJECTS.decode(text)
        except DecodeError:
            return None
        if not _names_are_plain(text):
            return None
        spelled: list[list[bytes]] = []
        named, between = b"", [text]
        for name in names:
            try:
                spelled.append(list(map(bytes, map(itemgetter(name), rows))))
            except KeyError:
                return None
            named, pieces = _pieces(name, named.join(between), len(rows))
            if len(pieces) != len(rows) + 1 or not _begin(pieces, spelled[-1]):
                return None
            between = _between(pieces, spelled[-1])
        values: list[list[Any]] = [texts(column) or list(map(scalar, column)) for column in spelled]
        return cls(_with_values(rows, names, values), tuple(spelled), tuple(values), named, between)

    def _with_other_texts(self, text: bytes, names: tuple[str, ...]) -> Table | None:
        """Return the table of a document that is this one's but for plain texts in the columns,
        whose other members need not be told apart again; None for any other.
        """
        spelled: list[list[bytes]] = []
        values: list[list[str]] = []
        named, between = b"", [text]
        for name in names:
            named, pieces = _pieces(name, named.join(between), len(self.rows))
            column, read = _texts_before(pieces[1:])
            if read is None or len(read) != len(self.rows):
                return None
            spelled.append(column)
            values.append(read)
            between = _between(pieces, column)
        if named != self.named or between != self.between:
            return None
        rows = _with_values(list(map(dict.copy, self.rows)), names, values)
        return Table(rows, tuple(spelled), tuple(values), named, self.between)

    @property
    def are_ids(self) -> bool:
        """Whether all that its columns hold are random ids."""
        if self._are_ids is None:
            self._are_ids = all(map(are_random_uuids, self.values))
        return self._are_ids

    def apart_from(self, other: Table) -> set[int]:
        """Return the rows in which more than the columns departs, or may, from another table of as
        many rows.
        """
        if self.named == other.named and self.between == other.between:
            return set()
        apart: set[int] = set()
        for place in compress(range(len(self.between)), map(ne, self.between, other.between)):
            # Between two values lie the end of one row and the beginning of the next.
            apart |= {max(place - 1, 0), min(place, len(self.rows) - 1)}
        return apart


def _with_values(rows: Rows, names: tuple[str, ...], values: Sequence[Sequence[Any]]) -> Rows:
    """Return the rows after putting the values of the columns into them."""
    for name, column in zip(names, values, strict=True):
        for row, value in zip(rows, column, strict=True):
            row[name] = value
    return rows


def _pieces(name: str, text: bytes, number: int) -> tuple[bytes, list[bytes]]:
    """Return how a member of so many rows is named in a document, and what stands around that: one
    piece more where it is in every row, once and nowhere else.
    """
    named = b'"%b":' % name.encode("utf-8", "surrogatepass")
    pieces = text.split(named)
    if len(pieces) == number + 1 and pieces[-1][:1] == b" ":
        named += b" "
        pieces = text.split(named)
    return named, pieces


def _begin(pieces: list[bytes], values: list[bytes]) -> bool:
    """Whether all pieces but the first begin with these values."""
    return all(map(bytes.startswith, pieces[1:], values))


def _texts_before(pieces: list[bytes]) -> tuple[list[bytes], list[str] | None]:
    """Return the texts that pieces begin with, spelled and read; most columns are of one width."""
    width = pieces[0].find(b'"', 1) + 1 if pieces else 0
    column = [piece[:width] for piece in pieces]
    read = texts(column)
    if read is None:
        column = [piece[: piece.find(b'"', 1) + 1] for piece in pieces]
        read = texts(column)
    return column, read


def _between(pieces: list[bytes], values: list[bytes]) -> list[bytes]:
    """Return what stands between the values that pieces begin with."""
    sizes = map(len, values)
    rest = [piece[size:] for piece, size in zip(pieces[1:], sizes, strict=True)]
    return [pieces[0], *rest]


def _names_are_plain(text: bytes) -> bool:
    """Whether no member's name is spelled with an escape, so that a name is found by its bytes."""
    return b"\\" not in text or not any(found[1] for found in _ESCAPED.finditer(text))


def texts(values: list[bytes]) -> list[str] | None:
    """Return a column of plain texts; None where any of them is something else, or has escapes."""
    joined = b"".join(values)
    if not joined.isascii() or b"\\" in joined or joined.count(b'"') != 2 * len(values):
        return None
    found = joined[1:-1].decode().split('""')
    whole = len(found) == len(values) and "".join(found).isprintable()
    return found if whole and [len(one) + 2 for one in found] == list(map(len, values)) else None
