"""Rows that are texts, with a number in them that is another one each time. Pure.

``#12 Gate LOT…`` names a row by the code of the test, and its number is the database's own; ``7
lots`` heads a list and counts it. Which numbers of such a text vary says the baseline's other
round, where one text alone is the same but for its numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.ids.drawn_order import holds_code
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import is_made

BY: Final = "row of a text with numbers of its own"
_DIGITS: Final = re.compile(r"\d+")

Key = tuple[str, ...]


def pairs(
    walk: Walk,
    base: Sequence[Any],
    cand: Sequence[Any],
    lonely: tuple[list[int], list[int]],
    path: Path,
) -> dict[int, int]:
    """Return the places of the baseline's rows by those of the candidate's that are the same but
    for numbers that vary.
    """
    ours, theirs = ([at for at in places if isinstance(side[at], str)]
                    for places, side in zip(lonely, (base, cand), strict=True))  # fmt: skip
    beside = walk.scope.rows_beside_at(path)
    if not ours or not theirs or not beside or walk.probing or walk.scope.same_side:
        return {}
    shown = [_once(range(len(base)), base), _once(range(len(cand)), cand)]
    later = _once(range(len(beside)), beside)
    sizes = len(base), len(beside), len(cand)
    found = {}
    for key, at in shown[0].items():
        other, again = shown[1].get(key), later.get(key)
        if at not in ours or other not in theirs or again is None:
            continue
        if _is_held(walk, (base[at], beside[again], cand[other]), sizes):
            found[other] = at
    walk.scope.account.note(walk.scope.endpoint, Fate.CONSTRAINED, BY, len(found))
    return found


def isolated(walk: Walk) -> Walk:
    """Return a walk whose account and numbers are its own, to be looked at first."""
    below = walk.below()
    numbers = Numbers(shared=walk.scope.numbers.shared)
    below.scope = replace(walk.scope, account=Account(), numbers=numbers)
    return below


def _once(places: range, rows: Sequence[Any]) -> dict[Key, int]:
    """Return the texts that no other text is but for its numbers, by what they are besides.

    A code of another test is no number.
    """
    keys = {
        at: tuple(_DIGITS.split(rows[at]))
        for at in places
        if isinstance(rows[at], str) and (is_made(rows[at]) or not holds_code(rows[at]))
    }
    many = Counter(keys.values())
    return {key: at for at, key in keys.items() if many[key] == 1 and len(key) > 1}


def _is_held(walk: Walk, texts: tuple[str, str, str], sizes: tuple[int, int, int]) -> bool:
    """Whether a text departs from the baseline's in numbers that vary there.

    They are those of its row, which nothing else tells, or count the rows in every answer.
    """
    ours, again, theirs = map(_DIGITS.findall, texts)
    apart = [part for part, one in enumerate(ours) if one != theirs[part]]
    varying = {part for part, one in enumerate(ours) if one != again[part]}
    if not varying.issuperset(apart):
        return False
    if is_made(texts[0]):
        known = walk.scope.values.weak
        # On data of each side's own an equal number was given out, which nobody noted.
        default = theirs if walk.scope.shared_state else ours
        return all(known.get(("id", ours[at]), default[at]) == theirs[at] for at in apart)
    shown = list(zip((ours, again, theirs), sizes, strict=True))
    return all(len({int(side[part]) - size for side, size in shown}) == 1 for part in varying)
