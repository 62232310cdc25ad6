"""What a golden does not keep of lists that a suite changes, from the rounds of a run. Pure.

A golden of such a list holds the shape of its rows, or the rows that a page of the newest had when
it was recorded, which others have left since. What varies between two rows that are one, which is
one that has changed and which another, and whether their order means anything is seen in the live
baseline's own rounds, as it is where there is no golden. Where the recordings had different rows at
one place, the golden knows nothing of either but the form: the rounds say what they hold. So they
do of a number that both recordings had by chance, as that of a few milliseconds, in a text and in a
header too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import is_
from typing import Final

from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    Template,
    children,
    is_plain,
    items_of,
    members_of,
    optional_of,
    renumber,
)
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange

# What names an element, or leads to what it shows.
_NAMING: Final = frozenset(("@id", "@href", "@value"))
_NUMBERS: Final = ("integer", "decimal", "number", "exponent", "digits")

Place = tuple[str, ...]  # `HEADERS` or `BODY`, then members and indices
HEADERS: Final = "headers"
BODY: Final = "body"
# In which exchange, where, and what was recorded.
Moves = Callable[[int, Place, str | bytes], bool]
_MovesAt = Callable[[Place, str | bytes], bool]


def with_rows_of(golden: Golden, live: Golden, moves: Moves) -> Golden:
    """Return a golden with what the rounds of a run showed of the rows of its lists, and of numbers
    that vary on the baseline, where `moves` says that they do so on both sides; itself where they
    add nothing.
    """
    if len(golden.exchanges) != len(live.exchanges):
        return golden
    pairs = list(zip(golden.exchanges, live.exchanges, strict=True))
    found = tuple(
        _exchange(known, seen, partial(moves, index)) for index, (known, seen) in enumerate(pairs)
    )
    if all(one is known for one, (known, _) in zip(found, pairs, strict=True)):
        return golden
    return replace(golden, exchanges=found)


def _exchange(
    known: NormalizedExchange, seen: NormalizedExchange, moves: _MovesAt
) -> NormalizedExchange:
    if known.endpoint != seen.endpoint or known.response is None or seen.response is None:
        return known
    answer, beside = known.response, seen.response
    headers = _with_rows(answer.headers, beside.headers, moves, (HEADERS,))
    if headers is not answer.headers:
        answer = replace(answer, headers=headers)
    body = answer.body
    if body.kind is beside.body.kind:
        tree = _with_rows(body.tree, beside.body.tree, moves, (BODY,))
        if tree is not body.tree:
            answer = replace(answer, body=replace(body, tree=tree))
    return known if answer is known.response else replace(known, response=answer)


def _with_rows(known: Pattern, seen: Pattern, moves: _MovesAt, place: Place) -> Pattern:
    if isinstance(known, bytes | str):
        return renumber(seen, {}) if _varies(seen) and moves(place, known) else known
    if isinstance(seen, ArrayOf):
        if isinstance(known, ArrayOf):
            return seen if known.row is None and known.keyed == seen.keyed else known
        return seen if isinstance(known, list | ArrayPattern) and not seen.keyed else known
    if isinstance(seen, ObjectPattern) or (isinstance(seen, dict) and not is_plain(known)):
        ours, theirs = members_of(known), members_of(seen)
        members = {
            key: _with_rows(item, theirs[key], moves, (*place, key)) if key in theirs else item
            for key, item in ours.items()
        }
        if all(item is ours[key] for key, item in members.items()):
            return known
        return ObjectPattern(members, optional_of(known))
    if isinstance(seen, ArrayPattern) or (isinstance(seen, list) and not is_plain(known)):
        if isinstance(known, ArrayOf):
            return known if known.keyed or known.row is not None else renumber(seen, {})
        rows = list(children(seen))
        was = items_of(known, len(rows))
        several = _were_several(was)
        items = [
            _of_rounds(one, row)
            if at in several
            else _with_rows(one, row, moves, (*place, str(at)))
            for at, (one, row) in enumerate(zip(was, rows, strict=True))
        ]
        if all(map(is_, items, was)):
            return known
        return ArrayPattern(tuple(items), isinstance(known, ArrayPattern) and known.unordered)
    return known


def _varies(seen: Pattern) -> bool:
    """Whether a value is a number that varied, or a text in which nothing else did."""
    holes = seen.parts if isinstance(seen, Template) else (seen,)
    found = [one for one in holes if isinstance(one, Placeholder)]
    return bool(found) and all(name.startswith(_NUMBERS) for one in found for name in one.formats)


def _were_several(items: list[Pattern]) -> set[int]:
    """In which places the recordings had different rows: an id is another one.

    That of an object is a member; that of an element or of a line of cells is what it begins with,
    and shows that it is one of several only where another of its kind has it as well.
    """
    found = {
        at
        for at, one in enumerate(items)
        if isinstance(one, ObjectPattern)
        and any(names_an_id(key) and _is_another(item) for key, item in one.members.items())
    }
    begun: dict[str, list[int]] = {}
    for at, one in enumerate(items):
        if _begins_with_another(one):
            tags = [key for key in members_of(one) if key[:1] != "@"]
            begun.setdefault(" ".join(tags), []).append(at)
    return found.union(*(places for places in begun.values() if len(places) > 1))


def _begins_with_another(row: Pattern) -> bool:
    """Whether what a row begins with is another one: its first cell, a link, the id of it."""
    if isinstance(row, ObjectPattern):
        attributes = [item for key, item in row.members.items() if key in _NAMING]
        content = [item for key, item in row.members.items() if key[:1] != "@"]
        return any(map(_is_another, attributes)) or (
            len(content) == 1 and (_is_another(content[0]) or _begins_with_another(content[0]))
        )
    if isinstance(row, ArrayPattern) and row.items:
        return _is_another(row.items[0]) or _begins_with_another(row.items[0])
    return False


def _is_another(value: Pattern) -> bool:
    """Whether a value differed, and is no time."""
    holes = value.parts if isinstance(value, Template) else (value,)
    return any(isinstance(one, Placeholder) and not one.clock for one in holes)


def _of_rounds(known: Pattern, seen: Pattern) -> Pattern:
    """Return what the rounds show of a row. A value that the test made is as the golden has it."""
    if isinstance(known, Placeholder) and known.number is not None:
        return known
    if isinstance(known, ObjectPattern) and isinstance(seen, dict | ObjectPattern):
        theirs = members_of(seen)
        members = {
            key: _of_rounds(one, theirs[key]) if key in theirs else one
            for key, one in known.members.items()
        }
        return ObjectPattern(members, known.optional)
    if isinstance(known, ArrayPattern) and isinstance(seen, list | ArrayPattern):
        rows = list(children(seen))
        if len(rows) != len(known.items):
            return known
        items = [_of_rounds(one, row) for one, row in zip(known.items, rows, strict=True)]
        return ArrayPattern(tuple(items), known.unordered)
    return known if is_plain(known) else renumber(seen, {})
