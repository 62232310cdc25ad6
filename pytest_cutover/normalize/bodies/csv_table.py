"""CSV and TSV: rows of cells, as they are spelled.

``{"delimiter": ",", "newline": "\\r\\n", "rows": [["id", "name"], ["1", {"\\"": "Gate,
green"}]]}``: a cell in quotes is an object of its text under a quotation mark, so that quoting is
seen and a place is ``/rows/1/0`` or ``/rows/1/1/"``. `bom` is there where the text begins with a
byte order mark; `newline` and `end` say how lines end (`end`: an odd last line end, or none).

The delimiter is a tab where the type says so, else the most frequent of ``, ; tab |`` in the first
line that holds one and is no comment (``#``).

Nothing is held equal.
"""

from __future__ import annotations

import re
from typing import Any

from pytest_cutover.normalize.bodies.reading import (
    BYTE_ORDER_MARK,
    BodySource,
    Tree,
    Unreadable,
    line_ends,
)

_DELIMITERS = ",;\t|"
_LOOK_AT_LINES = 20
_QUOTED_TEXT = re.compile(r'"[^"]*"')
_QUOTED_CELL = re.compile(r'"((?:[^"]++|"")*+)"')


def read(source: BodySource) -> Tree:
    """Return the table. Raises Unreadable for a quote that is not closed, or closed within a
    cell.
    """
    text = source.text()
    tree: dict[str, Tree] = {}
    if text.startswith(BYTE_ORDER_MARK):
        text = text[1:]
        tree["bom"] = True
    tabs = "tab-separated" in source.media_type or source.media_type.endswith("tsv")
    delimiter = "\t" if tabs else _delimiter(text)
    rows, ends = _plain(text, delimiter) if '"' not in text else _quoted(text, delimiter)
    return {**tree, "delimiter": delimiter, **line_ends(ends), "rows": rows}


def _delimiter(text: str) -> str:
    at = 0
    for _ in range(_LOOK_AT_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if not line.startswith("#"):
            bare = _QUOTED_TEXT.sub("", line)
            found = max(_DELIMITERS, key=bare.count)
            if bare.count(found):
                return found
        if end < 0:
            break
        at = end + 1
    return _DELIMITERS[0]


def _plain(text: str, delimiter: str) -> tuple[list[Tree], list[str]]:
    """Return the rows of a text without quotation marks, and the end of each."""
    lines = text.split("\n")
    unended = lines.pop()
    if "\r" not in text:
        rows: list[Any] = [line.split(delimiter) for line in lines]
        ends = ["\n"] * len(lines)
    else:
        rows = [line.removesuffix("\r").split(delimiter) for line in lines]
        ends = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
    if unended:
        rows.append(unended.split(delimiter))
        ends.append("")
    return rows, ends


def _quoted(text: str, delimiter: str) -> tuple[list[Tree], list[str]]:
    """Return the same of a text with quotation marks, between which delimiters and line ends
    may stand.
    """
    rows: list[Any] = []
    ends: list[str] = []
    bare = re.compile(f"[^{re.escape(delimiter)}\n]*")
    at, size = 0, len(text)
    while at < size:
        line_end = text.find("\n", at)
        line = text[at : line_end if line_end >= 0 else size]
        if '"' not in line:
            end = "" if line_end < 0 else "\r\n" if line.endswith("\r") else "\n"
            rows.append((line[:-1] if end == "\r\n" else line).split(delimiter))
            at += len(line) + 1
        else:
            cells, end, at = _cells(text, at, delimiter, bare)
            rows.append(cells)
        ends.append(end)
    return rows, ends


def _cells(
    text: str, at: int, delimiter: str, bare: re.Pattern[str]
) -> tuple[list[Tree], str, int]:
    """Return the cells of the row that begins somewhere, how it ends, and where the next begins."""
    cells: list[Tree] = []
    while True:
        if text.startswith('"', at):
            quoted = _QUOTED_CELL.match(text, at)
            if quoted is None:
                raise Unreadable("quote that is not closed", f"character {at}")
            cells.append({'"': quoted[1].replace('""', '"')})
            at = quoted.end()
            returned = text.startswith("\r\n", at)
        else:
            plain = bare.match(text, at)
            assert plain is not None  # it may be empty
            at = plain.end()
            returned = plain[0].endswith("\r") and text.startswith("\n", at)
            cells.append(plain[0][:-1] if returned else plain[0])
            at -= returned
        if text.startswith(delimiter, at):
            at += 1
        elif returned:
            return cells, "\r\n", at + 2
        elif at >= len(text):
            return cells, "", at
        elif text[at] == "\n":
            return cells, "\n", at + 1
        else:
            raise Unreadable("quote closed within a cell", f"character {at}")
