"""How long a process has been up, in a text: `25h 7m 1s` beside `0h 0m 19s`, or beside `19s`.

Of such a value the rounds of a baseline vary in the seconds alone, and its hours are literals that
another process has not reached. Where a duration varies it is one value, however many units it
takes; the last of them, and how it is spelled, is held. Pure.
"""

from __future__ import annotations

import re
from itertools import islice

from pytest_cutover.compare.noise.formats import DURATION_IN_TEXT
from pytest_cutover.compare.noise.texts.text_match import Match
from pytest_cutover.normalize.matchers import Placeholder, Template

_MOST = 16
_TIME_OF_DAY = re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)?")


def in_its_place(template: Template, live: Match, base: str, cand: str) -> str:
    """Return the candidate's text with the baseline's durations in the place of its own, where the
    baseline's vary; the same text where there are none, or others than the baseline has.
    """
    ours, theirs = ([*islice(DURATION_IN_TEXT.finditer(text), _MOST + 1)] for text in (base, cand))
    if not ours or len(ours) != len(theirs) or len(ours) > _MOST:
        return cand
    holes = [
        start
        for start, part in zip(live.starts, template.parts, strict=True)
        if isinstance(part, Placeholder)
    ]
    parts: list[str] = []
    position = 0
    for left, right in zip(ours, theirs, strict=True):
        varies = any(left.start() <= at < left.end() for at in holes)
        if varies and left["unit"] == right["unit"] and not _are_times_of_day(left[0], right[0]):
            parts += [cand[position : right.start()], left[0]]
            position = right.end()
    return "".join([*parts, cand[position:]])


def _are_times_of_day(left: str, right: str) -> bool:
    return all(map(_TIME_OF_DAY.fullmatch, (left, right)))
