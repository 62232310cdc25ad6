"""Two recorded values to one pattern: the walk behind `noise.learn`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pytest_cutover.compare.noise.facts import RecordingFacts
from pytest_cutover.compare.noise.formats import RANDOM_UUID
from pytest_cutover.compare.noise.leaf_learner import LeafLearner
from pytest_cutover.compare.noise.lists import columns, drawn_keys, keyed_objects
from pytest_cutover.compare.noise.lists.identity_key import (
    alike,
    all_alike,
    at,
    permuted,
    skeleton,
)
from pytest_cutover.compare.noise.lists.loose_members import loose_cells, loose_members
from pytest_cutover.compare.noise.lists.rows import (
    are_cells,
    by_words,
    codes_of_rows,
    ids_of,
    in_another_order,
    in_order,
    is_an_id,
    is_made,
    key_of,
    names_of,
    of_their_kind,
    shifted,
    skeletons,
    spaced_alike,
    union,
    went_on,
    without_growth,
)
from pytest_cutover.compare.noise.rules import Active, Mode, descend, split
from pytest_cutover.normalize.matchers import (
    EXACT,
    NOISY,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    items_of,
    members_of,
    optional_of,
)


class Learner(LeafLearner):
    """Merges the values of two recordings, place by place."""

    def merge(
        self,
        a: Pattern,
        b: Pattern,
        earlier: Pattern = None,
        rules: Active | None = None,
        *,
        are_alike: bool = False,
    ) -> Pattern:
        """Return the pattern that both values follow; `are_alike`: they are known to be so."""
        if type(a) not in NOISY and a == b and type(a) is type(b):
            if earlier is None:
                return self._steady(a)
            if not self._secrets and type(earlier) not in NOISY and a == earlier:
                return a  # it was a literal, and still is
        if keyed_objects.is_pattern(a) or keyed_objects.is_pattern(b):
            return self._keyed_patterns(a, b)
        if isinstance(a, ObjectPattern | dict) and isinstance(b, ObjectPattern | dict):
            return self._objects(a, b, earlier, rules, are_alike=are_alike)
        if isinstance(a, list) and isinstance(b, list):
            return self._arrays(a, b, earlier, rules, are_alike=are_alike)
        if isinstance(a, ArrayOf | ArrayPattern) or isinstance(b, ArrayOf | ArrayPattern):
            return self._array_patterns(a, b)
        if isinstance(a, str) and isinstance(b, str):
            return self._strings(a, b, earlier)
        return self._scalars(a, b, earlier)

    def _steady(self, value: Pattern) -> Pattern:
        """Return what both recordings hold alike, with symbols for what plainly is of this run.

        A value in which there is nothing of that kind is returned as it is.
        """
        if isinstance(value, str):
            secret = self._secret(value, value)
            return self._stable_string(value, None) if secret is None else secret
        if isinstance(value, dict):
            members = self._noisy(value.items())
            return ObjectPattern({**value, **members}) if members else value
        if isinstance(value, list):
            loose = loose_members(value, value, [None] * len(value), self._are_literal)
            if loose is not None:
                ids = self._random_ids(value, value, loose)
                return self._plain_or_pattern([self._steady_row(row, loose, ids) for row in value])  # type: ignore[arg-type]  # they are rows
            items = self._noisy(enumerate(value))
            return self._plain_or_pattern([items.get(i, one) for i, one in enumerate(value)])
        if isinstance(value, bytes) and not self._is_literal(value):
            return self._scalars(value, value, None)
        return value

    def _noisy(self, places: Iterable[tuple[Any, Any]]) -> dict[Any, Pattern]:
        """Return the places, of values that held, that are of this run, with their symbols."""
        found = {}
        is_literal = self._is_literal
        for place, item in places:
            if is_literal(item):
                continue
            symbol = self._steady(item)
            if type(symbol) in NOISY:
                found[place] = symbol
        return found

    # -- rows of a table, of which few members need a look

    def _steady_row(
        self, row: dict[str, Any], loose: Sequence[str], ids: frozenset[str]
    ) -> Pattern:
        found: dict[str, Pattern] = {}
        for name in loose:
            value = row[name]
            if name in ids and value not in self._first.sent:
                number = self._class_of((value, value), None)
                found[name] = Placeholder((RANDOM_UUID,), number, per_run=True)
            else:
                found |= self._noisy([(name, value)])
        return ObjectPattern({**row, **found}) if found else row

    def _loose(self, a: list[Any], b: list[Any], earlier: Pattern) -> tuple[str, ...] | None:
        """Return the members of two lists of rows to be looked into; None for all of any others."""
        if isinstance(earlier, ArrayOf) or (earlier is not None and self._secrets):
            return None
        return loose_members(a, b, items_of(earlier, len(a)), self._are_literal)

    def _row(
        self,
        a: dict[str, Any],
        b: dict[str, Any],
        earlier: Pattern,
        loose: Sequence[str],
        ids: frozenset[str],
    ) -> Pattern:
        members, old = {**a}, members_of(earlier)
        is_plain, is_known = True, type(earlier) is ObjectPattern and [*old] == [*a]
        for name in loose:
            one, other = a[name], b[name]
            if name in ids and one != other:
                usual = self._usual_ids(one, other, old.get(name), RANDOM_UUID)
                symbol = usual or self._strings(one, other, old.get(name))
            elif type(one) is type(other) is str and one != other:
                symbol = self._strings(one, other, old.get(name))
            elif old or type(one) is not type(other) or one != other or not self._is_literal(one):
                symbol = self.merge(one, other, old.get(name), are_alike=True)
            else:
                symbol = one
            members[name] = symbol
            is_plain = is_plain and type(symbol) not in NOISY
            is_known = is_known and symbol is old[name]
        if is_known and not is_plain:
            return earlier  # the other members still are what they were
        return members if is_plain else ObjectPattern(members)

    def _equal_row(
        self,
        a: dict[str, Any],
        b: dict[str, Any],
        earlier: Pattern,
        loose: Sequence[str],
        ids: frozenset[str],
    ) -> Pattern:
        if earlier is None:
            return self._steady_row(a, loose, ids)
        if type(earlier) not in NOISY and a == earlier:
            return a
        return self._row(a, b, earlier, loose, ids)

    def _plain_or_pattern(self, items: list[Pattern], *, unordered: bool = False) -> Pattern:
        if not unordered and NOISY.isdisjoint(map(type, items)):
            return items
        return ArrayPattern(tuple(items), unordered)

    # -- containers

    def _objects(
        self,
        a: Pattern,
        b: Pattern,
        earlier: Pattern,
        rules: Active | None,
        *,
        are_alike: bool = False,
    ) -> Pattern:
        if (
            isinstance(a, dict)
            and isinstance(b, dict)
            and (keyed_objects.is_pattern(earlier) or keyed_objects.is_keyed(a, b))
        ):
            return self._keyed(a, b, earlier)
        left, right, old = members_of(a), members_of(b), members_of(earlier)
        names = drawn_keys.names_in(left, right) if left.keys() != right.keys() else {}
        known = drawn_keys.names_in(old, left) if names or optional_of(earlier) else {}
        if not names and not optional_of(earlier).issuperset(known.values()):
            known = {}  # the same in these two recordings
        names = {key: known.get(one, one) for key in right for one in [names.get(key, key)]}
        left, right = drawn_keys.renamed(known, left), drawn_keys.renamed(names, right)
        drawn = {*known.values(), *(one for key, one in names.items() if key != one)}
        optional = (optional_of(a) | optional_of(b)) & (left.keys() | right.keys())
        optional |= (left.keys() ^ right.keys()) | drawn
        members: dict[str, Pattern] = {**left, **right, **left} if optional else {**left}
        for key, one in members.items():
            other = right.get(key, one)
            if not old and type(one) is type(other) and one == other and self._is_literal(one):
                continue
            below = descend(rules, key) if rules is not None else None
            members[key] = self.merge(one, other, old.get(key), below, are_alike=are_alike)
        for key in optional_of(earlier):
            optional |= {key}
            members.setdefault(key, old[key])
        if not optional and NOISY.isdisjoint(map(type, members.values())):
            return members
        return ObjectPattern(members, frozenset(optional))

    def _keyed(self, a: dict[str, Any], b: dict[str, Any], earlier: Pattern) -> ArrayOf:
        ours, theirs = keyed_objects.rows(a), keyed_objects.rows(b)
        known = keyed_objects.known_rows(earlier) if keyed_objects.is_pattern(earlier) else []
        grown = self._grown(self.each([*known, *ours, *theirs]), ours, theirs, earlier)
        return replace(grown, unordered=True, keyed=True)

    def _keyed_patterns(self, a: Pattern, b: Pattern) -> Pattern:
        both = (a, b)
        if not all(map(keyed_objects.may_be_keyed, both)):
            return self._scalars(a, b, None)
        shape = self.each([row for value in both for row in keyed_objects.known_rows(value)])
        return replace(shape, keyed=True)

    def _arrays(
        self,
        a: list[Any],
        b: list[Any],
        earlier: Pattern,
        rules: Active | None,
        *,
        are_alike: bool = False,
    ) -> Pattern:
        if are_alike and rules is None and not isinstance(earlier, ArrayOf):
            unordered = isinstance(earlier, ArrayPattern) and earlier.unordered
            return self._in_place(a, b, items_of(earlier, len(a)), unordered=unordered)
        loose = self._loose(a, b, earlier) if rules is None else None
        is_new = loose is None and rules is None and earlier is None
        cells = loose_cells(a, b, self._are_literal) if is_new else None
        ids: frozenset[str] = frozenset()
        if loose is not None:
            ids = self._random_ids(a, b, loose)
            others = [name for name in loose if name not in ids]
            in_place = all(
                all_alike([row[name] for row in a], [row[name] for row in b]) for name in others
            )
        elif cells is not None:
            in_place = all(
                all_alike([row[place] for row in a], [row[place] for row in b]) for place in cells
            )
        else:
            in_place = are_alike or are_cells(a, b)
            in_place = in_place or (len(a) == len(b) and all(map(alike, a, b)))
        keys = skeletons(a, b) if len(a) == len(b) and not in_place else None
        if (
            isinstance(earlier, ArrayOf)
            or len(a) != len(b)
            or (keys and shifted(*keys))
            or went_on(a, b)
        ):
            known = earlier.item if isinstance(earlier, ArrayOf) else None
            shape = self.each([*a, *b] if known is None else [known, *a, *b])
            return self._grown(shape, *spaced_alike(a, b), earlier)
        unordered = isinstance(earlier, ArrayPattern) and earlier.unordered
        old = items_of(earlier, len(a))
        rule = next((r for r in rules.here if r.mode is Mode.UNORDERED), None) if rules else None
        key = split(rule.key) if rule is not None else ()
        if key and old != a:
            # In the order of the earlier recording: its noise stays with its item, and a golden
            # that is recorded again changes no more than it must.
            keys = None  # the rows get another order
            mine = [skeleton(at(item, key)) for item in a]
            then = [skeleton(at(members_of(item), key)) for item in old]
            if Counter(mine) == Counter(then):
                a = permuted(a, mine, then)
            else:
                old = [None] * len(a)
        apart = []
        if key or not in_place:
            apart = [index for index, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(apart) > 1:  # one alone changes places with nobody
            if keys is not None and not key:
                left, right = ([side[index] for index in apart] for side in keys)
            else:
                left = [skeleton(at(a[index], key)) for index in apart]
                right = [skeleton(at(b[index], key)) for index in apart]
            has_moved = left != right and Counter(left) == Counter(right)
            if left != right and not has_moved and not key:
                left, right = (codes_of_rows(side[index] for index in apart) for side in (a, b))
                has_moved = left != right and Counter(left) == Counter(right)
            if has_moved:
                unordered = unordered or rule is None
                moved = permuted([b[index] for index in apart], right, left)
                b = list(b)
                for index, item in zip(apart, moved, strict=True):
                    b[index] = item
        in_place = in_place and not key
        if in_place and loose is not None:
            found = [
                self._row(x, y, e, loose, ids) if x != y else self._equal_row(x, y, e, loose, ids)
                for x, y, e in zip(a, b, old, strict=True)
            ]
            return self._plain_or_pattern(columns.completed(found, loose), unordered=unordered)
        if in_place and cells is not None:
            found = [self._cells(x, y, cells) for x, y in zip(a, b, strict=True)]
            return self._plain_or_pattern(columns.completed(found, cells))
        items = columns.completed(
            [
                self.merge(x, y, e, rules and descend(rules, index), are_alike=in_place)
                for index, (x, y, e) in enumerate(zip(a, b, old, strict=True))
            ]
        )
        return self._plain_or_pattern(items, unordered=unordered)

    def _cells(self, a: list[Any], b: list[Any], loose: Sequence[int]) -> Pattern:
        """Return the row of two whose cells are alike; all but some are literals."""
        if a == b:
            return self._steady(a)
        items = a.copy()
        for place in loose:
            one, other = a[place], b[place]
            if type(one) is type(other) is str and one != other:
                items[place] = self._strings(one, other, None)
            elif one != other or type(one) is not type(other) or not self._is_literal(one):
                items[place] = self.merge(one, other, are_alike=True)
        return self._plain_or_pattern(columns.completed(items))

    def _in_place(
        self, a: list[Any], b: list[Any], earlier: list[Pattern], *, unordered: bool
    ) -> Pattern:
        """Return the array of two whose items are alike, place by place."""
        items = columns.completed(
            [
                x
                if e is None and x == y and type(x) is type(y) and self._is_literal(x)
                else self.merge(x, y, e, are_alike=True)
                for x, y, e in zip(a, b, earlier, strict=True)
            ]
        )
        return self._plain_or_pattern(items, unordered=unordered)

    def _grown(
        self, shape: ArrayOf, a: list[Any], b: list[Any], earlier: Pattern = None
    ) -> ArrayOf:
        """Return the array with what varies within one row that both recordings show, and their
        order.

        What `earlier` recordings of this run showed of it goes on.
        """
        before = earlier if isinstance(earlier, ArrayOf) else ArrayOf()
        pairs = in_order([skeleton(row) for row in a], [skeleton(row) for row in b])
        ours, theirs = {one for one, _ in pairs}, {other for _, other in pairs}
        named: dict[tuple[str, Any], int] = {}
        for index in reversed(range(len(b))):
            if index not in theirs:
                named.update((name, index) for name in names_of(b[index]))
        for index in range(len(a)):
            if index not in ours:
                other = next((named[name] for name in names_of(a[index]) if name in named), None)
                if other is not None:
                    pairs.append((index, other))
        if len(pairs) < len(a):
            known = {one for one, _ in pairs}
            pairs += [pair for pair in by_words(a, b) if pair[0] not in known]
        summaries = [pair for pair in of_their_kind(a, b) if pair not in pairs]
        outer, self._generalising = self._generalising, True
        inner, self._in_row = self._in_row, True
        try:
            more = len(b) - len(a)
            rows = [(a[one], b[other]) for one, other in pairs] + [
                (a[one], without_growth(a[one], b[other], more)) for one, other in summaries
            ]
            changed = [
                (one, other, self.merge(one, other))
                for one, other in rows
                if one != other and not is_an_id(one)
            ]
            varying: Pattern = union([before.row, *(pattern for *_, pattern in changed)])
            are_kept = bool(changed) and _keep_ids(a, b)
            same: Pattern = union(
                [
                    before.same,
                    *(
                        pattern
                        for one, other, pattern in changed
                        if not (is_made(one) or (are_kept and ids_of(one) != ids_of(other)))
                    ),
                ]
            )
        finally:
            self._generalising, self._in_row = outer, inner
        moved = before.unordered or in_another_order(a, b, pairs + summaries)
        return ArrayOf(shape.item, varying, same, moved)

    def each(self, items: list[Pattern]) -> ArrayOf:
        """Return the shape that all items have."""
        outer, self._generalising = self._generalising, True
        inner, self._in_row = self._in_row, False
        try:
            shape: Pattern = None
            for index, item in enumerate(items):
                shape = self.merge(item, item) if index == 0 else self.merge(shape, item)
            return ArrayOf(shape if items else None)
        finally:
            self._generalising, self._in_row = outer, inner

    def _array_patterns(self, a: Pattern, b: Pattern) -> Pattern:
        both = (a, b)
        if not all(isinstance(x, list | ArrayOf | ArrayPattern) for x in both):
            return self._scalars(a, b, None)
        items: list[Pattern] = []
        for value in both:
            if isinstance(value, ArrayOf):
                items += [] if value.item is None else [value.item]
            else:
                items += value.items if isinstance(value, ArrayPattern) else value  # type: ignore
        return self.each(items)


def _keep_ids(a: list[Any], b: list[Any]) -> bool:
    """Whether a row of one list stands in the other one as it is, with an id."""
    shown = {key_of(EXACT, row) for row in b}
    return any(key_of(EXACT, row) in shown and bool(ids_of(row)) for row in a)


def generalised(items: list[Any]) -> Pattern:
    """Return the shape that all items, plain or patterns, have."""
    nobody = RecordingFacts(0.0, frozenset(), frozenset())
    return Learner(nobody, nobody).each(items).item
