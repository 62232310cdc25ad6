"""What a walk says of a value, and which of its kinds says what. Pure."""

from __future__ import annotations

import re
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.places import ROOT, Path, is_attribute, name_of
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.rules import Active, Mode
from pytest_cutover.normalize.matchers import Literal, Placeholder

_OF_READER = "#"  # begins the names of what a reader of markup tells besides elements
_WORD = re.compile(r"(?=.{1,24}$)[A-Z]?[a-z]+(?:[-_ ][a-z]+)*|[A-Z]{2,12}")
ANY_TEXT = "a part of the text may be anything"
LONGEST_LEAF = 256  # characters; a longer string is a text, and more than its type holds it
_MOST_ITEMS = 100  # of more that are spare, it is told how many they are
FREE = "it varies from end to end, and nothing holds it"
# Kinds whose signature says how a value changed and not which: `text → text`.
VALUED = frozenset((Kind.VALUE, Kind.TYPE, Kind.FORMAT, Kind.HEADER_VALUE))
_HEADER_KINDS = {
    Kind.MISSING: Kind.HEADER_MISSING,
    Kind.ADDED: Kind.HEADER_ADDED,
    Kind.VALUE: Kind.HEADER_VALUE,
    Kind.FORMAT: Kind.HEADER_VALUE,
    Kind.SCALE: Kind.HEADER_VALUE,
    Kind.TYPE: Kind.HEADER_VALUE,
    Kind.LENGTH: Kind.HEADER_VALUE,
    Kind.ORDER: Kind.HEADER_VALUE,
}


def of_header(kind: Kind, change: str, base: Any, cand: Any) -> tuple[Kind, str]:
    """Return the kind that a departure has in a header, and its change: a time that moved is no
    other spelling of one, which a body tells by the kind.
    """
    if kind is Kind.VALUE and None not in (formats.instant_s(base), formats.instant_s(cand)):
        was, now = formats.family_of(base), formats.family_of(cand)
        if was != now and change == f"{was} → {now}":
            change = f"{change}, another time"
    return _HEADER_KINDS.get(kind, kind), change


def described(value: Any) -> str:
    """Return what a missing or added value is, in a word."""
    if isinstance(value, Placeholder):
        return " or ".join(value.formats)
    return formats.type_of_pattern(value)


def like_any(key: str, optional: frozenset[str]) -> str | None:
    """Return the optional member that a key stands for, where both are ids: an object keyed by
    ids.
    """
    if not optional:
        return None
    name = formats.format_of(key)
    if not formats.has_identity(name):
        return None
    return min((other for other in optional if formats.format_of(other) == name), default=None)


def is_ignored(rules: Active | None) -> bool:
    """Whether a rule takes a place out of the comparison."""
    return rules is not None and any(rule.mode is Mode.IGNORE for rule in rules.here)


def is_scalar(value: Any) -> bool:
    """Whether a value is no container and no pattern."""
    return value is None or isinstance(value, str | bytes | bool | Literal)


def is_word(value: Any) -> bool:
    """Whether a value is a word that nobody generates."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _is_markup(value: Any, name: str) -> bool:
    """Whether a member of this name is a piece of a page: elements, or what stands for none."""
    if name[:1] == _OF_READER:
        return isinstance(value, str)
    rows = value if isinstance(value, list) else [value]
    return any(
        isinstance(row, dict) and any(key.startswith(("#", "@")) for key in row) for row in rows
    )


def reviewed(
    excerpts: Excerpts, kind: Kind, change: str, values: tuple[Any, Any], path: Path = ROOT
) -> tuple[tuple[str, str], ...]:
    """Return what is reviewed besides the signature: both values, or which items are spare.

    Of an element of a page that came or went, all that is in it: where a page is cut or an element
    is not closed, the rest of the page is. Of a header that came, what it says: `*` is another
    licence than an origin.
    """
    base, cand = values
    if kind is Kind.LENGTH:
        spare = base if change == "shorter" else cand
        count = f"{len(spare)} items"
        if 0 < len(spare) <= _MOST_ITEMS:
            count += f": {excerpts.whole(spare)}"
        return ((count, "none") if change == "shorter" else ("none", count),)
    if kind is Kind.HEADER_ADDED or (kind is Kind.ADDED and is_attribute(path)):
        return (("none", excerpts.whole(cand)),)
    if kind in (Kind.ADDED, Kind.MISSING):
        if not _is_markup(cand if base is ... else base, name_of(path)):
            return ()
        one, other = ("none" if side is ... else excerpts.whole(side) for side in values)
        return ((one, other),)
    # An object that became a text is reviewed with that text, a header with all its members.
    whole = kind in (Kind.TYPE, Kind.HEADER_VALUE)
    valued = whole or (kind in VALUED and is_scalar(base) and is_scalar(cand))
    if not valued or isinstance(base, Literal) or isinstance(cand, Literal):
        return ()
    return ((excerpts.whole(base), excerpts.whole(cand)),)
