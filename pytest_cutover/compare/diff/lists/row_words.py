"""The words of a row: which of them chance drew, and what is left of a row without them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from pytest_cutover.compare.diff.drawn import Forms, pieces_by_form
from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.ids.drawn_order import Place, leaves_at, time_of
from pytest_cutover.compare.diff.ids.partners import Partners
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.unique import codes_in

_PIECE: Final = re.compile(r"[\w\-+.]+={0,2}")
_PART: Final = re.compile(r"[\w\-]+={0,2}")
_NUMBER_IN_PATH: Final = re.compile(r"(?<=/)\d+(?=/|$)")
_SOME_ID: Final = "\ufdd0some id\ufdd1"
_SOME_TIME: Final = "\ufdd0some time\ufdd1"


def texts(row: Any) -> Iterator[tuple[Place, str]]:
    """Yield the texts of a row, each with its place."""
    return ((place, leaf) for place, leaf in leaves_at(row) if isinstance(leaf, str))


def is_called_an_id(name: str) -> bool:
    """Whether a member is called like an id, or an attribute of an element."""
    return names_an_id(name.removeprefix("@"))


def drawn_by(values: Correspondence) -> Callable[[Any], bool]:
    """Return what tells whether a row holds a text that a test sent, or was given, otherwise on
    each side.
    """

    def is_drawn(row: Any) -> bool:
        words = ((str(place[-1]) if place else "", text) for place, text in texts(row))
        return any(values.is_apart(name, text) for name, text in words if not names_an_id(name))

    return is_drawn


def without_chance(
    name: str, value: Any, known: str | None, forms: Forms, drawn: Partners, values: Correspondence
) -> Any:
    """Return what is left of a value without what chance drew; `known` is its partner.

    `forms` are those of members that each row draws, `drawn` the candidate's values that have a
    partner, and the codes in them; `values` tells words from codes.
    """
    if known is not None and is_called_an_id(name):
        return known
    text = text_of(value)
    if text is None:
        return value
    if is_called_an_id(name) and not values.is_word(name, text):
        return _SOME_ID
    if time_of(value):
        return _SOME_TIME
    if (text.startswith("/") or "://" in text) and not _by_form(name, text, forms):
        text = _NUMBER_IN_PATH.sub(_SOME_ID, text)
    pieces = cut(name, text, forms, drawn) if known is None else _cut_word_by_word(text, drawn)
    return "".join(skeleton for skeleton, _ in pieces)


def cut(name: str, text: str, forms: Forms, drawn: Partners) -> Iterator[tuple[str, str]]:
    """Yield a text in pieces: what each is in a key, and the word that chance drew, if any."""
    for piece, is_drawn in _by_form(name, text, forms) or [(text, False)]:
        if is_drawn and piece not in drawn.values:
            yield "\ufdd0drawn\ufdd1", piece
        else:
            yield from _cut_word_by_word(piece, drawn)


def _by_form(name: str, text: str, forms: Forms) -> list[tuple[str, bool]]:
    return pieces_by_form(forms[name], text) if name in forms else []


def _cut_word_by_word(text: str, drawn: Partners) -> Iterator[tuple[str, str]]:
    done = 0
    for found in _pieces(text):
        piece = found[0]
        if piece in drawn.values:
            continue
        if formats.has_identity(name := formats.format_of(piece)) and not any(codes_in(piece)):
            yield text[done : found.start()], ""
            yield f"\ufdd0{name}\ufdd1", piece
            done = found.end()
            continue
        for start, end in codes_in(piece):
            code = piece[start:end]
            if code in drawn.codes:
                continue
            yield text[done : found.start() + start], ""
            yield "\ufdd0code\ufdd1", code
            done = found.start() + end
    yield text[done:], ""


def _pieces(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text; one with dots in its parts (``v1.4fd0…``), unless it is a token
    or a number as a whole.
    """
    for found in _PIECE.finditer(text):
        if "." in found[0] and formats.format_of(found[0]) == "text":
            yield from _PART.finditer(text, found.start(), found.end())
        else:
            yield found
