"""What faults do to a JSON answer: the ways in which lists and members go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.services.serving import Reply, Request

Change = Callable[[Reply, Request], None]


def _at(reply: Reply, pointer: str) -> Any:
    value = reply.body
    for token in pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def _rows(pointer: str, edit: Callable[[list[Any]], list[Any]]) -> Change:
    def change(reply: Reply, request: Request) -> None:
        rows = _at(reply, pointer)
        rows[:] = edit(rows)

    return change


def emptied(pointer: str) -> Change:
    """No row is left."""
    return _rows(pointer, lambda _: [])


def without(pointer: str, index: int) -> Change:
    """One row is missing."""
    return _rows(pointer, lambda rows: [r for r in rows if r is not rows[index]] if rows else rows)


def reversed_(pointer: str) -> Change:
    """The rows come the other way round."""
    return _rows(pointer, lambda rows: rows[::-1])


def doubled(pointer: str) -> Change:
    """Every row is there twice."""
    return _rows(pointer, lambda rows: [row for row in rows for _ in (1, 2)])


def swapped(pointer: str, first: int, second: int) -> Change:
    """Two rows have changed places."""

    def edit(rows: list[Any]) -> list[Any]:
        if max(first, second) < len(rows):
            rows = list(rows)
            rows[first], rows[second] = rows[second], rows[first]
        return rows

    return _rows(pointer, edit)


def each(pointer: str, name: str, edit: Callable[[Any], Any]) -> Change:
    """A member is another in every row."""

    def change(reply: Reply, request: Request) -> None:
        for row in _at(reply, pointer):
            row[name] = edit(row[name])

    return change


def in_row(pointer: str, index: int, name: str, edit: Callable[[Any], Any]) -> Change:
    """A member is another in one row."""

    def change(reply: Reply, request: Request) -> None:
        rows = _at(reply, pointer)
        if rows and -len(rows) <= index < len(rows):
            rows[index][name] = edit(rows[index][name])

    return change


def copied(pointer: str, source: str, target: str) -> Change:
    """A member has the value of another in every row."""

    def change(reply: Reply, request: Request) -> None:
        for row in _at(reply, pointer):
            row[target] = row[source]

    return change


def dropped_from(pointer: str, name: str) -> Change:
    """A member is missing in every row."""

    def change(reply: Reply, request: Request) -> None:
        for row in _at(reply, pointer):
            del row[name]

    return change


def member(pointer: str, name: str, edit: Callable[[Any], Any]) -> Change:
    """A member of an object is another."""

    def change(reply: Reply, request: Request) -> None:
        holder = _at(reply, pointer)
        holder[name] = edit(holder[name])

    return change


def header(name: str, edit: Callable[[str], str]) -> Change:
    """A header has another value."""

    def change(reply: Reply, request: Request) -> None:
        reply.headers = [
            (known, edit(value) if known.lower() == name.lower() else value)
            for known, value in reply.headers
        ]

    return change


def no_header(name: str) -> Change:
    """A header is missing."""

    def change(reply: Reply, request: Request) -> None:
        reply.headers = [(k, v) for k, v in reply.headers if k.lower() != name.lower()]

    return change


def text(edit: Callable[[str], str]) -> Change:
    """A text is another."""

    def change(reply: Reply, request: Request) -> None:
        reply.body = edit(reply.body)

    return change


def status(code: int) -> Change:
    """The status is another."""

    def change(reply: Reply, request: Request) -> None:
        reply.status = code

    return change


def foo(_: Any) -> str:
    """What somebody left in from trying it out."""
    return "foo"


def plus(step: float) -> Callable[[Any], Any]:
    """A number that is off by `step`."""
    return lambda number: number + step


def to(value: Any) -> Callable[[Any], Any]:
    """One value whatever was there."""
    return lambda _: value
