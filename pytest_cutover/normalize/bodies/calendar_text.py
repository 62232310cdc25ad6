"""iCalendar and vCard: components, and the content lines in them, in order.

``{"components": [{"VCALENDAR": [{"VERSION": "2.0"}, {"VEVENT": [{"UID": "7"}]}]}]}``: a line is an
object of its value under its name and parameters as they are spelled, a component a list of its
lines and components. `newline` and `end` say how lines end, as in a CSV.

| held equal | why |
|---|---|
| where a long line is folded | RFC 5545, 3.1 and RFC 6350, 3.2: folds are taken out first |
"""

from __future__ import annotations

import re

from pytest_cutover.normalize.bodies.reading import (
    DEEPEST_ELEMENT,
    BodySource,
    Tree,
    Unreadable,
    line_ends,
)

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")


def read(source: BodySource) -> Tree:
    """Return the components. Raises Unreadable where one is not closed, or a line is none."""
    lines, ends = _unfolded(source.text())
    top: list[Tree] = []
    inside: list[tuple[str, list[Tree]]] = []
    for number, line in enumerate(lines, 1):
        name, colon, value = line.partition(":")
        here = inside[-1][1] if inside else top
        if not colon:
            raise Unreadable("a line without a colon", f"line {number}")
        if name.upper() == "BEGIN":
            if len(inside) >= DEEPEST_ELEMENT:
                raise Unreadable("nested too deep to read")
            content: list[Tree] = []
            here.append({value: content})
            inside.append((value, content))
        elif name.upper() == "END":
            if not inside or inside.pop()[0] != value:
                raise Unreadable("a component that ends otherwise than it began", f"line {number}")
        elif not inside:
            raise Unreadable("a line outside of a component", f"line {number}")
        else:
            here.append({_name_of(line): line[len(_name_of(line)) + 1 :]})
    if inside:
        raise Unreadable("a component that does not end", inside[-1][0])
    return {"components": top, **line_ends(ends)}


def _unfolded(text: str) -> tuple[list[str], list[str]]:
    """Return the lines without folds, and how each ends."""
    lines: list[str] = []
    ends: list[str] = []
    for found in _LINE.finditer(text):
        line, end = found[1], found[2]
        if not line and not end:
            break
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += line[1:]
            ends[-1] = end
        else:
            lines.append(line)
            ends.append(end)
    return lines, ends


def _name_of(line: str) -> str:
    """Return the name and parameters: what stands before the first colon that is in no quotes."""
    quoted = False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return line[:at]
    return line.partition(":")[0]
