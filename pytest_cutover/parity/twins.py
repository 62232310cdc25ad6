"""Two large answers read together: what has equal bytes on both sides is not read at all.

Containers are split into the bytes of their items by msgspec, which builds nothing. Items with
equal bytes become one `Same`, shared by both trees, so that comparing them is one look; only the
others are parsed, strictly. Whatever is not plainly valid is left to `wire.read_json`, which names
what is wrong. Only where nothing is volatile: noise is looked for inside of equal bytes too.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.parity.pattern import Same
from pytest_cutover.parity.wire import Parsed, read_json

# Below this a document is read faster than it is taken apart.
SHORTEST: Final = 16_384
_PIECE: Final = 4_096
_DEEPEST_SPLIT: Final = 8
_MANY_MEMBERS: Final = 5_000

_ITEMS: Final = Decoder(list[Raw])
_MEMBERS: Final = Decoder(dict[str, Raw])
_KEY: Final = re.compile(rb'[ \t\n\r]*("(?:[^"\\]|\\.)*+")[ \t\n\r]*:[ \t\n\r]*', re.DOTALL)
_SIGN: Final = re.compile(rb"[ \t\n\r]*([,}])")


class _Unclear(Exception):  # noqa: N818 - not an error: the slow way is taken
    """Not plainly valid, or not worth taking apart."""


class Twins:
    """The answers of two sides to one request; each is asked for where its side is read."""

    def __init__(self, left: bytes, right: bytes) -> None:
        self._bodies = (left, right)
        self._trees: tuple[Any, Any] | None = None
        self._tried = False

    def left(self, body: bytes) -> Parsed:
        """The first document, as `wire.read_json` reads it but for what is the same."""
        return self._read(body, 0)

    def right(self, body: bytes) -> Parsed:
        """The second one."""
        return self._read(body, 1)

    def _read(self, body: bytes, side: int) -> Parsed:
        if not self._tried:
            self._tried = True
            try:
                self._trees = _split(*self._bodies, 1)
            except (_Unclear, DecodeError, UnicodeError):
                self._trees = None
        return read_json(body) if self._trees is None else Parsed(self._trees[side])


def _split(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    """The trees of two values that are not the same."""
    opening = left[:1]
    small = len(left) < _PIECE or len(right) < _PIECE or depth > _DEEPEST_SPLIT
    if small or opening != right[:1] or opening not in (b"[", b"{"):
        return _parsed(left), _parsed(right)
    if opening == b"[":
        return _arrays(left, right, depth)
    return _objects(left, right, depth)


def _parsed(value: bytes) -> Any:
    found = read_json(value)
    if found.problems or not found.whole:
        raise _Unclear
    return found.tree


def _arrays(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    """Several items that are not the same may be each other's: those are parsed as a whole."""
    ours, theirs = _ITEMS.decode(left), _ITEMS.decode(right)
    if len(ours) != len(theirs):
        return _of_other_length(ours, theirs)
    one: list[Any] = list(map(Same, ours))
    other = one.copy()
    unequal = [i for i, (mine, its) in enumerate(zip(ours, theirs, strict=True)) if mine != its]
    for i in unequal:
        mine, its = bytes(ours[i]), bytes(theirs[i])
        alone = len(unequal) == 1
        one[i], other[i] = _split(mine, its, depth + 1) if alone else (_parsed(mine), _parsed(its))
    return one, other


def _of_other_length(ours: list[Raw], theirs: list[Raw]) -> tuple[Any, Any]:
    """What is the same at both ends is that; `arrays` sets the same ends aside before it looks."""
    shorter, start, end = min(len(ours), len(theirs)), 0, 0
    while start < shorter and ours[start] == theirs[start]:
        start += 1
    while end < shorter - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    head, tail = list(map(Same, ours[:start])), list(map(Same, ours[len(ours) - end :]))
    middles = [[_parsed(bytes(raw)) for raw in raws[start : len(raws) - end]]
               for raws in (ours, theirs)]  # fmt: skip
    return [*head, *middles[0], *tail], [*head, *middles[1], *tail]


def _objects(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    ours, theirs = _members(left), _members(right)
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for key, mine in ours.items():
        if key not in theirs:
            one[key] = _parsed(mine)
        elif mine == theirs[key]:
            one[key] = other[key] = Same(mine)
        else:
            one[key], other[key] = _split(mine, theirs[key], depth + 1)
    for key, its in theirs.items():
        if key not in other:
            other[key] = _parsed(its)
    return one, {key: other[key] for key in theirs}


def _members(text: bytes) -> dict[str, bytes]:
    """The members of an object, none of which comes twice: msgspec would keep the last."""
    members = {key: bytes(raw) for key, raw in _MEMBERS.decode(text).items()}
    if len(members) > _MANY_MEMBERS:
        raise _Unclear
    at, sign = 1, b"," if members else b"}"
    for key, value in members.items():
        found = _KEY.match(text, at)
        if sign != b"," or found is None or json.loads(found[1]) != key:
            raise _Unclear
        if not text.startswith(value, found.end()):
            raise _Unclear
        end = _SIGN.match(text, found.end() + len(value))
        if end is None:
            raise _Unclear
        at, sign = end.end(), end[1]
    if sign != b"}":
        raise _Unclear
    return members
