"""A document read beside another of the same test: what has equal bytes is read once. Pure.

What comes of it is what `strict_json.read_json` gives, with the values of the other document in the
places where the bytes are the same.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.compare.diff.noise_columns import columns_of
from pytest_cutover.compare.diff.taken_apart import Bodies, TakenApart, Unclear, parsed
from pytest_cutover.normalize.matchers import (
    EXACT,
    NOISY,
    ArrayPattern,
    ObjectPattern,
    Pattern,
)
from pytest_cutover.normalize.strict_json import Parsed, read_json

_ITEMS: Final = Decoder(list[Raw])


def read_beside(known: TakenApart, tree: Any, mask: Pattern, bodies: Bodies, body: bytes) -> Parsed:
    """Return a document and what is wrong with it. Never raises.

    `tree` is all that `known` says, with which nothing is wrong. `mask` says in which places the
    two are likely to differ. `bodies` are those that were taken apart before.
    """
    try:
        other = bodies.of(body)
        other.decode()
        return Parsed(_beside(known, other, tree, mask))
    except (Unclear, DecodeError, UnicodeError):
        return read_json(body)


def _beside(known: TakenApart, other: TakenApart, tree: Any, mask: Pattern) -> Any:
    if known.text == other.text:
        return tree
    openings = known.text[:1] + other.text[:1]
    if isinstance(mask, ObjectPattern) and openings == b"{{":
        return _objects(known, other, tree, mask)
    rows = None
    if isinstance(mask, ArrayPattern) and openings == b"[[":
        rows = _rows(known, other, tree, mask)
    return parsed(other.text) if rows is None else rows


def _objects(
    known: TakenApart, other: TakenApart, tree: dict[str, Any], mask: ObjectPattern
) -> dict[str, Any]:
    ours = known.members()
    read: dict[str, Any] = {}
    for name, value in other.members().items():
        inner = mask.members.get(name, EXACT)
        if ours.get(name) == value:
            read[name] = tree[name]
        elif name in ours and type(inner) in NOISY:
            read[name] = _beside(known.member(name), other.member(name), tree[name], inner)
        else:
            read[name] = parsed(bytes(value))
    return read


def _rows(
    known: TakenApart, other: TakenApart, tree: list[Any], mask: ArrayPattern
) -> list[Any] | None:
    """Return the rows of a table; None where most of them differ in more than its columns."""
    names = tuple(column.name for column in columns_of(mask))
    if not names:
        return None
    ours, theirs = known.table(names, other), other.table(names, known)
    if ours is None or theirs is None or len(ours.rows) != len(theirs.rows):
        return None
    apart = ours.apart_from(theirs)
    if 2 * len(apart) > len(tree):
        return None
    rows = [{**row} for row in tree]
    for name, values in zip(names, theirs.values, strict=True):
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    whole = _ITEMS.decode(other.text) if apart else []
    for index in apart:
        rows[index] = parsed(bytes(whole[index]))
    return rows
