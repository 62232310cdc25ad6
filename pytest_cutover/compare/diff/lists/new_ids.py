"""Columns of random ids that are others in each answer: heard at once, not row by row. Pure.

A table with an id in each row has thousands of them, all of one kind and none of which says
anything but which row it is. Where every cell of every column is such a one, the walk would come to
the same end for each; what has another form, or departs, is left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.identity import Observation
from pytest_cutover.compare.diff.noise_columns import Column, columns_of
from pytest_cutover.compare.diff.paired_parse import PairedRows
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.formats import RANDOM_UUID, are_random_uuids


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
        if not _are_ids(columns, base, cand):
            return None
        return cls(columns, base, cand)

    def take(self, walk: Walk, path: Path, start: int) -> int:
        """Hear the rows from `start` to the next one that is to be looked into; return that."""
        known = self.base.parsed
        end = next((at for at in range(start, len(known)) if not known[at]), len(known))
        scope, places = walk.scope, list(zip(repeat(path), range(start, end), strict=False))
        names = [scope.name_at((places[0], column.name)) for column in self.columns]
        ours, theirs = (
            [list(map(itemgetter(one.name), rows[start:end])) for one in self.columns]
            for rows in (self.base, self.cand)
        )
        scope.values.heard_ids(names * (end - start), _row_by_row(ours), _row_by_row(theirs))
        seen: list[list[Observation | None]] = [
            [
                None
                if symbol.number is None
                else Observation(symbol.number, value, scope, (place, column.name))
                for symbol, value, place in zip(
                    column.symbols[start:end], values, places, strict=True
                )
            ]
            for column, values in zip(self.columns, theirs, strict=True)
        ]
        walk.observations += [one for one in _row_by_row(seen) if one is not None]
        cells = len(self.columns) * (end - start)
        equal = sum(map(len, self.base[start:end])) - cells
        scope.account.note(scope.endpoint, Fate.CONSTRAINED, RANDOM_UUID, cells)
        scope.account.note(scope.endpoint, Fate.EXACT, number=equal)
        return end


def _may_be_ids(column: Column) -> bool:
    kind = column.kind
    if kind is None or kind.formats != (RANDOM_UUID,):
        return False
    return not (kind.per_run or kind.clock or kind.secret or kind.pieces)


def _are_ids(columns: Sequence[Column], base: PairedRows, cand: list[Any]) -> bool:
    """Whether the columns hold ids alone, in the rows that depart in nothing else."""
    if base.tables is not None and all(table.are_ids for table in base.tables):
        return True
    known = [place for place, names in enumerate(base.parsed) if names]
    return all(
        are_random_uuids([rows[place][column.name] for place in known])
        for column in columns
        for rows in (base, cand)
    )


def _row_by_row(columns: list[list[Any]]) -> list[Any]:
    return (
        columns[0] if len(columns) == 1 else list(chain.from_iterable(zip(*columns, strict=True)))
    )
