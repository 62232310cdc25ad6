"""Places of an answer in which ids stand, by what the run has shown there: `#41 Gate`. Pure.

Two databases that one suite filled number their rows from other beginnings, and not every id is
called one: `<option value="41">`, `urn:shop:book:41`, `del(41)`. A number in a member or a text is
an id where, in the same member of each row that the suite made, the baseline shows the id that it
gave that row, and the candidate shows its own; or where it is in each row an id by what the row
says: in a member called so, a link, or a field of a form. A slot in which one such row shows
anything else is none, and a slot's numbers name one thing each.

A step of one or two is also the commonest mistake of a count: there one row shows nothing, unless
the number is the row's own id on both sides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.ids.encoded_ids import decoded
from pytest_cutover.compare.diff.ids.given_ids import Departure
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path, name_of
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.normalized import NormalizedResponse

_NUMBERS: Final = re.compile(r"(?<![\d.])(0*[1-9]\d{0,17})(?![\d.]*\d)(?!%)")
_LONGEST: Final = 256
_MOST: Final = 5_000  # texts of an answer
_MOST_OF_A_ROW: Final = 20  # ids: what names more is a page
_FEWEST_APART: Final = 3
_FILE: Final = re.compile(r"\d\.[a-z][a-z0-9]{1,4}$")
_FIRST_CELL: Final = ("tr", 0, "td")
_SEGMENT: Final = re.compile(r"[/?#&=.]")

Words = tuple[str, ...]
Place = tuple[Any, ...]


class _Text(NamedTuple):
    """The words of a text, the numbers between them, the ids of what it stands in; where that is,
    and all of it.
    """

    words: Words
    numbers: tuple[str, ...]
    own: frozenset[str]
    path: Path
    whole: Any


class _Column(NamedTuple):
    """What one slot shows of ids that were given out: those that are right, with the baseline's
    texts, and the texts of both sides of those that are not.
    """

    slot: int
    right: set[tuple[str, str]]
    texts: list[_Text]
    wrong: list[tuple[_Text, _Text]]


Texts = dict[Place, list[_Text]]


class IdSlots:
    """The slots of one pair of answers, found when they are first asked for."""

    __slots__ = (
        "_back",
        "_begun",
        "_earlier",
        "_given_by",
        "_known",
        "_partners",
        "_readers",
        "_slots",
        "_trees",
        "_values",
    )

    def __init__(
        self,
        base: NormalizedResponse | None,
        cand: NormalizedResponse | None,
        values: Correspondence,
    ) -> None:
        self._trees = [one.body.tree if one is not None else None for one in (base, cand)]
        self._readers: list[_Reader] | None = None
        self._slots: dict[tuple[Place, int], bool] = {}
        self._partners: dict[tuple[Place, int, str], str] = {}
        self._back: dict[tuple[Place, int, str], str] = {}
        self._begun: dict[Place, bool] = {}
        self._values = values
        self._earlier: dict[str, set[str]] | None = None
        self._known: dict[str, set[str]] = defaultdict(set)
        self._given_by: dict[str, set[str]] = defaultdict(set)
        for (name, left), right in values.now.items():
            if left.isdigit() and right.isdigit() and names_an_id(name):
                self._known[left].add(right)
                self._given_by[right].add(left)

    def name_one_thing(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether two values are one but for numbers in slots, each with one partner there."""
        place, apart = self._apart(base, cand, path)
        if place is None or not apart:
            return False
        if not all(self._is_slot(place, slot) for slot, _, _ in apart):
            return all(self._is_known_column(place, slot) for slot, _, _ in apart)
        for slot, one, other in apart:
            if other not in self._known.get(one, (other,)) or one not in self._given_by.get(
                other, (one,)
            ):
                return False
            if self._partners.setdefault((place, slot, one), other) != other:
                return False
            if self._back.setdefault((place, slot, other), one) != one:
                return False
        return True

    def name_known_ids(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether two values are one but for numbers in slots in which each is an id that the run
        knows, in its row the candidate's for the baseline's.
        """
        place, apart = self._apart(base, cand, path)
        if place is None or not apart:
            return False
        return all(self._is_known_column(place, slot) for slot, _, _ in apart)

    def begin_rows(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether two numbers may be ids of which nobody says so: each row of one table begins with
        another one, on both sides in the same order, and none is the one side's and the other's.

        Numbers that count from the top, by one, are places in an order.
        """
        place, apart = self._apart(base, cand, path)
        if place is None or place[-3:] != _FIRST_CELL or not apart:
            return False
        if place not in self._begun:
            self._begun[place] = self._begins_rows(place)
        return self._begun[place]

    def _begins_rows(self, place: Place) -> bool:
        sides = [side.texts.get(place, []) for side in self._read()]
        if any(any(one.words) or len(one.numbers) > 1 for side in sides for one in side):
            return False
        ours, theirs = ([int(one.numbers[0]) for one in side] for side in sides)
        if len(ours) != len(theirs) or len(ours) < 2 or not {*ours}.isdisjoint(theirs):
            return False
        if any(numbers == [*range(1, len(numbers) + 1)] for numbers in (ours, theirs)):
            return False
        pairs = sorted(zip(ours, theirs, strict=True))
        if any(self._is_another(str(one), str(other)) for one, other in pairs):
            return False
        orders = [[one for one, _ in pairs], [other for _, other in pairs]]
        return all(sorted({*one}) == one for one in orders)

    def _apart(
        self, base: Any, cand: Any, path: Path
    ) -> tuple[Place | None, list[tuple[int, str, str]]]:
        """Return the place of two values that are one but for numbers, and these, with their slots;
        nothing for any others.
        """
        if type(base) is not type(cand) or _is_told_by_its_name(base, path):
            return None, []
        ours, theirs = _split(base), _split(cand)
        if ours is None or theirs is None or ours[0] != theirs[0]:
            return None, []
        ours_at, theirs_at = self._read()
        pairs = zip(ours[1], theirs[1], strict=True)
        apart = [(slot, *pair) for slot, pair in enumerate(pairs) if pair[0] != pair[1]]
        return ours_at.places.get(path) or theirs_at.places.get(path), apart

    def departures(self) -> Iterator[Departure]:
        """Yield where the candidate shows another id than it gave, in a slot of which another row
        shows that it has ids.

        Both sides show as many rows there, and nowhere in that slot stands the right one.
        """
        if not any(one not in others for one, others in self._known.items()):
            return
        ours, theirs = self._read()
        found: list[_Column] = []
        for place, texts in ours.texts.items():
            others = theirs.texts.get(place, [])
            if len(texts) != len(others) or _is_judged_elsewhere(texts[0]):
                continue
            for slot in range(max(len(one.numbers) for one in texts)):
                column = self._column(slot, texts, others)
                if column is not None:
                    found.append(column)
        written = {
            (text.words, slot)
            for slot, right, texts, _ in found
            if _tell(right)
            for text in texts
            if any(any(map(str.isalpha, word)) for word in text.words)
        }
        for slot, right, _, wrong in found:
            for one, other in wrong:
                if _tell(right) or (one.words, slot) in written:
                    yield Departure(other.path, one.whole, other.whole)

    def _column(self, slot: int, ours: list[_Text], theirs: list[_Text]) -> _Column | None:
        """Return the ids of a slot that are as given out, and the rows in which one is not; None
        where the numbers are none, or the rows in another order.
        """
        column = _Column(slot, set(), [], [])
        shown = {one.numbers[slot].lstrip("0") for one in theirs if slot < len(one.numbers)}
        for one, other in zip(ours, theirs, strict=True):
            if one.words != other.words or not slot < len(one.numbers):
                continue
            number, beside = one.numbers[slot].lstrip("0"), other.numbers[slot].lstrip("0")
            known = self._known.get(number)
            if known is None:
                continue
            if beside in known:
                column.right.add((number, beside))
                column.texts.append(one)
            elif beside == number or not known.isdisjoint(shown):
                return None
            else:
                column.wrong.append((one, other))
        return column

    def _is_slot(self, place: Place, slot: int) -> bool:
        found = self._slots.get((place, slot))
        if found is None:
            found = self._slots[place, slot] = self._shows_ids(place, slot)
        return found

    def _is_another(self, number: str, other: str) -> bool:
        """Whether the run knows a number as an id, and of another thing than the candidate's."""
        earlier = self._ids_of_earlier_tests()
        return any(other not in known.get(number, (other,)) for known in (self._known, earlier))

    def _ids_of_earlier_tests(self) -> dict[str, set[str]]:
        if self._earlier is None:
            self._earlier = _ids_of_earlier_tests(self._values)
        return self._earlier

    def _is_known_column(self, place: Place, slot: int) -> bool:
        """Whether each number of a slot is an id that an earlier test was given, in its row the
        candidate's for the baseline's.
        """
        earlier = self._ids_of_earlier_tests()
        ours, theirs = (side.texts.get(place, []) for side in self._read())
        if len(ours) != len(theirs):
            return False
        pairs = set()
        for one, other in zip(ours, theirs, strict=True):
            if one.words != other.words or not slot < len(one.numbers):
                return False
            pair = one.numbers[slot].lstrip("0"), other.numbers[slot].lstrip("0")
            if pair[1] not in earlier.get(pair[0], ()):
                return False
            pairs.add(pair)
        sides = [{pair[side] for pair in pairs} for side in (0, 1)]
        return _tell(pairs) and all(len(side) == len(pairs) for side in sides)

    def _shows_ids(self, place: Place, slot: int) -> bool:
        ours, theirs = (side.texts.get(place, []) for side in self._read())
        given = self._given(ours, theirs, slot)
        return given is not None and (_tell(given) or bool(_own(ours, theirs, slot)))

    def _given(
        self, ours: list[_Text], theirs: list[_Text], slot: int
    ) -> set[tuple[str, str]] | None:
        """Return the ids given out that a slot shows on both sides; None where one is not shown."""
        shown = {(one.words, one.numbers[slot]) for one in theirs if slot < len(one.numbers)}
        found = set()
        for one, other in zip(ours, theirs, strict=False):
            same = one.numbers[slot : slot + 1] if one[:2] == other[:2] else ()
            if any(number not in self._known.get(number, (number,)) for number in same):
                return None
        for one in ours:
            number = one.numbers[slot] if slot < len(one.numbers) else ""
            partners = [
                other
                for other in self._known.get(number.lstrip("0"), ())
                if (one.words, other.rjust(len(number), "0")) in shown
            ]
            if number.lstrip("0") in self._known and not partners:
                return None
            found |= {(number, other) for other in partners if other != number}
        return found

    def _read(self) -> list[_Reader]:
        if self._readers is None:
            self._readers = [_Reader(), _Reader()]
            for reader, tree in zip(self._readers, self._trees, strict=True):
                reader.read(read_whole(tree))
        return self._readers


def _ids_of_earlier_tests(values: Correspondence) -> dict[str, set[str]]:
    """Return the numbers that are called ids, with those of the candidate that name one thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for (name, left), right in values.weak.items():
        if left.isdigit() and right.isdigit() and names_an_id(name):
            found[left].add(right)
    return found


def _is_told_by_its_name(value: Any, path: Path) -> bool:
    """Whether a member is called an id, or is a link: what those may name is known without this."""
    name = name_of(path)
    if name == "@id" or names_an_id(name):
        return True
    return isinstance(value, str) and is_link(value) and not _FILE.search(value)


def _is_judged_elsewhere(text: _Text) -> bool:
    """Whether a member is a bare id, or a link: what those have to be is known without this."""
    is_bare = not any(text.words) and len(text.numbers) == 1 and text_of(text.whole) is not None
    return _is_told_by_its_name(text.whole, text.path) and (
        is_link(str(text.whole)) or (is_bare and not decoded(str(text.whole)))
    )


def _own(ours: list[_Text], theirs: list[_Text], slot: int) -> set[tuple[str, str]]:
    """Return the numbers of a slot that are in every row, on both sides, the row's own id."""
    if len(ours) != len(theirs):
        return set()
    found = set()
    for one, other in zip(ours, theirs, strict=True):
        if not slot < min(len(one.numbers), len(other.numbers)):
            return set()
        pair = one.numbers[slot], other.numbers[slot]
        if pair[0].lstrip("0") not in one.own or pair[1].lstrip("0") not in other.own:
            return set()
        found.add(pair)
    return found


def _tell(pairs: set[tuple[str, str]]) -> bool:
    """Whether pairs show more than a chance: one that is far apart, or two."""
    apart = {(int(one), int(other)) for one, other in pairs if one != other}
    return len(apart) > 1 or any(abs(other - one) >= _FEWEST_APART for one, other in apart)


def _split(value: Any) -> tuple[Words, tuple[str, ...]] | None:
    text = text_of(value)
    if text is None or len(text) > _LONGEST:
        return None
    text = decoded(text) or text
    parts = _NUMBERS.split(text)
    return (tuple(parts[::2]), tuple(parts[1::2])) if len(parts) > 1 else None


class _Reader:
    """Goes through a tree once, for its texts and for the place of each.

    A place is a path in which the index of a row is left out; cells keep theirs.
    """

    def __init__(self) -> None:
        self.texts: Texts = {}
        self.places: dict[Path, Place] = {}

    def read(self, tree: Any) -> None:
        """Take in a whole tree; of one with more texts than anybody asks for, nothing."""
        self._go(tree, ROOT, (), frozenset(), in_rows=False)
        if len(self.places) > _MOST:
            self.texts = {}

    def _go(
        self, tree: Any, path: Path, place: Place, own: frozenset[str], *, in_rows: bool
    ) -> None:
        if isinstance(tree, dict):
            own = own.union(_ids_of(tree))
            for key, value in tree.items():
                self._go(value, (path, key), (*place, key), own, in_rows=in_rows)
        elif isinstance(tree, list):
            are_rows = not in_rows and _are_rows(tree)
            for at, value in enumerate(tree if len(self.places) <= _MOST else ()):
                ids = frozenset(_ids_below(value)) if are_rows else own
                self._go(
                    value,
                    (path, at),
                    (*place, "*" if are_rows else at),
                    own | ids if len(ids) <= _MOST_OF_A_ROW else own,
                    in_rows=in_rows or are_rows,
                )
        elif (parts := _split(tree)) is not None:
            self.places[path] = place
            self.texts.setdefault(place, []).append(_Text(*parts, own, path, tree))


def _are_rows(items: list[Any]) -> bool:
    """Whether the items of a list are of one kind: objects with a common member, or lists. The
    blanks beside elements of a page are none.
    """
    if len(items) > 1 and all(isinstance(one, dict) for one in items):
        common = set.intersection(*(set(one) for one in items))
        return any(not key.startswith("#") for key in common)
    return len(items) > 1 and all(isinstance(one, list) for one in items)


def _ids_below(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        yield from _ids_of(tree)
    if isinstance(tree, dict | list):
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _ids_below(value)


def _ids_of(row: dict[str, Any]) -> Iterator[str]:
    """Yield the numbers that an object calls its ids: in members, links and fields of forms."""
    called = str(row.get("@name", "")).removesuffix("[]").removesuffix("s")
    for key, value in row.items():
        text = text_of(value)
        if text is None:
            continue
        if is_link(text):
            yield from (one for one in _SEGMENT.split(text) if one.isdigit())
        elif (
            key == "@id"
            or (key == "@href" and text.startswith("#"))
            or (key == "@value" and (names_an_id(called) or "option" in row))
        ):
            yield from _NUMBERS.split(text)[1::2]
        elif names_an_id(key) and text.isdigit():
            yield text
