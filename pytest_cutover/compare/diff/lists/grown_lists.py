"""Lists that a suite changes: which row of one side is which of the other, and what one more means.

Rows are matched by what they hold, with values of the baseline translated to those of the
candidate; what is left by the id or the code that names them; position comes last. A row that the
candidate alone shows is explained by a write of this run, or because the baseline shows it in its
next round. Everything else is a difference.
"""

from __future__ import annotations

from typing import Any

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.written_at_once import are_crossing
from pytest_cutover.compare.diff.lists import bare_ids, between_rounds, numbered_texts, row_numbers
from pytest_cutover.compare.diff.lists.page_edge import (
    begins_with_another,
    lost_by_chance,
)
from pytest_cutover.compare.diff.lists.reported_order import (
    FEW,
    hold_count,
    keep_unordered,
    tell_named,
    tell_order,
)
from pytest_cutover.compare.diff.lists.row_masks import Masks
from pytest_cutover.compare.diff.lists.row_pairs import RowPairs
from pytest_cutover.compare.diff.places import Path, pointer
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.keyed_objects import KEY, value_of
from pytest_cutover.compare.noise.lists.rows import (
    in_order,
    in_the_same_gap,
)
from pytest_cutover.compare.noise.rules import Active, descend
from pytest_cutover.normalize.matchers import EXACT, ObjectPattern, Pattern


def compare(
    walk: Walk,
    masks: Masks,
    base: list[Any],
    cand: list[Any],
    path: Path,
    rules: Active | None,
    *,
    keys: list[str] | None = None,
    drawn: bool = False,
) -> None:
    """Compare two lists of rows; `keys` are those of the candidate's, where they are entries, which
    each side has `drawn` for itself.
    """
    if walk.probing and len(base) != len(cand) and not walk.scope.same_side:
        walk.report(Kind.LENGTH, path, "")
        return
    found_before = len(walk.differences)
    row_numbers.hold_totals(walk, base, cand, path)
    rows = RowPairs(walk, masks.same, base, cand)
    matched = {theirs: ours for ours, theirs in in_order(rows.left, rows.right)}
    lonely = min(len(base), len(cand)) - len(matched)
    if lonely and (plain := row_numbers.taken_out(base, cand)):
        plainer = RowPairs(walk, masks.same, *plain)
        found = {theirs: ours for ours, theirs in in_order(plainer.left, plainer.right)}
        if min(len(base), len(cand)) - len(found) <= lonely // 2:
            (base, cand), rows, matched = plain, plainer, found
    moved = rows.elsewhere(matched)
    others = rows.of_others(matched | moved, masks.written)
    ordered = (
        masks.unordered
        or walk.scope.same_side
        or not (moved or are_crossing(matched | others))
        or between_rounds.came_later(walk, base, cand, matched | moved, path)
    )
    moved |= others
    if not ordered:
        shown = [base[index] for index in sorted(moved.values())], [cand[index] for index in moved]
        tell_order(walk, rows.order(matched | moved), path, *shown)
    elif walk.scope.own_ids and not (masks.unordered or walk.scope.same_side):
        hold_count(walk, base, cand, matched | moved, path)
    elif masks.unordered and keys is None:
        keep_unordered(walk, path, base, cand)
    matched |= moved
    if begins_with_another(walk, base, cand, path):
        walk.leave_open(path, FEW)
    foreign = rows.of_somebody_else(matched, others, path)
    named = rows.by_identity(matched, foreign)
    if ordered and not (masks.unordered or walk.scope.same_side):
        tell_named(walk, rows.order, (base, cand), matched, named, path)
    matched |= named
    numbered = numbered_texts.pairs(walk, base, cand, rows.lonely(matched, foreign), path)
    ours, theirs = rows.lonely(matched | numbered, foreign)
    unexplained = [index for index in theirs if not rows.is_explained(index, path)]
    ours = rows.without_the_edge(ours, matched, set(theirs) - set(unexplained), path)
    endpoint, explained = walk.scope.endpoint, len(theirs) - len(unexplained)
    walk.scope.account.note(endpoint, Fate.CONSTRAINED, "row that the run wrote", explained)
    written = set(theirs) - set(unexplained)
    between_rounds.hold_still(walk, base, cand, written, path)
    if ordered and between_rounds.are_out_of_place(walk, base, cand, path):
        walk.report(Kind.ORDER, path, "order → another", base, cand)
    theirs = unexplained
    if walk.scope.same_side:  # what came and went between two rounds says nothing of a row
        if theirs and ours and lost_by_chance(ours, len(base)):
            walk.report(Kind.LENGTH, path, between_rounds.OTHER_ROWS, base, cand)
    else:
        # An id that stands alone has nothing else that may have changed.
        alike = {} if bare_ids.are_rows(base) else in_the_same_gap(matched, ours, theirs)
        matched |= alike
        ours = [index for index in ours if index not in alike.values()]
        theirs = [index for index in theirs if index not in alike]
        if ours or theirs:
            many = len(ours) - len(theirs)
            walk.report(
                Kind.LENGTH,
                path,
                "shorter" if many > 0 else "longer" if many < 0 else between_rounds.OTHER_ROWS,
                [base[index] for index in ours] or base,
                [cand[index] for index in theirs] or cand,
            )
    if not (walk.in_rows or walk.probing):
        place = walk.scope.exchange, pointer(path)
        walk.scope.numbers.rows[place] = base, cand
    outer, walk.in_rows = walk.in_rows, True
    for index, source in sorted(matched.items()):
        mask = masks.written if rows.was_written(source) else masks.same
        if masks.guessed and mask is masks.same and base[source] != cand[index]:
            mask = EXACT if rows.hold_still(source, index, path) else mask
        if keys is None:
            rows.visit(mask, source, index, (path, index), descend(rules, index))
            continue
        entry = (path, keys[index])
        key_mask = mask.members.get(KEY, EXACT) if isinstance(mask, ObjectPattern) else EXACT
        below, shown = rows.shown(source, index)
        one, other = shown[KEY], keys[index]
        if drawn and one != other and walk.scope.values.may_be_ids(KEY, one, other, drawn=True):
            walk.scope.account.note(endpoint, Fate.CONSTRAINED, "correspondence")
        else:
            below.visit(key_mask, one, other, (entry, KEY))
        held = _mask_of_value(mask), value_of(shown), value_of(cand[index])
        below.visit(*held, entry, descend(rules, keys[index]))
        walk.take(below)
    if len(walk.differences) == found_before:
        between_rounds.hold_what_stays(walk, base, cand, path, unordered=masks.unordered)
    walk.in_rows = outer


def _mask_of_value(mask: Pattern) -> Pattern:
    found: Pattern = value_of(mask) if isinstance(mask, ObjectPattern) else EXACT
    return EXACT if found is None else found
