"""Which row is which, of rows that are alike but for a name that chance drew. Pure.

Two orders of one customer show one name, on each side another: once one of them is known, the name
tells the other. Who has an order and a cancelled one is nobody who has the one alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import is_made, leaves, names_an_id


class NamedRow(NamedTuple):
    """A row by its place in its list, by all that is not chance, and by the names drawn in it."""

    place: int
    key: Hashable
    names: tuple[str, ...]


def paired(ours: Sequence[NamedRow], theirs: Sequence[NamedRow]) -> dict[int, int]:
    """Return the places of the baseline's rows by those of the candidate's that are the same.

    Rows pair by their keys: by those of all rows that share their names first, few before many; of
    those that are alike, in their order.
    """
    found: dict[int, int] = {}
    stands: dict[str, str] = {}  # the candidate's name → the baseline's
    everything = {row.place: row.key for row in ours}, {row.place: row.key for row in theirs}
    for known in (_with_company(ours), _with_company(theirs)), everything:
        taken = set(found.values())
        groups: dict[Hashable, tuple[list[NamedRow], list[NamedRow]]] = {}
        for row in ours:
            if row.place not in taken:
                groups.setdefault(known[0][row.place], ([], []))[0].append(row)
        for row in theirs:
            if row.place not in found:
                groups.setdefault(known[1][row.place], ([], []))[1].append(row)
        for group in sorted(groups.values(), key=lambda one: len(one[1])):
            found |= _paired_alike(*group, stands)
    return found


def ids_of_others(row: Any, values: Correspondence, *, is_candidate: bool) -> tuple[str, ...]:
    """Return the ids in a row of another test that writes of this run gave out, each as the
    candidate's: they tell which row it is where all else in it may be that of another.
    """
    found = []
    for name, value in () if is_made(row) else leaves(row):
        text = text_of(value)
        if text is None or not names_an_id(name) or values.writers.of(text) is None:
            continue
        partner = values.strong.get(text) if not is_candidate else text
        if partner is not None and values.is_partner(name, partner):
            found.append(partner)
    return tuple(found)


def drawn(pairs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of words that are drawn by chance: of a token, a hash, a UUID."""
    for one, other in pairs.items():
        if formats.has_identity(formats.format_of(other)):
            yield one, other


def _with_company(rows: Iterable[NamedRow]) -> Mapping[int, Hashable]:
    """Return the key of each row, with how often which keys share each of its names."""
    rows = list(rows)
    company: dict[str, Counter[Hashable]] = {}
    for row in rows:
        for name in row.names:
            company.setdefault(name, Counter())[row.key] += 1
    shown = {name: frozenset(keys.items()) for name, keys in company.items()}
    return {row.place: (row.key, tuple(shown[name] for name in row.names)) for row in rows}


def _paired_alike(
    ours: list[NamedRow], theirs: list[NamedRow], stands: dict[str, str]
) -> dict[int, int]:
    """Pair rows that are alike: by names that are known, and else in their order, rows of which a
    name is another's last. `stands` is told whose name is whose.
    """
    found: dict[int, int] = {}
    free = {row.place: row for row in ours}
    named: dict[tuple[str, ...], list[int]] = {}
    for row in reversed(ours):
        named.setdefault(row.names, []).append(row.place)

    def of_name(row: NamedRow) -> int | None:
        places = named.get(tuple(stands.get(name, "") for name in row.names), [])
        while row.names and places:
            if (place := places.pop()) in free:
                return place
        return None

    def take(row: NamedRow, place: int) -> None:
        found[row.place] = place
        for one, other in zip(free.pop(place).names, row.names, strict=False):
            stands.setdefault(other, one)

    rest = []
    for row in theirs:
        place = of_name(row)
        if place is None:
            rest.append(row)
        else:
            take(row, place)
    bound = set(stands.values())
    unbound = iter([row.place for row in ours if bound.isdisjoint(row.names)])
    last = []
    for row in rest:
        place = of_name(row)
        if place is None:
            place = next((one for one in unbound if one in free), None)
        if place is None:
            last.append(row)
        else:
            take(row, place)
    for row, place in zip(last, list(free), strict=False):
        take(row, place)
    return found
