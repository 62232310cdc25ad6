"""Rows at the end of a full page that one side alone shows: a round before, both sides did. Pure.

Where several workers write, their rows come in another order to each side. While a page shows both
of two such rows, their order is known for that. Each round of a test puts its own row on the page,
and pushes one at the end off it: then one side shows the one, and the other side the other. Nothing
is told by it: what each side shows it has shown before, where it was compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.confirm.spans import Sides, answers_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.drawn_order import holds_code
from pytest_cutover.compare.diff.lists.between_rounds import OTHER_ROWS
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.normalized import tree_of

PUSHED_OFF: Final = "a row that both sides have shown before"
_FEWEST: Final = 3  # rows of a page

_Rows = Sequence[Any]


class _Page(NamedTuple):
    """A list of equal length on both sides, where it stands, and the rows that one side alone shows
    by what they say besides ids, times and codes.
    """

    where: str
    rows: tuple[_Rows, _Rows]
    alone: tuple[Counter[Hashable], Counter[Hashable]]

    def is_in_them(self, one: Difference) -> bool:
        """Whether a difference is in rows that one side alone shows, or is that they are others."""
        if not self.alone[0]:
            return False
        if one.pointer == self.where:
            return one.kind is Kind.LENGTH and one.change == OTHER_ROWS
        at = int(json_pointer.parse(one.pointer.removeprefix(self.where))[0])
        return at < len(self.rows[1]) and _key(self.rows[1][at]) in self.alone[1]


class PageEnds:
    """The pages of some rounds; `told` are the differences of each."""

    def __init__(self, rounds: Sequence[Sides], told: Sequence[Sequence[Difference]]) -> None:
        self._before = {id(one): before for before, one in pairwise(rounds)}
        self._told = {id(one): found for one, found in zip(rounds, told, strict=True)}

    def says_no_more(self, one: Difference, sides: Sides) -> bool:
        """Return whether a difference is in rows at the end of a page, where both sides have shown
        all of them in the round before, and nothing else departed there.
        """
        before = self._before.get(id(sides))
        if before is None:
            return False
        earlier = {page.where: page for page in _pages(one, before)}
        return any(
            page.is_in_them(one)
            and page.where in earlier
            and _are_pushed_off(page, earlier[page.where])
            and all(
                earlier[page.where].is_in_them(other)
                for other in self._told[id(before)]
                if other.exchange == one.exchange
                and f"{other.pointer}/".startswith(f"{page.where}/")
            )
            for page in _pages(one, sides)
        )


def may_be(one: Difference, sides: Sides) -> bool:
    """Return whether a difference is in rows at the end of a page that one side alone shows, and
    that name no test.
    """
    for page in _pages(one, sides):
        many = page.alone[0].total()
        if not page.is_in_them(one) or 2 * many > len(page.rows[0]):
            continue
        for way in (1, -1):
            turned = [rows[::way] for rows in page.rows]
            if all(
                Counter(map(_key, rows[:many])) == alone
                and not any(holds_code(row) or row in rows[many:] for row in rows[:many])
                for rows, alone in zip(turned, page.alone, strict=True)
            ):
                return True
    return False


def _pages(one: Difference, sides: Sides) -> Iterator[_Page]:
    """Yield the lists that a difference is in."""
    names = json_pointer.parse(one.pointer)
    exchanges = answers_of(one, sides)
    if not exchanges:
        return
    trees = [tree_of(each) for each in exchanges]
    for depth in range(len(names) + 1):
        if depth < len(names) and not json_pointer.is_index(names[depth]):
            continue
        where = json_pointer.join(names[:depth])
        ours, theirs = (json_pointer.get(tree, where) for tree in trees)
        if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            left, right = (Counter(map(_key, rows)) for rows in (ours, theirs))
            if len(ours) >= _FEWEST:
                yield _Page(where, (ours, theirs), (left - right, right - left))


def _are_pushed_off(page: _Page, earlier: _Page) -> bool:
    """Whether new rows have pushed off one side what the other one alone shows."""
    size = len(page.rows[0])
    if len(earlier.rows[0]) != size:
        return False
    for way in (1, -1):
        now, before = ([rows[::way] for rows in one.rows] for one in (page, earlier))
        steps = [_step(*two) for two in zip(before, now, strict=True)]
        new = steps[0]
        if new is None or steps[1] != new:
            continue
        gone = [Counter(map(_key, rows[size - new :])) for rows in before]
        if page.alone[0] <= gone[1] and page.alone[1] <= gone[0]:
            return True
    return False


def _step(before: _Rows, page: _Rows) -> int | None:
    """Return how many new rows a page begins with, the others the same as before."""
    size = len(page)
    return next((new for new in range(1, size) if page[new:] == before[: size - new]), None)


def _key(row: Any) -> Hashable:
    """Return what a row says besides ids, times and codes."""
    return OwnRows(Correspondence()).key_of_candidate(EXACT, row)
