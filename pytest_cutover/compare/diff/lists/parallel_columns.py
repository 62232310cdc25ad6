"""Rows that are told column by column: ``{"id": [4, 5], "title": ["Chair", "Lamp"]}``. Pure.

Lists of one length under one object are one list of rows: a row that is missing is missing in each
of them. Where such a list grew between rounds its rows are compared as rows are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.lists import grown_lists
from pytest_cutover.compare.diff.lists.row_masks import Masks, masks_of
from pytest_cutover.compare.diff.places import Path, pointer
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.keyed_objects import rows_of_columns
from pytest_cutover.compare.noise.lists.rows import union
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.matchers import EXACT, ArrayOf, ArrayPattern, ObjectPattern

_FEWEST: Final = 2
_PLACE: Final = re.compile(r"\d+")


def are_rows(masks: dict[str, Any], base: Any, cand: Any) -> bool:
    """Return whether two objects are tables by their columns, of which several grew."""
    grew = sum(isinstance(mask, ArrayOf) for mask in masks.values())
    if grew < _FEWEST or grew < len(masks) or base.keys() != cand.keys():
        return False
    return rows_of_columns(base) is not None and rows_of_columns(cand) is not None


def compare(walk: Walk, masks: dict[str, Any], base: Any, cand: Any, path: Path) -> None:
    """Compare two such tables row by row; a difference is told in its column."""
    known = {key: masks_of(_grown(masks.get(key))) for key in base}
    together = Masks(
        ObjectPattern({key: one.written for key, one in known.items()}),
        ObjectPattern({key: one.same for key, one in known.items()}),
        unordered=any(one.unordered for one in known.values()),
        guessed=any(one.guessed for one in known.values()),
    )
    ours, theirs = rows_of_columns(base) or [], rows_of_columns(cand) or []
    below = walk.below()
    grown_lists.compare(below, together, ours, theirs, path, None)
    if not walk.probing:
        start = pointer(path, in_headers=walk.scope.in_headers)
        below.differences = [_turned(one, start) for one in below.differences]
    walk.take(below)


def _grown(mask: Any) -> ArrayOf:
    if isinstance(mask, ArrayOf):
        return mask
    varies = union(list(mask.items)) if isinstance(mask, ArrayPattern) else EXACT
    return ArrayOf(None, varies, varies)


def _turned(one: Difference, start: str) -> Difference:
    """Return a difference with its column before its row, as the document has them."""
    place, *rest = json_pointer.parse(one.pointer.removeprefix(start)) or [""]
    if not _PLACE.fullmatch(place) or not rest:
        return one
    return replace(one, pointer=start + json_pointer.join((rest[0], place, *rest[1:])))
