"""Rows at an edge of a full page that one side alone shows: the other one has others there. Pure.

A page is cut behind other rows on each side where several wrote them at once, and where rows are
sorted by a name that chance drew. Such rows are held to their shape, those that are alike to all
that is not chance; whatever else one side alone shows is a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.ids.drawn_order import (
    Made,
    Place,
    RowsOfSide,
    holds_code,
    leaves_at,
    sorted_alike,
    time_of,
)
from pytest_cutover.compare.diff.ids.written_at_once import are_crossing
from pytest_cutover.compare.diff.lists import named_pages
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.compare.diff.lists.row_shapes import is_like_one_of, shape_of
from pytest_cutover.compare.diff.lists.row_words import is_called_an_id
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Scope, Walk
from pytest_cutover.compare.noise.lists.rows import is_made
from pytest_cutover.normalize.matchers import EXACT

_FEW_ROWS: Final = 3
CUT_OFF: Final = "row at the edge of a page"


def are_on_a_page(scope: Scope, path: Path, size: int, matched: dict[int, int]) -> bool:
    """Return whether a list may show other rows on each side, for it is cut where it is full.

    It does not grow from round to round, and its rows were written in another order to each side.
    """
    beside = scope.rows_beside_at(path)
    return beside is not None and len(beside) == size and are_crossing(matched)


def are_cut_off(
    own: OwnRows,
    walk: Walk,
    path: Path,
    mask: Any,
    rows: tuple[Sequence[Any], Sequence[Any]],
    lonely: tuple[Sequence[int], Sequence[int]],
) -> bool:
    """Return whether each side shows rows where the other's page is cut: `lonely` are those, and
    are held to their shape then.
    """
    base, cand = rows
    if not lonely[0] or len(lonely[0]) != len(lonely[1]) or len(base) != len(cand):
        return False
    beside = walk.scope.rows_beside_at(path)
    if beside is None or len(beside) != len(base):
        return False
    shown = [[side[index] for index in places] for side, places in zip(rows, lonely, strict=True)]
    if (reason := _beyond_by_name(own, walk.scope.made, rows, lonely)) is not None:
        walk.scope.account.note(walk.scope.endpoint, Fate.CONSTRAINED, CUT_OFF, len(shown[1]))
        if reason:
            walk.leave_open(path, reason)
        return True
    if any(map(is_made, [*shown[0], *shown[1]])):
        return False
    if any(cand.count(row) > 1 and _tells_a_time(row) for row in shown[1]):
        return False  # one row is there twice
    found = _of_other_workers(own, rows, shown, lonely) or _of_any_name(
        own, walk.scope.made, mask, rows, shown
    )
    if found:
        walk.scope.account.note(walk.scope.endpoint, Fate.CONSTRAINED, CUT_OFF, len(shown[1]))
    return found


def _beyond_by_name(
    own: OwnRows,
    made: tuple[Made, Made],
    rows: tuple[Sequence[Any], Sequence[Any]],
    lonely: tuple[Sequence[int], Sequence[int]],
) -> str | None:
    """Return what nothing tells of these rows where they are beyond the other side's page by their
    names, empty where they are made as those on it; None where they are not beyond it.
    """
    sides = [
        RowsOfSide.of(side, names, own.is_of_others) for side, names in zip(rows, made, strict=True)
    ]
    found = named_pages.are_beyond(own.values, sides, lonely)
    if found == "" and not all(_is_made_as(own, rows[0], rows[1][at]) for at in lonely[1]):
        return named_pages.OTHERS
    return found


def _is_made_as(own: OwnRows, base: Sequence[Any], row: Any) -> bool:
    """Whether a row of the candidate has what all of the baseline's rows have, by its side."""
    if not is_like_one_of(base, row):
        return False
    shown = [dict(leaves_at(one)) for one in base]
    return all(
        not all(place in one for one in shown)
        or _are_made_alike(own, place, [one[place] for one in shown], word)
        for place, word in leaves_at(row)
    )


def _are_made_alike(
    own: OwnRows, place: Place, known: Sequence[str | bytes], word: str | bytes
) -> bool:
    """Whether a word is what all of the baseline's are at its place, or no other kind of id."""
    name = str(place[-1]) if place else ""
    if is_called_an_id(name) and len(set(known)) > 1:
        is_word = own.values.is_word(name, text_of(word) or "")
        return any(own.values.is_word(name, text_of(one) or "") is is_word for one in known)
    ours = {own.key_of_baseline(EXACT, _member(place, one)) for one in known}
    return len(ours) > 1 or own.key_of_candidate(EXACT, _member(place, word)) in ours


def _member(place: Place, word: str | bytes) -> dict[str, str | bytes]:
    return {str(place[-1]) if place else "": word}


def _tells_a_time(row: Any) -> bool:
    return any(time_of(word) for _, word in leaves_at(row))


def begins_with_another(walk: Walk, base: Sequence[Any], cand: Sequence[Any], path: Path) -> bool:
    """Return whether a page of few rows of shared data begins with what the test made on the
    baseline, and with another row on the candidate.
    """
    scope, size = walk.scope, len(base)
    if not scope.shared_state or scope.same_side or not 1 < size == len(cand) <= _FEW_ROWS:
        return False
    beside = scope.rows_beside_at(path)
    if not beside or len(beside) != size:
        return False
    return is_made(base[0]) and is_made(beside[0]) and not is_made(cand[0])


def _of_other_workers(
    own: OwnRows,
    rows: tuple[Sequence[Any], Sequence[Any]],
    shown: list[list[Any]],
    lonely: tuple[Sequence[int], Sequence[int]],
) -> bool:
    """Whether these rows were written by others, and the rows from them to the edge by tests too.

    Those of one side name tests of this run, or no row of one side may be one of the other that
    has changed in something.
    """
    base, size = rows[0], len(rows[0])
    first, last = min(map(min, lonely)), max(map(max, lonely))
    edge = range(first, size) if size - first <= last + 1 else range(last + 1)
    if not own.others_write or 2 * len(edge) > size:
        return False
    named = [[own.writer_of(row, told=None) is not None for row in side] for side in shown]
    if not any(map(all, named)) and not all(_are_two(*pair) for pair in product(*shown)):
        return False
    between = [row for side in rows for row in (side[index] for index in edge)]
    if not all(own.writer_of(row, told=None) is not None or own.is_new(row) for row in between):
        return False
    beside = [row for at, row in enumerate(base) if at not in lonely[0]]
    members = {frozenset(row) for row in beside if isinstance(row, dict)}
    if any(isinstance(row, dict) and frozenset(row) not in members for row in shown[1]):
        return False  # a part of a page is made as nothing beside it
    wanted = {own.values.translate(text) for row in shown[0] for text in _naming(own, row)}
    if not wanted.isdisjoint(text for row in shown[1] for text in _naming(own, row)):
        return False
    return _have_the_shape_of(base, shown[1])


def _are_two(one: Any, other: Any) -> bool:
    """Whether two rows differ in so much that they are not one that has changed."""
    nobody = OwnRows(Correspondence())
    ours, theirs = (
        {
            place: nobody.key_of_candidate(EXACT, _member(place, word))
            for place, word in leaves_at(row)
        }
        for row in (one, other)
    )
    return sum(ours.get(at) != theirs.get(at) for at in ours.keys() | theirs.keys()) > 1


def _have_the_shape_of(known: Sequence[Any], rows: Sequence[Any]) -> bool:
    """Whether rows have the members of known ones, and in each what one of these has there."""
    if not all(isinstance(row, dict) for row in (*known, *rows)):
        return {shape_of(row) for row in rows} <= {shape_of(row) for row in known}
    seen = {(name, type(value), time_of(value)) for row in known for name, value in row.items()}
    members = {frozenset(row) for row in known}
    return all(
        frozenset(row) in members
        and all((name, type(value), time_of(value)) in seen for name, value in row.items())
        for row in rows
    )


def _naming(own: OwnRows, row: Any) -> Iterator[str]:
    """Yield the texts of a row that tell who wrote it."""
    texts = (word for _, word in leaves_at(row) if isinstance(word, str))
    return (text for text in texts if own.values.writers.of(text) is not None)


def _of_any_name(
    own: OwnRows,
    made: tuple[Made, Made],
    mask: Any,
    rows: tuple[Sequence[Any], Sequence[Any]],
    shown: list[list[Any]],
) -> bool:
    """Whether rows at the edge are alike but for a name, and come in the order of their names, and
    of nothing else that tells one from another.
    """
    nobody = OwnRows(Correspondence(), own.drawn, own.clocks, own.forms)
    alike = {nobody.key_of_candidate(mask, row) for side in shown for row in side}
    edges = [
        [at for at, row in enumerate(side) if nobody.key_of_candidate(mask, row) in alike]
        for side in rows
    ]
    first, last = edges[0][0], edges[0][-1]
    if len(alike) > 1 or edges[0] != edges[1] or edges[0] != list(range(first, last + 1)):
        return False
    if first and last < len(rows[0]) - 1:
        return False
    whole = [
        RowsOfSide.of(side, names, own.is_of_others) for side, names in zip(rows, made, strict=True)
    ]
    ours, theirs = (
        RowsOfSide(side.words[first : last + 1], side.drawn[first : last + 1]) for side in whole
    )
    names, others = set[Place](), set[Place]()
    for place in ours.words[0]:
        words = ours.at(place), theirs.at(place)
        is_name = all(map(holds_code, (*words[0], *words[1])))
        (names if is_name and len(edges[0]) > 1 else others).add(place)
    return any(sorted_alike(ours.at(place), theirs.at(place)) for place in names) and not any(
        len(set(ours.at(place))) == len(edges[0])
        and sorted_alike(whole[0].at(place), whole[1].at(place))
        for place in others
    )


def lost_by_chance(gone: list[int], size: int) -> bool:
    """Whether a list lost so many of its rows in a round that it is another one each time.

    A page loses rows at its end, or at its beginning, in one piece; of the others most stay.
    """
    if len(gone) == size:
        return True
    lost = set(gone)
    first = next(at for at in range(size) if at not in lost)
    last = next(at for at in range(size) if size - 1 - at not in lost)
    spare = max(first, last)
    return 2 * (len(gone) - spare) > size - spare
