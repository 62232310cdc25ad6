"""Rows that earlier tests, earlier runs or other workers left, where each side has data of its own.

The suite writes alike on both sides, and what it drew by chance tells the rows apart: codes in
names, ids and hashes that the backend gave out, times. Nothing says which row of one side is the
partner of which of the other, and a list that is sorted by such a name has another order on each.
Rows are matched by what is not chance, held to the form of what is, and their order to being an
order on both sides. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pytest_cutover.compare.diff.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.scope import Path, Walk
from pytest_cutover.compare.matchers import is_plain
from pytest_cutover.compare.noise import clock, formats
from pytest_cutover.compare.noise.rows import key_of, names_an_id
from pytest_cutover.compare.normalize.own_address import OPEN
from pytest_cutover.compare.rules import Active
from pytest_cutover.core.unique import codes_in

_PIECE: Final = re.compile(r"[\w\-+.]+={0,2}")
_SOME_ID: Final = "\ufdd0some id\ufdd1"
_SOME_TIME: Final = "\ufdd0some time\ufdd1"
_MOST_PLACES: Final = 40
_TIMES: Final = ("timestamp", "http-date", "epoch")

Place = tuple[str | int, ...]


@dataclass(slots=True)
class OwnRows:
    """The rows of two lists, each side with data of its own."""

    values: Correspondence
    _known: tuple[frozenset[str], frozenset[str]] | None = None

    def partners(
        self, mask: Any, base: Sequence[Any], cand: Sequence[Any]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return which row of the baseline is which of the candidate, and those left over.

        `mask` is what varies in any of them, and both lists are of one length.
        """
        places: dict[Hashable, list[int]] = {}
        for index in reversed(range(len(base))):
            places.setdefault(self.key_of_baseline(mask, base[index]), []).append(index)
        found: list[tuple[int, int]] = []
        lonely: list[int] = []
        for index, row in enumerate(cand):
            sources = places.get(self.key_of_candidate(mask, row))
            if sources:
                found.append((sources.pop(), index))
            else:
                lonely.append(index)
        spare = sorted(index for sources in places.values() for index in sources)
        return found, list(zip(spare, lonely, strict=False))

    def is_of_others(self, row: Any) -> bool:
        """Whether a row holds a code that another test made, or an id that one was given."""
        return _holds_code(row) or any(text in self.values.strong for _, text in _texts(row))

    def key_of_baseline(self, mask: Any, row: Any) -> Hashable:
        """Return what the candidate's partner of a row has for its key."""
        return key_of(mask, row, self._of_baseline)

    def key_of_candidate(self, mask: Any, row: Any) -> Hashable:
        """Return the key of a row of the candidate."""
        return key_of(mask, row, self._of_candidate)

    def visit(
        self, walk: Walk, mask: Any, base: Any, cand: Any, path: Path, rules: Active | None
    ) -> None:
        """Compare two rows that are one; whose ids those of others are is told by the row."""
        shown = self.as_shown(base, cand)
        if shown is base or (shown != cand and _holds_rows(base)):
            # Lists inside are matched row by row as well.
            walk.visit(mask, base, cand, path, rules)
            return
        below = walk.below()
        below.scope = replace(walk.scope, own_ids=False)
        below.visit(mask, shown, cand, path, rules)
        walk.take(below)

    def as_shown(self, base: Any, cand: Any) -> Any:
        """Return the baseline's row with the candidate's words in the place of what chance drew.

        Where the two hold the same besides, and each word of the one stands for one of the other.
        """
        if not self.is_of_others(base):
            return base
        pairs: dict[str, str] = {}
        return self._as_shown("", base, cand, pairs, {})

    # -- keys

    def _of_baseline(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            value = self.values.translate(value)
        text = text_of(value)
        partner = self.values.weak.get((name, text)) if text is not None else None
        return self._without_chance(name, value if partner is None else partner, partner)

    def _of_candidate(self, name: str, value: Any) -> Any:
        text = text_of(value)
        known = text if text is not None and self.values.is_partner(name, text) else None
        return self._without_chance(name, value if known is None else known, known)

    def _without_chance(self, name: str, value: Any, known: str | None) -> Any:
        if known is not None and names_an_id(name):
            return known
        text = text_of(value)
        if text is None:
            return value
        if names_an_id(name) and not _is_word(text):
            return _SOME_ID
        if _time_of(value):
            return _SOME_TIME
        return "".join(skeleton for skeleton, _ in self._cut(text))

    def _cut(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield a text in pieces: what each is in a key, and the word that chance drew, if it
        is one.
        """
        done = 0
        partners, codes = self._drawn()
        for found in _PIECE.finditer(text):
            piece = found[0]
            if piece in partners:
                continue
            if formats.has_identity(name := formats.format_of(piece)) and not any(codes_in(piece)):
                yield text[done : found.start()], ""
                yield f"\ufdd0{name}\ufdd1", piece
                done = found.end()
                continue
            for start, end in codes_in(piece):
                code = piece[start:end]
                if code in codes:
                    continue
                yield text[done : found.start() + start], ""
                yield "\ufdd0code\ufdd1", code
                done = found.start() + end
        yield text[done:], ""

    def _drawn(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the candidate's values that have a partner, and the codes in them."""
        if self._known is None:
            partners = frozenset(self.values.strong.values())
            codes = (text[start:end] for text in partners for start, end in codes_in(text))
            self._known = partners, frozenset(codes)
        return self._known

    # -- rows beside each other

    def _as_shown(
        self, name: str, base: Any, cand: Any, pairs: dict[str, str], back: dict[str, str]
    ) -> Any:
        if isinstance(base, dict) and isinstance(cand, dict):
            return {
                key: self._as_shown(key, item, cand[key], pairs, back) if key in cand else item
                for key, item in base.items()
            }
        if isinstance(base, list) and isinstance(cand, list) and len(base) == len(cand):
            return [
                self._as_shown(name, one, other, pairs, back)
                for one, other in zip(base, cand, strict=True)
            ]
        if base == cand or not is_plain(base) or type(base) is not type(cand):
            return base
        if (form := _time_of(base)) and form == _time_of(cand):
            return cand
        if names_an_id(name):
            return self._as_id(name, base, cand, pairs, back)
        if not isinstance(base, str):
            return base
        ours, theirs = list(self._cut(self.values.translate(base))), list(self._cut(cand))
        if [skeleton for skeleton, _ in ours] != [skeleton for skeleton, _ in theirs]:
            return base
        for (_, one), (_, other) in zip(ours, theirs, strict=True):
            if pairs.setdefault(one, other) != other or back.setdefault(other, one) != one:
                return base
        return cand

    def _as_id(
        self, name: str, base: Any, cand: Any, pairs: dict[str, str], back: dict[str, str]
    ) -> Any:
        """Return the candidate's id, where it may be that of the row."""
        left, right = text_of(base), text_of(cand)
        if left is None or right is None or formats.format_of(base) != formats.format_of(cand):
            return base
        partner = self.values.weak.get((name, left), self.values.strong.get(left))
        if partner is not None or self.values.is_partner(name, right):
            return cand if partner == right else base
        is_one = pairs.setdefault(left, right) == right and back.setdefault(right, left) == left
        return cand if is_one else base


def in_an_order_of_its_own(
    base: Sequence[Any], cand: Sequence[Any], moved: Sequence[tuple[int, int]]
) -> bool:
    """Whether both lists are sorted by something that is another word in rows that moved.

    It is one place of the rows, in one direction; within rows that are alike at another place and
    come in the same order by it, that suffices. Rows that hold no code need not be in that order:
    what stands before and behind all names. A code that this very test made is in no order either:
    its marker stands there.
    """
    places: dict[Place, None] = {}
    steady: dict[Place, None] = {}
    for ours, theirs in moved:
        left, right = dict(_leaves(base[ours])), dict(_leaves(cand[theirs]))
        for place in left.keys() & right.keys():
            word = left[place]
            is_same = word == right[place] and not (isinstance(word, str) and OPEN in word)
            (steady if is_same else places).setdefault(place)
    base, cand = ([row for row in side if _holds_code(row)] for side in (base, cand))
    for place in list(places)[:_MOST_PLACES]:
        words = [[word for _, word in _at_all(side, place)] for side in (base, cand)]
        if _sorted_alike(*words):
            return True
        for group in list(steady)[:_MOST_PLACES]:
            if group in places or not _grouped(base, cand, group):
                continue
            runs = [_runs(side, place, group) for side in (base, cand)]
            if all(len(runs[0]) == len(one) for one in runs) and all(
                _sorted_alike(one, other) for one, other in zip(*runs, strict=True)
            ):
                return True
    return False


def _grouped(base: Sequence[Any], cand: Sequence[Any], group: Place) -> bool:
    left, right = ([word for _, word in _at_all(side, group)] for side in (base, cand))
    return left == right


def _runs(rows: Sequence[Any], place: Place, group: Place) -> list[list[Any]]:
    """Return the words at a place, in runs of rows that are alike at another."""
    found: list[list[Any]] = []
    last: Any = ...
    groups = dict(_at_all(rows, group))
    for index, word in _at_all(rows, place):
        mine = groups.get(index)
        if mine != last or not found:
            found.append([])
            last = mine
        found[-1].append(word)
    return found


def _at_all(rows: Sequence[Any], place: Place) -> list[tuple[int, Any]]:
    found = []
    for index, row in enumerate(rows):
        word = _at(row, place)
        if word is not None and not (isinstance(word, str) and OPEN in word):
            found.append((index, word))
    return found


_WAYS: Final[tuple[Callable[[str], Any], ...]] = (
    str,
    str.casefold,
    lambda text: (0, int(text), "") if text.lstrip("-").isdigit() else (1, 0, text),
    lambda text: re.sub(r"[\W_]+", "", text).casefold(),
)


def _sorted_alike(left: Sequence[Any], right: Sequence[Any]) -> bool:
    texts = [[text_of(word) or "" for word in side] for side in (left, right)]
    for way in _WAYS:
        ours, theirs = ([way(text) for text in side] for side in texts)
        for backwards in (False, True):
            if all(side == sorted(side, reverse=backwards) for side in (ours, theirs)):
                return True
    return False


def _at(row: Any, place: Place) -> Any:
    for token in place:
        if isinstance(row, dict) and isinstance(token, str):
            row = row.get(token)
        elif isinstance(row, list) and isinstance(token, int) and token < len(row):
            row = row[token]
        else:
            return None
    return row if isinstance(row, str | bytes) else None


def _leaves(row: Any, place: Place = ()) -> Iterator[tuple[Place, str | bytes]]:
    if isinstance(row, dict):
        for key, item in row.items():
            yield from _leaves(item, (*place, key))
    elif isinstance(row, list):
        for index, item in enumerate(row):
            yield from _leaves(item, (*place, index))
    elif isinstance(row, str | bytes):
        yield place, row


def _holds_code(row: Any) -> bool:
    return any(next(codes_in(text), None) for _, text in _texts(row))


def _holds_rows(row: Any) -> bool:
    items = row.values() if isinstance(row, dict) else row if isinstance(row, list) else ()
    return (isinstance(row, list) and len(row) > 1) or any(map(_holds_rows, items))


def _texts(row: Any) -> Iterator[tuple[Place, str]]:
    return ((place, leaf) for place, leaf in _leaves(row) if isinstance(leaf, str))


def _time_of(value: Any) -> str:
    """Return the form of a time: of rows that were written at another time on each side."""
    name = formats.format_of(value)
    if name.startswith(_TIMES):
        return name
    if isinstance(value, bytes) and name.startswith(("integer", "decimal")):
        moment = clock.moment_s(value)
        if moment is not None and 1e9 < moment < 4e9:
            # A fraction is as long as its last digit that is no nought.
            return f"epoch {len(value.partition(b'.')[0])} {b'.' in value}"
    return ""


def _is_word(text: str) -> bool:
    return text.isalpha()
