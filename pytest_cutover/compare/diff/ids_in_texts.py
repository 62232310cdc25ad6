"""Numbers inside of a text that may be the ids of one thing, each side's own: `#41 Gate`. Pure.

Two databases that one suite filled count on by the same step from other beginnings: where this
test's own ids are 47 and 7, `#41 Gate` and `#1 Gate` may name one row. Nothing says that the number
is an id, so that such a place is left open. A step of one or two is also the commonest mistake of
a count, and is a difference as ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk

MAY_BE_IDS: Final = "numbers in a text that may be ids of each side's own database"
BEGIN_ROWS: Final = "numbers with which rows begin may be ids of each side's own database"
_NUMBERS: Final = re.compile(r"(?<![\d.])([1-9]\d{0,17})(?![\d.]*\d)(?!%)")
_FEWEST_APART: Final = 3
_MOST_LOOKED_AT: Final = 200  # the first are those that this test's writes gave out


def left_open(walk: Walk, base: Any, cand: Any, path: Path) -> bool:
    """Leave open a text that is the baseline's but for such numbers; False for any other."""
    scope = walk.scope
    if not scope.own_ids or scope.in_request or scope.in_headers or scope.same_side:
        return False
    if not (isinstance(base, str) and isinstance(cand, str)):
        return False
    if _may_be_of_rows(scope.values.translate(base), cand, scope.values.now):
        walk.leave_open(path, MAY_BE_IDS)
    elif scope.id_slots().begin_rows(base, cand, path):
        walk.leave_open(path, BEGIN_ROWS)
    else:
        return False
    return True


def _may_be_of_rows(base: str, cand: str, given: Mapping[tuple[str, str], str]) -> bool:
    ours, theirs = _NUMBERS.split(base), _NUMBERS.split(cand)
    if len(ours) != len(theirs) or ours[::2] != theirs[::2]:
        return False
    if not any(any(map(str.isalpha, words)) for words in ours[::2]):
        return False  # a bare number is a value
    pairs = zip(map(int, ours[1::2]), map(int, theirs[1::2]), strict=True)
    apart = [(one, other) for one, other in pairs if one != other]
    steps = {other - one for one, other in apart}
    if len(steps) != 1 or abs(step := steps.pop()) < _FEWEST_APART:
        return False
    return any(
        name in BARE
        and left.isdigit()
        and right.isdigit()
        and int(right) - int(left) == step
        and max(apart) <= (int(left), int(right))
        for (name, left), right in islice(given.items(), _MOST_LOOKED_AT)
    )
