"""Two times of one form of which each tells when a side's own data was written. Pure.

A suite writes the same to two databases a moment apart, and a status or a list shows it for ever.
What a copy of the data rounds, cuts or shifts is no such time: it is nearer than the last digit of
one of them, off by whole seconds where there are fractions, or older where there are none.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_cutover.compare.diff.ids.drawn_order import moment_of, time_of
from pytest_cutover.compare.noise import clock

_A_TEST_S: Final = 60.0  # on one side and then on the other, with further processes of both
_FRACTION: Final = re.compile(r"[.,](\d+)")
# Digits of an epoch, and how many of them are of a part of a second.
_IN_PARTS: Final = {13: 3, 16: 6, 19: 9}


def are_a_moment_apart(base: Any, cand: Any, now_s: float) -> bool:
    """Return whether two values are such times; `now_s` is when the baseline's was shown."""
    form = time_of(base)
    if not form or form != time_of(cand):
        return False
    left, right = moment_of(base), moment_of(cand)
    if left is None or right is None:
        return False
    parts, apart = [_part_of_a_second(one) for one in (base, cand)], abs(right - left)
    if not any(parts):
        is_new = all(clock.is_of_this_run(one, now_s) for one in (left, right))
        return is_new and apart < _A_TEST_S
    is_whole = abs(apart - round(apart)) <= 1e-6
    digits = min(len(one.rstrip("0")) for one in parts)
    return not is_whole and 1.5 * 10.0**-digits < apart < _A_TEST_S


def _part_of_a_second(value: str | bytes) -> str:
    """Return the digits behind the second that a time tells."""
    text = (value if isinstance(value, str) else value.decode()).strip()
    if text.isdigit():
        return text[len(text) - _IN_PARTS.get(len(text), 0) :]
    found = _FRACTION.search(text)
    return found[1] if found else ""
