"""Two large answers read together: what has equal bytes on both sides is not read at all.

Containers are split into the bytes of their items by msgspec, which builds nothing. Items with
equal bytes stay `Raw` in both trees, so that comparing them is comparing bytes; only the others are
parsed, strictly, and so is whatever the mask calls volatile: noise is looked for inside of equal
bytes too. Whatever is not plainly valid is left to `wire.read_json`, which names what is wrong.
"""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any, Final

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.compare.diff.noise_columns import columns_of, take_apart, texts
from pytest_cutover.normalize.matchers import (
    EXACT,
    NOISY,
    ArrayPattern,
    ObjectPattern,
    Placeholder,
)
from pytest_cutover.normalize.strict_json import Parsed, read_json

# Below this a document is read faster than it is taken apart.
SHORTEST: Final = 4_096
_PIECE: Final = 1_024
_DEEPEST_SPLIT: Final = 8
_MANY_MEMBERS: Final = 5_000
_BEGINNING: Final = 200
_FEW_DEPARTING: Final = 32

_ITEMS: Final = Decoder(list[Raw])
_MEMBERS: Final = Decoder(dict[str, Raw])
_OBJECTS: Final = Decoder(list[dict[str, Raw]])
_VALUES: Final = dict[str, Raw].values
_KEY: Final = re.compile(rb'[ \t\n\r]*("(?:[^"\\]|\\.)*+")[ \t\n\r]*:[ \t\n\r]*', re.DOTALL)
_SIGN: Final = re.compile(rb"[ \t\n\r]*([,}])")


class _Unclear(Exception):  # noqa: N818 - not an error: the slow way is taken
    """Not plainly valid, or not worth taking apart."""


class PairedRows(list[Any]):
    """The items of one side that are those of the other, `beside`, in their places.

    `parsed` has for each item the members that are noise under the `mask`; all others have equal
    bytes. None stands for an item that departs in more.
    """

    __slots__ = ("beside", "mask", "parsed")

    def __init__(
        self, rows: list[Any], *, beside: list[Any], parsed: list[list[str] | None], mask: Any
    ) -> None:
        super().__init__(rows)
        self.beside, self.parsed, self.mask = beside, parsed, mask


_MAY_BE_UNREAD: Final = frozenset((Raw, dict, list, PairedRows))


def read_whole(tree: Any) -> Any:
    """Return a tree with nothing left unread, for items that are to be matched with others."""
    if isinstance(tree, Raw):
        return read_json(bytes(tree)).tree
    if not isinstance(tree, dict | list):
        return tree
    items = tree.values() if isinstance(tree, dict) else tree
    if _MAY_BE_UNREAD.isdisjoint(map(type, items)):
        return tree
    read = [read_whole(item) for item in items]
    if all(one is other for one, other in zip(items, read, strict=True)):
        return tree
    return dict(zip(tree, read, strict=True)) if isinstance(tree, dict) else read


class PairedParse:
    """The answers of two sides to one request; each is asked for where its side is read.

    `mask` says what is volatile in them.
    """

    def __init__(self, left: bytes, right: bytes, mask: Any = EXACT) -> None:
        self._bodies = (left, right)
        self._mask = mask
        self._trees: tuple[Any, Any] | None = None
        self._tried = False

    def left(self, body: bytes) -> Parsed:
        """Return the first document, as `wire.read_json` reads it but for what is the same."""
        return self._read(body, 0)

    def right(self, body: bytes) -> Parsed:
        """Return the second one."""
        return self._read(body, 1)

    def _read(self, body: bytes, side: int) -> Parsed:
        if not self._tried:
            self._tried = True
            try:
                self._trees = self._taken_apart()
            except (_Unclear, DecodeError, UnicodeError):
                self._trees = None
        return read_json(body) if self._trees is None else Parsed(self._trees[side])

    def _taken_apart(self) -> tuple[Any, Any]:
        left, right = self._bodies
        if type(self._mask) not in NOISY:
            return _split(left, right, 1)
        for body in self._bodies:
            body.decode()
        one, other, _ = _masked(left, right, self._mask)
        return one, other


def _split(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    """Return the trees of two values that are not the same."""
    opening = left[:1]
    small = len(left) < _PIECE or len(right) < _PIECE or depth > _DEEPEST_SPLIT
    if small or opening != right[:1] or opening not in (b"[", b"{"):
        return _parsed(left), _parsed(right)
    if opening == b"[":
        return _arrays(left, right, depth)
    return _objects(left, right, depth)


def _masked(left: bytes, right: bytes, mask: Any) -> tuple[Any, Any, bool]:
    """Return the trees of two values in which something is volatile; and whether anything else
    departs.
    """
    if isinstance(mask, Placeholder):
        one, other = _scalar(left), _scalar(right)
        return one, other, mask.per_run and one != other
    openings = left[:1] + right[:1]
    if isinstance(mask, ObjectPattern) and openings == b"{{":
        return _masked_objects(left, right, mask)
    if isinstance(mask, ArrayPattern) and openings == b"[[" and not mask.unordered:
        return _masked_arrays(left, right, mask)
    return _parsed(left), _parsed(right), left != right


def _masked_objects(left: bytes, right: bytes, mask: ObjectPattern) -> tuple[Any, Any, bool]:
    ours, theirs = _members(left), _members(right)
    one: dict[str, Any] = dict(ours)
    other: dict[str, Any] = dict(theirs)
    departs = ours.keys() != theirs.keys()
    for key, mine in ours.items():
        inner = mask.members.get(key, EXACT)
        if key not in theirs:
            one[key] = _parsed(bytes(mine))
        elif type(inner) in NOISY:
            one[key], other[key], apart = _masked(bytes(mine), bytes(theirs[key]), inner)
            departs = departs or apart
        elif mine != theirs[key]:
            one[key], other[key] = _split(bytes(mine), bytes(theirs[key]), 1)
            departs = True
    for key in theirs.keys() - ours.keys():
        other[key] = _parsed(bytes(theirs[key]))
    return one, other, departs


def _masked_arrays(left: bytes, right: bytes, mask: ArrayPattern) -> tuple[Any, Any, bool]:
    """Parse as a whole items that depart in more than noise, for they may be each other's."""
    by_column = _by_column(left, right, mask)
    if by_column is not None:
        return by_column
    ours = _objects_in(left)
    theirs = None if ours is None else _objects_in(right)
    if ours is None or theirs is None or not len(ours) == len(theirs) == len(mask.items):
        return _parsed(left), _parsed(right), True
    parsed = []
    most = max(_FEW_DEPARTING, len(ours) // 4)
    for mine, its, inner in zip(ours, theirs, mask.items, strict=True):
        keys = _noise_of(mine, its, inner)
        if keys is None:
            most -= 1
            if most < 0:  # one document is read faster than so many items
                return _parsed(left), _parsed(right), True
        parsed.append(keys)
    if None in parsed:
        whole = _ITEMS.decode(left), _ITEMS.decode(right)
        for index, keys in enumerate(parsed):
            if keys is None:
                ours[index], theirs[index] = (_parsed(bytes(raws[index])) for raws in whole)
    return PairedRows(ours, beside=theirs, parsed=parsed, mask=mask), theirs, None in parsed


def _by_column(left: bytes, right: bytes, mask: ArrayPattern) -> tuple[Any, Any, bool] | None:
    """Return the same of rows that are alike in their noise; None where they are to be looked into
    one by one.
    """
    columns = columns_of(mask)
    try:
        ours, theirs = (_OBJECTS.decode(text) for text in (left, right)) if columns else ([], [])
    except DecodeError:
        return None
    if not columns or not len(ours) == len(theirs) == len(mask.items):
        return None
    most = max(_FEW_DEPARTING, len(ours) // 4)
    found = take_apart(columns, left, right, ours, theirs)
    if found is None or len(found[0]) > most:
        return None
    apart, *sides = found
    for column, mine, its in zip(columns, *sides, strict=True):
        for rows, values in ((ours, mine), (theirs, its)):
            read = texts(values) or map(_scalar, values)
            for row, value in zip(rows, read, strict=True):
                row[column.name] = value
        if any(symbol.per_run for symbol in column.symbols):
            apart |= {
                index
                for index, symbol in enumerate(column.symbols)
                if symbol.per_run and mine[index] != its[index]
            }
    if len(apart) > most:
        return _parsed(left), _parsed(right), True
    parsed: list[list[str] | None] = [[column.name for column in columns]] * len(ours)
    whole = (_ITEMS.decode(left), _ITEMS.decode(right)) if apart else ([], [])
    for index in apart:
        mine, its = (_members(bytes(raws[index])) for raws in whole)
        parsed[index] = _noise_of(mine, its, mask.items[index])
        if parsed[index] is None:
            mine, its = (_parsed(bytes(raws[index])) for raws in whole)
        ours[index], theirs[index] = mine, its
    return PairedRows(ours, beside=theirs, parsed=parsed, mask=mask), theirs, None in parsed


def _noise_of(mine: dict[str, Any], its: dict[str, Any], mask: Any) -> list[str] | None:
    """Return the members of two items that are noise, which is parsed; None where they depart in
    more.
    """
    if type(mask) not in NOISY:
        return [] if mine == its else None
    if not isinstance(mask, ObjectPattern):
        return None
    found = []
    for key, inner in mask.members.items():
        if type(inner) in NOISY and key in mine and key in its:
            ours, theirs = bytes(mine[key]), bytes(its[key])
            if isinstance(inner, Placeholder):
                one, other = _scalar(ours), _scalar(theirs)
                departs = inner.per_run and one != other
            else:
                one, other, departs = _masked(ours, theirs, inner)
            if departs:
                return None
            found.append((key, one, other))
            mine[key] = its[key] = None
    if mine != its:
        return None
    for key, one, other in found:
        mine[key], its[key] = one, other
    return [key for key, _, _ in found]


def _objects_in(text: bytes) -> list[dict[str, Any]] | None:
    """Return the members of each object of an array; None where it holds anything else.

    A member that comes twice is found by what is missing: its bytes. Spaces are missing as well, so
    what is spaced out is not even tried.
    """
    if b'": ' in text[:_BEGINNING]:
        return None
    try:
        objects = _OBJECTS.decode(text)
    except DecodeError:
        return None
    size = 1 + 2 * len(objects) + 4 * sum(map(len, objects))
    size += sum(map(len, chain.from_iterable(objects)))
    size += sum(map(len, chain.from_iterable(map(_VALUES, objects))))
    return objects if size == len(text) else None


def _scalar(text: bytes) -> Any:
    """Parse as `_parsed` does, at once for the strings that most ids and times are."""
    if text[:1] == b'"' and b"\\" not in text and text.isascii():
        value = text[1:-1].decode()
        if value.isprintable():
            return value
    return _parsed(text)


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
    one: list[Any] = list(ours)
    other = one.copy()
    unequal = [i for i, (mine, its) in enumerate(zip(ours, theirs, strict=True)) if mine != its]
    for i in unequal:
        mine, its = bytes(ours[i]), bytes(theirs[i])
        alone = len(unequal) == 1
        one[i], other[i] = _split(mine, its, depth + 1) if alone else (_parsed(mine), _parsed(its))
    return one, other


def _of_other_length(ours: list[Raw], theirs: list[Raw]) -> tuple[Any, Any]:
    """Return what is the same at both ends is that; `arrays` sets the same ends aside before it
    looks.
    """
    shorter, start, end = min(len(ours), len(theirs)), 0, 0
    while start < shorter and ours[start] == theirs[start]:
        start += 1
    while end < shorter - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    head, tail = ours[:start], ours[len(ours) - end :]
    middles = [[_parsed(bytes(raw)) for raw in raws[start : len(raws) - end]]
               for raws in (ours, theirs)]  # fmt: skip
    return [*head, *middles[0], *tail], [*head, *middles[1], *tail]


def _objects(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    ours, theirs = _members(left), _members(right)
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for key, mine in ours.items():
        if key not in theirs:
            one[key] = _parsed(bytes(mine))
        elif mine == theirs[key]:
            one[key] = other[key] = mine
        else:
            one[key], other[key] = _split(bytes(mine), bytes(theirs[key]), depth + 1)
    for key, its in theirs.items():
        if key not in other:
            other[key] = _parsed(bytes(its))
    return one, {key: other[key] for key in theirs}


def _members(text: bytes) -> dict[str, Raw]:
    """Return the members of an object, none of which comes twice: msgspec would keep the last."""
    members = _MEMBERS.decode(text)
    if len(text) == 1 + 4 * len(members) + sum(map(len, members)) + sum(map(len, members.values())):
        return members
    if len(members) > _MANY_MEMBERS:
        raise _Unclear
    at, sign = 1, b"," if members else b"}"
    for key, value in members.items():
        found = _KEY.match(text, at)
        if sign != b"," or found is None or json.loads(found[1]) != key:
            raise _Unclear
        if not text.startswith(bytes(value), found.end()):
            raise _Unclear
        end = _SIGN.match(text, found.end() + len(value))
        if end is None:
            raise _Unclear
        at, sign = end.end(), end[1]
    if sign != b"}":
        raise _Unclear
    return members
