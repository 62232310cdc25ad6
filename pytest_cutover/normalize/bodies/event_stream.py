"""Server-sent events (`text/event-stream`): a list of events, each the list of its fields.

``[[{"event": "price"}, {"data": {"eur": 12}}], [{":": " keep-alive"}]]``: fields in order, those
that came twice twice, a comment under ``:``. Data that is a JSON object or array is its tree. An
event that the end of the stream left unfinished, which a client throws away, ends in ``{"":
null}``.

| held equal | why |
|---|---|
| line ends: LF, CR LF or CR | the format allows each, and no client sees which |
| one space, or none, behind the colon of a field | clients drop it |
| a field without a colon, or with nothing behind it | both are empty to a client |
| white space, member order and escapes inside JSON data | as in JSON |

Source: HTML Living Standard, 9.2.6 Interpreting an event stream.
"""

from __future__ import annotations

from pytest_cutover.normalize.bodies.reading import BodySource, Tree
from pytest_cutover.normalize.strict_json import read_json


def read(source: BodySource) -> Tree:
    """Return the events. Raises Unreadable where the bytes are not in their charset."""
    text = source.text().replace("\r\n", "\n").replace("\r", "\n")
    events: list[Tree] = []
    fields: list[Tree] = []
    *lines, rest = text.split("\n")
    for line in lines:
        if line:
            fields.append(_field(line))
        else:
            events.append(fields)
            fields = []
    if rest:
        fields.append(_field(rest))
    if fields:
        # A line that was ended and one that was not: the former got as far as its line end.
        events.append([*fields, {"": None if rest else ""}])
    return events


def _field(line: str) -> Tree:
    if line.startswith(":"):
        return {":": line[1:]}
    name, _, value = line.partition(":")
    value = value.removeprefix(" ")
    return {name: _data(value) if name == "data" else value}


def _data(value: str) -> Tree:
    if value[:1] in ("{", "["):
        parsed = read_json(value.encode("utf-8", "surrogatepass"))
        if not parsed.problems:
            return parsed.tree
    return value
