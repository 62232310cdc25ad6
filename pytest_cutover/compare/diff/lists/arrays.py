"""Arrays: which item of one side is which of the other, and what that says.

Common items at both ends are set aside first, the rest is matched by a hash of what is not
volatile; everything stays linear in the number of items.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import compress
from operator import itemgetter, ne, or_
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.drawn_order import order_of
from pytest_cutover.compare.diff.lists import any_order, bare_ids, between_rounds, grown_lists
from pytest_cutover.compare.diff.lists.new_ids import NewIds
from pytest_cutover.compare.diff.lists.own_rows import (
    SOMEBODY_ELSE,
    OwnRows,
)
from pytest_cutover.compare.diff.lists.page_edge import are_cut_off, are_on_a_page
from pytest_cutover.compare.diff.lists.reported_order import hold_count, keep_unordered, tell_order
from pytest_cutover.compare.diff.lists.row_masks import Masks, masks_of
from pytest_cutover.compare.diff.noise_columns import columns_of
from pytest_cutover.compare.diff.paired_parse import PairedRows, read_whole
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.learner import generalised
from pytest_cutover.compare.noise.lists.rows import (
    are_cells,
    key_of,
    names_an_id,
    shifted,
    skeletons,
    spaced_alike,
    union,
)
from pytest_cutover.compare.noise.rules import Active, Rule, descend, split
from pytest_cutover.normalize.matchers import (
    EXACT,
    NOISY,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
)

Pair = tuple[Any, Any]  # mask and expected value of one item
_NO_CELLS = NOISY | {dict, list}
_AGREED = -1  # in the place of an index: several items in which nothing departs
_FEW_ROWS = 50  # all of which are read to see whether a page went on, or was put in another order


def compare(
    walk: Walk,
    mask: Any,
    base: Any,
    cand: list[Any],
    path: Path,
    rules: Active | None,
    *,
    unordered: Rule | None = None,
) -> None:
    """Compare two arrays: item by item, by length, or without order."""
    if rules is None and unordered is None and _apart_in_one_cell(walk, mask, base, cand, path):
        return
    if isinstance(base, list):
        base, cand = spaced_alike(base, cand)
        between_rounds.note_page(walk, base, cand, path)
        between_rounds.tell_ids_of_others(walk, base, cand, path)
        if (ids := bare_ids.taken_for_rows(walk, mask, base, cand, path)) is not None:
            if bare_ids.come_in_reverse(walk, base, cand, path):
                return
            mask, base, cand = ids
        elif base != cand and bare_ids.are_shifted(walk, mask, base, cand):
            walk.leave_open(path, bare_ids.OWN_NUMBERS)
            return
    if isinstance(mask, ArrayOf) and isinstance(base, list):
        grown_lists.compare(walk, masks_of(mask), base, cand, path, rules)
        return
    if isinstance(mask, ArrayOf) or isinstance(base, ArrayOf):
        _each(walk, mask, base, cand, path, rules)
        return
    expected = list(base.items) if isinstance(base, ArrayPattern) else base
    is_any_order = unordered is not None or (isinstance(mask, ArrayPattern) and mask.unordered)
    masks = list(base.items) if mask is base and isinstance(base, ArrayPattern) else None
    if masks is None:
        masks = _masks(mask, len(expected), any_order=is_any_order)
    pairs = list(zip(masks, expected, strict=True))
    if is_any_order:
        key = split(unordered.key) if unordered is not None else ()
        if unordered is None:
            keep_unordered(walk, path, expected, cand)
        others = _own_rows(walk, expected) if not key and len(pairs) == len(cand) else None
        any_order.compare(walk, pairs, cand, path, rules, key, others)
    elif len(pairs) == len(cand) and not _went_on(walk, expected, cand):
        is_paired = type(base) is PairedRows and base.beside is cand and base.mask is mask
        noise = base if is_paired and rules is None else None
        if _overtake(mask, base, cand):
            keep_unordered(walk, path, base, cand, of_drawn=False)
        _same_length(walk, pairs, cand, path, rules, noise)
    elif (walk.scope.values.strong or len(pairs) == len(cand)) and all(
        isinstance(row, dict) for row in (*expected, *cand)
    ):
        row = union(masks)
        grown_lists.compare(walk, Masks(row, row), expected, cand, path, rules)
    else:
        _aligned(walk, pairs, cand, path, rules)


def _went_on(walk: Walk, base: list[Any], cand: list[Any]) -> bool:
    """Whether a page of the baseline went on by new rows in its next round: no row has changed."""
    if not walk.scope.same_side or base == cand or are_cells(base, cand):
        return False
    if not all(issubclass(kind, dict) for kind in {*map(type, base), *map(type, cand)}):
        return False
    # What is unread is equal on both sides, and may be another row's all the same.
    if len(base) == len(cand) > _FEW_ROWS:
        # A row that came puts another one at one of the ends.
        ends = skeletons(*(read_whole([rows[0], rows[-1]]) for rows in (base, cand)))
        if ends is not None and ends[0] == ends[1]:
            return False
    keys = skeletons(read_whole(base), read_whole(cand))
    return keys is not None and shifted(*keys)


def _overtake(mask: Any, base: Any, cand: list[Any]) -> bool:
    """Whether several places of a list show another row in each round: more than one of its members
    is another each time.
    """
    if type(mask) is not ArrayPattern or type(base) is not list or len(cand) > _FEW_ROWS:
        return False
    items = [item.members.values() for item in mask.items if isinstance(item, ObjectPattern)]
    return sum(sum(type(one) in NOISY for one in item) > 1 for item in items) > 1


def _apart_in_one_cell(walk: Walk, mask: Any, base: Any, cand: list[Any], path: Path) -> bool:
    """Compare two rows of a table that are equal in all cells but one; False for any others."""
    if type(mask) is not ArrayPattern or mask.unordered or walk.scope.own_ids:
        return False
    if type(base) is not list or not len(base) == len(cand) == len(mask.items):
        return False
    if not _NO_CELLS.isdisjoint(map(type, base)):
        return False
    apart = [
        index
        for index, symbol in enumerate(mask.items)
        if type(symbol) in NOISY or base[index] != cand[index]
    ]
    if len(apart) != 1:
        return False
    index = apart[0]
    walk.visit(mask.items[index], base[index], cand[index], (path, index))
    return True


def _masks(mask: Any, size: int, *, any_order: bool) -> list[Any]:
    """Return the mask of each item; where the golden has another number of them, what they all
    allow.
    """
    if not isinstance(mask, ArrayPattern):
        items = mask if isinstance(mask, list) else []
        return items if len(items) == size else [EXACT] * size
    if len(mask.items) == size and not any_order:
        return list(mask.items)
    return [union(list(mask.items))] * size


def _each(
    walk: Walk, mask: Any, base: Any, cand: list[Any], path: Path, rules: Active | None
) -> None:
    """Every item has the shape that the recordings, and the live baseline's items, have."""
    shapes = [x.item for x in (mask,) if isinstance(x, ArrayOf) and x.item is not None]
    if isinstance(base, list):
        shapes += base
    elif isinstance(base, ArrayOf) and base is not mask and base.item is not None:
        shapes.append(base.item)
    if not shapes:
        return
    shape = generalised(shapes)
    for index, item in enumerate(cand):
        walk.visit(shape, shape, item, (path, index), descend(rules, index))


def _same_length(
    walk: Walk,
    pairs: list[Pair],
    cand: list[Any],
    path: Path,
    rules: Active | None,
    noise: PairedRows | None,
) -> None:
    """Item by item; where the unequal ones are the same in another order, that is all.

    `noise`: the items, where the members of each that may be other than equal are known.
    """
    if _rows_of_others(walk, pairs, cand, path, rules):
        return
    pairs = _held_where_none_is_new(walk, pairs, cand)
    looked: list[tuple[int, Walk]] = []
    below, heard_to = walk.below(), 0
    ids = None if noise is None else NewIds.of(walk, noise, cand)
    for index in range(len(cand)) if rules is not None else _may_depart(pairs, cand):
        if index < heard_to:
            continue
        (mask, value), item = pairs[index], cand[index]
        heard = len(below.observations)
        known = noise.parsed[index] if noise is not None else None
        if known and ids is not None:
            heard_to = ids.take(below, path, index)
            continue
        if known:
            below.visit_noise(mask, value, item, (path, index), known)
        else:
            below.visit(mask, value, item, (path, index), rules and descend(rules, index))
        if below.differences:
            if walk.probing:
                walk.take(below)
                return
            if heard:
                agreed = walk.below()
                agreed.observations = below.observations[:heard]
                del below.observations[:heard]
                looked.append((_AGREED, agreed))
            looked.append((index, below))
            below = walk.below()
    looked.append((_AGREED, below))
    unequal = [index for index, one in looked if one.differences]
    moved: dict[int, int] = {}
    if _has_come_from_another_place(walk, pairs, cand, unequal, rules, noise):
        pairs, cand = _read_at(unequal, pairs, cand)
        moved = _permutation(walk, pairs, cand, unequal, rules)
    if moved:
        both = [(moved.get(index, index), index) for index in range(len(cand))]
        whole = [value for _, value in pairs]
        shown = [whole[i] for i in unequal], [cand[i] for i in unequal]
        tell_order(walk, order_of(whole, cand, both, made=walk.scope.made), path, *shown)
    for index, below in looked:
        if index in moved:
            mask, value = pairs[moved[index]]
            walk.visit(mask, value, cand[index], (path, index), descend(rules, index))
        else:
            walk.take(below)


def _held_where_none_is_new(walk: Walk, pairs: list[Pair], cand: list[Any]) -> list[Pair]:
    """Hold rows with ids to the baseline's, noise or not, where all that the candidate shows are
    rows of the baseline's at other places: on one database no write explains that.
    """
    scope = walk.scope
    if not scope.shared_state or scope.same_side or scope.in_request or len(cand) > _FEW_ROWS:
        return pairs
    apart = [i for i, (mask, row) in enumerate(pairs) if type(mask) in NOISY and row != cand[i]]
    if not apart or not all(isinstance(one, dict) for i in apart for one in (pairs[i][1], cand[i])):
        return pairs
    known = [read_whole(row) for _, row in pairs]
    if not any(map(names_an_id, known[apart[0]])) or not all(
        read_whole(cand[i]) in known for i in apart
    ):
        return pairs
    held = dict.fromkeys(apart, EXACT)
    return [(held.get(i, mask), row) for i, (mask, row) in enumerate(pairs)]


def _may_depart(pairs: list[Pair], cand: list[Any]) -> Iterable[int]:
    """Return the places of items that are not equal, or hold noise."""
    masks, values = zip(*pairs, strict=True) if pairs else ((), ())
    kinds = set(map(type, masks))
    if kinds <= NOISY:
        return range(len(cand))
    apart = map(ne, values, cand)
    if not NOISY.isdisjoint(kinds.union(map(type, values))):
        for side in (masks, values):
            apart = map(or_, apart, map(NOISY.__contains__, map(type, side)))
    return compress(range(len(cand)), apart)


def _has_come_from_another_place(
    walk: Walk,
    pairs: list[Pair],
    cand: list[Any],
    unequal: list[int],
    rules: Active | None,
    noise: PairedRows | None,
) -> bool:
    """Whether the first of the unequal items is one of the baseline's other ones: most are none."""
    if len(unequal) < 2:
        return False
    place, *others = unequal
    if noise is not None and walk.scope.shared_state and _is_new(noise, cand[place], others):
        return False
    item, below = read_whole(cand[place]), descend(rules, place)
    return any(
        walk.agrees(pairs[index][0], read_whole(pairs[index][1]), item, below) for index in others
    )


def _is_new(rows: PairedRows, item: dict[str, Any], others: list[int]) -> bool:
    """Whether an item has an id that none of some other rows has, of those that do not change
    within a run: it has come from none of their places.
    """
    for column in columns_of(rows.mask):
        if column.kind is not None and column.kind.per_run:
            value = item.get(column.name)
            if all(rows[index].get(column.name) != value for index in others):
                return True
    return False


def _read_at(places: list[int], pairs: list[Pair], cand: list[Any]) -> tuple[list[Pair], list[Any]]:
    """Read what is unread in some of the items: what one of them is may stand at another place."""
    pairs, cand = pairs.copy(), cand.copy()
    for index in places:
        mask, value = pairs[index]
        pairs[index], cand[index] = (mask, read_whole(value)), read_whole(cand[index])
    return pairs, cand


def _own_rows(walk: Walk, rows: list[Any]) -> OwnRows | None:
    """Return what matches rows of earlier tests; None where both sides look at the same rows."""
    if not walk.scope.own_ids or walk.scope.in_request or walk.probing:
        return None
    return OwnRows.of(walk.scope, rows)


def _rows_of_others(
    walk: Walk, pairs: list[Pair], cand: list[Any], path: Path, rules: Active | None
) -> bool:
    """Compare rows that earlier tests left, each side in an order of its own; False for others."""
    own = _own_rows(walk, [value for _, value in pairs])
    if own is None:
        return False
    unequal = [i for i, (_, value) in enumerate(pairs) if value != cand[i]]
    if not any(
        own.is_of_others(pairs[i][1]) or own.is_of_an_earlier_test(pairs[i][1], cand[i])
        for i in unequal
    ):
        return False  # a row's place is all that tells which it is
    pairs, cand = _read_at(unequal, pairs, cand)
    whole = [value for _, value in pairs]
    mask = union([pairs[i][0] for i in unequal])
    sources = own.partners(mask, whole, cand, unequal, unequal)
    mixed = walk.scope.others_write or are_on_a_page(walk.scope, path, len(cand), sources)
    if any(ours != theirs for theirs, ours in sources.items()):
        at_rest = [(index, index) for index in range(len(cand)) if index not in unequal]
        moved = [(ours, theirs) for theirs, ours in sources.items()]
        order = own.order_of(whole, cand, moved + at_rest, made=walk.scope.made)
        shown = [whole[i] for i in unequal], [cand[i] for i in unequal]
        tell_order(walk, order, path, *shown)
    else:
        hold_count(walk, whole, cand, sources, path)
    taken = set(sources.values())
    left_over = [index for index in unequal if index not in taken]
    alone = [index for index in unequal if index not in sources]
    is_cut = are_cut_off(own, walk, path, mask, (whole, cand), (left_over, alone))
    lonely = dict(zip(alone, left_over, strict=True))
    sources |= lonely
    for index, item in enumerate(cand):
        if is_cut and index in lonely:
            continue
        mask, value = pairs[sources.get(index, index)]
        foreign = mixed and index in lonely and own.are_foreign(value, item)
        if foreign and not (lonely == {index: index} and _is_no_row(index, whole)):
            walk.leave_open(path, SOMEBODY_ELSE)
        else:
            own.visit(walk, mask, value, item, (path, index), descend(rules, index))
    return True


def _is_no_row(index: int, items: list[Any]) -> bool:
    """Whether an item is made otherwise than all beside it: a part of a page, which holds rows."""
    others = [set(one) for at, one in enumerate(items) if at != index and isinstance(one, dict)]
    item = items[index]
    holds_rows = isinstance(item, dict) and any(isinstance(one, list) for one in item.values())
    return holds_rows and bool(others) and all(set(item) != one for one in others)


def _permutation(
    walk: Walk, pairs: list[Pair], cand: list[Any], unequal: list[int], rules: Active | None
) -> dict[int, int]:
    """For each unequal place of the candidate the place it came from; empty if items differ."""
    shared = union([pairs[i][0] for i in unequal], held=walk.scope.shared_state)
    places: dict[Hashable, list[int]] = {}
    for index in reversed(unequal):
        places.setdefault(key_of(shared, pairs[index][1]), []).append(index)
    moved: dict[int, int] = {}
    for index in unequal:
        sources = places.get(key_of(shared, cand[index]))
        if not sources:
            return {}
        moved[index] = sources.pop()
    for index, source in moved.items():
        mask, value = pairs[source]
        if not walk.agrees(mask, value, cand[index], descend(rules, index)):
            return {}
    return moved


def _aligned(
    walk: Walk, pairs: list[Pair], cand: list[Any], path: Path, rules: Active | None
) -> None:
    """Compare arrays of different length: one `length`, and what differs in the items left."""
    if walk.probing:
        walk.report(Kind.LENGTH, path, "")
        return
    start = 0
    shorter = min(len(pairs), len(cand))
    while start < shorter and walk.agrees(*pairs[start], cand[start], descend(rules, start)):
        start += 1
    end = 0
    while end < shorter - start and walk.agrees(
        *pairs[-1 - end], cand[-1 - end], descend(rules, len(cand) - 1 - end)
    ):
        end += 1
    matched = {index: index for index in range(start)}
    matched |= {len(cand) - 1 - k: len(pairs) - 1 - k for k in range(end)}
    left = range(start, len(pairs) - end)
    right = range(start, len(cand) - end)
    inner = _matched(walk, pairs, cand, left, right)
    if (both := sorted(inner.items())) != sorted(inner.items(), key=itemgetter(1)):
        whole = [value for _, value in pairs]
        order = order_of(
            whole, cand, [(ours, theirs) for theirs, ours in both], made=walk.scope.made
        )
        shown = [whole[ours] for _, ours in both], [cand[theirs] for theirs, _ in both]
        tell_order(walk, order, path, *shown)
    taken = set(inner.values())
    lonely_left = [i for i in left if i not in taken]
    lonely_right = [i for i in right if i not in inner]
    matched |= inner
    matched |= dict(zip(lonely_right, lonely_left, strict=False))
    spare = min(len(lonely_left), len(lonely_right))
    walk.report(
        Kind.LENGTH,
        path,
        "longer" if len(cand) > len(pairs) else "shorter",
        [pairs[i][1] for i in lonely_left[spare:]] or [value for _, value in pairs],
        [cand[i] for i in lonely_right[spare:]] or cand,
    )
    for index, source in sorted(matched.items()):
        walk.visit(*pairs[source], cand[index], (path, index), descend(rules, index))


def _matched(
    walk: Walk, pairs: list[Pair], cand: list[Any], left: range, right: range
) -> dict[int, int]:
    """Candidate items that are baseline items by all that is not volatile."""
    if not left or not right:
        return {}
    shared = union([pairs[i][0] for i in left], held=walk.scope.shared_state)
    places: dict[Hashable, list[int]] = {}
    for index in reversed(left):
        places.setdefault(key_of(shared, pairs[index][1]), []).append(index)
    found: dict[int, int] = {}
    for index in right:
        sources = places.get(key_of(shared, cand[index]))
        if sources:
            found[index] = sources.pop()
    return found
