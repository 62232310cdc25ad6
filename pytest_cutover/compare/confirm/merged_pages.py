"""Pages of shared data in the order of a name that tests make up. Pure.

Where such a page is cut, chance says whether a test's own row is on it, and which rows it has put
off. Yet nothing of it is chance: it shows what the other side showed just before, and the rows that
tests made meanwhile at the places of their names. A list of which every page does, on both sides,
is as it should be, whatever its rows look like beside those of the round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, product, zip_longest
from typing import Any, Final

from pytest_cutover.compare.confirm.newest_pages import Sides, size_of_head
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import time_of
from pytest_cutover.compare.diff.lists.between_rounds import as_sent
from pytest_cutover.compare.diff.lists.row_shapes import is_like_one_of
from pytest_cutover.compare.diff.numbers import ListPlace, Numbers
from pytest_cutover.compare.noise.lists.rows import is_made, key_of, leaves, names_an_id
from pytest_cutover.core.exchange import READS, Exchange, Transcript
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.strict_json import read_json
from pytest_cutover.normalize.substitution import Substitution

Spelled = Callable[[str], str]

_SPELLINGS: Final[tuple[Spelled, ...]] = (str, str.casefold)
MERGED: Final = "page in the order of names that tests make up"


@dataclass(frozen=True, slots=True)
class _Page:
    """What a side showed: its rows with the test's codes as they were sent, and with markers."""

    side: Transcript
    at: int
    rows: Sequence[Any]
    marked: Sequence[Any]
    cells: Sequence[Mapping[str, Sequence[Any]]]  # of each row, by name

    def below(self, head: int) -> _Page:
        """Return it without its first rows."""
        return replace(self, rows=self.rows[head:], cells=self.cells[head:])

    def words(self, name: str, nth: int) -> list[str]:
        """Return what rows have under a name, the nth of each; empty where that is no text.

        Members of one name have no place among the others: a row may have been stored otherwise.
        """
        named = [cells.get(name, ()) for cells in self.cells]
        found = [values[nth] if nth < len(values) else None for values in named]
        words = [word for word in found if isinstance(word, str)]
        return words if len(words) == len(found) else []

    def made(self, name: str, *, later: bool = False) -> list[str] | None:
        """Return the names of the rows that the test made before it asked, or `later`; None where
        it is not known which of several it is.
        """
        asked = self.side.exchanges[self.at + 1 :] if later else self.side.exchanges[: self.at]
        codes = [one.value for one in self.side.generated]
        found: list[str] = []
        for one in asked:
            if one.request.method in READS:
                continue
            sent = [*_sent(one, codes)]
            named = {word for key, word in sent if key == name} or {word for _, word in sent}
            if len(named) != 1:
                return None
            found += named
        return found


def merged(
    rounds: Sequence[Sides], numbers: Sequence[Numbers], *, shared: bool = True
) -> list[ListPlace]:
    """Return the lists of which every page is the one before with what was made meanwhile: the one
    that the other side was shown before, or, of data of each side's own, the same side.
    """
    if len(rounds) < 2 or any(one.shared for one in numbers) is not shared:
        return []
    found = []
    for place in sorted(set.intersection(*(set(one.pages) for one in numbers))):
        pages = _pages(place, rounds, numbers)
        sides = [pages] if shared else [pages[0::2], pages[1::2]]
        if (not shared or _are_alike(pages)) and all(map(_are_merged, sides)):
            found.append(place)
    return found


def _pages(place: ListPlace, rounds: Sequence[Sides], numbers: Sequence[Numbers]) -> list[_Page]:
    found: list[_Page] = []
    for (one, other), seen in zip(rounds, numbers, strict=True):
        for side, beside, rows in zip((one, other), (other, one), seen.pages[place], strict=True):
            made = Substitution.of(side, beside).made
            sent = [as_sent(row, made) for row in rows]
            found.append(_Page(side, place[0], sent, rows, [_cells(row) for row in sent]))
    return found


def _are_merged(pages: Sequence[_Page]) -> bool:
    head = size_of_head([list(map(_key, page.rows)) for page in pages])
    for first in dict.fromkeys((0, head)):
        below = [page.below(first) for page in pages]
        size = max(len(page.rows) for page in below)
        cells = below[0].cells[0] if below[0].cells else {}
        columns = [(name, nth) for name, values in cells.items() for nth in range(len(values))]
        ways = product(columns, _SPELLINGS, (1, -1))
        if any(_goes_on(below, size, *column, spelled, turn) for column, spelled, turn in ways):
            return True
    return False


def _goes_on(
    pages: Sequence[_Page], size: int, name: str, nth: int, spelled: Spelled, turn: int
) -> bool:
    """Whether each page is the one before with the rows made meanwhile, sorted by a column."""
    for before, page in pairwise(pages):
        words, after, own = page.words(name, nth), before.made(name, later=True), page.made(name)
        if not words or after is None or not own:
            return False
        keys, made = [spelled(word) for word in words], {*after, *own}
        if sorted(keys, reverse=turn < 0) != keys:
            return False
        kept = [row for row, word in zip(page.rows, words, strict=True) if word not in made]
        if len(kept) + len(made.intersection(words)) < len(words):
            return False  # rows of one name: it says nothing about their order
        if list(map(_key, kept)) != list(map(_key, before.rows[: len(kept)])):
            return False
        hidden = made - set(words)
        if len(words) < size and (hidden or len(kept) < len(before.rows)):
            return False
        if any(sorted((spelled(one), keys[-1]), reverse=turn < 0)[0] != keys[-1] for one in hidden):
            return False
    return True


def _cells(row: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, value in leaves(row):
        found.setdefault(name, []).append(value)
    return found


def _key(row: Any) -> Hashable:
    return key_of(EXACT, row)


def _are_alike(pages: Sequence[_Page]) -> bool:
    """Whether the candidate shows its own rows as the baseline does its; where none of these has
    had a place on the page, as the baseline shows them next; the last, which it shows no more, is
    held to its shape.
    """
    ours, theirs = ({row for page in pages[at::2] for row in _own(page)} for at in (0, 1))
    if ours:
        return theirs <= ours
    return all(
        sent in after.rows or (after is pages[0] and is_like_one_of(after.rows, sent))
        for page, after in zip_longest(pages[1::2], pages[2::2], fillvalue=pages[0])
        for row, sent in zip(page.marked, page.rows, strict=True)
        if is_made(row)
    )


def _own(page: _Page) -> Iterator[Hashable]:
    """Yield the rows that the test made, without the ids and times that its write gave to each."""
    writes = [one for one in page.side.exchanges[: page.at] if one.request.method not in READS]
    answers = [_texts(read_json(one.response.body).tree) for one in writes if one.response]
    codes = [one.value for one in page.side.generated]
    for row, sent in zip(page.marked, page.rows, strict=True):
        if not is_made(row):
            continue
        words = {text for text in _texts(sent) if any(code in text for code in codes)}
        given = frozenset().union(*(told for told in answers if words <= told))
        many = Counter(name for name, _ in leaves(row))  # the cells of a table have one
        yield key_of(EXACT, row, partial(_but_for, given, many))


def _but_for(given: Set[str], many: Mapping[str, int], name: str, value: Any) -> Any:
    text = text_of(value)
    if text not in given:
        return value
    return None if time_of(value) or many[name] > 1 or names_an_id(name) else value


def _texts(tree: Any) -> set[str]:
    return {text for _, value in leaves(tree) if (text := text_of(value)) is not None}


def _sent(exchange: Exchange, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts that a write sent with a code in them, each with its member's name."""
    body = exchange.request.body
    tree = read_json(body).tree if body[:1] == b"{" else None
    for name, text in leaves(tree):
        if isinstance(text, str) and any(code in text for code in codes):
            yield name, text
