"""How long an answer took, where headers tell it: `Server-Timing: app;dur=0`, `X-Runtime: 4`. Pure.

In whole milliseconds it is the same in most answers of both sides, another now and then, and one
more on a side that is slower by that: whether that is too slow is told by measuring. What is timed,
in which unit and with or without a fraction is held, and that it is measured at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import starmap
from typing import Final

from pytest_cutover.core.exchange import Exchange, Transcript

HELD: Final = "how long the answer took"
_TIMING: Final = "server-timing"
_TOLD: Final = re.compile(
    r"x-(?:(?:response|process|processing|request|render|elapsed)-time|runtime|elapsed)(?:-ms)?"
)
_OF_METRIC: Final = re.compile(r"(?<=[; ]dur=)\d+(?:\.\d+)?(?![\w.])", re.IGNORECASE)
_ALONE: Final = re.compile(r"^\d+(?:\.\d+)?(?=\s?(?:ms|s|µs)?$)")
_NEAR: Final = 50  # as many milliseconds, mostly


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


def _is_near(one: str, other: str) -> bool:
    return ("." in one) == ("." in other) and abs(float(one) - float(other)) <= _NEAR
