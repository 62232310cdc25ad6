"""Numbers that name what an answer was asked for: `Book 41` below `/books/41`. Pure.

On two databases a number in a sentence, a script or a file has no value to be held to: it varies
with the ids that each side gives out. Where in every round the baseline's is the very number in the
address that was asked, and another one each time, so is the candidate's, of its own address.

A count of rows goes up by one with each of them, as ids do, and may be the id by chance where a
database is fresh: what departs is left open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import Exchange

HELD: Final = "names what was asked for"
ANOTHER: Final = "a number that names what the baseline was asked for, and not what this side was"
_STEM: Final = 3  # of a name: `lot_id` below `/lots`
_NUMBER: Final = re.compile(r"(?<![^/=])0*(\d{1,18})(?=[/?&.]|$)")

Pair = tuple[Exchange, Exchange]


def is_of_another(where: str, target: str) -> bool:
    """Return whether a place is the id of another thing than the address is of, which counts by
    itself and is compared as an id: the bare one of a part (`/author/id`), or a reference.
    """
    name = where.rpartition("/")[2]
    if name in BARE:
        return where.count("/") > 1
    return names_an_id(name) and f"/{name[:_STEM]}" not in target


def heard(sides: tuple[Sequence[Decimal], Sequence[Decimal]], rounds: Sequence[Pair]) -> str:
    """Return `HELD` or `ANOTHER` where the baseline's numbers, one of each round, are those in the
    addresses of its requests; empty for any others.
    """
    ours, theirs = sides
    asked = [tuple(_numbers(side) for side in pair) for pair in rounds]
    if len({len(one) for pair in asked for one in pair}) != 1:
        return ""
    for at in range(len(asked[0][0])):
        base, cand = ([numbers[side][at] for numbers in asked] for side in (0, 1))
        if base != list(ours):
            continue
        if list(theirs) == cand:
            return HELD
        if not any(one == other for one, other in zip(theirs, cand, strict=True)):
            return ANOTHER if list(ours) != list(theirs) else ""
    return ""


def _numbers(one: Exchange) -> list[Decimal]:
    return [Decimal(found[1]) for found in _NUMBER.finditer(one.request.target)]
