"""What a text may be by its form: an id that is long enough for itself, a code, a link. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from pytest_cutover.compare.noise import clock, formats

_WORD = re.compile(r"([\w-]+)")
_NUMBER = re.compile(r"([0-9]+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?", re.ASCII)
_OF_CODES = "-_+/=.~:"  # signs that codes are drawn from, or joined by
_SHORT = 3
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])?)?")
_LENGTH_OF_YEAR = 4
_PADDED = re.compile(r"0[0-9]")
# A word that somebody wrote, set off by a sign; what is drawn seldom has one.
_WRITTEN = re.compile(r"(?:^|[-_:./#,])(?:[A-Z]?[a-z]{2,}|[A-Z]{2,})[-_:./#,]")
_BETWEEN = re.compile(r"([/?&=#;,:|\s\"'<>()]+)")
# A number of a row, and no year.
_ADDRESSED = re.compile(r"(?!(?:19|20)\d\d$)\d{1,12}")
_IN_A_QUERY = re.compile(r"^[^#]*[?&](?:\w*_)?id=$")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_INSIDE = re.compile(r"[\-.+=~_]")
_SHORTEST_CODE = 6
# Letters and digits as chance puts them: a word with a number behind it is no such code.
_DRAWN = re.compile(r"(?=.*[0-9][A-Za-z])[A-Za-z0-9]{8,}")
_TIMES = ("timestamp", "http-date", "epoch", "date", "time", "decimal", "integer")
_SHORTEST_STRONG = 11  # characters of a token of 64 bits


def is_strong(value: str) -> bool:
    """Whether a value names one thing wherever it stands: it has 64 bits or more."""
    if len(value) < _SHORTEST_STRONG or " " in value or ":" in value:
        return False
    return formats.has_identity(formats.format_of(value))


def packed(value: str) -> str:
    """Return a day or a time as calendars write it, ``20270503T100000Z``; else the text itself."""
    return re.sub("[-:]", "", value) if _DAY.fullmatch(value) else value


def is_code(value: Any) -> bool:
    """Whether a value is a code that somebody gave out, or a time in a number; no word or count."""
    if isinstance(value, bytes):
        return len(value) >= clock.SHORTEST_NUMBER
    return isinstance(value, str) and len(value) >= 4 and any(map(str.isdigit, value))


def is_given_code(text: str) -> bool:
    """Whether a text is a code that nothing else is: letters and digits, no time."""
    if len(text) < _SHORTEST_CODE or not re.fullmatch(r"[\w\-.]+", text):
        return False
    if not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return False
    return not formats.format_of(text).startswith(_TIMES)


def is_drawn_code(text: str) -> bool:
    """Whether a text is a code of letters and digits in no order."""
    return _DRAWN.fullmatch(text) is not None and is_given_code(text)


def _other_signs(text: str) -> frozenset[str]:
    return frozenset(sign for sign in text if not (sign.isalnum() or sign in _OF_CODES))


def of_one_kind(left: str, right: str) -> bool:
    """Whether two ids may be written by one rule: a number in the same words (``tag:a,2024:7``).

    What has no word that a sign sets off, as a code that was drawn, may be written in any way, but
    for signs that no code has; and so short a number is drawn by nobody. Where all but numbers is
    the same a year is a year, and zeros in front fill a width. Base64 keeps the type that it names.
    """
    kinds = {formats.format_of(one) for one in (left, right)}
    if all(kind.startswith("encoded ") for kind in kinds):
        return len(kinds) == 1
    if _other_signs(left) != _other_signs(right):
        return False
    if left.isdigit() != right.isdigit() and min(len(left), len(right)) <= _SHORT:
        return False
    ours, theirs = _NUMBER.split(left), _NUMBER.split(right)
    if len(ours) == 1:
        return True
    if ours[::2] != theirs[::2]:
        is_drawn = formats.has_identity(formats.format_of(left))
        return is_drawn or not _WRITTEN.search(left)
    shorter, longer = sorted((ours[-2], theirs[-2]), key=len)
    if len(shorter) < len(longer) and _PADDED.match(longer):
        return False
    before = zip(ours[1:-2:2], theirs[1:-2:2], strict=True)
    return not any(_are_of_other_years(one, other) for one, other in before)


def _are_of_other_years(left: str, right: str) -> bool:
    if left[:4] == right[:4] or not _YEAR.fullmatch(left):
        return False
    return len(left) == _LENGTH_OF_YEAR or _YEAR.fullmatch(right) is not None


def are_alike_but_for(pairs: Mapping[str, str], left: str, right: str) -> bool:
    """Whether two texts are one but for words, or numbers in these, that stand for each other
    (``no lot 45``, ``lot-45``).
    """
    return bool(pairs) and any(
        len(ours) == len(theirs) > 1
        and all(
            one == other or pairs.get(one) == other for one, other in zip(ours, theirs, strict=True)
        )
        for ours, theirs in ((way.split(left), way.split(right)) for way in (_WORD, _NUMBER))
    )


def is_link(value: str) -> bool:
    """Whether a value is a path or an address."""
    return value.startswith("/") or "://" in value or "\ufdd0origin" in value


def is_address(before: str, text: str) -> bool:
    """Whether what stands behind the beginning of a link is the number of a row."""
    leads_to_one = before.endswith("/") if "?" not in before else _IN_A_QUERY.search(before)
    return bool(leads_to_one and _ADDRESSED.fullmatch(text))


def ways_to_read(
    left: str, right: str, *, decoded: bool = True
) -> list[tuple[list[str], list[str]]]:
    """Return two links in parts, with what stands between these at odd places.

    A sign that both escape may be one of a name or stand between two, and is read in both ways:
    `lot%2F7` is the lot that is called so, or number 7.
    """
    ours, theirs = _BETWEEN.split(left), _BETWEEN.split(right)
    if not decoded or "%" not in left or _ESCAPE.findall(left) != _ESCAPE.findall(right):
        return [(ours, theirs)]
    names = list(map(unquote, ours)), list(map(unquote, theirs))
    return [names, (_BETWEEN.split(unquote(left)), _BETWEEN.split(unquote(right)))]


def is_no_part(text: str) -> bool:
    """Whether a text is what stands between the parts of a link, or nothing."""
    return not text or _BETWEEN.fullmatch(text) is not None


def pieces(text: str) -> Iterator[str]:
    """Yield the words of a text, and the parts of those that have some."""
    for piece in re.findall(r"[\w\-.+=~]+", text):
        yield piece
        parts = _INSIDE.split(piece)
        if len(parts) > 1:
            yield from parts
