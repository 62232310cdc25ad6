"""JSON lines: one JSON document on each line (NDJSON).

The tree is ``{"lines": [...], "newline": "\\n"}``, so that a place is ``/lines/3/name``. An odd
last line end, or none, is ``end``; where ends differ, `newline` lists them all.

| held equal | why |
|---|---|
| white space between the tokens of a line | no parser hands it on |
| the order of an object's members | JSON objects have none |
| how a character of a string is escaped (`\\u00e9` or `é`) | no parser hands it on |
"""

from __future__ import annotations

import re

from pytest_cutover.normalize.bodies.reading import BodySource, Tree, Unreadable, line_ends
from pytest_cutover.normalize.strict_json import read_json

_LINES = re.compile(rb"[^\r\n]+|[\r\n]+")


def read(source: BodySource) -> Tree:
    """Return the documents in order. Raises Unreadable where one of the lines is no sound JSON."""
    pieces = _LINES.findall(source.body)
    start = ""
    if pieces and pieces[0][:1] in b"\r\n":
        start = pieces.pop(0).decode()
    ends = [piece.decode() for piece in pieces[1::2]]
    if len(pieces) % 2:
        ends.append("")
    lines = [_document(line, number) for number, line in enumerate(pieces[::2], 1)]
    return {**({"start": start} if start else {}), "lines": lines, **line_ends(ends)}


def read_one(source: BodySource) -> Tree:
    """Return the one document that a part is. Raises Unreadable where it is no sound JSON."""
    return _document(source.body, 0)


def _document(text: bytes, line: int) -> Tree:
    parsed = read_json(text)
    if parsed.problems:
        where = [f"line {line}"] if line else []
        where += [parsed.problems[0].pointer] if parsed.problems[0].pointer else []
        raise Unreadable(parsed.problems[0].what, ", ".join(where))
    return parsed.tree
