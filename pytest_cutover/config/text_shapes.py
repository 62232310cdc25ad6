"""Texts without what is another in every run: what an accepted text is bound to. Pure.

Five ways to leave it out, from the narrowest: `narrow` leaves out what looks made up (ids, times,
random tokens) and keeps every other number, `held` leaves out besides each word with a digit in
which the rounds differ, `numbered` leaves out each word that has a digit and says where ids stood,
`broad` says nothing of those either, `form` keeps how a value is built and none of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

ANY: Final = "<…>"
_WORD: Final = re.compile(r"[\w+/=.:-]+", re.ASCII)
_PIECE: Final = re.compile(rf"({ANY}|[\w+/=.:-]+)", re.ASCII)
_MOST_LEFT_OUT: Final = 40
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK: Final = r"\d\d:\d\d:\d\d"
_YEAR: Final = r"(?:19|20)\d\d"
_UUID: Final = (
    r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])"
)
_MADE_UP: Final = re.compile(
    rf"(?P<uuid>{_UUID})"
    rf"|(?P<time>(?<!\d){_YEAR}-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-5]\d(?::[0-6]\d)?(?!\d))"
    rf"|(?P<date>(?<!\d){_YEAR}-[01]\d-[0-3]\d(?!\d))"
    rf"|(?P<spelled>(?:\w{{3}}, )?\d\d[ /-]{_MONTH}[ /-]\d{{4}}(?:[ :]{_CLOCK})?)"
    rf"|(?P<asctime>\w{{3}} {_MONTH} [ \d]\d {_CLOCK} \d{{4}})"
    rf"|(?P<clock>(?<![\d:]){_CLOCK}(?![\d:]))"
    r"|(?P<basic>(?<![0-9A-Za-z])\d{8}T\d{6}(?=Z|\b))"
    r"|(?P<epoch>(?<![0-9A-Za-z.])1\d{9}(?:\d{3})?(?![0-9A-Za-z]))",
    re.ASCII,
)
_WRITTEN: Final = re.compile(
    rf"(?<!\d){_YEAR}-[01]\d-[0-3]\d(?:[Tt ][0-2]\d:[0-5]\d(?::[0-6]\d)?)?(?!\d)", re.ASCII
)
_REST_OF_A_TIME: Final = re.compile(r"[Tt]\d", re.ASCII)
_STEPS_S: Final = (900, 600)  # of zones, and of a digit of minutes
_CHANCE_S: Final = 5  # between the two answers
# Random ones: long, without a space, and with a digit or both cases in them.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_+=-]{8,}", re.ASCII)
_ROW_ID: Final = re.compile(r'("[^"]*(?:id|Id|ID)": "?)-?\d+(?=["\s,}\]]|$)')
_ID_OR_TIME_OFF: Final = re.compile(rf"({_UUID}|<time [^<>]*>)")
_FRACTION: Final = re.compile(r"(<time>|<clock>)\.(\d+)")
_RUN: Final = re.compile(r"[^\W_]+")


def beside(before: str, after: str) -> str:
    """Return the candidate's text with how far its times are off those of the baseline's.

    Each is told by the one that is nearest to it: lines may be more or less. Another minute says
    nothing, for both are made anew in every run. Another hour, day or year is a fault or a zone,
    and the same one each time; so is what no calendar has.
    """
    known = [_moment_at(found) for found in _WRITTEN.finditer(before)]
    moments = [one for one in known if one is not None]
    if not moments or len(moments) < len(known):
        return after

    def told(found: re.Match[str]) -> str:
        off = _off(moments, _moment_at(found))
        return f"<time {off}>" if off else found[0]

    return _WRITTEN.sub(told, after)


def _off(known: Sequence[datetime], other: datetime | None) -> str:
    """Return how far a time is off some others, in words; empty where it is not, or by chance."""
    if other is None:
        return "that is none"
    seconds = min(((other - one).total_seconds() for one in known), key=abs)
    for step in _STEPS_S:
        whole = round(seconds / step) * step
        if whole and abs(seconds - whole) <= _CHANCE_S:
            return f"{whole // 60:+d} min"
    return ""


def _moment_at(found: re.Match[str]) -> datetime | None:
    """Return the time found in a text; None for what no calendar has, as `T1:00` behind a day."""
    if _REST_OF_A_TIME.match(found.string, found.end()):
        return None
    try:
        return datetime.fromisoformat(found[0].upper())
    except ValueError:
        return None


def narrow(text: str, *, is_without_tokens: bool = True) -> str:
    """Return a text with the kind of what looks made up in its place; all else stays.

    Ids are numbered, so that one that stands at two places is the same at both. What is drawn does
    not look so in every round: random tokens may stay as well.
    """
    ids: dict[str, int] = {}

    def kind(found: re.Match[str]) -> str:
        number = f" {ids.setdefault(found[0], len(ids) + 1)}" if found["uuid"] else ""
        return f"<{found.lastgroup}{number}>"

    found = _MADE_UP.sub(kind, text)
    found = _FRACTION.sub(lambda one: f"{one[1]}.{len(one[2])}", found)
    found = _TOKEN.sub(_token, found) if is_without_tokens else found
    return _ROW_ID.sub(r"\1<id>", found)


def held(texts: Sequence[str]) -> tuple[str, tuple[int, ...]] | None:
    """Return what texts of several rounds have in common, with ``<…>`` for the words in which they
    differ, and which words those are; None where they differ in more, or in words of letters.
    """
    for rounds in zip(*map(_readings, texts), strict=True):
        if len({(len(one), *one[::2]) for one in rounds}) != 1:
            continue
        places = range(1, len(rounds[0]), 2)
        apart = tuple(at for at in places if len({one[at] for one in rounds}) > 1)
        if not 0 < len(apart) <= _MOST_LEFT_OUT:
            continue
        if all(_has_digit(one[at]) for one in rounds for at in apart):
            return _without(rounds[0], apart), apart
    return None


def without_words(text: str, places: Sequence[int]) -> frozenset[str]:
    """Return a text as `held` may give it, without words at the same places; nothing where it has
    none there that it could leave out.
    """
    return frozenset(
        _without(pieces, places)
        for pieces in _readings(text)
        if all(at % 2 and at < len(pieces) and _has_digit(pieces[at]) for at in places)
    )


def _readings(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, and what is between them: random tokens in kind, and as they
    are.
    """
    for is_without_tokens in (True, False):
        yield _PIECE.split(narrow(text, is_without_tokens=is_without_tokens))


def left_out_of(text: str) -> tuple[int, ...]:
    """Return which words of a text have been left out."""
    pieces = _PIECE.split(text)
    return tuple(at for at in range(1, len(pieces), 2) if pieces[at] == ANY)


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _without(pieces: Sequence[str], places: Sequence[int]) -> str:
    return "".join(ANY if at in places else piece for at, piece in enumerate(pieces))


def numbered(text: str) -> str:
    """Return a text as `broad` does, with ids numbered, and with how far times are off."""
    ids: dict[str, int] = {}
    pieces = [broad(one) for one in _ID_OR_TIME_OFF.split(text)]
    for at, known in enumerate(_ID_OR_TIME_OFF.findall(text)):
        is_time = known.startswith("<")
        pieces[2 * at + 1] = known if is_time else f"<uuid {ids.setdefault(known, len(ids) + 1)}>"
    return "".join(pieces)


def broad(text: str) -> str:
    """Return a text with ``<…>`` for each word that has a digit."""
    return _WORD.sub(lambda word: ANY if _has_digit(word[0]) else word[0], text)


def form(text: str) -> str:
    """Return how a value is built: ``<form 0 A 0>`` for ``26 Nov 2026``."""
    return f"<form {_RUN.sub(_class_of, text)}>"


def _token(found: re.Match[str]) -> str:
    return f"<token {len(found[0])}>" if _is_random(found[0]) else found[0]


def _class_of(run: re.Match[str]) -> str:
    return "0" if run[0].isdigit() else "A" if run[0].isalpha() else "x"


def _is_random(token: str) -> bool:
    letters = [sign for sign in token if sign.isalpha()]
    digits = sum(sign.isdigit() for sign in token)
    turns = sum(one.islower() != other.islower() for one, other in pairwise(letters))
    return (digits >= 2 and len(letters) >= 2 and _changes(token) >= 3) or turns >= 7


def _changes(token: str) -> int:
    """Return how often a digit follows a letter, or the reverse."""
    return sum(
        one.isdigit() != other.isdigit()
        for one, other in pairwise(token)
        if one.isalnum() and other.isalnum()
    )
