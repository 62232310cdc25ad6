"""A number that stood still is not yet a steady one: an uptime in seconds is told twice. Pure.

Rounds follow each other within milliseconds. Before a number is accused that every round showed,
one round comes later than a clock needs for its next second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.noise.formats import DURATION_IN_TEXT

APART_S = 1.1
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_COOKIE = re.compile(r"/headers/set-cookie/[^/]+")
_OF_VALUES = frozenset({Kind.VALUE, Kind.HEADER_VALUE, Kind.SCALE})


def told_by_numbers(differences: Iterable[Difference]) -> frozenset[str]:
    """Return the signatures of the differences that are one of numbers, in JSON or inside text."""
    return frozenset(one.signature for one in differences if _of_numbers(one))


def _of_numbers(one: Difference) -> bool:
    if one.kind not in _OF_VALUES or one.baseline is None or one.candidate is None:
        return False
    if one.kind is Kind.HEADER_VALUE and _COOKIE.fullmatch(one.pointer):
        return True  # one that is signed holds the second of its signing
    left, right = (
        _NUMBER.sub("0", DURATION_IN_TEXT.sub(_in_one_number, shown))
        for shown in (one.baseline, one.candidate)
    )
    return left == right or one.change.startswith(("integer", "number"))


def _in_one_number(found: re.Match[str]) -> str:
    """Return a duration as a number of its last unit: `1 day, 1:07:05` and `25h 7m 5s` are one."""
    return f"0{found['unit'] or ''}"


def wait_s(rounds: Sequence[Round], now_s: float) -> float | None:
    """Return how long the next round must wait to be late enough, in seconds.

    None where the last round was late enough already.
    """
    first, last = _span(rounds[0]), _span(rounds[-1])
    if first is None or last is None or last[0] >= first[1] + APART_S:
        return None
    return min(APART_S, max(0.0, first[1] + APART_S - now_s))


def _span(one: Round) -> tuple[float, float] | None:
    """When a round began and ended."""
    exchanges = (*one.baseline.exchanges, *one.candidate.exchanges)
    if not exchanges:
        return None
    return min(e.started_s for e in exchanges), max(e.ended_s for e in exchanges)
