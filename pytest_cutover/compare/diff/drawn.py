"""Members that each write draws anew, as the rounds of a test have shown them. Pure.

A token, a hash or a short code is another one in each row. How long it is, of which letters, and
what stands around it in a text is learned from the answers to the test's own writes: by chance a
code has digits alone once in a while, and looks like a number then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.compare.noise.texts.text_match import fits, match
from pytest_cutover.normalize.matchers import (
    ObjectPattern,
    Placeholder,
    Template,
    children,
    members_of,
)

Forms = Mapping[str, tuple[Placeholder | Template, ...]]

WORDS: Final = Placeholder(("text",))  # that a test makes up
_RANDOM: Final = frozenset(("token", "hex", "hex-number"))
_SHORTEST: Final = 6
_TOKEN: Final = re.compile(r"[0-9A-Za-z]+")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-")
_LONG_ENOUGH: Final = 11  # characters of a token of 64 bits
# What a database counts: it tells rows apart, and is drawn by nobody. One zero before many digits
# is one by chance.
_COUNTED: Final = re.compile(r"[A-Za-z]+(?:[-_]\d+|0\d{1,4}|00\d+)")


class Drawn(NamedTuple):
    """The names of members that are drawn anew, those that read the clock, and their forms."""

    names: frozenset[str] = frozenset()
    clocks: frozenset[str] = frozenset()
    forms: Forms = MappingProxyType({})


NOTHING_DRAWN: Final = Drawn()


def drawn_members(trees: Iterable[Any], written: Iterable[Any] = ()) -> Drawn:
    """Return the members of answers, lists left out, that noise shows to be drawn anew each time:
    tokens, hashes and the like, alone or in a text; and those that read the clock. In what was
    `written` words are drawn too, by the test.
    """
    names: set[str] = set()
    clocks: set[str] = set()
    forms: dict[str, tuple[Placeholder | Template, ...]] = {}
    left = [(tree, False) for tree in trees] + [(tree, True) for tree in written]
    while left:
        tree, is_written = left.pop()
        members = tree.members if isinstance(tree, ObjectPattern) else tree
        if not isinstance(members, dict):
            continue
        for name, value in members.items():
            if not isinstance(value, Placeholder | Template):
                continue
            parts = value.parts if isinstance(value, Template) else (value,)
            holes = [part for part in parts if isinstance(part, Placeholder)]
            if any(formats.has_identity(one) for hole in holes for one in hole.formats):
                names.add(name)
            if any(map(_is_random, holes)) and not names_an_id(name):
                names.add(name)
                forms[name] = (*forms.get(name, ()), value)
            elif is_written and len(holes) == len(parts) == 1 and holes[0].formats == WORDS.formats:
                forms[name] = (*forms.get(name, ()), value)
            if isinstance(value, Placeholder) and value.clock:
                clocks.add(name)
        left += ((member, is_written) for member in members.values())
    return Drawn(frozenset(names), frozenset(clocks), forms)


def pieces_by_form(forms: Iterable[Placeholder | Template], text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, and which of them are drawn; nothing where it has none of the
    forms.
    """
    for form in forms:
        if isinstance(form, Placeholder) and form.pieces:
            if inside := _drawn_inside(form, text):
                return inside
            continue
        if isinstance(form, Placeholder):
            if fits(form, text) and not _is_counted(text):
                return [(text, True)]
            continue
        found = match(form, text)
        if not found.follows or not all(fits(*piece) for piece in found.pieces):
            continue
        holes = iter(found.pieces)
        return [
            (part, False) if isinstance(part, str) else _drawn_piece(*next(holes))
            for part in form.parts
        ]
    return []


def forms_inside(rows: Any) -> Forms:
    """Return the forms of texts of rows in which a token is drawn beside what tells the row, as in
    `/media/gate-2e16d0ba.png`, by their names.
    """
    found: dict[str, tuple[Placeholder | Template, ...]] = {}
    left: list[tuple[str, Any]] = [("", rows)]
    while left:
        name, pattern = left.pop()
        if isinstance(pattern, Placeholder):
            random = tuple(piece for piece in pattern.pieces if _is_random(Placeholder((piece,))))
            if random and not names_an_id(name):
                found[name] = (*found.get(name, ()), replace(pattern, pieces=random))
            continue
        members = members_of(pattern)
        left += members.items() if members else ((name, one) for one in children(pattern))
    return found


def _drawn_inside(form: Placeholder, text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, and which of them are tokens as long as those that a form has;
    nothing where it has none, or an id with hyphens, which is found by itself.
    """
    sizes = {piece.rpartition(" ")[2] for piece in form.pieces}
    pieces: list[tuple[str, bool]] = []
    done = 0
    for found in _TOKEN.finditer(text) if not _UUID.search(text) else ():
        if str(len(found[0])) in sizes and any(map(str.isdigit, found[0])):
            pieces += [(text[done : found.start()], False), (found[0], True)]
            done = found.end()
    return [*pieces, (text[done:], False)] if pieces else []


def _drawn_piece(hole: Placeholder, piece: str) -> tuple[str, bool]:
    return piece, _is_random(hole) and not _is_counted(piece)


def _is_random(hole: Placeholder) -> bool:
    """Whether a hole is of something random and of nothing else."""
    families = [name.partition(" ") for name in hole.formats]
    return bool(families) and all(
        family in _RANDOM and (not size or int(size) >= _SHORTEST) for family, _, size in families
    )


def _is_counted(text: str) -> bool:
    return len(text) < _LONG_ENOUGH and _COUNTED.fullmatch(text) is not None
