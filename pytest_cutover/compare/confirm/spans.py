"""Numbers that say how long it was between two times that stand beside them. Pure.

How long something took is a few milliseconds on either side, and one side may tell the same number
in each of four rounds by chance. Such a number says nothing that its two times do not say: where it
is what lies between them on both sides, those are compared, and it is held to them. Times that are
the same, or nearly, are beside any small number: that counts where its name says how long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import permutations
from typing import Any, Final, Protocol

from msgspec import DecodeError

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.taken_apart import TakenApart, Unclear
from pytest_cutover.compare.noise import clock
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.strict_json import read_json

BETWEEN: Final = "the time between two others"
_UNITS: Final = (Decimal(1), Decimal(1000), Decimal(1_000_000))  # of which a second has so many
_FRACTION: Final = re.compile(rb"[.,](\d+)")
_DIGITS: Final = 3  # of a fraction of seconds, as most write it
_MOST_TIMES: Final = 8  # beside a number
# Two times are a few units apart by chance, or are the same: so small a number is called so.
_MANY: Final = 10
_NAMED: Final = re.compile(
    r"durat|took|taken|elapsed|laten|delay|wait|[mM]illis|[mM]icros"
    r"|(?:^|[_-])(?:time|span|age|lag|ms|us|ns|secs?|seconds)(?![a-z])"
    r"|[a-z](?:Time|Span|Age|Lag|Ms|Secs?|Seconds)(?![a-z])|runtime|uptime"
)
_Span = tuple[str, str, Decimal]  # names of two times, and the unit


class Sides(Protocol):
    """A round."""

    @property
    def baseline(self) -> Transcript:
        """What the baseline answered."""

    @property
    def candidate(self) -> Transcript:
        """What the candidate answered."""


def says_no_more(one: Difference, sides: Sides) -> bool:
    """Return whether a number that departs is, on both sides, how long it was between the same two
    times beside it, in one unit.
    """
    if one.kind is not Kind.VALUE or not one.change.startswith(("integer", "number", "decimal")):
        return False
    told = [set(_spans(each, one.pointer)) for each in answers_of(one, sides)]
    return len(told) == 2 and not told[0].isdisjoint(told[1])


def answers_of(one: Difference, sides: Sides) -> list[Exchange]:
    """Return the two exchanges that a difference is of; none where they are not of one endpoint."""
    found = [
        side.exchanges[one.exchange]
        for side in (sides.baseline, sides.candidate)
        if one.exchange < len(side.exchanges)
    ]
    is_pair = len(found) == 2 and all(each.endpoint == one.endpoint for each in found)
    return found if is_pair else []


def _spans(exchange: Exchange, pointer: str) -> Iterator[_Span]:
    """Yield the times beside a number, and the unit, of which it is the time between."""
    above, _, last = pointer.rpartition("/")
    beside = _read_at(exchange.response.body, above) if exchange.response is not None else None
    if not isinstance(beside, dict):
        return
    name = json_pointer.unescape(last)
    number, is_named = _number(beside.get(name)), _NAMED.search(name) is not None
    if number is None:
        return
    times: dict[str, tuple[Decimal, Decimal]] = {}
    for key, value in beside.items():
        told = _time(value)
        if told is not None and len(times) < _MOST_TIMES:
            times[key] = told
    for (start, (began, fine)), (end, (ended, other)) in permutations(times.items(), 2):
        for unit in _UNITS:
            # Both times are rounded, and so is the number.
            coarse = min(fine, other) * unit
            span = (ended - began) * unit
            if not (is_named or span > _MANY):
                continue
            if coarse <= 1 and abs(span - number) <= 1 + coarse:
                yield start, end, unit


@lru_cache(maxsize=16)
def _taken_apart(body: bytes) -> TakenApart:
    return TakenApart(body)


@lru_cache(maxsize=16)
def _read(body: bytes) -> Any:
    return read_json(body).tree


@lru_cache(maxsize=16)
def _read_at(body: bytes, pointer: str) -> Any:
    """Return what stands at a place of a body: all else of a large one need not be read for it."""
    try:
        return _taken_apart(body).at(json_pointer.parse(pointer))
    except (Unclear, DecodeError, UnicodeError):
        return json_pointer.get(_read(body), pointer)


def _number(value: Any) -> Decimal | None:
    return number_of(value) if isinstance(value, bytes) else None


def _time(value: Any) -> tuple[Decimal, Decimal] | None:
    """Return the seconds since 1970 that a value tells, and what it is rounded to."""
    moment = clock.moment_s(value) if isinstance(value, str | bytes) else None
    if moment is None:
        return None
    text = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    if text.isdigit():
        return Decimal(str(moment)), Decimal(1).scaleb(10 - len(text))
    fraction = _FRACTION.search(text)
    digits = len(fraction[1]) if fraction else 0
    if isinstance(value, bytes):  # whose last noughts are left out
        digits = max(digits, _DIGITS)
    return Decimal(str(moment)), Decimal(1).scaleb(-digits)
