"""Times as people read them, inside of a text: `Nov. 27, 2026, 5:08 a.m.`, `at 05:08`. Pure.

Such a time tells no zone, and often no seconds: two sides that were asked a moment apart tell two
minutes, or two days. It is one time where both may be a reading of the clock, or where each side
has a row of its own that was written a moment apart, a short while ago.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

_MONTHS: Final = tuple(re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec"))
_FULL_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_DAYS: Final = tuple(name[:3] for name in _FULL_DAYS)
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_TOKENS: Final = re.compile(
    r"(?<![\w:.,/-])(?:"
    r"(?P<iso>\d{4}(?P<sign>[-/.])\d\d(?P=sign)\d\d)(?![\d/-])"
    r"|(?P<figures>\d{1,2}(?P<by>[./])\d{1,2}(?P=by)\d{4})(?![\w/-])"
    rf"|(?P<named>{_MONTH} \d{{1,2}},? \d{{4}})(?!\w)"
    rf"|(?P<named_last>\d{{1,2}}\.? {_MONTH},? \d{{4}})(?!\w)"
    rf"|(?P<weekday>(?:{'|'.join(_DAYS)})[a-z]{{0,6}})(?!\w)"
    r")|(?:(?<![\w:.,/-])|(?<=\d[Tt]))(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d)(?P<part>\.\d{1,9})?)?"
    r"(?P<half>[ \u00a0\u202f]?[AaPp]\.?[Mm]\b\.?)?(?![\d:])"
)
_MAY_TELL: Final = re.compile(r"\d:[0-5]\d|20\d\d")  # most texts tell no time
_HALF: Final = re.compile("[AaPp](?=[.Mm])")
_WORD: Final = re.compile("[A-Za-z]+")
_NUMBERS: Final = re.compile(r"\d+")
_LONGEST: Final = 20_000  # of a text that is looked into
_FARTHEST: Final = 10  # signs between a date and its time: `, at `
_DAY_S: Final = 86_400.0
_READING_S: Final = 5.0
_APART_S: Final = 120.0  # how far apart a suite writes the same to two sides
_AGO_S: Final = 3600.0
_AGO_WITHOUT_DATE_S: Final = 1200.0
_STEP_S: Final = 1800.0  # by which zones are apart, but for a few
_WEST_S: Final = -12 * 3600.0
_EAST_S: Final = 14 * 3600.0


class _Kind(StrEnum):
    DATED = "dated"
    OF_DAY = "of day"
    WEEKDAY = "weekday"


class _Told(NamedTuple):
    """One date or time: where it stands, how it is written, and from when to when it is: since 1970
    in its zone, since midnight, or since Monday.
    """

    start: int
    end: int
    form: str
    is_padded: bool | None  # None where the number has two digits
    from_s: float
    for_s: float
    kind: _Kind = _Kind.DATED


def in_its_place(
    base: str, cand: str, clock_s: tuple[float, float] | None, *, own_ids: bool
) -> str:
    """Return the candidate's text with the baseline's times in it, where they may be one; the same
    text where one of them may not.

    `own_ids`: each side has data of its own, and so rows that were written at times of their own.
    """
    if clock_s is None or not all(clock_s):
        return cand
    both = clock_s

    def are_one(one: _Told, other: _Told) -> bool:
        return _are_one(one, other, both, own_ids=own_ids)

    return _replaced(base, cand, are_one)


def goes_on(was: str, now: str, now_s: float) -> bool:
    """Whether a text is that of a recording but for times, each a later one than there: a process
    tells when it was started. Where no day is told the time was a short while ago.
    """

    def is_later(one: _Told, other: _Told) -> bool:
        if one.kind is _Kind.DATED:
            return one.from_s < other.from_s <= now_s + _DAY_S
        ages = (_age_s(other, now_s + zone_s)[0] for zone_s in (0.0, _local_s(now_s)))
        return any(age_s <= _AGO_WITHOUT_DATE_S for age_s in ages)

    return _replaced(was, now, is_later) == was


def _replaced(base: str, cand: str, may_be: Callable[[_Told, _Told], bool]) -> str:
    """Return the second text with the times of the first in it; as it is, where it has others."""
    if max(len(base), len(cand)) > _LONGEST or not _MAY_TELL.search(base):
        return cand
    ours, theirs = list(_told(base)), list(_told(cand))
    if not ours or len(ours) != len(theirs):
        return cand
    pieces, done = [], 0
    for one, other in zip(ours, theirs, strict=True):
        shown, now = base[one.start : one.end], cand[other.start : other.end]
        if shown != now and not (_have_one_form(one, other) and may_be(one, other)):
            return cand
        pieces += [cand[done : other.start], shown]
        done = other.end
    return "".join([*pieces, cand[done:]])


def _have_one_form(one: _Told, other: _Told) -> bool:
    are_padded = {one.is_padded, other.is_padded} - {None}
    return (one.form, one.kind) == (other.form, other.kind) and len(are_padded) < 2


def _are_one(one: _Told, other: _Told, clock_s: tuple[float, float], *, own_ids: bool) -> bool:
    """Whether two times were a short while ago, and nearly at once.

    A time with a date may be of any zone: which one, its distance from the clock tells.
    """
    ago_s = _AGO_S if one.kind is _Kind.DATED else _AGO_WITHOUT_DATE_S
    zones_s = {0.0, _local_s(clock_s[0])}
    if one.kind is _Kind.DATED and one.for_s < _DAY_S:
        zones_s.add(_zone_s(one, other, clock_s))
    for zone_s in zones_s:
        (least, most), (begin, end) = (
            _age_s(told, now_s + zone_s) for told, now_s in zip((one, other), clock_s, strict=True)
        )
        are_new = max(least, begin) <= (ago_s if own_ids else _READING_S)
        if are_new and min(most, end) >= -_READING_S:
            return max(least, begin) - min(most, end) <= _APART_S
    return False


def _zone_s(one: _Told, other: _Told, clock_s: tuple[float, float]) -> float:
    """Return the zone in which the older of two times was just now; UTC where there is none."""
    oldest_s = max(_age_s(told, now)[0] for told, now in zip((one, other), clock_s, strict=True))
    zone_s = -((oldest_s + _READING_S) // _STEP_S) * _STEP_S
    return zone_s if _WEST_S <= zone_s <= _EAST_S else 0.0


def _age_s(told: _Told, now_s: float) -> tuple[float, float]:
    """Return how long ago the end of a time is, and its beginning."""
    if told.kind is _Kind.WEEKDAY:
        midnight_s = now_s - now_s % _DAY_S
        days = (datetime.fromtimestamp(midnight_s, UTC).weekday() - told.from_s) % 7
        return now_s - midnight_s + (days - 1) * _DAY_S, now_s - midnight_s + days * _DAY_S
    age_s = now_s - told.from_s - told.for_s
    if told.kind is _Kind.OF_DAY:
        ahead_s = _READING_S + told.for_s
        age_s = (age_s + ahead_s) % _DAY_S - ahead_s
    return age_s, age_s + told.for_s


def _local_s(now_s: float) -> float:
    offset = datetime.fromtimestamp(now_s, UTC).astimezone().utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _told(text: str) -> Iterator[_Told]:
    """Yield the dates and times of a text; a time behind a date is one of that day."""
    ended, midnight_s = -_FARTHEST - 1, 0.0  # of the last date
    for found in _TOKENS.finditer(text):
        if found["weekday"]:
            word = found["weekday"]
            names = _DAYS if len(word) == 3 else _FULL_DAYS
            if word in names:
                form, at = f"weekday {len(word) > 3}", float(names.index(word))
                yield _Told(*found.span(), form, None, at, _DAY_S, _Kind.WEEKDAY)
        elif found["hour"]:
            time = _of_day(found)
            if time is not None and found.start() - ended <= _FARTHEST:
                time = time._replace(from_s=midnight_s + time.from_s, kind=_Kind.DATED)
            if time is not None:
                yield time
        elif (date := _date(found)) is not None:
            ended, midnight_s = date.end, date.from_s
            yield date


def _of_day(found: re.Match[str]) -> _Told | None:
    hour, half = int(found["hour"]), found["half"] or ""
    if hour > 23 or (half and not 1 <= hour <= 12):
        return None
    padded = found["hour"][0] == "0" if hour < 10 else None
    if half:
        hour = hour % 12 + (12 if half.strip()[0] in "Pp" else 0)
    second = found["second"]
    form = f"time {_HALF.sub('', half)!r} {half.isupper()} {len(found['part'] or '')}"
    from_s = hour * 3600.0 + int(found["minute"]) * 60 + int(second or 0)
    for_s = 1.0 if second else 60.0
    return _Told(*found.span(), f"{form} {for_s}", padded, from_s, for_s, _Kind.OF_DAY)


def _date(found: re.Match[str]) -> _Told | None:
    """Return the day that a date tells; None where there is none."""
    numbers = [int(one) for one in _NUMBERS.findall(found[0])]
    digits = _NUMBERS.findall(found[0])
    if found["iso"]:
        year, month, day = numbers
        form = f"iso {found['sign']}"
    elif found["figures"]:
        day, month, year = numbers
        if found["by"] == "/" or month > 12:
            month, day, digits = day, month, digits[1:]
        form = f"figures {found['by']}"
    else:
        word = _WORD.search(found[0])
        month = _MONTHS.index(word[0][:3]) + 1 if word else 0
        day, year = numbers
        form = f"named {bool(found['named'])} {',' in found[0]} {bool(word and len(word[0]) > 4)}"
    try:
        midnight_s = datetime(year, month, day, tzinfo=UTC).timestamp()
    except ValueError:
        return None
    padded = digits[0][0] == "0" if day < 10 and not found["iso"] else None
    return _Told(*found.span(), form, padded, midnight_s, _DAY_S)
