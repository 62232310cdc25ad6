"""Two large answers read together: what has equal bytes on both sides is not read at all.

Containers are split into the bytes of their items by msgspec, which builds nothing. Items with
equal bytes stay `Raw` in both trees, so that comparing them is comparing bytes; only the others are
parsed, strictly, and so is whatever the mask calls volatile: noise is looked for inside of equal
bytes too. Whatever is not plainly valid is left to `wire.read_json`, which names what is wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, chain, compress, count
from operator import add, ne
from typing import Any, Final

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.compare.diff.noise_columns import Table, columns_of
from pytest_cutover.compare.diff.taken_apart import (
    TakenApart,
    Unclear,
    members_in,
    parsed,
    scalar,
)
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
_BEGINNING: Final = 200
_FEW_DEPARTING: Final = 32
_FEW_STRETCHES: Final = 4
_ITEMS_A_STRETCH: Final = 32
_SOON: Final = 5
_STEPS: Final = tuple(4**power for power in range(8, -1, -1))

_ITEMS: Final = Decoder(list[Raw])
_OBJECTS: Final = Decoder(list[dict[str, Raw]])
_VALUES: Final = dict[str, Raw].values


class PairedRows(list[Any]):
    """The items of one side that are those of the other, `beside`, in their places.

    `parsed` has for each item the members that are noise under the `mask`; all others have equal
    bytes. None stands for an item that departs in more. `tables` are both sides by the columns
    of noise, where they are alike in all rows.
    """

    __slots__ = ("beside", "mask", "parsed", "tables")

    def __init__(
        self,
        rows: list[Any],
        *,
        beside: list[Any],
        parsed: list[list[str] | None],
        mask: Any,
        tables: tuple[Table, Table] | None = None,
    ) -> None:
        super().__init__(rows)
        self.beside, self.parsed, self.mask, self.tables = beside, parsed, mask, tables


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

    def __init__(self, left: TakenApart, right: TakenApart, mask: Any = EXACT) -> None:
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
            except (Unclear, DecodeError, UnicodeError):
                self._trees = None
        return read_json(body) if self._trees is None else Parsed(self._trees[side])

    def _taken_apart(self) -> tuple[Any, Any]:
        left, right = self._bodies
        if type(self._mask) not in NOISY:
            return _split(left.text, right.text, 1)
        for body in self._bodies:
            body.decode()
        one, other, _ = _masked(left, right, self._mask)
        return one, other


def _split(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    """Return the trees of two values that are not the same."""
    opening = left[:1]
    small = len(left) < _PIECE or len(right) < _PIECE or depth > _DEEPEST_SPLIT
    if small or opening != right[:1] or opening not in (b"[", b"{"):
        return parsed(left), parsed(right)
    if opening == b"[":
        return _arrays(left, right, depth)
    return _objects(left, right, depth)


def _masked(left: TakenApart, right: TakenApart, mask: Any) -> tuple[Any, Any, bool]:
    """Return the trees of two values in which something is volatile; and whether anything else
    departs.
    """
    ours, theirs = left.text, right.text
    if isinstance(mask, Placeholder):
        one, other = scalar(ours), scalar(theirs)
        return one, other, mask.per_run and one != other
    openings = ours[:1] + theirs[:1]
    if isinstance(mask, ObjectPattern) and openings == b"{{":
        return _masked_objects(left, right, mask)
    if isinstance(mask, ArrayPattern) and openings == b"[[" and not mask.unordered:
        return _masked_arrays(left, right, mask)
    return parsed(ours), parsed(theirs), ours != theirs


def _masked_objects(
    left: TakenApart, right: TakenApart, mask: ObjectPattern
) -> tuple[Any, Any, bool]:
    ours, theirs = left.members(), right.members()
    one: dict[str, Any] = dict(ours)
    other: dict[str, Any] = dict(theirs)
    departs = ours.keys() != theirs.keys()
    for key, mine in ours.items():
        inner = mask.members.get(key, EXACT)
        if key not in theirs:
            one[key] = parsed(bytes(mine))
        elif type(inner) in NOISY:
            one[key], other[key], apart = _masked(left.member(key), right.member(key), inner)
            departs = departs or apart
        elif mine != theirs[key]:
            one[key], other[key] = _split(bytes(mine), bytes(theirs[key]), 1)
            departs = True
    for key in theirs.keys() - ours.keys():
        other[key] = parsed(bytes(theirs[key]))
    return one, other, departs


def _masked_arrays(
    left: TakenApart, right: TakenApart, mask: ArrayPattern
) -> tuple[Any, Any, bool]:
    """Parse as a whole items that depart in more than noise, for they may be each other's."""
    by_column = _by_column(left, right, mask)
    if by_column is not None:
        return by_column
    ours = _objects_in(left.text)
    theirs = None if ours is None else _objects_in(right.text)
    if ours is None or theirs is None or not len(ours) == len(theirs) == len(mask.items):
        return parsed(left.text), parsed(right.text), True
    known = []
    most = max(_FEW_DEPARTING, len(ours) // 4)
    for mine, its, inner in zip(ours, theirs, mask.items, strict=True):
        keys = _noise_of(mine, its, inner)
        if keys is None:
            most -= 1
            if most < 0:  # one document is read faster than so many items
                return parsed(left.text), parsed(right.text), True
        known.append(keys)
    if None in known:
        whole = _ITEMS.decode(left.text), _ITEMS.decode(right.text)
        for index, keys in enumerate(known):
            if keys is None:
                ours[index], theirs[index] = (parsed(bytes(raws[index])) for raws in whole)
    return PairedRows(ours, beside=theirs, parsed=known, mask=mask), theirs, None in known


def _by_column(
    left: TakenApart, right: TakenApart, mask: ArrayPattern
) -> tuple[Any, Any, bool] | None:
    """Return the same of rows that are alike in their noise; None where they are to be looked into
    one by one.
    """
    columns = columns_of(mask)
    if not columns:
        return None
    names = tuple(column.name for column in columns)
    one, other = left.table(names, right), right.table(names, left)
    if one is None or other is None or not len(one.rows) == len(other.rows) == len(mask.items):
        return None
    apart = one.apart_from(other)
    if len(apart) > max(_FEW_DEPARTING, len(one.rows) // 4):
        return None
    known: list[list[str] | None] = [[*names]] * len(one.rows)
    ours, theirs = list(one.rows), list(other.rows)
    whole = (_ITEMS.decode(left.text), _ITEMS.decode(right.text)) if apart else ([], [])
    for index in apart:
        mine, its = (members_in(bytes(raws[index])) for raws in whole)
        known[index] = _noise_of(mine, its, mask.items[index])
        if known[index] is None:
            mine, its = (parsed(bytes(raws[index])) for raws in whole)
        ours[index], theirs[index] = mine, its
    departs = None in known or any(
        mine != its
        for column, *sides in zip(columns, one.spelled, other.spelled, strict=True)
        if column.kind is None or column.kind.per_run
        for symbol, mine, its in zip(column.symbols, *sides, strict=True)
        if symbol.per_run
    )
    rows = PairedRows(ours, beside=theirs, parsed=known, mask=mask, tables=(one, other))
    return rows, theirs, departs


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
                one, other = scalar(ours), scalar(theirs)
                departs = inner.per_run and one != other
            else:
                one, other, departs = _masked(TakenApart(ours), TakenApart(theirs), inner)
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


def _arrays(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    """Several items that are not the same may be each other's: those are parsed as a whole."""
    ours = _ITEMS.decode(left)
    theirs = _items_beside(ours, left, right)
    if len(ours) != len(theirs):
        return _of_other_length(ours, theirs)
    one: list[Any] = list(ours)
    other = one.copy()
    unequal = list(compress(range(len(ours)), map(ne, ours, theirs)))
    for i in unequal:
        mine, its = bytes(ours[i]), bytes(theirs[i])
        alone = len(unequal) == 1
        one[i], other[i] = _split(mine, its, depth + 1) if alone else (parsed(mine), parsed(its))
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
    middles = [[parsed(bytes(raw)) for raw in raws[start : len(raws) - end]]
               for raws in (ours, theirs)]  # fmt: skip
    return [*head, *middles[0], *tail], [*head, *middles[1], *tail]


def _items_beside(ours: list[Raw], left: bytes, right: bytes) -> list[Raw]:
    """Return the items of the right array: where bytes are equal, they are the left one's. What
    stands between two such stretches is read; all of it, where there are many.
    """
    stops = list(map(add, accumulate(map(len, ours), initial=0), count()))  # with the commas
    if stops[-1] + 1 != len(left):  # spaces stand between them
        return _ITEMS.decode(right)
    found: list[Raw] = []
    index, at = 0, 1  # of the next item of the left one, and where it would begin in the right one
    stretches = 0
    while stretches <= _FEW_STRETCHES + index // _ITEMS_A_STRETCH:
        stretches += 1
        begins = stops[index] + 1
        end = begins + _equal_from(left, begins, right, at)
        last = bisect_left(stops, end) - 1  # up to that one they are equal, with what follows
        found += ours[index:last]
        at += stops[last] - stops[index]
        if last == len(ours):
            return found if at == len(right) else _ITEMS.decode(right)
        between = _goes_on(last, at, stops, left, right)
        if between is None:
            break
        index, end = between
        try:
            items = _ITEMS.decode(b"[%b]" % right[at:end])
        except DecodeError:
            break
        if not items and end >= at:
            break  # a comma with nothing before or behind it
        found += items
        at = end + 1
        if index == len(ours):
            return found
    return _ITEMS.decode(right)


def _goes_on(
    index: int, at: int, stops: list[int], left: bytes, right: bytes
) -> tuple[int, int] | None:
    """Return with which item after one that differs the left array goes on in the right one, and
    where what stands there before it ends; None where that is not soon.
    """
    for following in range(index + 1, min(index + _SOON, len(stops) - 1)):
        item = b"," + left[stops[following] + 1 : stops[following + 1]]
        far = at + 2 * (stops[following + 1] - stops[index]) + _PIECE
        place = right.find(item, at - 1, far)
        if place >= 0:
            return following, place
    is_near = index + _SOON >= len(stops) - 1 and right.endswith(b"]")
    return (len(stops) - 1, len(right) - 1) if is_near else None


def _members_beside(ours: dict[str, Raw], left: bytes, right: bytes) -> dict[str, Raw]:
    """Return the members of the right object: all are the left one's but one where bytes are equal
    up to that one, and behind it. That one is not read here.
    """
    if len(left) == 1 + 4 * len(ours) + sum(map(len, ours)) + sum(map(len, ours.values())):
        start, end = _equal_ends(left, right)
        stop = 0
        for key, value in ours.items():
            at = stop + len(key) + 4
            stop = at + len(value)
            if at <= start <= stop and stop >= len(left) - end:
                return {**ours, key: Raw(right[at : len(right) - (len(left) - stop)])}
    return members_in(right)


def _equal_ends(left: bytes, right: bytes) -> tuple[int, int]:
    """Return how many bytes are equal at the start, and how many of the rest at the end."""
    size, start, end = min(len(left), len(right)), _equal_from(left, 0, right, 0), 0
    for step in _STEPS:
        while start + end + step <= size and left.endswith(
            right[len(right) - end - step : len(right) - end], 0, len(left) - end
        ):
            end += step
    return start, end


def _equal_from(left: bytes, start: int, right: bytes, other: int) -> int:
    """Return how many bytes are equal from two places on."""
    size, same = min(len(left) - start, len(right) - other), 0
    for step in _STEPS:
        while same + step <= size and left.startswith(
            right[other + same : other + same + step], start + same
        ):
            same += step
    return same


def _objects(left: bytes, right: bytes, depth: int) -> tuple[Any, Any]:
    ours = members_in(left)
    theirs = _members_beside(ours, left, right)
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for key, mine in ours.items():
        if key not in theirs:
            one[key] = parsed(bytes(mine))
        elif mine == theirs[key]:
            one[key] = other[key] = mine
        else:
            one[key], other[key] = _split(bytes(mine), bytes(theirs[key]), depth + 1)
    for key, its in theirs.items():
        if key not in other:
            other[key] = parsed(bytes(its))
    return one, {key: other[key] for key in theirs}
