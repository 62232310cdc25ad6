"""What a recorded value may be: a literal, a symbol, or a container of them.

A tree that holds no noise is plain JSON as `wire` reads it (a number is its lexeme, as bytes), so
that strict equality of whole subtrees stays one comparison in C. Only the way down to a symbol is
made of the classes below. Imports nothing of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, TypeAlias

Json: TypeAlias = "bool | str | bytes | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A volatile value: any that has one of the formats.

    `number` is the identity class: equal numbers held the same value in every recording. `per_run`
    values did not vary within a run. `clock` values followed the clock of the exchange,
    `ahead_s` before it or behind it.
    `secret` values are never shown; one that is `steady` held in every recording and is nobody's
    credential: live it is a literal, and only in a golden it is not written down. So is a number
    that held in a recording, and was another in an earlier one. `pieces` are the formats of what
    varies inside of a text of a row: beside a live row the rest is literal.
    """

    formats: tuple[str, ...]
    number: int | None = None
    per_run: bool = False
    clock: bool = False
    secret: bool = False
    steady: bool = False
    pieces: tuple[str, ...] = ()
    ahead_s: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """Text that holds volatile pieces. Literals and symbols alternate as they come."""

    parts: tuple[str | Placeholder, ...]


@dataclass(frozen=True, slots=True)
class ObjectPattern:
    """An object in which something is volatile; `optional` members may be absent."""

    members: dict[str, Pattern] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ArrayPattern:
    """An array of known length in which something is volatile, its order if `unordered`."""

    items: tuple[Pattern, ...] = ()
    unordered: bool = False
    # Of rows that are alike in their noise, once that is asked for (`noise_columns`).
    columns: Any = field(default=None, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """An array of any length; each item has the shape of `item` (None: nothing is known).

    Where two recordings were seen: `row` says what varies between an item and the one that stands
    for it, `same` what varies of one and the same item, and `unordered` that the items that both
    show came in another order. A golden keeps none of it. `keyed`: it is an object whose keys are
    ids; an item is a row of the key and what it holds.
    """

    item: Pattern | None = None
    row: Pattern | None = field(default=None, compare=False)
    same: Pattern | None = field(default=None, compare=False)
    unordered: bool = field(default=False, compare=False)
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """As a mask: nothing below is volatile."""


EXACT = Literal()


Pattern: TypeAlias = (
    "Json | Placeholder | Template | ObjectPattern | ArrayPattern | ArrayOf | Literal"
    " | list[Pattern] | dict[str, Pattern]"
)

# The classes of values that hold noise; busy loops look here instead of calling `is_plain`.
NOISY = frozenset((Placeholder, Template, ObjectPattern, ArrayPattern, ArrayOf))


def is_plain(value: Pattern) -> bool:
    """Whether the tree holds no noise at all."""
    return type(value) not in NOISY


def is_steady(value: Pattern) -> bool:
    """Whether all that is volatile in a value held within each recording."""
    if isinstance(value, Template):
        return all(part.steady for part in value.parts if isinstance(part, Placeholder))
    return isinstance(value, Placeholder) and value.steady


def children(value: Pattern) -> Iterator[Pattern]:
    """Yield the values directly below one."""
    if isinstance(value, ObjectPattern):
        yield from value.members.values()
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, ArrayPattern):
        yield from value.items
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, ArrayOf) and value.item is not None:
        yield value.item
    elif isinstance(value, Template):
        yield from value.parts


def members_of(value: Pattern) -> dict[str, Any]:
    """Return the members of an object, or of the pattern of one; none of anything else."""
    if isinstance(value, ObjectPattern):
        return value.members
    return value if isinstance(value, dict) else {}


def optional_of(value: Pattern) -> frozenset[str]:
    """Return the names of the members that may be absent."""
    return value.optional if isinstance(value, ObjectPattern) else frozenset()


def items_of(value: Pattern, size: int) -> list[Any]:
    """Return the items of an array, or of the pattern of one; nothing in each place where it has
    another number of them.
    """
    items = value.items if isinstance(value, ArrayPattern) else value
    return list(items) if isinstance(items, list | tuple) and len(items) == size else [None] * size


def number_of_leaves(value: Pattern) -> int:
    """How many values a tree holds; a text is one, whatever varies in it."""
    if isinstance(value, Template) or not isinstance(
        value, dict | list | ObjectPattern | ArrayPattern | ArrayOf
    ):
        return 1
    return sum(map(number_of_leaves, children(value)))


def placeholders(value: Pattern) -> list[Placeholder]:
    """Every symbol of a tree, in order."""
    found: list[Placeholder] = []
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Placeholder):
            found.append(node)
        elif type(node) in NOISY:
            below: Iterable[Pattern] = children(node)
            if isinstance(node, ArrayPattern) and set(map(type, node.items)) == {ObjectPattern}:
                rows = [one.members for one in node.items if isinstance(one, ObjectPattern)]
                below = chain.from_iterable(map(dict.values, rows))
            noisy = [child for child in below if type(child) in NOISY]
            if set(map(type, noisy)) == {Placeholder}:
                found += noisy  # type: ignore[arg-type]  # they are symbols
            else:
                waiting += noisy[::-1]
    return found


def changed(value: Pattern, change: Callable[[Placeholder], Placeholder]) -> Pattern:
    """Return the tree with each symbol as `change` gives it; what holds none stays the same."""
    if isinstance(value, Placeholder):
        return change(value)
    if isinstance(value, Template):
        return Template(
            tuple(part if isinstance(part, str) else change(part) for part in value.parts)
        )
    if isinstance(value, ObjectPattern):
        members = {
            key: changed(item, change) if type(item) in NOISY else item
            for key, item in value.members.items()
        }
        return ObjectPattern(members, value.optional)
    if isinstance(value, ArrayPattern):
        return ArrayPattern(tuple(changed(i, change) for i in value.items), value.unordered)
    if isinstance(value, ArrayOf):
        item, row, same = (
            None if each is None else changed(each, change)
            for each in (value.item, value.row, value.same)
        )
        return ArrayOf(item, row, same, value.unordered, value.keyed)
    return value


def renumber(value: Pattern, numbers: dict[int, int]) -> Pattern:
    """Return the tree with identity classes renumbered; a class that is not in `numbers` is
    dropped.
    """

    def change(symbol: Placeholder) -> Placeholder:
        number = None if symbol.number is None else numbers.get(symbol.number)
        return symbol if number == symbol.number else replace(symbol, number=number)

    return changed(value, change)
