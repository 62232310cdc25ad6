"""Short ids that a text holds, each database its own: a cursor is `cursor:17` in base64, and a row
of a tree names those above it, `41/42`.

It leads to the same row on both sides where all else in it is equal and the two numbers are, in the
same answers, the ids of one thing: shown as numbers, or encoded too. Where rows of others moved the
end of a page, each side's cursor leads on from its own last row, in its body or in a link, that of
a header too. Any other number is a difference, for a cursor may count rows as well. Pure.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import unquote

from pytest_cutover.compare.diff.ids import page_ends
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.noise.lists.rows import leaves, names_an_id
from pytest_cutover.normalize.normalized import NormalizedResponse

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{4,200}(?:={0,2}|(?:%3[Dd]){1,2})")
_SEVERAL: Final = re.compile(r"/?[1-9][0-9]{0,17}(?:[/,>|][1-9][0-9]{0,17})+/?")
_PARAMETER: Final = re.compile(r"(?<==)([\w+/%-]+={0,2})(?=[&#>]|$)")
_OF_ROW: Final = re.compile(r"[A-Za-z_.]+[:/|#-](\d{1,19})")
_NUMBERS: Final = re.compile(r"([0-9]+)")

Pair = tuple[str, str]


def ids_shown(base: NormalizedResponse | None, cand: NormalizedResponse | None) -> frozenset[Pair]:
    """Return the ids that stand at one place of two answers, those in base64 decoded."""
    if base is None or cand is None:
        return frozenset()
    trees = [read_whole(one.body.tree) for one in (base, cand)]
    ours, theirs = (list(leaves(tree)) for tree in trees)
    beside = list(page_ends.pairs(*trees))
    if [name for name, _ in ours] == [name for name, _ in theirs]:
        beside += [
            (text_of(left) or "", text_of(right) or "")
            for (name, left), (_, right) in zip(ours, theirs, strict=True)
            if names_an_id(name)
        ]
    return frozenset(pair for left, right in beside for pair in _pairs(left, right))


def name_one_thing(base: Any, cand: Any, known: Callable[[], frozenset[Pair]]) -> bool:
    """Whether two texts, in base64 or of several ids, or two links with the former, are one but for
    ids that are known to be of one thing.
    """
    if not (isinstance(base, str) and isinstance(cand, str)):
        return False
    found = list(_encoded(base, cand)) or list(_in_parameters(base, cand))
    if _SEVERAL.fullmatch(base) and _SEVERAL.fullmatch(cand):
        found += _apart(base, cand)
    return bool(found) and known().issuperset(found)


def _in_parameters(left: str, right: str) -> Iterator[Pair]:
    """Yield the numbers in which parameters of links differ; none where these differ in more."""
    ours, theirs = _PARAMETER.split(left), _PARAMETER.split(right)
    if len(ours) != len(theirs) or ours[::2] != theirs[::2]:
        return
    found = []
    for before, one, other in zip(ours[::2], ours[1::2], theirs[1::2], strict=False):
        if one != other:
            name = re.split(r"[?&;]", before[:-1])[-1]
            is_cursor = page_ends.CURSOR.search(name) is not None
            found.append(list(_pairs(one, other) if is_cursor else _encoded(one, other)))
    if all(found):
        yield from (pair for pairs in found for pair in pairs)


def _pairs(left: str, right: str) -> Iterator[Pair]:
    if left.isdigit() and right.isdigit():
        yield left, right
    else:
        yield from _encoded(left, right)


def _encoded(left: str, right: str) -> Iterator[Pair]:
    """Yield the numbers in which two encoded texts differ; none where they differ in more."""
    yield from _apart(decoded(left), decoded(right))


def _apart(left: str, right: str) -> Iterator[Pair]:
    ours, theirs = _NUMBERS.split(left), _NUMBERS.split(right)
    if len(ours) == len(theirs) > 1 and ours[::2] == theirs[::2]:
        yield from (
            pair for pair in zip(ours[1::2], theirs[1::2], strict=True) if pair[0] != pair[1]
        )


def decoded(text: str) -> str:
    """Return what a text in base64 says; empty for any other, and where that is no words."""
    if not _BASE64.fullmatch(text):
        return ""
    plain = unquote(text).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        found = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        return ""
    return found if found.isprintable() else ""


def row_of(text: str) -> str:
    """Return the number of the row that a text names in base64; any other text as it is."""
    found = _OF_ROW.fullmatch(decoded(text))
    return found[1] if found else text
