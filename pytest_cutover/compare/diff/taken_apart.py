"""A JSON value in bytes, and what it is made of: split once, however often it is compared. Pure.

A differing test compares each of its answers several times: with the other side's, and with those
of the rounds before and after. What an answer is made of is the same each time, and is kept by its
bytes. Whatever is not plainly valid is `Unclear`: it is left to `strict_json.read_json`, which
names what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import Raw
from msgspec.json import Decoder

from pytest_cutover.compare.diff.noise_columns import Table
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.strict_json import read_json

_MANY_MEMBERS: Final = 5_000
_MEMBERS: Final = Decoder(dict[str, Raw])
_ITEMS: Final = Decoder(list[Raw])
_KEY: Final = re.compile(rb'[ \t\n\r]*("(?:[^"\\]|\\.)*+")[ \t\n\r]*:[ \t\n\r]*', re.DOTALL)
_SIGN: Final = re.compile(rb"[ \t\n\r]*([,}])")


class Unclear(Exception):  # noqa: N818 - not an error: the slow way is taken
    """Not plainly valid, or not worth taking apart."""


@dataclass(slots=True)
class TakenApart:
    """A value, and its parts as far as somebody asked for them."""

    text: bytes
    _is_utf8: bool = False
    _members: dict[str, Raw] | None = None
    _items: list[Raw] | None = None
    _inner: dict[str, TakenApart] = field(default_factory=dict)
    _tables: dict[tuple[str, ...], Table | None] = field(default_factory=dict)

    def decode(self) -> None:
        """See that it is UTF-8, for what stays unread is not decoded. Raises `UnicodeError`."""
        if not self._is_utf8:
            self.text.decode()
            self._is_utf8 = True

    def members(self) -> dict[str, Raw]:
        """Return the members of an object, unread. Raises `Unclear` and `DecodeError`."""
        if self._members is None:
            self._members = members_in(self.text)
        return self._members

    def member(self, name: str) -> TakenApart:
        """Return one of its members. Raises as `members` does."""
        if name not in self._inner:
            self._inner[name] = TakenApart(bytes(self.members()[name]))
        return self._inner[name]

    def at(self, names: Sequence[str]) -> Any:
        """Return what stands at a place, by names and indices, and leave the rest unread; None
        where there is no such place. Raises `Unclear`, `DecodeError` and `UnicodeError`.
        """
        self.decode()
        part: TakenApart | None = self
        for name in names:
            part = None if part is None else part._below(name)
        return None if part is None else parsed(part.text)

    def _below(self, name: str) -> TakenApart | None:
        if self.text[:1] == b"{":
            return self.member(name) if name in self.members() else None
        if self.text[:1] != b"[" or not json_pointer.is_index(name):
            return None
        if self._items is None:
            self._items = _ITEMS.decode(self.text)
        index = int(name)
        return TakenApart(bytes(self._items[index])) if index < len(self._items) else None

    def table(self, names: tuple[str, ...], beside: TakenApart) -> Table | None:
        """Return an array of objects by some of its columns, which are read; None where it cannot
        be told so. `beside` may be the same but for them. Raises `Unclear`.
        """
        if names not in self._tables:
            like = beside._tables.get(names)
            self._tables[names] = Table.of(self.text, names, scalar, like)
        return self._tables[names]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of a test that were taken apart, by their bytes."""

    _known: dict[bytes, TakenApart] = field(default_factory=dict)

    def of(self, body: bytes) -> TakenApart:
        """Return the parts of a body."""
        if body not in self._known:
            self._known[body] = TakenApart(body)
        return self._known[body]


def members_in(text: bytes) -> dict[str, Raw]:
    """Return the members of an object, none of which comes twice: msgspec would keep the last."""
    members = _MEMBERS.decode(text)
    if len(text) == 1 + 4 * len(members) + sum(map(len, members)) + sum(map(len, members.values())):
        return members
    if len(members) > _MANY_MEMBERS:
        raise Unclear
    at, sign = 1, b"," if members else b"}"
    for key, value in members.items():
        found = _KEY.match(text, at)
        if sign != b"," or found is None or json.loads(found[1]) != key:
            raise Unclear
        if not text.startswith(bytes(value), found.end()):
            raise Unclear
        end = _SIGN.match(text, found.end() + len(value))
        if end is None:
            raise Unclear
        at, sign = end.end(), end[1]
    if sign != b"}":
        raise Unclear
    return members


def scalar(text: bytes) -> Any:
    """Read as `parsed` does, at once for the strings that most ids and times are."""
    if text[:1] == b'"' and b"\\" not in text and text.isascii():
        value = text[1:-1].decode()
        if value.isprintable():
            return value
    return parsed(text)


def parsed(value: bytes) -> Any:
    """Return a value read strictly. Raises `Unclear` where anything is wrong with it."""
    found = read_json(value)
    if found.problems or not found.whole:
        raise Unclear
    return found.tree
