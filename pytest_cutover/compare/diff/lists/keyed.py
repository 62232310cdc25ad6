"""Objects whose keys are ids: entries are matched like rows of a list, and order says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_cutover.compare.diff.lists import drawn_entries, grown_lists
from pytest_cutover.compare.diff.lists.row_masks import Masks, masks_of
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.learner import generalised
from pytest_cutover.compare.noise.lists import keyed_objects
from pytest_cutover.compare.noise.lists.rows import union
from pytest_cutover.compare.noise.rules import Active, descend
from pytest_cutover.normalize.matchers import EXACT, ArrayOf, ObjectPattern


def are_entries(walk: Walk, mask: Any, base: Any, cand: dict[str, Any]) -> bool:
    """Whether an object has entries and no members: as was seen, or by ids of two databases."""
    if isinstance(base, dict) and drawn_entries.are_known(walk, base, cand):
        return False
    if keyed_objects.is_pattern(mask) or keyed_objects.is_pattern(base):
        return True
    if not walk.scope.own_ids or walk.scope.in_headers or not isinstance(base, dict):
        return False
    if drawn_entries.are_drawn(mask):
        return False
    return base.keys() != cand.keys() and keyed_objects.is_keyed(base, cand)


def compare(
    walk: Walk, mask: Any, base: Any, cand: dict[str, Any], path: Path, rules: Active | None
) -> None:
    """Compare two such objects, or one with what a golden knows of it."""
    theirs = keyed_objects.rows(cand)
    if isinstance(base, dict):
        masks = Masks(EXACT, EXACT, unordered=True)
        if isinstance(mask, ArrayOf):
            masks = replace(masks_of(mask), unordered=True)
        elif isinstance(mask, ObjectPattern):
            varies = union(list(mask.members.values()))
            entry = ObjectPattern({keyed_objects.VALUE: varies})
            masks = Masks(entry, entry, unordered=True)
        ours = keyed_objects.rows(base)
        drawn = walk.scope.own_ids and keyed_objects.are_drawn(
            base.keys() ^ cand.keys(), base, cand
        )
        grown_lists.compare(
            walk,
            masks,
            ours,
            theirs,
            path,
            rules,
            keys=list(cand),
            drawn=drawn and not walk.probing,
        )
        return
    shapes = [row for value in (mask, base) if keyed_objects.is_pattern(value) or value is base
              for row in keyed_objects.known_rows(value)]  # fmt: skip
    if not shapes:
        return
    shape = keyed_objects.value_of(generalised(shapes))
    for key, value in cand.items():
        walk.visit(shape, shape, value, (path, key), descend(rules, key))
