"""Items of arrays: what is volatile in any of them, and a key for what one is. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Raw

from pytest_cutover.compare.noise import constraints, formats
from pytest_cutover.compare.noise.lists.identity_key import skeleton
from pytest_cutover.compare.noise.sequence_diff import same_stretches
from pytest_cutover.normalize import encoded
from pytest_cutover.normalize.matchers import (
    EXACT,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Placeholder,
    Template,
    is_plain,
)
from pytest_cutover.normalize.substitution import CODE, codes_of

OWN_IDS = ("id", "_id", "pk", "uuid", "guid", "uid", "oid")  # what a row calls its own id
NUMERAL = re.compile(r"(?<![\w-])\d+(?:\.\d+)?(?!\w)")  # no part of a code
_ID_NAME = re.compile(r"(?:^|[_\-. ])(?:id|pk|uid|uuid|guid|oid|rowid)$|[a-z](?:Id|ID|Uuid|Pk)$")
_MOST_LOOKED_INTO = 1_000
_CELLS = frozenset(("td", "th"))
SPACE = "#space"  # before an element of markup

# How a scalar counts in a key: its member's name and the value in, what is compared out.
Leaf = Callable[[str, Any], Any]


@lru_cache(maxsize=1024)
def names_an_id(name: str) -> bool:
    """Whether a member is called like the identifier of something."""
    return _ID_NAME.search(name) is not None


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Return the scalars of a plain tree, each with the name of the member that it belongs to."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)
    elif is_plain(value):
        yield name, value


def is_an_id(row: Any) -> bool:
    """Whether a row is nothing but the id of a thing: with another id it is another thing."""
    return isinstance(row, str) and formats.has_identity(formats.format_of(row))


def ids_of(row: Any) -> list[tuple[str, Any]]:
    """Return what is called like an id in a row, and what is one by its form, with their names."""
    return [(name, value) for name, value in leaves(row) if names_an_id(name) or is_an_id(value)]


def names_of(row: Any) -> list[tuple[str, Any]]:
    """Return what names a row in two recordings: the codes that the test made, then its ids."""
    texts = [(name, text) for name, text in leaves(row) if isinstance(text, str)]
    codes = [(name, text) for name, text in texts if CODE.search(text)]
    own = row.items() if isinstance(row, dict) else ()
    ids = [(key, item) for key, item in own if names_an_id(key) and isinstance(item, str | bytes)]
    return codes + ids


def by_words(first: Sequence[Any], again: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the places of rows without an id that are one in two lists, by a text that each has to
    itself, the same ones in both: of the best sold one overtakes another, and keeps its name.
    """
    if not first or len(first) != len(again) or any(map(names_of, (*first, *again))):
        return []
    sides = [[list(leaves(row)) for row in side] for side in (first, again)]
    if not all(isinstance(row, dict | list) for row in (*first, *again)):
        return []
    if len({tuple(name for name, _ in row) for side in sides for row in side}) > 1:
        return []
    for at in range(len(sides[0][0])):
        ours, theirs = ([row[at][1] for row in side] for side in sides)
        if all(isinstance(word, str) for word in (*ours, *theirs)):
            for spelled in (str, _without_numbers):
                places = {spelled(word): at for at, word in enumerate(theirs)}
                if len(places) == len(theirs) and places.keys() == set(map(spelled, ours)):
                    return [(at, places[spelled(word)]) for at, word in enumerate(ours)]
    return []


def _without_numbers(text: str) -> str:
    return NUMERAL.sub("0", text)


def of_their_kind(first: Sequence[Any], again: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the places of rows that are the only ones of their kind in both lists, by the members
    that they have, and that nothing names: a summary behind lines of data.
    """
    sides: list[dict[frozenset[str], int]] = []
    for rows in (first, again):
        kinds = [frozenset(row) if isinstance(row, dict) else frozenset() for row in rows]
        many = Counter(kinds)
        if len(many) < 2:  # rows of one kind
            return []
        sides.append({kind: at for at, kind in enumerate(kinds) if kind and many[kind] == 1})
    ours, theirs = sides
    found = [(at, theirs[kind]) for kind, at in ours.items() if kind in theirs]
    return [
        pair
        for pair in found
        if not any(ids_of(row) or names_of(row) for row in (first[pair[0]], again[pair[1]]))
    ]


def without_growth(one: Any, other: Any, more: int) -> Any:
    """Return the other row as it was before its list grew by so many: how long that is, is told by
    the rows and is no noise.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            key: without_growth(one[key], item, more) if key in one else item
            for key, item in other.items()
        }
    if isinstance(one, bytes) and isinstance(other, bytes) and one.isdigit() and other.isdigit():
        return one if int(other) - int(one) == more else other
    return other


def codes_of_rows(rows: Iterable[Any]) -> list[Hashable]:
    """Return which codes of the test each row holds; nothing where they do not tell rows apart.

    Rows that are sorted by a name that the test made stand in another order in each round, and
    what else is in them may be another thing each time.
    """
    found: dict[Hashable, None] = {}
    for row in rows:
        texts = (text for _, text in leaves(row) if isinstance(text, str))
        codes = tuple(code for text in texts for code in codes_of(text))
        if not codes or codes in found:
            return []
        found[codes] = None
    return [*found]


def is_made(row: Any) -> bool:
    """Whether a row holds a code that the very test made."""
    return any(isinstance(text, str) and CODE.search(text) for _, text in leaves(row))


def in_order(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places at which two sequences of keys hold the same item in the same order."""
    names: dict[Hashable, str] = {}
    ours, theirs = (
        [names.setdefault(key, str(len(names))) for key in side] for side in (left, right)
    )
    return [
        (one.left + offset, one.right + offset)
        for one in same_stretches(ours, theirs)
        for offset in range(one.size)
    ]


def in_the_same_gap(matched: dict[int, int], ours: list[int], theirs: list[int]) -> dict[int, int]:
    """Return rows without a partner that stand between the same two rows that have one."""
    before = sorted(matched)
    sources = sorted(matched.values())
    gaps: dict[int, list[int]] = {}
    for index in reversed(ours):
        gaps.setdefault(bisect_left(sources, index), []).append(index)
    found = {}
    for index in theirs:
        free = gaps.get(bisect_left(before, index))
        if free:
            found[index] = free.pop()
    return found


def skeletons(a: list[Any], b: list[Any]) -> tuple[list[Hashable], list[Hashable]] | None:
    """Return the keys of the rows of two lists; None where they hold other things than rows."""
    if not all(isinstance(row, dict | list) for side in (a, b) for row in side):
        return None
    return [skeleton(row) for row in a], [skeleton(row) for row in b]


def shifted(ours: list[Hashable], theirs: list[Hashable]) -> bool:
    """Whether two lists of one length are a page whose rows went on by new ones."""
    if ours == theirs or Counter(ours) == Counter(theirs):
        return False
    return any(one != other for one, other in in_order(ours, theirs))


def are_cells(first: Sequence[Any], again: Sequence[Any]) -> bool:
    """Whether two lists are the cells of one row of a table: each stays in its column, though the
    numbers of two columns may change about.
    """
    return len(first) == len(again) > 0 and all(
        isinstance(one, dict) and not _CELLS.isdisjoint(one) for one in (*first, *again)
    )


def went_on(first: Sequence[Any], again: Sequence[Any]) -> bool:
    """Whether a short list shows a row at another place than before, by its id, and new ones too.

    The code that the test made then is one of many now; in all else it has to be the same row.
    """
    if not 1 < len(first) == len(again) <= _MOST_LOOKED_INTO or type(first[0]) is not dict:
        return False
    for name in filter(names_an_id, first[0]):
        ours, theirs = (_by_id(side, name) for side in (first, again))
        if len(ours) < len(first) or len(theirs) < len(again) or ours.keys() == theirs.keys():
            continue
        if any(
            at != theirs[key] and _is_the_row(first[at], again[theirs[key]])
            for key, at in ours.items()
            if key in theirs
        ):
            return True
    return False


def _by_id(rows: Sequence[Any], name: str) -> dict[Any, int]:
    """Return the places of rows by the id that each has for itself."""
    ids = [row.get(name) if isinstance(row, dict) else None for row in rows]
    return {one: at for at, one in enumerate(ids) if isinstance(one, str | bytes | Raw)}


def _is_the_row(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(
        item == other[name] or (isinstance(item, str) and CODE.search(item))
        for name, item in one.items()
    )


def spaced_alike(first: list[Any], again: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return the rows of two lists of markup, each with the space that stands before the others.

    Lines that are joined have none before the first, whichever row that is. Where both lists begin
    alike and all other rows have one space before them, it says nothing of the first.
    """
    second = first[1:2] or again[1:2]
    if not second or not isinstance(second[0], dict) or SPACE not in second[0]:
        return first, again
    both = [first, again]
    rows = [row for side in both for row in side[1:]]
    if not all(isinstance(row, dict) and SPACE in row for row in rows):
        return first, again
    leads = [side[0] for side in both if side]
    if not all(isinstance(row, dict) and row.get(SPACE) == leads[0].get(SPACE) for row in leads):
        return first, again
    space = rows[0][SPACE]
    if any(row[SPACE] != space for row in rows):
        return first, again
    left, right = ([{**row, SPACE: space} for row in side[:1]] + side[1:] for side in both)
    return left, right


def in_another_order(
    first: Sequence[Any], again: Sequence[Any], pairs: Sequence[tuple[int, int]]
) -> bool:
    """Return whether rows that two recordings show came in another order; `pairs` are places.

    Where a list is sorted by names, those that the test made stand elsewhere each time: they tell
    an order only where there are no others.
    """
    others = [pair for pair in pairs if not is_made(first[pair[0]])]
    pairs = others if len(others) > 1 else pairs
    places = [other for _, other in sorted(pairs)]
    if places != sorted(places):
        return True
    keys = [[skeleton(row) for row in side if not is_made(row)] for side in (first, again)]
    once = [{key for key, count in Counter(side).items() if count == 1} for side in keys]
    common = once[0] & once[1]
    left, right = ([key for key in side if key in common] for side in keys)
    return left != right


def union(masks: list[Any], *, held: bool = False) -> Any:
    """Return what any of the masks calls volatile; with `held`, what is fixed within a run is
    not.
    """
    noisy = [mask for mask in masks if not is_plain(mask) and not (held and _is_fixed(mask))]
    if not noisy:
        return EXACT
    if any(isinstance(mask, Placeholder) for mask in noisy):
        found = [mask for mask in noisy if isinstance(mask, Placeholder)]
        whole = [mask for mask in noisy if not isinstance(mask, Template) and not _pieces(mask)]
        return Placeholder(
            constraints.widen({name for mask in found for name in mask.formats}),
            per_run=all(mask.per_run for mask in found),
            clock=all(mask.clock for mask in found),
            pieces=() if whole else tuple(sorted({name for m in noisy for name in _pieces(m)})),
        )
    objects = [mask for mask in noisy if isinstance(mask, ObjectPattern)]
    if objects:
        return _union_of_objects(objects, held=held)
    if any(isinstance(mask, ArrayOf) for mask in noisy):
        return next(mask for mask in noisy if isinstance(mask, ArrayOf))
    if isinstance(noisy[0], Template):
        if all(mask == noisy[0] for mask in noisy):
            return noisy[0]
        return Placeholder(("text",), pieces=pieces_of(noisy))
    arrays = [mask for mask in noisy if isinstance(mask, ArrayPattern)]
    any_order = any(mask.unordered for mask in arrays)
    if not any_order and len({len(mask.items) for mask in arrays}) == 1:
        columns = zip(*(mask.items for mask in arrays), strict=True)
        return ArrayPattern(tuple(union(list(column), held=held) for column in columns))
    inner = union([item for mask in arrays for item in mask.items], held=held)
    size = max(len(mask.items) for mask in arrays)
    return ArrayPattern((inner,) * size, any_order)


def _pieces(mask: Any) -> tuple[str, ...]:
    if isinstance(mask, Placeholder):
        return mask.pieces
    return pieces_of([mask]) if isinstance(mask, Template) else ()


def pieces_of(masks: Iterable[Any]) -> tuple[str, ...]:
    """Return the formats of what varies inside of texts; nothing where it may be anything."""
    found = {
        name
        for mask in masks
        for part in (mask.parts if isinstance(mask, Template) else (mask,))
        if isinstance(part, Placeholder)
        for name in part.formats
    }
    return () if "string" in found else tuple(sorted(found))


def _is_fixed(mask: Any) -> bool:
    if isinstance(mask, Template):
        return all(part.per_run for part in mask.parts if isinstance(part, Placeholder))
    return isinstance(mask, Placeholder) and mask.per_run


def _union_of_objects(objects: list[ObjectPattern], *, held: bool) -> Any:
    keys = dict.fromkeys(key for mask in objects for key in mask.members)
    optional = frozenset(key for mask in objects for key in mask.optional)
    members = {
        key: union([mask.members.get(key, EXACT) for mask in objects], held=held) for key in keys
    }
    return ObjectPattern(members, optional)


_ANY = ("volatile",)


def _volatile_key(mask: Any, value: Any) -> Hashable:
    """Return the type of a volatile value, unless that may vary as well."""
    types = {
        name
        for one in (mask, value)
        if isinstance(one, Placeholder)
        for name in map(constraints.type_named, one.formats)
    }
    if len(types) > 1:
        return _ANY
    if isinstance(value, Placeholder):
        return ("volatile", *types)
    if isinstance(mask, Placeholder) and not constraints.conforms(value, mask.formats):
        return key_of(EXACT, value)  # a neighbour of volatile items that is not one
    return ("volatile", formats.type_of_pattern(value))


def key_of(mask: Any, value: Any, leaf: Leaf | None = None, name: str = "") -> Hashable:
    """Return a hash key of all that the mask does not call volatile.

    `leaf` says how a scalar counts, given the name of the member that it belongs to.
    """
    if isinstance(mask, ArrayOf) or isinstance(value, ArrayOf):
        return _ANY
    if isinstance(mask, Placeholder | Template) or isinstance(value, Placeholder | Template):
        return _volatile_key(mask, value)
    if isinstance(value, str) and encoded.key_of_pattern(mask):
        return ("volatile", "string")
    if isinstance(value, dict | ObjectPattern):
        members = value.members if isinstance(value, ObjectPattern) else value
        masks = mask.members if isinstance(mask, ObjectPattern) else {}
        optional = mask.optional if isinstance(mask, ObjectPattern) else frozenset()
        return frozenset(
            (key, key_of(masks.get(key, EXACT), item, leaf, key))
            for key, item in members.items()
            if key not in optional
        )
    if isinstance(value, list | ArrayPattern):
        items = value.items if isinstance(value, ArrayPattern) else value
        inner = (
            mask.items if isinstance(mask, ArrayPattern) and len(mask.items) == len(items) else ()
        )
        if not inner:
            shared = union(list(mask.items)) if isinstance(mask, ArrayPattern) else EXACT
            inner = (shared,) * len(items)
        return tuple(key_of(m, item, leaf, name) for m, item in zip(inner, items, strict=True))
    if leaf is not None:
        value = leaf(name, value)
    return (type(value).__name__, bytes(value) if isinstance(value, Raw) else value)
