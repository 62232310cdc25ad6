"""Numbers that tell of the rows beside them: how many, their sum, their mean, the last. Pure.

Such a number varies with its rows and has no value to be held to. What the baseline's says of its
own rows in every round, with other values each time, the candidate's has to say of its own. A
number may say several things by chance: it is enough that one of them holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from operator import mul
from typing import Any, Final

from msgspec import Raw

from pytest_cutover.compare.confirm.movement import counts, number_of
from pytest_cutover.compare.diff.numbers import ListPlace, Numbers
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Request, Transcript
from pytest_cutover.normalize.strict_json import read_json

COUNTS: Final = "counts its rows → does not"
HELD: Final = "tells of its rows"
_TELLS: Final = "tells of its rows → does not"
# What is the greatest or the last by chance is so in many ways: its name has to say it.
_NAMES: Final = "next|last|newest|latest|oldest|first|max|min|highest|lowest|peak|cursor"
_OF_ONE: Final = re.compile(rf"(?i:(?:^|[_-])(?:{_NAMES})(?:$|[_-]))|^(?:{_NAMES})(?=[A-Z])")
_WITH: Final = "rows with"
SUMS: Final = ("sum of", "mean of")
_MOST_DIGITS: Final = 9  # of binary fractions the last few are any
_MOST_ROWS: Final = 2_000
_MOST_COLUMNS: Final = 40
_DEEPEST: Final = 3  # a row, its cells, and what is in them
_LARGEST_PAGE: Final = 200
_MOST_FACTORS: Final = 6
_LONGEST_SENT: Final = 100_000  # bytes

Rows = tuple[Sequence[Any], Sequence[Any]]


def departure(
    index: int,
    where: str,
    sides: tuple[tuple[Decimal, ...], tuple[Decimal, ...]],
    rounds: Sequence[Numbers],
    *,
    is_id: bool,
) -> str:
    """Return how a number does not say of the candidate's rows what it says of the baseline's.

    `sides` are the number at a place of one exchange, in each round. `HELD` where it says the same
    of both sides' rows; empty for what is not known to say anything. An id says of nothing but
    another id.
    """
    ours, theirs = sides
    if len(set(ours)) < 2:
        return ""
    name = (json_pointer.parse(where) or ("",))[-1]
    counted = held = kept = False
    for place in _lists(index, rounds):
        rows = [one.rows[place] for one in rounds]
        base, cand = ([told(pair[side], name) for pair in rows] for side in (0, 1))
        for what in set.intersection(*map(set, base)):
            # The sum of a column of ones is how many there are.
            is_count = what.startswith(_WITH) or all(one[what] == one["count"] for one in base)
            if is_count and (is_id or place[0] != index):
                continue  # ids and versions are counted too, and not from what is there now
            if is_id and what.startswith(SUMS):
                continue
            if not all(is_rounded(a, one[what]) for a, one in zip(ours, base, strict=True)):
                continue
            both = zip(theirs, cand, strict=True)
            is_same = [what in one and is_rounded(b, one[what]) for b, one in both]
            held = True
            counted |= what == "count" and not all(is_same)
            if all(is_same):
                return HELD
            kept |= (what != "count" and any(is_same)) or _may_be_cut(rows)
    if not held or kept:
        return ""
    return COUNTS if counted else _TELLS


def may_depart(index: int, where: str, numbers: tuple[Decimal, Decimal], seen: Numbers) -> bool:
    """Whether a number of one round tells of the baseline's rows, and not of the candidate's.

    That may be by chance, which another round tells. A number that is the same on both sides looks
    like one that goes with the baseline's, and does not where the candidate has more rows.
    """
    ours, theirs = numbers
    name = (json_pointer.parse(where) or ("",))[-1]
    for place in _lists(index, (seen,)):
        base, cand = seen.rows[place]
        if place[0] != index or len(base) == len(cand):
            continue
        said, shown = told(base, name), told(cand, name)
        if any(
            is_rounded(ours, one) and what in shown and not is_rounded(theirs, shown[what])
            for what, one in said.items()
        ):
            return True
    return False


def with_sent(numbers: Numbers, baseline: Transcript, candidate: Transcript) -> Numbers:
    """Return the numbers of a round with the lists that each side was sent beside those it shows.

    Their members are named as the request has them, behind ``sent``.
    """
    rows = dict(numbers.rows)
    for index in {place[0] for place in numbers.lexemes}:
        if index < min(len(baseline.exchanges), len(candidate.exchanges)):
            one, other = (_sent(side.exchanges[index].request) for side in (baseline, candidate))
            rows |= {(index, f"sent {key}"): (one[key], other[key]) for key in one if key in other}
    return replace(numbers, rows=rows)


def sizes_shown(answers: Iterable[Exchange]) -> frozenset[int]:
    """Return the sizes of lists that are as long in all of some answers, as full pages are."""
    found: list[frozenset[int]] = []
    for one in answers:
        body = one.response.body if one.response is not None else b""
        if body[:1] not in (b"{", b"[") or len(body) > _LONGEST_SENT:
            return frozenset()
        tree = read_json(body).tree
        members = tree.values() if isinstance(tree, dict) else [tree]
        found.append(frozenset(len(each) for each in members if isinstance(each, list) and each))
    return frozenset(size for size in frozenset.intersection(*found) if size <= _LARGEST_PAGE)


def _sent(request: Request) -> dict[str, list[Any]]:
    if request.body[:1] not in (b"{", b"[") or len(request.body) > _LONGEST_SENT:
        return {}
    tree = read_json(request.body).tree
    members = tree if isinstance(tree, dict) else {"": tree}
    return {key: value for key, value in members.items() if isinstance(value, list) and value}


def _lists(index: int, rounds: Sequence[Numbers]) -> list[ListPlace]:
    """Return the lists that every round has; those of the number's own answer first."""
    known = set.intersection(*(set(one.rows) for one in rounds))
    return sorted(known, key=lambda place: (place[0] != index, place))


def _may_be_cut(rows: Sequence[Rows]) -> bool:
    """Whether the candidate's list may be a full page where the baseline's still grows."""
    ours, theirs = ({len(pair[side]) for pair in rows} for side in (0, 1))
    return len(ours) > 1 and len(theirs) == 1 and max(theirs) > max(ours)


def columns_of(row: Any) -> tuple[str, ...]:
    """Return where a row has numbers."""
    return tuple(column for column, value in _cells(row) if _number(value) is not None)


def is_rounded(number: Decimal, said: Decimal) -> bool:
    """Whether a number is another, to its own decimals."""
    exponent = number.as_tuple().exponent
    digits = min(-exponent, _MOST_DIGITS) if isinstance(exponent, int) and exponent < 0 else 0
    return abs(number - said) <= Decimal(51).scaleb(-digits - 2) if digits else number == said


def told(rows: Sequence[Any], name: str) -> dict[str, Decimal]:
    """Return what a number of this name may say of rows, by what it is called here."""
    said = {"count": Decimal(len(rows))}
    columns: dict[str, list[Decimal]] = {}
    is_count = counts(name, shared=True)
    full: dict[str, list[Decimal]] = {}
    texts = 0
    for row in rows if len(rows) <= _MOST_ROWS else ():
        for column, value in _cells(row):
            number = _number(value)
            if number is not None:
                columns.setdefault(column, []).append(number)
            elif value == name:
                texts += 1
            elif is_count and isinstance(value, str):
                key = f"{_WITH} {column} {value}"
                said[key] = said.get(key, Decimal()) + 1
    if texts:
        said[f"{_WITH} it"] = Decimal(texts)
    for column, numbers in list(columns.items())[:_MOST_COLUMNS]:
        if len(numbers) < len(rows):
            continue
        if not names_an_id(column):
            full[column] = numbers
            total = sum(numbers, Decimal(0))
            said[f"sum of {column}"] = total
            said[f"mean of {column}"] = total / len(numbers)
        if _OF_ONE.search(name):
            said |= {
                f"greatest {column}": max(numbers),
                f"least {column}": min(numbers),
                f"last {column}": numbers[-1],
                f"first {column}": numbers[0],
                f"after the greatest {column}": max(numbers) + 1,
            }
    for one, other in combinations(list(full)[:_MOST_FACTORS], 2):
        products = map(mul, full[one], full[other])
        said[f"sum of {one} × {other}"] = sum(products, Decimal(0))
    return said


def _cells(row: Any, name: str = "", deep: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield what a row says, by where: in a member, an amount in one, the cell of a table."""
    members: Iterable[tuple[object, Any]] = ()
    if isinstance(row, dict):
        members = row.items()
    elif isinstance(row, list):
        members = enumerate(row) if len(row) <= _MOST_COLUMNS else ()
    else:
        yield name, row
    for key, value in members if deep < _DEEPEST else ():
        yield from _cells(value, f"{name}.{key}" if name else str(key), deep + 1)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, Raw):
        value = bytes(value).strip(b'"')
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass") if value[-1:].isdigit() else None
    return number_of(value) if isinstance(value, bytes) else None
