"""Whether a number that varies moves with the baseline's. Pure.

A total grows with what the suite writes, an uptime with the clock: such a number has no value to be
held to, but it has a course. On shared data the candidate's stands between the baseline's of the
rounds before and after; on data of its own it moves by the baseline's steps. A number whose
baseline moves by no rule, a duration or a load, is held to its type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise

# So many rounds show whether the baseline moves by equal steps.
_ENOUGH = 3
# Units that are mistaken for each other: cents, per cent, milliseconds, kilobytes, minutes, hours.
_FACTORS = tuple(map(Decimal, (10, 100, 1000, 10**6, 10**9, 1024, 1024**2, 60, 3600)))
_ROUNDED = Decimal("0.001")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")  # in a text
_MOST_ADDED = 20  # rows by one run of a test
_COUNT = re.compile(
    r"^(?:x-)?(?:total|count|n)$|^(?:x-)?total[-_]?(?:count|items|rows|results|hits|elements)$"
    r"|[-_]count$|(?-i:[a-z]Count)$",
    re.IGNORECASE,
)

_PAGES = re.compile(
    r"^(?:x-)?(?:total[-_]?pages|last[-_]?page|(?:num[-_]?)?pages)$|[-_]pages$", re.IGNORECASE
)


class Course(StrEnum):
    """How a candidate's number goes beside the baseline's."""

    TOGETHER = "together"
    APART = "apart"
    WITHOUT_RULE = "without rule"
    UNKNOWN = "unknown"  # more rounds would tell


@dataclass(frozen=True, slots=True)
class Moving:
    """A number of one place over the rounds, by side."""

    baseline: tuple[Decimal, ...]
    candidate: tuple[Decimal, ...]

    def course(self) -> Course:
        """Return how the candidate's number goes."""
        ours, theirs = self.baseline, self.candidate
        if ours == theirs:
            return Course.TOGETHER
        if len(ours) < 2:
            return Course.UNKNOWN
        if len({b - a for a, b in zip(ours, theirs, strict=True)}) == 1:
            return Course.TOGETHER
        if _between(ours, theirs):
            # On data of its own a candidate that steps twice as far is there once, by chance.
            return Course.TOGETHER if len(ours) >= _ENOUGH else Course.UNKNOWN
        steps = [later - earlier for earlier, later in pairwise(ours)]
        is_even = len(set(steps)) == 1 and steps[0] != 0
        if is_even and any(number % 1 for number in ours):
            # What took so long falls by one step by chance: 1.13, 1.11, 1.09.
            is_even = len({later - earlier for earlier, later in pairwise(theirs)}) == 1
        if not is_even and not _is_scaled(ours, theirs):
            return Course.WITHOUT_RULE
        return Course.APART if len(ours) >= _ENOUGH else Course.UNKNOWN

    def stands_aside(self, *, shared: bool, evenly: bool = True) -> bool:
        """Return whether a count goes with the baseline's, and never was where its rows are.

        Each run of the test adds as many on either side: on shared data the candidate's count is
        halfway between the baseline's before and after it, on data of its own it is the same.
        `evenly`: it grows by the same number in each round, as pages do not.
        """
        ours, theirs = self.baseline, self.candidate
        steps = {later - earlier for earlier, later in pairwise(ours)}
        apart = {b - a for a, b in zip(ours, theirs, strict=True)}
        if (evenly and len(steps) != 1) or len(apart) != 1 or ours == theirs or not any(steps):
            return False
        return 2 * apart.pop() != (steps.pop() if shared else 0)

    def fills_pages(self, size: int) -> bool:
        """Return whether both may count pages of so many rows of shared data, to which each run of
        the test adds as many on either side. Where no such number explains the baseline's, it may
        be of data of its own.
        """
        ours, theirs = self.baseline, self.candidate
        last, is_told = int(ours[0]), False
        for rows in range((last - 1) * size + 1, last * size + 1):
            for more in range(1, _MOST_ADDED + 1):
                if any(-(-(rows + 2 * more * at) // size) != one for at, one in enumerate(ours)):
                    continue
                is_told = True
                now = (rows + more * (2 * at + 1) for at in range(len(theirs)))
                if all(-(-each // size) == one for each, one in zip(now, theirs, strict=True)):
                    return True
        return not (is_told or self.stands_aside(shared=False, evenly=False))

    @property
    def is_long(self) -> bool:
        """Whether it was seen so often that a steady course is none by chance."""
        return len(self.baseline) >= _ENOUGH


def counts(name: str, *, shared: bool) -> bool:
    """Return whether a member or header is called like a number of rows, or of pages of them.

    On `shared` data pages do not fill by equal steps.
    """
    return _COUNT.search(name) is not None or (not shared and _PAGES.search(name) is not None)


def is_of_pages(name: str) -> bool:
    """Return whether a member, or a parameter of a link, is called like a number of pages."""
    return _PAGES.search(name) is not None


def _between(ours: Sequence[Decimal], theirs: Sequence[Decimal]) -> bool:
    """Whether each of the candidate's stands between the baseline's before and after it."""
    rising = all(a <= b for a, b in pairwise(ours))
    falling = all(a >= b for a, b in pairwise(ours))
    if not (rising or falling):
        return False
    sign = 1 if rising else -1
    held = all(sign * a <= sign * b for a, b in zip(ours, theirs, strict=True))
    return held and all(sign * b <= sign * a for a, b in zip(ours[1:], theirs, strict=False))


def _is_scaled(ours: Sequence[Decimal], theirs: Sequence[Decimal]) -> bool:
    """Whether the candidate tells the baseline's numbers in another unit, to their precision."""
    if len(set(ours)) < 2 or not all(ours):
        return False
    for factor in _FACTORS:
        for left, right in ((ours, theirs), (theirs, ours)):
            if all(
                abs(a * factor - b) <= abs(b) * _ROUNDED for a, b in zip(left, right, strict=True)
            ):
                return True
    return False


def number_of(lexeme: bytes) -> Decimal | None:
    """Return the number that a lexeme spells; None for what is none."""
    try:
        number = Decimal(lexeme.decode())
    except (InvalidOperation, UnicodeDecodeError):
        return None
    return number if number.is_finite() else None


def numbers_in(value: str | bytes) -> tuple[str, tuple[Decimal, ...]]:
    """Return a number, or a text without its numbers and these."""
    text = value.decode() if isinstance(value, bytes) else value
    return _NUMBER.sub("0", text), tuple(map(Decimal, _NUMBER.findall(text)))
