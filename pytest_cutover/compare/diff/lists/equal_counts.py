"""Numbers that are equal on both sides and count the baseline's rows alone. Pure.

Where the candidate shows more rows than the baseline, as it does of shared data that each run of a
test adds to, a total beside them is one that lags behind, or none. What is equal asks for no other
round by itself; such a number is kept, and the next round tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pytest_cutover.compare.diff.places import ROOT, Path, pointer
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.normalize.normalized import NormalizedResponse

_LONGEST_TEXT: Final = 256
_MOST_ITEMS: Final = 50  # of a list that is looked through for numbers


def keep(scope: Scope, base: NormalizedResponse, cand: NormalizedResponse) -> None:
    """Keep what may count the baseline's rows beside a list that is longer on the candidate."""
    grown = {
        where: rows
        for (index, where), rows in scope.numbers.rows.items()
        if index == scope.exchange and len(rows[0]) != len(rows[1])
    }
    sizes = {len(ours) for ours, _ in grown.values()} - {0}
    if not sizes:
        return
    told = re.compile(rf"(?<![\w.,-])(?:{'|'.join(map(str, sorted(sizes)))})(?![\w.,-])")
    for in_headers, trees in (
        (False, (base.body.tree, cand.body.tree)),
        (True, (base.headers, cand.headers)),
    ):
        for path, value in _equal_leaves(*trees):
            where = pointer(path, in_headers=in_headers)
            number = told.search(value)
            in_a_row = not in_headers and any(where.startswith(f"{one}/") for one in grown)
            if number is not None and not in_a_row:
                lexeme = number[0].encode()
                place = scope.exchange, where, 0
                scope.numbers.lexemes.setdefault(place, (lexeme, lexeme))


def _equal_leaves(base: Any, cand: Any, path: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield the short texts and numbers that are the same at one place of both."""
    if isinstance(base, dict) and isinstance(cand, dict):
        for key, value in base.items():
            if key in cand:
                yield from _equal_leaves(value, cand[key], (path, key))
    elif isinstance(base, list) and isinstance(cand, list):
        if len(base) == len(cand) <= _MOST_ITEMS:
            for index, pair in enumerate(zip(base, cand, strict=True)):
                yield from _equal_leaves(*pair, (path, index))
    elif isinstance(base, str | bytes) and base == cand and len(base) <= _LONGEST_TEXT:
        yield path, base.decode("ascii", "replace") if isinstance(base, bytes) else base
