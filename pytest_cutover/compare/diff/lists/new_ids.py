"""Columns of random ids that are others in each answer: heard at once, not row by row. Pure.

A table with an id in each row has thousands of them, all of one kind and none of which says
anything but which row it is. Where every cell of every column is such a one, the walk would come to
the same end for each; what has another form, or departs, is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Final

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.identity import Observation
from pytest_cutover.compare.diff.noise_columns import Column, columns_of
from pytest_cutover.compare.diff.paired_parse import PairedRows
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk

_FORMAT: Final = "uuid4"
_SIZE: Final = 37  # characters, and the end of a line
# As RFC 9562 has random ones: worked out from nothing that was sent.
_LINES: Final = re.compile(
    r"(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n)*+"
)


@dataclass(frozen=True, slots=True)
class NewIds:
    """The columns of two answers to one request."""

    columns: Sequence[Column]
    base: PairedRows
    cand: list[Any]

    @classmethod
    def of(cls, walk: Walk, base: PairedRows, cand: list[Any]) -> NewIds | None:
        """Return what two lists of rows show beside their equal members, if it is ids alone."""
        scope = walk.scope
        if walk.probing or walk.in_rows or scope.in_request or scope.values.answers_about_another:
            return None
        columns = columns_of(base.mask)
        if not columns or not all(map(_may_be_ids, columns)):
            return None
        known = [place for place, names in enumerate(base.parsed) if names]
        for column in columns:
            for rows in (base, cand):
                if not _are_ids([rows[place][column.name] for place in known]):
                    return None
        return cls(columns, base, cand)

    def take(self, walk: Walk, path: Path, start: int) -> int:
        """Hear the rows from `start` to the next one that is to be looked into; return that."""
        known = self.base.parsed
        end = next((at for at in range(start, len(known)) if not known[at]), len(known))
        scope, places = walk.scope, [(path, at) for at in range(start, end)]
        pairs: list[list[tuple[str, str, str]]] = []
        seen: list[list[Observation | None]] = []
        for column in self.columns:
            name = scope.name_at((places[0], column.name))
            ours, theirs = (
                [row[column.name] for row in rows[start:end]] for rows in (self.base, self.cand)
            )
            pairs.append(list(zip(repeat(name), ours, theirs, strict=False)))
            seen.append(
                [
                    None
                    if symbol.number is None
                    else Observation(symbol.number, value, scope, (place, column.name))
                    for symbol, value, place in zip(
                        column.symbols[start:end], theirs, places, strict=True
                    )
                ]
            )
        scope.values.heard_ids(_row_by_row(pairs))
        walk.observations += [one for one in _row_by_row(seen) if one is not None]
        cells = len(self.columns) * (end - start)
        equal = sum(map(len, self.base[start:end])) - cells
        scope.account.note(scope.endpoint, Fate.CONSTRAINED, _FORMAT, cells)
        scope.account.note(scope.endpoint, Fate.EXACT, number=equal)
        return end


def _may_be_ids(column: Column) -> bool:
    kind = column.kind
    if kind is None or kind.formats != (_FORMAT,):
        return False
    return not (kind.per_run or kind.clock or kind.secret or kind.pieces)


def _are_ids(values: list[Any]) -> bool:
    if not all(type(value) is str for value in values):
        return False
    text = "\n".join([*values, ""])
    return len(text) == _SIZE * len(values) and _LINES.fullmatch(text) is not None


def _row_by_row(columns: list[list[Any]]) -> list[Any]:
    return (
        columns[0] if len(columns) == 1 else list(chain.from_iterable(zip(*columns, strict=True)))
    )
