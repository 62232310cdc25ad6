"""Pages of the newest rows of shared data, each a step further than the other side's. Pure.

A page of two or three rows shows nothing twice, so that no row of it is known from before. Yet the
sides take turns: each puts its own row on top of what the other has shown just before. How far the
pages of the baseline go on from those of the candidate, the candidate's have to go on from the
baseline's, and the row that a test has made stands where it does on the baseline's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence, Set
from itertools import dropwhile, groupby, pairwise, takewhile
from typing import Any, Final

from pytest_cutover.compare.confirm.asked_and_given import ids_given
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.lists.between_rounds import as_sent
from pytest_cutover.compare.diff.numbers import ListPlace, Lists, Numbers
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.noise.lists.rows import NUMERAL, ids_of, is_made, key_of, leaves
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.substitution import Substitution

# Rows that somebody else writes are between the same two answers so often once in a hundred times.
_ROUNDS: Final = 6
UNTOLD: Final = "the page may not go on from the other side's, or somebody else writes to it"
_OTHER_ROWS: Final = "goes on from the other side's page → does not"
_OTHER_PLACE: Final = "its own row's place → another"

Page = list[Hashable]
Places = tuple[int, ...]
Sides = tuple[Transcript, Transcript]  # of one round


def judged(
    rounds: Sequence[Sides], numbers: Sequence[Numbers], known: Sequence[Difference]
) -> tuple[list[Difference], list[ListPlace]]:
    """Return the pages that do not go on, and those of which more rounds would tell.

    What differs in a row is `known` by itself.
    """
    apart: list[Difference] = []
    untold: list[ListPlace] = []
    if not all(one.shared for one in numbers):
        return apart, untold
    for place in sorted(set.intersection(*(set(one.pages) for one in numbers))):
        asked = [side.exchanges[place[0]] for both in rounds for side in both]
        answer = asked[0].response
        if answer is None or answer.status >= 400:
            continue  # what is wrong with a request is no row of anybody
        if len({one.request.path for one in asked}) > 1:
            continue  # a page of another thing each time
        shown = [one.pages[place] for one in numbers]
        if _is_in_a_row(place, numbers[0].pages) or any(_is_in(place, one) for one in known):
            continue
        if _keep_their_rows(shown) or _is_of_members(shown):
            continue
        told = _places_told(rounds, shown) or _steps_told(rounds, shown)
        if told is None:
            continue
        if len(rounds) < _ROUNDS:
            untold.append(place)
            continue
        change, ours, theirs = told
        endpoint = rounds[0][0].exchanges[place[0]].endpoint
        kind = Kind.ORDER if change == _OTHER_PLACE else Kind.LENGTH
        apart.append(Difference(place[0], endpoint, kind, place[1], change, ours, theirs))
    return apart, untold


def show_own(one: Sides, seen: Numbers) -> bool:
    """Whether the baseline shows a row that the test made there, by its code or by its id."""
    ids = ids_given(one[0]) - ids_given(one[1])
    return any(_is_own(row, ids) for rows, _ in seen.pages.values() for row in rows)


def _is_in_a_row(place: ListPlace, pages: Mapping[ListPlace, Lists]) -> bool:
    """Whether a list is in a row of another, as the cells of a table are in its lines."""
    index, where = place
    return any(
        index == at and where.startswith(f"{outer}/") and len({_shape(row) for row in rows}) == 1
        for (at, outer), (rows, _) in pages.items()
        if len(rows) > 1
    )


def _keep_their_rows(shown: Sequence[Lists]) -> bool:
    """Whether all pages have the same rows, in which but numbers are others: what is counted of
    each day goes on, or one of the best sold overtakes another, and the page does not.

    A row is told from the others by its words, or by a number that it keeps, as a day, where no id
    is another.
    """
    pages = [[read_whole(row) for row in rows] for both in shown for rows in both]
    words = {tuple(map(_words_of, rows)) for rows in pages}
    if len(set(map(frozenset, words))) == 1 and all(map(_are_told, words)):
        return True
    if len(words) > 1:
        return False
    ids = {tuple(tuple(map(_key, ids_of(row))) for row in rows) for rows in pages}
    kept = [
        frozenset.intersection(*(frozenset(map(_key, leaves(row))) for row in rows))
        for rows in zip(*pages, strict=True)
    ]
    return len(ids) == 1 and _are_told(kept)


def _key(leaf: tuple[str, Any]) -> Hashable:
    return leaf[0], key_of(EXACT, leaf[1])


def _are_told(rows: Sequence[Hashable]) -> bool:
    return len(set(rows)) == len(rows)


def _is_of_members(shown: Sequence[Lists]) -> bool:
    """Whether each row is one of its kind, as the elements of an XML record are: of a page most
    rows are alike.
    """
    return all(
        len(rows) > 1 and len(set(map(_shape, rows))) == len(rows)
        for both in shown
        for rows in both
    )


def _words_of(row: Any) -> frozenset[Hashable]:
    """Return what a row holds but for its numbers, which are texts in XML and stand in HTML's."""
    return frozenset(
        (name, NUMERAL.sub("0", value) if isinstance(value, str) else value)
        for name, value in leaves(row)
        if not isinstance(value, bytes)
    )


def _is_in(place: ListPlace, one: Difference) -> bool:
    return one.exchange == place[0] and f"{one.pointer}/".startswith(f"{place[1]}/")


def _shape(row: Any) -> Hashable:
    return frozenset(row) if isinstance(row, dict) else str(type(row))


def _steps_told(rounds: Sequence[Sides], shown: Sequence[Lists]) -> tuple[str, str, str] | None:
    """Return how far the pages of each side go on from the other's, where that never is the same;
    None where it is.
    """
    pages: list[Page] = []
    for (one, other), both in zip(rounds, shown, strict=True):
        made = Substitution.of(one, other).made, Substitution.of(other, one).made
        pages += [
            [key_of(EXACT, as_sent(row, codes)) for row in _without_title(rows)]
            for rows, codes in zip(both, made, strict=True)
        ]
    if _come_back(pages[::2]) or len({frozenset(Counter(page).items()) for page in pages}) == 1:
        return None  # which rows come first is told by their order
    for turned in (pages, [page[::-1] for page in pages]):
        head = size_of_head(turned)
        below = [page[head:] for page in turned]
        for step in (_rows_before, _rows_before_all):
            steps = [step(*two) for two in pairwise(below)]
            theirs, ours = steps[::2], steps[1::2]
            if len(set(theirs)) > 1 or len(set(ours)) > 1:
                continue
            if not ours and theirs == [None] and not set(below[0]).isdisjoint(below[1]):
                return _OTHER_ROWS, "", ""  # as on data of each side's own, and on a wrong page
            if ours and ours[0] != theirs[0]:
                return _OTHER_ROWS, _told(ours[0]), _told(theirs[0])
    return None


def _without_title(rows: Sequence[Any]) -> Sequence[Any]:
    """Return rows without what stands before the first one, as the time of a feed does."""
    usual = _shape(rows[len(rows) // 2]) if rows else None
    return [*dropwhile(lambda row: _shape(row) != usual, rows)]


def _come_back(pages: Sequence[Page]) -> bool:
    """Whether a page is shown again after another one: it is none of the newest."""
    turns = [page for page, _ in groupby(pages)]
    return any(page in turns[:at] for at, page in enumerate(turns))


def size_of_head(pages: Sequence[Page]) -> int:
    """Return with how many rows all pages begin alike, as with the names of columns."""
    same = takewhile(lambda rows: len(set(rows)) == 1, zip(*pages, strict=False))
    return sum(1 for _ in same)


def _rows_before(earlier: Page, later: Page) -> int | None:
    """Return how many rows a page shows before the first of an earlier one."""
    return later.index(earlier[0]) if earlier and earlier[0] in later else None


def _rows_before_all(earlier: Page, later: Page) -> int | None:
    """Return how many rows a page shows before all for which it has room of an earlier one."""
    steps = range(len(later))
    return next((new for new in steps if later[new:] == earlier[: len(later) - new]), None)


def _told(step: int | None) -> str:
    return "shows other rows" if step is None else f"goes on by {step}"


def _places_told(rounds: Sequence[Sides], shown: Sequence[Lists]) -> tuple[str, str, str] | None:
    """Return where each side shows what the test has made there, if that is one place on the
    baseline and another on the candidate, each time; else None.
    """
    seen_at: tuple[set[Places], set[Places]] = set(), set()
    for one, both in zip(rounds, shown, strict=True):
        given = [ids_given(side) for side in one]
        for seen, rows, ids, others in zip(seen_at, both, given, given[::-1], strict=True):
            own = ids - others
            seen.add(tuple(at for at, row in enumerate(rows) if _is_own(row, own)))
    ours, theirs = seen_at
    if len(ours) != 1 or len(theirs) != 1 or ours == theirs or ours == {()}:
        return None
    return _OTHER_PLACE, _ordinals(*ours), _ordinals(*theirs)


def _is_own(row: Any, ids: Set[str]) -> bool:
    return is_made(row) or any(text_of(value) in ids for _, value in leaves(row))


def _ordinals(places: Places) -> str:
    if not places:
        return "its own row is not there"
    return "its own row is row " + ", ".join(str(at + 1) for at in places)
