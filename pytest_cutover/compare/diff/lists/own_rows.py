"""Rows that earlier tests, earlier runs or other workers left, where each side has data of its own.

The suite writes alike on both sides, and what it drew by chance tells the rows apart: codes in
names, ids and hashes that the backend gave out, times. Nothing says which row of one side is the
partner of which of the other, and a list that is sorted by such a name has another order on each.
Rows are matched by what is not chance, held to the form of what is, and their order to being an
order on both sides. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.drawn import WORDS, Forms, forms_inside
from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.ids.drawn_order import (
    Made,
    OrderTold,
    Place,
    holds_code,
    is_no_such_time,
    leaves_at,
    moment_of,
    order_of,
    time_of,
)
from pytest_cutover.compare.diff.ids.id_forms import of_one_kind
from pytest_cutover.compare.diff.ids.partners import Partners
from pytest_cutover.compare.diff.ids.written_at_once import may_be_of_one_row
from pytest_cutover.compare.diff.lists.alike_rows import NamedRow, drawn, ids_of_others, paired
from pytest_cutover.compare.diff.lists.counted import (
    counted_places,
    numbers_at,
    with_numbers_of,
    without,
)
from pytest_cutover.compare.diff.lists.row_shapes import are_of_one_shape
from pytest_cutover.compare.diff.lists.row_words import (
    cut,
    drawn_by,
    is_called_an_id,
    texts,
    without_chance,
)
from pytest_cutover.compare.diff.lists.table_columns import (
    Columns,
    by_column,
    column_of,
    columns_of,
    ends_of,
    is_cell,
)
from pytest_cutover.compare.diff.lists.times_in_parts import as_text, in_texts
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Scope, Walk
from pytest_cutover.compare.noise import clock, formats
from pytest_cutover.compare.noise.lists.rows import Leaf, is_made, key_of
from pytest_cutover.compare.noise.rules import Active
from pytest_cutover.core.unique import codes_in
from pytest_cutover.normalize.matchers import EXACT, is_plain

# What a conversion may take off a time, and how far apart a suite asks its two sides the same.
_A_ROUNDING_S: Final = 0.002
_A_RUN_S: Final = 120.0
_A_TEST_S: Final = 10.0  # where nobody else runs: a test runs on one side and then on the other

# Rows that are called alike by chance, where each of the baseline's has another name.
_MOST_NAMESAKES: Final = 2
_TOKEN: Final = re.compile(r"(?=\d*[A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{6,}")

SOMEBODY_ELSE: Final = "somebody else writes"


class Foreign(NamedTuple):
    """The rows of the two sides that are left open: nothing tells which is which."""

    ours: frozenset[int] = frozenset()
    theirs: frozenset[int] = frozenset()


NOBODY: Final = Foreign()


@dataclass(slots=True)
class OwnRows:
    """The rows of two lists, each side with data of its own."""

    values: Correspondence
    drawn: frozenset[str] = frozenset()  # members that this test has seen each row draw anew
    clocks: frozenset[str] = frozenset()  # those in which it has seen the time of the write
    forms: Forms = field(default_factory=dict)  # in which those were seen that are drawn
    others_write: bool = False  # other workers run tests at the same time
    now_s: float = 0.0  # when the rows were shown
    columns: Columns = ()  # of a table, by its head
    _known: Partners | None = None
    _stands: dict[str, str] = field(default_factory=dict)  # the candidate's word → the baseline's
    _words: dict[str, set[str]] = field(default_factory=dict)  # those that it stands for
    _counted: frozenset[Place] = frozenset()  # places of numbers that a database counts

    @classmethod
    def of(cls, scope: Scope, rows: Sequence[Any]) -> OwnRows:
        """Return what knows the rows of a place; `rows` are those of the baseline."""
        now_s = scope.clock_s[0] if scope.clock_s else 0.0
        own = cls(
            scope.values,
            *scope.drawn,
            others_write=scope.others_write,
            now_s=now_s,
            columns=columns_of(rows, scope.values.weak),
        )
        own._learn(ends_of(rows))
        return own

    def see_written(self, rows: Any) -> None:
        """See which tokens vary inside of texts, by what varies in a row that a test wrote."""
        for name, forms in forms_inside(rows).items():
            self.forms = {**self.forms, name: (*self.forms.get(name, ()), *forms)}

    def _learn(self, rows: Sequence[Any]) -> None:
        """See in rows of this run what a test draws for each, and which members tell the time."""
        for row in rows:
            leaves = leaves_at(in_texts(row))
            words = [(self._name_at(place), word) for place, word in leaves if place]
            apart = [
                name for name, word in words if self.values.is_apart(name, text_of(word) or "")
            ]
            if not apart and not is_made(row):
                continue
            self.clocks |= {name for name, word in words if self._is_now(word)}
            for name in apart:
                if not (name in self.forms or name in self.clocks or is_called_an_id(name)):
                    self.forms = {**self.forms, name: (WORDS,)}

    def _is_now(self, word: Any) -> bool:
        """Whether a word is a time of this run."""
        at_s = moment_of(word) if time_of(word) else None
        return at_s is not None and clock.is_of_this_run(at_s, self.now_s)

    def order_of(
        self,
        base: Sequence[Any],
        cand: Sequence[Any],
        pairs: Sequence[tuple[int, int]],
        *,
        made: tuple[Made, Made],
    ) -> OrderTold:
        """Return what the order of rows says; `pairs` are the places of those that are one.

        Where several write a row that tells nothing of who wrote it may be anybody's.
        """
        nobodys, is_apart = set[int](), drawn_by(self.values)
        if self.others_write:
            for ours, theirs in pairs:
                both = base[ours], cand[theirs]
                if self.is_of_an_earlier_test(*both) or all(map(self.is_new, both)):
                    nobodys |= {id(base[ours]), id(cand[theirs])}

        def writer_of(row: Any) -> str | None:
            return self.writer_of(row, told="" if id(row) not in nobodys else None)

        def is_drawn(row: Any) -> bool:
            return id(row) in nobodys or self.is_of_others(row) or is_apart(row)

        return order_of(base, cand, pairs, made=made, is_drawn=is_drawn, writer_of=writer_of)

    def of_others(
        self,
        mask: Any,
        base: Sequence[Any],
        cand: Sequence[Any],
        ours: Sequence[int],
        theirs: Sequence[int],
        written: Any = EXACT,
    ) -> dict[int, int]:
        """Return the partners among rows that others wrote, on each side at another moment."""
        known = [index for index in ours if self.is_of_others(base[index])]
        found = self.partners(mask, base, cand, known, theirs, written)
        rest = [index for index in ours if index not in known and not is_made(base[index])]
        if not rest or not self.others_write:
            return found
        theirs = [index for index in theirs if index not in found]
        more = self._alike(mask, base, cand, rest, theirs)
        return found | {
            at: source
            for at, source in more.items()
            if self.is_of_an_earlier_test(base[source], cand[at])
        }

    def partners(
        self,
        mask: Any,
        base: Sequence[Any],
        cand: Sequence[Any],
        ours: Sequence[int],
        theirs: Sequence[int],
        written: Any = EXACT,
    ) -> dict[int, int]:
        """Return the places of the baseline's rows by those of the candidate's that are the same.

        `mask` is what varies in any of them, `written` what does from one written row to the next;
        `ours` and `theirs` are the rows in question. What a database counted (``SO-000013``) tells
        rows apart only where they can be told by it.
        """
        everything = ours, theirs
        found = self._alike(mask, base, cand, ours, theirs)
        ours, theirs = self._left_of(base, found, ours, theirs)
        counted = counted_places(base, cand, ours, theirs)
        if not counted:
            return found
        if written is not EXACT:  # how long each took, say, which tells rows apart by chance alone
            found |= self._alike(written, base, cand, ours, theirs, told=counted)
            ours, theirs = self._left_of(base, found, ours, theirs)
        self._counted = counted
        found |= self._alike(mask, base, cand, ours, theirs)
        if self._contradicts(base, cand, found):  # a number paired two rows by chance
            whole = self._alike(mask, base, cand, *everything)
            found = found if self._contradicts(base, cand, whole) else whole
        return found

    def _contradicts(self, base: Sequence[Any], cand: Sequence[Any], found: dict[int, int]) -> bool:
        """Whether a name that chance drew on one side would stand for two of the other."""
        stands: dict[str, str] = {}
        for at, source in found.items():
            ours = self._named(source, base[source], EXACT, frozenset()).names
            theirs = self._named(at, cand[at], EXACT, frozenset(), is_candidate=True).names
            for one, other in zip(ours, theirs, strict=False):
                if stands.setdefault(other, one) != one:
                    return True
        return False

    def _left_of(
        self,
        base: Sequence[Any],
        found: dict[int, int],
        ours: Sequence[int],
        theirs: Sequence[int],
    ) -> tuple[list[int], list[int]]:
        taken = set(found.values())
        left = [index for index in ours if index not in taken and self.is_of_others(base[index])]
        return left, [index for index in theirs if index not in found]

    def _alike(
        self,
        mask: Any,
        base: Sequence[Any],
        cand: Sequence[Any],
        ours: Sequence[int],
        theirs: Sequence[int],
        *,
        told: frozenset[Place] = frozenset(),
    ) -> dict[int, int]:
        left = [self._named(at, base[at], mask, told) for at in ours]
        right = [self._named(at, cand[at], mask, told, is_candidate=True) for at in theirs]
        return paired(left, right)

    def is_of_others(self, row: Any) -> bool:
        """Whether a row holds a code that another test made, an id that one was given, a link with
        such an id, or what each row draws for itself.
        """
        return holds_code(row) or any(
            text in self.values.strong
            or (place and self._name_at(place) in self.drawn)
            or ("/" in text and self.values.translate(text) != text)
            for place, text in texts(row)
        )

    def writer_of(self, row: Any, *, told: str | None = "") -> str | None:
        """Return which worker's test wrote a row, empty for this one; None where nothing tells.

        Each writes to both sides in one order, and all of them together in another one to each.
        `told` is for a row that names nobody.
        """
        if is_made(row) or not self.others_write:
            return ""
        found = (self.values.writers.of(text) for _, text in texts(row))
        writer = next((one for one in found if one is not None), None)
        if writer is None and not holds_code(row):
            return None if self.is_of_others(row) else told
        return writer

    def key_of_baseline(self, mask: Any, row: Any) -> Hashable:
        """Return what the candidate's partner of a row has for its key."""
        return self._key_of(mask, row, self._of_baseline)

    def key_of_candidate(self, mask: Any, row: Any) -> Hashable:
        """Return the key of a row of the candidate."""
        return self._key_of(mask, row, self._of_candidate)

    def _key_of(self, mask: Any, row: Any, leaf: Leaf) -> Hashable:
        row = in_texts(self._uncounted(row))
        mask, row = (by_column(self.columns, one) for one in (mask, row))
        return key_of(mask, row, leaf)

    def _name_at(self, place: Place) -> str:
        """Return how what stands at a place in a row is called."""
        return column_of(self.columns, place) or str(place[-1])

    def visit(
        self, walk: Walk, mask: Any, base: Any, cand: Any, path: Path, rules: Active | None
    ) -> None:
        """Compare two rows that are one; whose ids those of others are is told by the row."""
        pairs: dict[str, str] = {}
        shown = self.as_shown(base, cand, pairs)
        # What one row drew no other has.
        if any(self._stands.setdefault(other, one) != one for one, other in drawn(pairs)):
            shown = base
        for one, other in pairs.items():
            self._words.setdefault(other, set()).add(one)
            if len(self._words[other]) <= _MOST_NAMESAKES:
                continue
            shown = base
            if _TOKEN.fullmatch(other):
                mask = EXACT  # so many rows have no one token by chance
        if shown is base or (shown != cand and _holds_rows(base)):
            # Lists inside are matched row by row as well.
            walk.visit(mask, base, cand, path, rules)
            return
        below = walk.below()
        below.scope = replace(walk.scope, own_ids=False, known_ids=walk.scope.own_ids)
        below.visit(mask, shown, cand, path, rules)
        walk.take(below)

    def as_shown(self, base: Any, cand: Any, pairs: dict[str, str] | None = None) -> Any:
        """Return the baseline's row with the candidate's words in the place of what chance drew.

        Where the two hold the same besides, and each word of the one stands for one of the other;
        `pairs` is told which.
        """
        if is_made(base) or not (self.is_of_others(base) or self.is_of_an_earlier_test(base, cand)):
            return base
        if self._counted:
            base = with_numbers_of(base, cand, self._counted)
        return self._as_shown("", base, cand, {} if pairs is None else pairs, {})

    def is_of_an_earlier_test(self, base: Any, cand: Any) -> bool:
        """Whether two rows tell that they were written a moment apart, as a suite does on each
        side: in a member in which this test has seen the time of the write, or a short while before
        they were shown. What a copy of the data shifts, cuts or rounds is no such time: it is
        older, or off by whole seconds where there are fractions of one.
        """
        ours, theirs = (dict(leaves_at(in_texts(row))) for row in (base, cand))
        for place, one in ours.items():
            other = theirs.get(place)
            if other is None or one == other:
                continue
            is_clock = bool(place) and self._name_at(place) in self.clocks
            if not (is_clock or (time_of(one) and time_of(other))):
                continue
            left, right = moment_of(one), moment_of(other)
            if left is None or right is None or time_of(one) != time_of(other):
                return False
            are_new = self._is_now(one) and self._is_now(other)
            if not (is_clock or self.others_write or are_new):
                continue
            apart, most = abs(right - left), _A_RUN_S
            if not (is_clock or self.others_write):
                most = _A_TEST_S
            in_seconds = left == int(left) and right == int(right)
            is_whole = abs(apart - round(apart)) <= 1e-6
            return _A_ROUNDING_S < apart < most and (are_new if in_seconds else not is_whole)
        return False

    def is_new(self, row: Any) -> bool:
        """Whether a row says that it was written a short while before it was shown."""
        moments = (moment_of(word) for _, word in leaves_at(in_texts(row)) if time_of(word))
        return any(one is not None and abs(self.now_s - one) < clock.SUITE_S for one in moments)

    def is_foreign(self, row: Any) -> bool:
        """Return whether a code in a row was made by no test of this process: by another worker,
        an earlier run, or somebody else.
        """
        if is_made(row):
            return False
        drawn = self._drawn()
        found = [text[start:end] for _, text in texts(row) for start, end in codes_in(text)]
        known = any(self.values.holds_made(text) or text in drawn.values for _, text in texts(row))
        return bool(found) and not known and not any(code in drawn.codes for code in found)

    def are_foreign(self, base: Any, cand: Any) -> bool:
        """Return whether two rows are of somebody else, and may be one or another."""
        return self.is_foreign(base) and self.is_foreign(cand) and are_of_one_shape(base, cand)

    # -- keys

    def _named(
        self, at: int, row: Any, mask: Any, told: frozenset[Place], *, is_candidate: bool = False
    ) -> NamedRow:
        key = (self.key_of_candidate if is_candidate else self.key_of_baseline)(mask, row)
        words = (text if is_candidate else self.values.translate(text) for _, text in texts(row))
        codes = (word[start:end] for word in words for start, end in codes_in(word))
        names = tuple(code for code in codes if code not in self._drawn().codes)
        ids = ids_of_others(row, self.values, is_candidate=is_candidate)
        return NamedRow(at, (key, numbers_at(row, told), ids), names)

    def _uncounted(self, row: Any) -> Any:
        return without(row, self._counted) if self._counted else row

    def _of_baseline(self, name: str, value: Any) -> Any:
        partner = None
        if isinstance(value, str) and (translated := self.values.translate(value)) != value:
            partner = translated if self.values.is_partner(name, translated) else None
            value = translated
        text = text_of(value)
        partner = self.values.weak.get((name, text), partner) if text is not None else None
        return self._without_chance(name, value if partner is None else partner, partner)

    def _of_candidate(self, name: str, value: Any) -> Any:
        text = text_of(value)
        known = text if text is not None and self.values.is_partner(name, text) else None
        return self._without_chance(name, value if known is None else known, known)

    def _without_chance(self, name: str, value: Any, known: str | None) -> Any:
        return without_chance(name, value, known, self.forms, self._drawn(), self.values)

    def _drawn(self) -> Partners:
        """Return the candidate's values that have a partner, and the codes in them."""
        if self._known is None:
            self._known = self.values.partners()
        return self._known

    # -- rows beside each other

    def _as_shown(
        self, name: str, base: Any, cand: Any, pairs: dict[str, str], back: dict[str, str]
    ) -> Any:
        if (one := as_text(base)) and (other := as_text(cand)):
            return cand if may_be_of_one_row(one, other, self.now_s) else base
        if isinstance(base, dict) and isinstance(cand, dict):
            stays = bool(self.columns) and is_cell(base)
            return {
                key: self._as_shown(name if stays else key, item, cand[key], pairs, back)
                if key in cand
                else item
                for key, item in base.items()
            }
        if isinstance(base, list) and isinstance(cand, list) and len(base) == len(cand):
            names = self.columns if len(base) == len(self.columns) else (name,) * len(base)
            return [
                self._as_shown(one_name, one, other, pairs, back)
                for one_name, one, other in zip(names, base, cand, strict=True)
            ]
        if base == cand or not is_plain(base) or type(base) is not type(cand):
            return base
        form, other_form = time_of(base), time_of(cand)
        if form and (form == other_form or is_no_such_time(base, cand)):
            is_one = form == other_form and may_be_of_one_row(base, cand, self.now_s)
            return cand if is_one else base  # what is no time is none that chance drew
        if is_called_an_id(name):
            return self._as_id(name, base, cand, pairs, back)
        if not isinstance(base, str):
            return base
        if name in self.forms and (known := self.values.weak.get((name, base))):
            return cand if cand == known else base
        if self.values.may_be_addresses(base, cand):
            return cand
        ours, theirs = (
            list(cut(name, one, self.forms, self._drawn()))
            for one in (self.values.translate(base), cand)
        )
        if [skeleton for skeleton, _ in ours] != [skeleton for skeleton, _ in theirs]:
            return base
        for (_, one), (_, other) in zip(ours, theirs, strict=True):
            if (one.isupper() and other.islower()) or (one.islower() and other.isupper()):
                return base
            if pairs.setdefault(one, other) != other or back.setdefault(other, one) != one:
                return base
        return cand

    def _as_id(
        self, name: str, base: Any, cand: Any, pairs: dict[str, str], back: dict[str, str]
    ) -> Any:
        """Return the candidate's id, where it may be that of the row."""
        left, right = text_of(base), text_of(cand)
        if left is None or right is None:
            return base
        if formats.format_of(base) != formats.format_of(cand) and not (
            type(base) is type(cand) and self.values.are_codes(name, left, right)
        ):
            return base
        partner = self.values.weak.get((name, left), self.values.strong.get(left))
        if partner is not None or self.values.is_partner(name, right):
            return cand if partner == right else base
        if not of_one_kind(left, right):
            return base
        is_one = pairs.setdefault(left, right) == right and back.setdefault(right, left) == left
        return cand if is_one else base


def _holds_rows(row: Any) -> bool:
    items = row.values() if isinstance(row, dict) else row if isinstance(row, list) else ()
    return (isinstance(row, list) and len(row) > 1) or any(map(_holds_rows, items))
