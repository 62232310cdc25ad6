"""Lists that are sorted by what chance drew, and so have another order on each side.

A list that is sorted by a name or an id has the rows of a test wherever that falls: a code of
`backend.unique`, or an id that the backend gave out, is another one on each side. Two lists are
alike where each is in the order of such a word. The codes of the very test stand in its answers as
markers; they are read here as they were sent. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import factorial, inf, prod
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.written_at_once import between_the_same, written_at_once
from pytest_cutover.compare.noise import clock, formats
from pytest_cutover.compare.noise.lists.rows import NUMERAL
from pytest_cutover.core.unique import codes_in
from pytest_cutover.normalize.own_address import OPEN
from pytest_cutover.normalize.substitution import MARKER

_MOST_PLACES: Final = 40
# A few rows stand in the order of any words now and then: one round that shows it says nothing.
ALMOST_NEVER: Final = 0.001
# Of so many orders one that is sorted is none by chance; many groups are looked at.
_ONE_OF: Final = 120
_ONE_OF_GROUPS: Final = 100_000
_FEWEST_UNRULED: Final = 5
_FEWEST_COUNTED: Final = 3
_BY_NUMBER: Final = -1  # in the place of one of the ways in which words are compared
_FIGURES: Final = re.compile(r"\.\d+|\d")
_TIMES: Final = ("timestamp", "http-date", "epoch")

Place = tuple[str | int, ...]
Made = Mapping[str, str]  # what the markers of a side stand for
_Words = dict[Place, str | bytes]
Way = tuple[Place, int, bool]  # by which words, how these are compared, and whether they fall


class Order(StrEnum):
    """What the order of two lists says."""

    OF_ITS_OWN = "of its own"
    ANOTHER = "another"
    UNTOLD = "untold"  # so few rows that they may be sorted by a name, or come in reverse
    UNRULED = "unruled"  # nothing in the rows of either side goes up or down, not even a time


class OrderTold(NamedTuple):
    """What an order says; both sides may be sorted by the words at the places `by`.

    `chance` is how likely it is that rows in any order stand in that of one of them, on both sides;
    infinite for rows of one second, of which no round tells more.
    """

    order: Order
    by: frozenset[Place] = frozenset()
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class RowsOfSide:
    """The rows of one side, each by the words in it; `made` is what its markers stand for."""

    words: list[_Words]
    drawn: list[bool]  # whether chance drew a word of the row

    @classmethod
    def of(cls, rows: Sequence[Any], made: Made, is_drawn: Callable[[Any], bool]) -> RowsOfSide:
        """Return the side that shows these rows."""
        words = [{place: _as_sent(word, made) for place, word in leaves_at(row)} for row in rows]
        codes = [any(map(_is_code_in, row.values())) for row in words]
        return cls(words, [code or is_drawn(row) for code, row in zip(codes, rows, strict=True)])

    def at(self, place: Place, *, drawn_alone: bool = False) -> list[str | bytes]:
        """Return the words at a place, row after row."""
        return [
            row[place]
            for row, drawn in zip(self.words, self.drawn, strict=True)
            if place in row and (drawn or not drawn_alone)
        ]


def order_of(
    base: Sequence[Any],
    cand: Sequence[Any],
    pairs: Sequence[tuple[int, int]],
    *,
    made: tuple[Made, Made],
    is_drawn: Callable[[Any], bool] = lambda _row: False,
    writer_of: Callable[[Any], str | None] = lambda _row: "",
) -> OrderTold:
    """Return whether both lists are sorted by words that are other ones on each side.

    `pairs` are the places of the rows that are one. It is one place of the rows, in one direction;
    within rows that are alike at another place and come in the same order by it, that suffices.
    Rows in which chance drew nothing keep their order in any case. Where several wrote at once
    their rows come in another order on each side: those of one writer keep theirs. `writer_of` says
    who wrote a row of the baseline, None where nobody knows.
    """
    left, right = RowsOfSide.of(base, made[0], is_drawn), RowsOfSide.of(cand, made[1], is_drawn)
    steady: list[tuple[int, int]] = []
    drawn: list[tuple[int, int]] = []
    for ours, theirs in sorted(pairs):
        is_steady = not left.drawn[ours] or (
            left.words[ours] == right.words[theirs] and writer_of(base[ours]) is not None
        )
        (steady if is_steady else drawn).append((ours, theirs))
    steady = _alike_in_order(steady, left, right)
    if any(one[1] > other[1] for one, other in pairwise(steady)):
        return OrderTold(Order.ANOTHER)
    places: dict[Place, None] = {}
    groups: dict[Place, None] = {}
    for ours, theirs in pairs:
        mine, other = left.words[ours], right.words[theirs]
        for place in mine.keys() & other.keys():
            (groups if mine[place] == other[place] else places).setdefault(place)
    if not _is_sorted_by_name(left, list(places)[:_MOST_PLACES], list(groups)[:_MOST_PLACES]):
        # Rows that were written in the same seconds on both sides show the same times.
        places |= {one: None for one in groups if _are_times(left.at(one, drawn_alone=True))}
    asked = list(places)[:_MOST_PLACES]
    chances: dict[Place, float] = {}
    for place in asked:
        if not (_is_at_all_drawn(left, place) and _is_at_all_drawn(right, place)):
            continue
        if sorted_alike(left.at(place), right.at(place)) or (
            _beside_alike(drawn, steady)
            and sorted_alike(left.at(place, drawn_alone=True), right.at(place, drawn_alone=True))
        ):
            rows = min(len(set(side.at(place))) for side in (left, right))
            chance = by_chance_sorted(rows)
        elif _is_sorted_throughout(left.at(place)):
            chance = 1.0  # by that alone, and by nothing before it
        else:
            within = (
                _sorted_within(left, right, place, group) for group in list(groups)[:_MOST_PLACES]
            )
            chance = min((one for one in within if one is not None), default=1.0)
        ties = _of_ties(left, right, drawn, place, asked) if chance < 1 else None
        if ties is not None:
            chances[place] = chance = max(chance, ties)
            if chance * len(asked) <= ALMOST_NEVER:
                return OrderTold(Order.OF_ITS_OWN, frozenset((place,)), chance)
    writers = {ours: writer_of(base[ours]) for ours, _ in drawn}
    if len({*writers.values(), ""}) > 1:
        by_name = not chances and _is_sorted_by_name(left, asked, list(groups)[:_MOST_PLACES])
        if not by_name and written_at_once(writers, drawn, steady):
            return OrderTold(Order.OF_ITS_OWN)
    if not chances:
        unruled = _has_no_rule(left, right, drawn)
        return OrderTold(Order.UNRULED if unruled else Order.ANOTHER)
    chance = min(chances.values())
    told = chance if chance == inf else min(1.0, chance * len(asked))
    return OrderTold(Order.UNTOLD, frozenset(chances), told)


def _are_times(words: Sequence[str | bytes]) -> bool:
    return len(set(words)) > 1 and all(map(time_of, words))


def _has_no_rule(left: RowsOfSide, right: RowsOfSide, drawn: list[tuple[int, int]]) -> bool:
    """Return whether rows that chance named are in the order of nothing that they show, on neither
    side: as the files of a folder are, by the hash of a name that is another one on each side.

    They tell of a time or a number by which they would go up or down if they came as they were
    made. Those that come in reverse have an order.
    """
    theirs = [other for _, other in sorted(drawn)]
    if len(drawn) < _FEWEST_UNRULED or theirs == sorted(theirs, reverse=True):
        return False
    is_told = False
    for side, rows in ((left, sorted(ours for ours, _ in drawn)), (right, sorted(theirs))):
        words = [side.words[row] for row in rows]
        for place in set.intersection(*map(set, words)):
            found = [one.strip() if isinstance(one, str) else one for one in _at(words, place)]
            if 2 * len(set(found)) < len(found):
                continue
            if _way(found) or sorted_alike(found, found):
                return False
            is_told |= all(isinstance(one, bytes) or bool(time_of(one)) for one in found)
    return is_told


def _at(words: Iterable[_Words], place: Place) -> list[str | bytes]:
    return [row[place] for row in words]


def _is_sorted_by_name(rows: RowsOfSide, places: Iterable[Place], groups: Sequence[Place]) -> bool:
    """Return whether the rows of one side are sorted by what chance drew, and not by chance: the
    others then are not.
    """
    for place in places:
        words = rows.at(place, drawn_alone=True)
        if len(words) < 2 or not all(map(_is_code_in, words)):
            continue
        others = (_runs(rows, place, one) for one in groups if one != place)
        for fewest, runs in ((_ONE_OF, [words]), *((_ONE_OF_GROUPS, runs) for runs in others)):
            orders = prod(factorial(min(len(run), 20)) for run in runs)
            if orders >= fewest and all(map(sorted_alike, runs, runs)):
                return True
    return False


def _is_sorted_throughout(words: Sequence[str | bytes]) -> bool:
    """Return whether words are sorted from the first row to the last, too many for chance."""
    orders = factorial(min(len(set(words)), 20))
    return 2 / orders <= ALMOST_NEVER and sorted_alike(words, words)


def by_chance_sorted(words: int) -> float:
    """Return how likely it is that so many words stand in one order, on both sides alike."""
    return min(1.0, 2 / factorial(min(words, 20)) ** 2)


def _of_ties(
    left: RowsOfSide,
    right: RowsOfSide,
    pairs: Sequence[tuple[int, int]],
    place: Place,
    others: list[Place],
) -> float | None:
    """Return how likely it is that the order of rows that have one word at a place says nothing;
    None where it is another.

    They keep it, or are sorted by another place. Nothing tells an order within one second.
    """
    tied: dict[str | bytes, list[tuple[int, int]]] = {}
    for ours, theirs in pairs:
        if place in left.words[ours]:
            tied.setdefault(left.words[ours][place], []).append((ours, theirs))
    broken = [
        rows
        for rows in tied.values()
        if any(one[1] > other[1] for one, other in pairwise(rows))
        and not _are_sorted_by_another(left, right, rows, others)
    ]
    if not broken:
        return 0.0
    at_one_second = all(time_of(left.words[ours][place]) for rows in broken for ours, _ in rows)
    return inf if at_one_second and not _are_counted(left, [*tied.values()]) else None


def _are_sorted_by_another(
    left: RowsOfSide, right: RowsOfSide, rows: list[tuple[int, int]], others: list[Place]
) -> bool:
    """Return whether rows that have one word at a place are sorted by another place."""
    mine = [left.words[ours] for ours, _ in rows]
    other = [right.words[theirs] for theirs in sorted(theirs for _, theirs in rows)]
    return any(
        all(at in row for row in (*mine, *other))
        and len({row[at] for row in mine}) == len(mine)
        and sorted_alike([row[at] for row in mine], [row[at] for row in other])
        for at in others
    )


def _are_counted(side: RowsOfSide, tied: list[list[tuple[int, int]]]) -> bool:
    """Return whether rows of one and the same second are in the order of a number all the same."""
    runs = [[side.words[ours] for ours, _ in rows] for rows in tied if len(rows) > 1]
    for place in set.intersection(*(set(words) for run in runs for words in run)):
        words = [[text_of(row[place]) or "" for row in run] for run in runs]
        if all(word.isdigit() for one in words for word in one) and any(
            all(
                numbers == sorted(set(numbers), reverse=down)
                for numbers in ([int(word) for word in one] for one in words)
            )
            for down in (False, True)
        ):
            return True
    return False


def _alike_in_order(
    pairs: list[tuple[int, int]], left: RowsOfSide, right: RowsOfSide
) -> list[tuple[int, int]]:
    """Return the pairs with rows that are one and the same in the order that they stand in: which
    of several line breaks is which nobody can tell.
    """
    groups: dict[Hashable, list[tuple[int, int]]] = {}
    for ours, theirs in pairs:
        words = left.words[ours]
        key = frozenset(words.items()) if words == right.words[theirs] else (ours, theirs)
        groups.setdefault(key, []).append((ours, theirs))
    return sorted(
        pair
        for group in groups.values()
        for pair in zip(*(sorted(side) for side in zip(*group, strict=True)), strict=True)
    )


def _is_at_all_drawn(side: RowsOfSide, place: Place) -> bool:
    rows = zip(side.words, side.drawn, strict=True)
    return all(place in words for words, drawn in rows if drawn)


def _beside_alike(drawn: list[tuple[int, int]], steady: list[tuple[int, int]]) -> bool:
    """Return whether as many rows that chance named stand before each that it did not."""
    return len(drawn) > 1 and between_the_same(steady, drawn)


def _sorted_within(left: RowsOfSide, right: RowsOfSide, place: Place, group: Place) -> float | None:
    """Return how likely it is by chance that each run of rows that are alike at one place is sorted
    by another; None where one is not.
    """
    if left.at(group, drawn_alone=True) != right.at(group, drawn_alone=True):
        return None
    runs = [_runs(side, place, group) for side in (left, right)]
    if not all(len(runs[0]) == len(one) for one in runs):
        return None
    if not all(sorted_alike(one, other) for one, other in zip(*runs, strict=True)):
        return None
    return prod(
        by_chance_sorted(min(len(set(one)), len(set(other))))
        for one, other in zip(*runs, strict=True)
    )


def _runs(side: RowsOfSide, place: Place, group: Place) -> list[list[Any]]:
    found: list[list[Any]] = []
    last: Any = ...
    for words, drawn in zip(side.words, side.drawn, strict=True):
        if not drawn or place not in words:
            continue
        if words.get(group) != last or not found:
            found.append([])
            last = words.get(group)
        found[-1].append(words[place])
    return found


_WAYS: Final[tuple[Callable[[str], Any], ...]] = (
    str,
    str.casefold,
    lambda text: (0, int(text), "") if text.lstrip("-").isdigit() else (1, 0, text),
    lambda text: re.sub(r"[\W_]+", "", text).casefold(),
)


def sorted_alike(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Return whether both are sorted, in one way and one direction."""
    return next(ways_alike(left, right), None) is not None


def ways_alike(left: Sequence[Any], right: Sequence[Any]) -> Iterator[Callable[[str], Any]]:
    """Yield the ways of comparing words by which both are sorted in one direction."""
    texts = [[text_of(word) or "" for word in side] for side in (left, right)]
    for way in _WAYS:
        ours, theirs = ([way(text) for text in side] for side in texts)
        for backwards in (False, True):
            if all(side == sorted(side, reverse=backwards) for side in (ours, theirs)):
                yield way


def ways_of(rows: RowsOfSide) -> frozenset[Way]:
    """Return the ways in which the rows that chance named are sorted by words of their own; where
    it named none, in which all rows rise or fall by a number or a time.
    """
    named = [words for words, drawn in zip(rows.words, rows.drawn, strict=True) if drawn]
    found: set[Way] = set()
    if not named:
        return frozenset(
            (place, _BY_NUMBER, falls < 0)
            for place in (set.intersection(*map(set, rows.words)) if rows.words else ())
            if len(set(words := [*map(_counted, rows.at(place))])) >= _FEWEST_COUNTED
            and (falls := _way(words))
        )
    for place in list(named[0])[:_MOST_PLACES] if len(named) > 1 else ():
        texts = [text_of(words[place]) or "" for words in named if place in words]
        if not len(set(texts)) == len(texts) == len(named):
            continue
        for at, way in enumerate(_WAYS):
            keys = [way(text) for text in texts]
            found |= {
                (place, at, down) for down in (False, True) if keys == sorted(keys, reverse=down)
            }
    return frozenset(found)


def breaks_at(rows: RowsOfSide, way: Way) -> int | None:
    """Return which of the rows that a way is told by is the first that it has behind the next one;
    None where all are sorted in it, however few.
    """
    place, at, falls = way
    words = rows.at(place, drawn_alone=any(rows.drawn))
    if at == _BY_NUMBER:
        keys: list[Any] = [_number(_counted(word)) or 0.0 for word in words]
    else:
        keys = [_WAYS[at](text_of(word) or "") for word in words]
    pairs = enumerate(pairwise(keys))
    return next((index for index, (a, b) in pairs if (a < b if falls else a > b)), None)


def _counted(word: str | bytes) -> str | bytes:
    """Return the one number in a text, as in a cell or behind a name; else the word as it is."""
    if isinstance(word, str) and not time_of(word) and len(found := NUMERAL.findall(word)) == 1:
        return str(found[0]).encode()
    return word


def by_chance_in(rows: RowsOfSide, way: Way) -> float:
    """Return how likely it is that the rows are sorted in one way that `ways_of` tells."""
    if any(rows.drawn):
        return 1 / factorial(min(sum(rows.drawn), 20))
    ties = Counter(map(_counted, rows.at(way[0]))).values()
    return prod(factorial(min(many, 20)) for many in ties) / factorial(min(sum(ties), 20))


def loses_count(base: Sequence[Any], cand: Sequence[Any], *, by_chance: bool = False) -> bool:
    """Return whether the baseline's rows stand in the order of a number or a time, too many for
    chance, and the candidate's in that of none of them: rows may be alike in all else.

    `by_chance`: few rows as well.
    """
    if len(base) != len(cand):
        return False
    if not by_chance and 2 / factorial(min(len(base), 20)) > ALMOST_NEVER:
        return False
    rows = [[dict(leaves_at(row)) for row in side] for side in (base, cand)]
    shared = set.intersection(*(set(row) for side in rows for row in side))
    is_sorted = False
    for place in shared:
        ways = [_way([row[place] for row in side]) for side in rows]
        if ways[0] and ways[0] == ways[1]:
            return False
        is_sorted |= bool(ways[0])
    return is_sorted


def _way(words: Sequence[str | bytes]) -> int:
    """Return 1 where numbers or times rise, most of them others, -1 where they fall; 0 for none."""
    if not all(isinstance(word, bytes) or time_of(word) for word in words):
        return 0
    moments = [_number(word) for word in words]
    numbers = [one for one in moments if one is not None]
    if len(numbers) < len(words) or 2 * len(set(numbers)) < len(words):
        return 0
    for way in (1, -1):
        if numbers == sorted(numbers, reverse=way < 0):
            return way
    return 0


def _number(word: str | bytes) -> float | None:
    if isinstance(word, str):
        return moment_of(word)
    try:
        return float(word)
    except ValueError:
        return None


def leaves_at(row: Any, place: Place = ()) -> Iterator[tuple[Place, str | bytes]]:
    """Yield the texts and numbers of a row, each with its place."""
    if isinstance(row, dict):
        for key, item in row.items():
            yield from leaves_at(item, (*place, key))
    elif isinstance(row, list):
        for index, item in enumerate(row):
            yield from leaves_at(item, (*place, index))
    elif isinstance(row, str | bytes):
        yield place, row


def holds_code(row: Any) -> bool:
    """Return whether a code of some test stands in a row."""
    return any(_is_code_in(leaf) for _, leaf in leaves_at(row))


def _is_code_in(word: str | bytes) -> bool:
    return isinstance(word, str) and next(codes_in(word), None) is not None


def time_of(value: Any) -> str:
    """Return the form of a time, with the blanks around it in a cell: of rows that were written at
    another time on each side.
    """
    bare = value.strip() if isinstance(value, str) else value
    name = formats.format_of(bare)
    if name.startswith(_TIMES):
        return name if bare == value else f"{name} in {value.replace(bare, '…')!r}"
    if isinstance(value, bytes) and name.startswith(("integer", "decimal")):
        moment = clock.moment_s(value)
        if moment is not None and 1e9 < moment < 4e9:
            # A fraction is as long as its last digit that is no nought.
            return f"epoch {len(value.partition(b'.')[0])} {b'.' in value}"
    return ""


def is_no_such_time(word: Any, other: Any) -> bool:
    """Return whether one text is a time and the other is none, or one that is spelled otherwise: a
    fraction may have lost its last noughts.
    """
    if not isinstance(word, str):
        return False
    return not time_of(other) or _FIGURES.sub("", word) != _FIGURES.sub("", other)


def moment_of(word: str | bytes) -> float | None:
    """Return the time that a word tells, in seconds, with blanks around it or without."""
    return clock.moment_s(word.strip() if isinstance(word, str) else word)


def _as_sent(word: str | bytes, made: Made) -> str | bytes:
    return spelled(word, made) if isinstance(word, str) else word


def spelled(text: str, made: Made) -> str:
    """Return a text as the test sent it, with the codes in the place of their markers."""
    return MARKER.sub(lambda found: made.get(found[0], found[0]), text) if OPEN in text else text
