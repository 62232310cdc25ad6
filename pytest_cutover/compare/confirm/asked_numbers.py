"""Numbers that name what an answer was asked for: `Book 41` below `/books/41`. Pure.

On two databases a number in a sentence, a script or a file has no value to be held to: it varies
with the ids that each side gives out. Where in every round the baseline's is the very number in the
address that was asked, and another one each time, so is the candidate's, of its own address.

The same holds for a number that is so many times one that the test drew and sent, in the address or
the body, whatever its form: the total of an order; and for one that is so many times the size of
what it sent, as a whole or as a file of a form. What was written before may have been put to a
number that was there, or taken from it, as a transfer is from a balance: that is seen in three
rounds.

A count of rows goes up by one with each of them, as ids do, and may be the id by chance where a
database is fresh: what departs is left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import combinations, islice
from typing import Final

from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import READS, Exchange, Transcript

HELD: Final = "names what was asked for"
ANOTHER: Final = "a number that names what the baseline was asked for, and not what this side was"
OTHER_MULTIPLE: Final = "a number that is so many times what the baseline was sent, and not here"
OTHER_SUM: Final = "a number that moves by what was sent before on the baseline, and not here"
DEPARTING: Final = (ANOTHER, OTHER_MULTIPLE, OTHER_SUM)
_STEM: Final = 3  # of a name: `lot_id` below `/lots`
_NUMBER: Final = re.compile(r"(?<![^/=])0*(\d{1,18})(?=[/?&.]|$)")

_DRAWN: Final = re.compile(rb"(?<![\w.])[1-9]\d{2,11}(?:\.\d{1,6})?(?![\w.])")
_WRITTEN: Final = re.compile(  # no part of an id, a date or a time
    rb"(?<![\w./-])(?<!\d:)[1-9]\d{1,11}(?:\.\d{1,6})?(?![\w./:-])"
)
_FILE: Final = re.compile(rb"filename=[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--", re.DOTALL)
_FEWEST_APART: Final = 20  # of numbers that nobody counts
_LONGEST_SENT: Final = 10_000  # bytes
_ROUNDS_OF_A_SUM: Final = 3
_MOST_SENT: Final = 100  # numbers

Pair = tuple[Exchange, Exchange]
Sent = tuple[list[Decimal], list[Decimal]]  # by both sides


def is_of_another(where: str, target: str) -> bool:
    """Return whether a place is the id of another thing than the address is of, which counts by
    itself and is compared as an id: the bare one of a part (`/author/id`), or a reference.
    """
    name = where.rpartition("/")[2]
    if name in BARE:
        return where.count("/") > 1
    return names_an_id(name) and f"/{name[:_STEM]}" not in target


def heard(
    sides: tuple[Sequence[Decimal], Sequence[Decimal]],
    rounds: Sequence[Pair],
    before: Callable[[], Sequence[Sent]] = tuple,
) -> str:
    """Return `HELD`, or how it departs, where the baseline's numbers, one of each round, are those
    in the addresses of its requests, or so many times what it was sent, or move by what it was sent
    `before`; empty for any others.
    """
    return _told_here(sides, rounds) or (
        _sums(*sides, before()) if len(rounds) >= _ROUNDS_OF_A_SUM else ""
    )


def sent_before(rounds: Sequence[tuple[Transcript, Transcript]], index: int) -> list[Sent]:
    """Return the numbers in the bodies of what a test wrote before an exchange, by round."""

    def written(side: Transcript) -> list[Decimal]:
        sent = (one.request for one in side.exchanges[:index] if one.request.method not in READS)
        bodies = (one.body for one in sent if len(one.body) <= _LONGEST_SENT)
        numbers = (found[0] for body in bodies for found in _WRITTEN.finditer(body))
        return [Decimal(one.decode()) for one in islice(numbers, _MOST_SENT)]

    return [(written(base), written(cand)) for base, cand in rounds]


def _told_here(sides: tuple[Sequence[Decimal], Sequence[Decimal]], rounds: Sequence[Pair]) -> str:
    """Return the same by what was sent with the requests themselves."""
    ours, theirs = sides
    asked = [tuple(_numbers(side) for side in pair) for pair in rounds]
    if len({len(one) for pair in asked for one in pair}) != 1:
        return _multiples(ours, theirs, rounds)
    for at in range(len(asked[0][0])):
        base, cand = ([numbers[side][at] for numbers in asked] for side in (0, 1))
        if base != list(ours):
            continue
        if list(theirs) == cand:
            return HELD
        if not any(one == other for one, other in zip(theirs, cand, strict=True)):
            return ANOTHER if list(ours) != list(theirs) else ""
    return _multiples(ours, theirs, rounds)


def _multiples(ours: Sequence[Decimal], theirs: Sequence[Decimal], rounds: Sequence[Pair]) -> str:
    sent = [tuple(_drawn(side) for side in pair) for pair in rounds]
    if len(rounds) < 2 or not all(ours) or len({len(one) for pair in sent for one in pair}) != 1:
        return ""
    for at in range(len(sent[0][0])):
        base, cand = ([numbers[side][at] for numbers in sent] for side in (0, 1))
        times = ours[0], base[0]
        if not _are_drawn(base) or not all(
            _are(times, *one) for one in zip(ours, base, strict=True)
        ):
            continue
        follows = [_are(times, *one) for one in zip(theirs, cand, strict=True)]
        if not any(follows):
            return OTHER_MULTIPLE
        if all(follows):
            return HELD
    return ""


def _sums(ours: Sequence[Decimal], theirs: Sequence[Decimal], sent: Sequence[Sent]) -> str:
    if len({len(one) for pair in sent for one in pair}) != 1:
        return ""
    for at in range(len(sent[0][0])):
        base, cand = ([pair[side][at] for pair in sent] for side in (0, 1))
        if not _are_drawn(base):
            continue
        for sign in (-1, 1):
            rest, *others = {one + sign * other for one, other in zip(ours, base, strict=True)}
            if others:
                continue
            follows = [one + sign * other == rest for one, other in zip(theirs, cand, strict=True)]
            if not any(follows):
                return OTHER_SUM
            if all(follows):
                return HELD
    return ""


def _are_drawn(numbers: Sequence[Decimal]) -> bool:
    """Whether nobody counts these numbers."""
    return all(abs(one - other) > _FEWEST_APART for one, other in combinations(numbers, 2))


def _are(times: tuple[Decimal, Decimal], shown: Decimal, sent: Decimal) -> bool:
    """Return whether a number is as many times what was sent as another one is."""
    return shown * times[1] == sent * times[0]


def _numbers(one: Exchange) -> list[Decimal]:
    return [Decimal(found[1]) for found in _NUMBER.finditer(one.request.target)]


def _drawn(one: Exchange) -> list[Decimal]:
    """Return the numbers of three digits or more in what was sent, in its order, and its sizes."""
    sent = one.request
    query = sent.target.partition("?")[2].encode()
    body = sent.body if len(sent.body) <= _LONGEST_SENT else b""
    files = [len(content) for content in _FILE.findall(sent.body)]
    sizes = [Decimal(size) for size in (len(sent.body), *files)]
    return sizes + [Decimal(found.decode()) for found in _DRAWN.findall(query + b" " + body)]
