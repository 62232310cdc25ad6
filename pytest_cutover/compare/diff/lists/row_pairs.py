"""Which row of the candidate's list is which of the baseline's, with a key for each row. Pure.

Rows are matched by what they hold, with values of the baseline translated to those of the
candidate; what is left by the id or the code that names them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import OrderTold, holds_code, order_of
from pytest_cutover.compare.diff.lists import bare_ids, between_rounds
from pytest_cutover.compare.diff.lists.alike_rows import ids_of_others
from pytest_cutover.compare.diff.lists.own_rows import (
    NOBODY,
    SOMEBODY_ELSE,
    Foreign,
    OwnRows,
)
from pytest_cutover.compare.diff.lists.page_edge import (
    are_cut_off,
    are_on_a_page,
)
from pytest_cutover.compare.diff.lists.row_shapes import is_like_one_of, shape_of
from pytest_cutover.compare.diff.lists.row_words import drawn_by
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import (
    ids_of,
    is_made,
    key_of,
    leaves,
    names_an_id,
    spaced_alike,
)
from pytest_cutover.compare.noise.rules import Active
from pytest_cutover.normalize.matchers import EXACT, Pattern
from pytest_cutover.normalize.substitution import CODE

_SOME_ID = "\ufdd0some id\ufdd1"
_OWN_IDS = ("id", "_id", "pk")


class RowPairs:
    """The rows of two lists, with a key for each."""

    def __init__(self, walk: Walk, mask: Pattern, base: list[Any], cand: list[Any]) -> None:
        self._walk, self._mask = walk, mask
        self._values = walk.scope.values
        self._base, self._cand = base, cand
        self._ids_shown: set[tuple[str, str | None]] | None = None
        self.right = [self._key_of_candidate(row) for row in cand]
        self._many = Counter(self.right)
        shown = [key_of(mask, row, self._as_shown_now) for row in base]
        claimed = set(shown)
        self.left = [
            self._key_of_baseline(row, key, claimed) for row, key in zip(base, shown, strict=True)
        ]
        if walk.scope.own_ids:
            self._know_themselves()
        self._shown = self.right
        if walk.scope.own_ids and walk.scope.others_write:
            self.left, self.right = (
                [
                    (key, ids)
                    if (ids := ids_of_others(row, self._values, is_candidate=is_cand))
                    else key
                    for key, row in zip(keys, side, strict=True)
                ]
                for keys, side, is_cand in ((self.left, base, False), (self.right, cand, True))
            )
        self._at_the_edges = self._unknown_at_the_edges()
        self._own = OwnRows.of(walk.scope, base) if walk.scope.own_ids else None
        self._later: frozenset[Hashable] | None = None
        self._has_later = False
        self._beside: frozenset[Hashable] | None = None
        self._is_alone = False

    def elsewhere(self, matched: dict[int, int]) -> dict[int, int]:
        """Return rows that both sides show, at places whose order is another."""
        ours, theirs = self.lonely(matched)
        places: dict[Hashable, list[int]] = {}
        for index in reversed(ours):
            places.setdefault(self.left[index], []).append(index)
        found = {}
        for index in theirs:
            sources = places.get(self.right[index])
            if sources:
                found[index] = sources.pop()
        return found

    def of_others(self, matched: dict[int, int], written: Pattern) -> dict[int, int]:
        """Return the rows of earlier tests on each side's own data, by all that is not chance."""
        if self._own is None:
            return {}
        self._own.see_written(written)
        lonely = self.lonely(matched)
        return self._own.of_others(self._mask, self._base, self._cand, *lonely, written)

    def order(self, matched: dict[int, int]) -> OrderTold:
        """Return what the order of the rows says, by what chance drew in them."""
        pairs = [(ours, theirs) for theirs, ours in matched.items()]
        rows, made = (self._base, self._cand), self._walk.scope.made
        if self._own is None:
            return order_of(*rows, pairs, made=made, is_drawn=drawn_by(self._values))
        return self._own.order_of(*rows, pairs, made=made)

    def was_written(self, ours: int) -> bool:
        """Whether the suite wrote a row of the baseline, and its partner on the other side.

        This test itself, or an earlier one on data of each side's own.
        """
        row = self._base[ours]
        return is_made(row) or (self._own is not None and self._own.is_of_others(row))

    def hold_still(self, ours: int, theirs: int, path: Path) -> bool:
        """Whether two rows are one row of shared data, by an id that both show, and it is the same
        each time, as far as the baseline's rounds tell: in a first round nothing does.
        """
        scope, row, other = self._walk.scope, self._base[ours], self._cand[theirs]
        if not scope.shared_state or scope.same_side or self.was_written(ours):
            return False
        named = (
            isinstance(row, dict)
            and isinstance(other, dict)
            and any(
                names_an_id(key) and item and item == other.get(key) for key, item in row.items()
            )
        )
        if named and self._beside is None:
            beside = scope.rows_beside_at(path)
            self._beside = frozenset(key_of(EXACT, one) for one in beside or ())
            self._is_alone = beside is None
        return named and (self._is_alone or key_of(EXACT, row) in (self._beside or ()))

    def visit(
        self, mask: Pattern, ours: int, theirs: int, path: Path, rules: Active | None
    ) -> None:
        """Compare two rows that are one."""
        base, cand = self._base[ours], self._cand[theirs]
        if self._own is None or is_made(base):
            self._walk.visit(mask, base, cand, path, rules)
        else:
            self._own.visit(self._walk, mask, base, cand, path, rules)

    def shown(self, ours: int, theirs: int) -> tuple[Walk, Any]:
        """Return the walk that compares two rows that are one, and the baseline's row for it."""
        base, below = self._base[ours], self._walk.below()
        if self._own is None or is_made(base):
            return below, base
        shown = self._own.as_shown(base, self._cand[theirs])
        if shown is not base:
            below.scope = replace(
                self._walk.scope, own_ids=False, known_ids=self._walk.scope.own_ids
            )
        return below, shown

    def of_somebody_else(
        self, matched: dict[int, int], others: dict[int, int], path: Path
    ) -> Foreign:
        """Return the rows that others wrote to each side's data and that no row tells from a fault.

        They are left open: rows in a code's name that no test of this process made, any number
        where others write at the same time, and as many on each side of a full page where `others`
        that both sides show were written in another order.
        """
        if self._own is None or not self._cand:
            return NOBODY
        rows, lonely = (self._base, self._cand), self.lonely(matched)
        unnamed = self.lonely(matched | self.by_identity(matched, NOBODY))
        if are_cut_off(self._own, self._walk, path, self._mask, rows, unnamed):
            return Foreign(*map(frozenset, unnamed))
        foreign = [
            [index for index in places if self._own.is_foreign(side[index])]
            for side, places in zip(rows, lonely, strict=True)
        ]
        shapes = set(map(shape_of, self._base))
        foreign[1] = [index for index in foreign[1] if shape_of(self._cand[index]) in shapes]
        scope, size = self._walk.scope, len(self._base)
        alike = size == len(self._cand) and len(foreign[0]) == len(foreign[1])
        may_be = scope.others_write or (alike and are_on_a_page(scope, path, size, others))
        if not (any(foreign) and may_be):
            return NOBODY
        self._walk.leave_open(path, SOMEBODY_ELSE)
        return Foreign(*map(frozenset, foreign))

    def by_identity(self, matched: dict[int, int], foreign: Foreign) -> dict[int, int]:
        """Return rows that are named alike and differ in something else."""
        ours, theirs = self.lonely(matched, foreign)
        found: dict[int, int] = {}
        taken: set[int] = set()
        # What the test made names its own row, whatever other row has the baseline's id here.
        for names in (self._codes, self._ids):
            named: dict[Hashable, int] = {}
            for index in reversed(ours):
                if index not in taken:
                    named.update(dict.fromkeys(names(self._base[index], True), index))
            for index in theirs:
                shown = () if index in found else names(self._cand[index], False)
                free = [named[name] for name in shown if name in named and named[name] not in taken]
                if free:
                    found[index] = free[0]
                    taken.add(free[0])
        return found

    def lonely(
        self, matched: dict[int, int], foreign: Foreign = NOBODY
    ) -> tuple[list[int], list[int]]:
        """Return the rows of each side that have no partner yet, and are not left open."""
        taken = {*matched.values(), *foreign.ours}
        known = {*matched, *foreign.theirs}
        ours = [index for index in range(len(self._base)) if index not in taken]
        return ours, [index for index in range(len(self._cand)) if index not in known]

    def is_explained(self, index: int, path: Path) -> bool:
        """Whether a row of the candidate alone is one that somebody wrote meanwhile."""
        key = self._shown[index]
        if self._many[key] > 1:  # the same row twice was written by nobody
            alike = [row for row, one in zip(self._cand, self._shown, strict=True) if one == key]
            return between_rounds.came_meanwhile(self._walk, self._base, alike, path)
        if self._base and not is_like_one_of(self._base, self._cand[index]):
            return False
        if self._walk.scope.shared_state and self._was_written(self._cand[index]):
            return True
        if self._later is None:
            rows = self._walk.scope.rows_later_at(path)
            if rows and bare_ids.are_rows(self._cand):
                rows = bare_ids.rows(rows)
            later, _ = spaced_alike(rows or [], rows or [])
            self._later = frozenset(map(self._key_of_candidate, later))
            self._has_later = rows is not None
        if self._has_later:
            return key in self._later
        is_last = self._walk.scope.is_last_round and not self._walk.scope.own_ids
        # A list that is sorted by name has new rows of others wherever their names fall, and what
        # this test wrote on the baseline stands beside what it wrote on the candidate.
        return is_last and (
            index in self._at_the_edges
            or holds_code(self._cand[index])
            or any(self._key_of_candidate(row) == key for row in self._base)
        )

    def _unknown_at_the_edges(self) -> set[int]:
        """Return the rows at both ends of the candidate's list that the baseline does not show.

        What the test itself wrote on both sides may stand among them: it came later. So may what
        is no row, as the head of a table or the title of a feed.
        """
        known, found = set(self.left), set[int]()
        for places in (range(len(self.right)), range(len(self.right) - 1, -1, -1)):
            for index in places:
                if self.right[index] not in known:
                    found.add(index)
                elif not (
                    self._is_head(index) or bare_ids.is_of_test(self._cand[index], self._values)
                ):
                    break
        return found

    def _is_head(self, index: int) -> bool:
        """Whether an item of the candidate's list, as the baseline's has it there, is no row."""
        item, usual = self._cand[index], self._cand[len(self._cand) // 2]
        if index >= len(self.left) or self.left[index] != self.right[index]:
            return False
        is_table = index == 0 and isinstance(item, list) and all(isinstance(c, str) for c in item)
        return is_table or shape_of(item) != shape_of(usual)

    def without_the_edge(
        self, ours: list[int], matched: dict[int, int], came: set[int], path: Path
    ) -> list[int]:
        """Return the missing rows, but for those that a page has no room for any more.

        As many go at one end as came before them, of rows that are alike any; a list that is longer
        in the baseline's other round is no full page.
        """
        size = len(self._cand)
        if not came or len(self._base) > size or not matched:
            return ours
        beside = self._walk.scope.rows_beside_at(path)
        if beside is not None and len(beside) != size:
            return ours
        spare = size - len(self._base)  # of a page that was not full yet
        # Of rows that are alike but for their times those that came may be any.
        slid = {index for index in came if self._many[self._shown[index]] > 1}
        above = {index for index in came if index < max(matched)} | slid
        room, last = len(above) - spare, len(self._base) - 1
        while room > 0 and ours and self.left[ours[-1]] == self.left[last]:
            ours, last, room = ours[:-1], last - 1, room - 1
        first = next((at for at in range(size) if not self._is_head(at)), 0)
        room = len({index for index in came if index > min(matched)} | slid) - spare
        while room > 0 and ours and self.left[ours[0]] == self.left[first]:
            ours, first, room = ours[1:], first + 1, room - 1
        return ours

    # -- keys

    def _key_of_baseline(self, row: Any, shown: Hashable, claimed: set[Hashable]) -> Hashable:
        """Return what the candidate would show: the same row, or the one that stands for it.

        A row of the baseline is itself in its next round, and on shared data on both sides, but for
        what this test wrote itself on each; on data of its own every row has a partner. `claimed`
        rows are shown as they are: one stands for itself, not for one that has left the page.
        """
        if self._walk.scope.same_side and (itself := self._key_of_candidate(row)) in self._many:
            return itself
        if not self._walk.scope.own_ids:
            if shown in self._many:
                return shown
            if not self._is_of_test(row) and (itself := self._key_of_candidate(row)) in self._many:
                return itself  # of the second in which this test wrote its own
        partner = key_of(self._mask, row, self._as_candidate)
        if partner in self._many:
            return shown if not self._walk.scope.own_ids and partner in claimed else partner
        return shown if shown in self._many or not self._walk.scope.own_ids else partner

    def _key_of_candidate(self, row: Any) -> Hashable:
        return key_of(self._mask, row, self._as_it_is)

    def _know_themselves(self) -> None:
        """Give one key to rows that are the same on both sides, with an id that this test was given
        for a thing of another kind.
        """
        sides = (self.left, self._base), (self.right, self._cand)
        known = set(self.left) & set(self.right)
        lonely = [
            {
                key_of(EXACT, row): at
                for at, (key, row) in enumerate(zip(keys, rows, strict=True))
                if key not in known and not self._is_of_test(row)
            }
            for keys, rows in sides
        ]
        for itself in lonely[0].keys() & lonely[1].keys():
            for (keys, _), places in zip(sides, lonely, strict=True):
                keys[places[itself]] = itself

    def _is_of_test(self, row: Any) -> bool:
        """Whether this test made a row of the baseline, by a code in it or an id of it.

        Things of two kinds are numbered alike: an id is of another kind where the list has a row
        with its partner too.
        """
        if self._ids_shown is None:
            self._ids_shown = {
                (name, text_of(value)) for one in self._base for name, value in ids_of(one)
            }
        return is_made(row) or any(
            (partner := self._as_shown_now(name, value)) != text_of(value)
            and (name, partner) not in self._ids_shown
            for name, value in leaves(row)
            if names_an_id(name)
        )

    def _as_shown_now(self, name: str, value: Any) -> Any:
        text = text_of(value)
        if text is None:
            return value
        partner = self._values.given_now(name, text)
        if partner is not None and not (isinstance(value, bytes) and not names_an_id(name)):
            return partner
        return text if names_an_id(name) else value

    def _as_candidate(self, name: str, value: Any) -> Any:
        own = text_of(value)
        partner = None if own is None else self._values.weak.get((name, own))
        if isinstance(value, str):
            value = self._values.translate(value)
        text = text_of(value)
        if partner is not None and (self._walk.scope.own_ids or names_an_id(name)):
            return partner  # a name too: it may be too short to stand for it everywhere
        if text is None or not names_an_id(name):
            return value
        if not self._walk.scope.own_ids:
            return text
        # As it is it would be the candidate's id of another row.
        return text if text != own and self._values.is_partner(name, text) else _SOME_ID

    def _as_it_is(self, name: str, value: Any) -> Any:
        text = text_of(value)
        if text is None or not names_an_id(name):
            return value
        known = self._values.is_partner(name, text) or not self._walk.scope.own_ids
        return text if known else _SOME_ID

    def _codes(self, row: Any, of_baseline: bool) -> Iterator[Hashable]:
        """Yield the codes that this run made in a row, with the names of their members."""
        for name, value in leaves(row):
            if isinstance(value, str) and (CODE.search(value) or self._values.holds_made(value)):
                yield name, value
                if of_baseline:
                    yield name, self._values.translate(value)

    def _ids(self, row: Any, of_baseline: bool) -> Iterator[Hashable]:
        """Yield the members of a row that are called like ids, and what is one in any column.

        One that has an id of its own is named by that, and not by what it refers to.
        """
        own = isinstance(row, dict) and [(name, row[name]) for name in _OWN_IDS if name in row]
        for name, value in own or ids_of(row):
            if text_of(value) is not None:
                known = (self._as_candidate if of_baseline else self._as_it_is)(name, value)
                yield from [(name, known)] if known != _SOME_ID else ()

    def _was_written(self, row: Any) -> bool:
        """Whether a row holds something that this run gave the baseline, or was given by it."""
        return any(self._values.is_of_run(name, value) for name, value in leaves(row))
