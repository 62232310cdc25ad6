"""How long an answer took, where it tells that: `Server-Timing: app;dur=0`, `"took": 3`. Pure.

In whole milliseconds it is the same in most answers of both sides, another now and then, and one
more on a side that is slower by that: whether that is too slow is told by measuring. What is timed,
in which unit and with or without a fraction is held, and that it is measured at all. A body, where
such a number may be anything else, has to show another now and then on the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import starmap
from typing import Final

from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript

HELD: Final = "how long the answer took"
_TIMING: Final = "server-timing"
_TOLD: Final = re.compile(
    r"x-(?:(?:response|process|processing|request|render|elapsed)-time|runtime|elapsed)(?:-ms)?"
)
_OF_METRIC: Final = re.compile(r"(?<=[; ]dur=)\d+(?:\.\d+)?(?![\w.])", re.IGNORECASE)
_ALONE: Final = re.compile(r"^\d+(?:\.\d+)?(?=\s?(?:ms|s|µs)?$)")
_NEAR: Final = 50  # as many milliseconds, mostly
_MEMBER: Final = re.compile(
    r"(?:took|elapsed|(?:time|duration)taken"
    r"|(?:query|search|exec|execution|process|processing|request|response|render)time)"
    r"(?:time)?(?:in)?(?:ms|millis|milliseconds)?"
)
_IN_TEXT: Final = re.compile(
    r"(?<![\w.:,-])\d+(?:\.\d+)?(?=(?: ?(?:ms|milliseconds)| (?:s|sec|secs|seconds))(?![\w.-]))"
)
_WITH_UNIT: Final = re.compile(_IN_TEXT.pattern + " ?[a-z]+")


def alike(rounds: Sequence[tuple[Transcript, Transcript]]) -> frozenset[tuple[str, str]]:
    """Return the headers, by endpoint and pointer, in which both sides tell times near each other
    in all rounds; the candidate not the same each time where the baseline does not.
    """
    found: set[tuple[str, str]] = set()
    for asked in zip(*(side.exchanges for both in rounds for side in both), strict=False):
        for name in _names(asked[0]):
            told = [_header(one, name) for one in asked]
            ours, theirs = told[::2], told[1::2]
            is_measured = len(set(theirs)) > 1 or len(set(ours)) == 1
            if is_measured and all(map(partial(_are_near, name), ours, theirs)):
                found.add((asked[0].endpoint, f"/headers/{name}"))
    return frozenset(found)


def alike_in_bodies(
    rounds: Sequence[tuple[Transcript, Transcript]], told: Sequence[Iterable[Difference]]
) -> frozenset[tuple[str, str]]:
    """Return the places, by endpoint and pointer, where all that departs in any round is a time
    near the baseline's, which the candidate does not tell the same each time.
    """
    places: dict[tuple[str, str], list[list[Difference]]] = {}
    for index, differences in enumerate(told):
        for one in differences:
            place = one.endpoint, wildcard(one.pointer)
            places.setdefault(place, [[] for _ in told])[index].append(one)
    candidates = [side for _, side in rounds]
    return frozenset(
        place
        for place, departing in places.items()
        if all(_are_times(one) for each in departing for one in each)
        and _varies(place[1], departing, candidates)
    )


def _varies(
    where: str, departing: Sequence[Sequence[Difference]], candidates: Sequence[Transcript]
) -> bool:
    texts = {one.values[0][1]: one.exchange for each in departing for one in each}
    if len(texts) > 1:
        return True
    [(text, index)] = texts.items()
    name = _name_at(where)
    if _MEMBER.fullmatch(_plain(name)):
        shown = [rf"{re.escape(name)}\W{{1,8}}{re.escape(text)}(?![\d.])"]
    else:
        shown = [rf"\b{re.escape(found[0])}\b" for found in _WITH_UNIT.finditer(text)]
    answers = (
        side.exchanges[index].response
        for each, side in zip(departing, candidates, strict=True)
        if not each and index < len(side.exchanges)
    )
    return any(
        one is not None and not all(re.search(each.encode(), one.body) for each in shown)
        for one in answers
    )


def _are_times(one: Difference) -> bool:
    if one.kind is not Kind.VALUE or len(one.values) != 1 or one.pointer.startswith("/headers/"):
        return False
    ours, theirs = one.values[0]
    if _MEMBER.fullmatch(_plain(_name_at(one.pointer))):
        return _are_near("", ours, theirs)
    parts = _IN_TEXT.split(ours)
    if len(parts) < 2 or parts != _IN_TEXT.split(theirs):
        return False
    numbers = zip(_IN_TEXT.findall(ours), _IN_TEXT.findall(theirs), parts[1:], strict=True)
    return all(
        _is_near(a, b, 1 if unit.lstrip().startswith("m") else 1000) for a, b, unit in numbers
    )


def _name_at(where: str) -> str:
    return (json_pointer.parse(where) or ("",))[-1].lstrip("@")


def _plain(name: str) -> str:
    return re.sub(r"[_-]", "", name.lower())


def _names(one: Exchange) -> Iterator[str]:
    for name, _ in one.response.headers if one.response is not None else ():
        if name.lower() == _TIMING or _TOLD.fullmatch(name.lower()):
            yield name.lower()


def _header(one: Exchange, name: str) -> str:
    return (one.response.header(name) or "") if one.response is not None else ""


def _are_near(name: str, left: str, right: str) -> bool:
    number = _OF_METRIC if name == _TIMING else _ALONE
    if number.split(left) != number.split(right):
        return False
    return all(starmap(_is_near, zip(number.findall(left), number.findall(right), strict=True)))


def _is_near(one: str, other: str, unit_ms: int = 1) -> bool:
    return ("." in one) == ("." in other) and abs(float(one) - float(other)) * unit_ms <= _NEAR
