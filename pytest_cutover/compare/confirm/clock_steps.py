"""To what part of a second a clock tells: whether both sides tell to the same. Pure.

A time near now is held to its form and to the clock. But one that always is a whole second on the
candidate (`12:00:05.000Z`, `1795824521` beside `1795824520.861`, microseconds that end in 000) has
lost what the baseline tells, in a form that is right. Once in a thousand times that is by chance,
so a few rounds tell. Read from the bytes, as it is the same in each kind of body and header.

An archive beside such times may tell whole seconds on both sides, and says nothing of the clock:
of the times of one name those of the last hour before the newest one count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from math import inf, prod
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.noise import clock
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.strict_json import read_json

_ENOUGH: Final = 4  # rounds
_CHANCE: Final = 1e-6
_MAY_BE: Final = 0.05  # by what chance one round makes it worth to ask for more
_LONGEST: Final = 16_000  # bytes that are looked into
_MOST: Final = 500  # times
_RECENT_S: Final = 3600
_TIME: Final = re.compile(
    rb"(?<![\w.+-])(?:"
    rb"(?:\d{4}-\d\d-\d\d[T ])?(?<!:)\d\d:\d\d:\d\d(?:[.,](\d{1,9}))?(?![\d:])"
    rb"|1[5-9]\d{8}(?:\.(\d{1,9})|(\d{3}|\d{6}|\d{9}))?(?![\w.])"
    rb")"
)
# The name of a member, an attribute, an element or a word stands before a time, and these between.
_BETWEEN: Final = b" \"':=>[\\"
_LONGEST_NAME: Final = 60
_WORDS: Final = bytes(n if bytes([n]).isalnum() or n in b"_-" else 32 for n in range(256))
_SEPARATORS: Final = b",;\t|"

_ID: Final = re.compile(rb"(?<![a-zA-Z])_?id[\"'>]?\s*[:=]?\s*[\"']?([\w-]+)")
_LONGEST_ROW: Final = 400

Asked = tuple[Transcript, Transcript]
_Key = tuple[bytes, bytes, int]  # a time, the id of its row, and the how many-eth of these it is
_Digits = dict[_Key, int]  # how many digits of a second each time tells
_Told = dict[str, _Digits]  # by the name that stands before them
_Sides = tuple[_Told, _Told]


class _Time(NamedTuple):
    """A time as it stands there, how many digits of a second it tells, its name, its row's id."""

    text: bytes
    digits: int
    name: str
    row: bytes


def judged(
    rounds: Sequence[Asked], told: Container[tuple[int, str]] = ()
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the times that one side alone tells to whole units, and those, by endpoint and name,
    of which more rounds would tell.

    `told` are members that depart, by exchange and name: of those it is said already.
    """
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    answers = min(len(side.exchanges) for asked in rounds for side in asked)
    for index in range(answers):
        exchanges = [side.exchanges[index] for side in rounds[0]]
        sides = _told(exchanges[0]), _told(exchanges[1])
        both = sides[0].keys() & sides[1].keys()
        names = sorted(one for one in both if (index, one) not in told and _may_lose(sides, one))
        if names and len(rounds) < _ENOUGH:
            unknown |= {(exchanges[0].endpoint, name) for name in names}
        elif names:
            later = [[_told(side.exchanges[index]) for side in asked] for asked in rounds[1:]]
            for name in names:
                every = [[one[at].get(name, {}) for one in (sides, *later)] for at in (0, 1)]
                if _loses(*every) or _loses(*every[::-1]):
                    apart.append(_difference(index, exchanges, name, every))
    return apart, frozenset(unknown)


def _may_lose(sides: _Sides, name: str) -> bool:
    """Whether one round may be one of those in which a side tells less than the other one."""
    pair = [[one[name]] for one in sides]
    return any(
        min(_chances(*both)) <= _MAY_BE and not _coarse_alike(*both) for both in (pair, pair[::-1])
    )


def _loses(coarse: Sequence[_Digits], fine: Sequence[_Digits]) -> bool:
    """Whether a side tells less than the other one in each round, and not by chance."""
    if not (all(coarse) and all(fine)) or _coarse_alike(coarse, fine) > 1:
        return False
    chances = [*_chances(coarse, fine)]
    return max(chances) <= _MAY_BE and prod(chances) <= _CHANCE


def _chances(coarse: Sequence[_Digits], fine: Sequence[_Digits]) -> Iterator[float]:
    """Yield by what chance each round has a time that is told to so little, of those that were in
    none before.

    Rounds may follow each other within a second. A clock that is told to the second stands still
    then, where the other side's goes on: that is no other chance than of the time it stays at.
    """
    most = max(digits for one in fine for digits in one.values())
    known = {time for one in fine for time in one}
    earlier: set[_Key] = set()
    chance = 1.0
    for one, other in zip(coarse, fine, strict=True):
        new = {time: digits for time, digits in one.items() if time not in known}
        if new:
            chance = min(1.0, len(new) * 10.0 ** (min(new.values()) - most))
        yield chance if new or not earlier.issuperset(other) else 1.0
        known |= set(new)
        earlier |= set(other)


def _coarse_alike(coarse: Sequence[_Digits], fine: Sequence[_Digits]) -> int:
    """Return in how many rounds the other side tells a time to as little."""
    both = zip(coarse, fine, strict=True)
    return sum(min(other.values()) <= min(one.values()) for one, other in both)


def _told(one: Exchange) -> _Told:
    """Return the times of an answer, those of an archive left out."""
    found: dict[str, list[_Time]] = {}
    if one.response is None:
        return {}
    for key, value in one.response.headers:
        for time in _times(value.encode("utf-8", "replace")):
            found.setdefault(f"/headers/{key.lower()}", []).append(time)
    for time in _times(one.response.body[:_LONGEST]):
        found.setdefault(time.name, []).append(time)
    return {name: _recent(times) for name, times in found.items()}


def _recent(times: Sequence[_Time]) -> _Digits:
    """Return the times that are near the newest of those with a date, and all without one.

    What was written in one second in two rounds is two rows.
    """
    at_s = [_second(time.text) for time in times]
    newest_s = max((one for one in at_s if one < inf), default=0.0)
    seen: Counter[tuple[bytes, bytes]] = Counter()
    recent: _Digits = {}
    for time, second in zip(times, at_s, strict=True):
        if second >= newest_s - _RECENT_S:
            recent[time.text, time.row, seen[time.text, time.row]] = time.digits
            seen[time.text, time.row] += 1
    return recent


def _second(time: bytes) -> float:
    """Return the second of a time, for which zone is all the same; infinity without a date."""
    is_epoch = b":" not in time
    moment_s = clock.moment_s(time if is_epoch else f"{time[:19].decode()}Z")
    return inf if moment_s is None else moment_s


def _times(text: bytes) -> Iterator[_Time]:
    """Yield times, each with its name or column, and with the id that stands before it."""
    in_json = text[:1] in (b"{", b"[")
    for number, found in enumerate(_TIME.finditer(text)):
        if number == _MOST:
            return
        part = found[1] or found[2] or found[3] or b""
        at = found.start()
        before = text[max(0, at - _LONGEST_NAME) : at].rstrip(_BETWEEN)
        name = before.translate(_WORDS).rpartition(b" ")[2].decode()
        if not name[:1].isalpha():
            if in_json:
                continue  # of a list nothing says which time is which
            name = _column(text, at)
        ids = _ID.findall(text, max(0, at - _LONGEST_ROW), at)
        row = ids[-1] if ids else b""
        yield _Time(found[0], len(part.rstrip(b"0")), name, row)


def _column(text: bytes, at: int) -> str:
    begin = text.rfind(b"\n", 0, at) + 1
    return f"column {sum(text.count(b'%c' % one, begin, at) for one in _SEPARATORS)}"


def _difference(
    index: int, both: Sequence[Exchange], name: str, sides: Sequence[Sequence[_Digits]]
) -> Difference:
    steps = [max(min(one.values()) for one in side) for side in sides]
    base, cand = (min(side[-1], key=side[-1].__getitem__)[0].decode() for side in sides)
    change = " → ".join(f"told to {10.0**-digits:.{digits}f} s" for digits in steps)
    where = name if name.startswith("/") else _pointer(both[1], name)
    return Difference(index, both[0].endpoint, Kind.FORMAT, where, change, base, cand)


def _pointer(one: Exchange, name: str) -> str:
    """Return where a member of this name tells a time; that of the whole body if it is a text."""
    tree = read_json(one.response.body).tree if one.response else None
    return next(_members(tree, name), "")


def _members(tree: Any, name: str, above: tuple[str | int, ...] = ()) -> Iterator[str]:
    below: Iterable[tuple[str | int, Any]] = ()
    if isinstance(tree, dict):
        below = tree.items()
    elif isinstance(tree, list):
        below = enumerate(tree)
    for key, value in below:
        text = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        if key == name and isinstance(text, bytes) and _TIME.search(text):
            yield json_pointer.join((*above, key))
        yield from _members(value, name, (*above, key))
