"""A number that a write adds to, and that is the same on both sides in the answer to the write, or
where a test reads it after.

On one database each side's write adds to one number, so the candidate's is ahead of the baseline's
in every round: one that is equal each time shows what the baseline wrote, and not its own write. On
two databases it is equal, and right. Which of the two it is shows when the baseline is asked twice
with no candidate in between, and the candidate twice after it.

What is read is so by any method: a query of GraphQL, a search and a call by name are sent as writes
are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.confirm.steps_within import last_write
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import OF_AN_ID, Numbers
from pytest_cutover.core.exchange import READS, Exchange, Transcript

_ENOUGH: Final = 3  # rounds
_CHANGE: Final = "counts its own write → shows the baseline's"
_NUMBER: Final = re.compile(rb"(?<![\w./-])(?<!\d:)\d+(?:\.\d+)?(?![\w/-])(?![.:]\d)")
_DIGITS: Final = re.compile(rb"\d+(?:\.\d+)?")
_BEFORE: Final = 16  # bytes that tell a number's place
_OF_HTTP: Final = frozenset({"age", "content-length"})
Asked = tuple[Transcript, Transcript]


class Equal(NamedTuple):
    """Such a number: the difference that it may be, and what the candidate showed last."""

    difference: Difference
    known: Decimal


def judged(
    rounds: Sequence[Asked], numbers: Sequence[Numbers]
) -> tuple[tuple[Equal, ...], frozenset[tuple[str, str]]]:
    """Return the numbers that are equal in enough rounds, by equal steps, and the places, by
    endpoint and pointer, of which more rounds would tell.
    """
    if not all(one.shared for one in numbers):
        return (), frozenset()
    found: list[Equal] = []
    unknown: set[tuple[str, str]] = set()
    baseline = rounds[0][0]
    for place in sorted(set.intersection(*(set(one.lexemes) for one in numbers))):
        index, where, part = place
        spelled = [one.lexemes[place] for one in numbers]
        shown = [number for number in map(number_of, (ours for ours, _ in spelled)) if number]
        if len(shown) < len(rounds) or any(ours != theirs for ours, theirs in spelled):
            continue
        if part == OF_AN_ID and baseline.exchanges[index].request.method not in READS:
            continue  # a row's own, which two databases give out alike
        steps = {later - earlier for earlier, later in pairwise(shown)}
        if (
            len(steps) > 1
            or 0 in steps
            or not all(
                _shows_a_write(side, index, number)
                for (side, _), (number, _) in zip(rounds, spelled, strict=True)
            )
        ):
            continue
        endpoint = baseline.exchanges[index].endpoint
        write = last_write(baseline, 0, index)
        if len(rounds) < _ENOUGH:
            unknown.add(_place(baseline, index, where))
        else:
            change = Difference(index, endpoint, Kind.VALUE, where, _CHANGE, write=write)
            found.append(Equal(change, shown[-1]))
    return tuple(found), frozenset(unknown)


def told(same: Equal, turns: Sequence[Decimal]) -> Difference | None:
    """Return how a candidate departs that shows what the baseline counted, and not its own write.

    `turns` are what its last turn showed, two of the baseline after it, and two of the candidate.
    """
    last, one, other, first, again = turns
    step = other - one
    makes_none = one - last == step and again == first
    is_behind = one - last == 2 * step and again - first == step
    if not step or first != other or not (makes_none or is_behind):
        return None
    return replace(same.difference, baseline=f"{one}, {other}", candidate=f"{first}, {again}")


def untold(baseline: Transcript, candidate: Transcript) -> frozenset[tuple[str, str]]:
    """Return the answers, as places of which more rounds would tell, in which both sides show the
    same number that no request had and no write before told, where nothing was recorded yet.
    """
    found: set[tuple[str, str]] = set()
    known: set[bytes] = set()
    is_taken = False
    sides = zip(baseline.exchanges, candidate.exchanges, strict=False)
    for index, (one, other) in enumerate(sides):
        writes = one.request.method not in READS
        is_taken |= writes and one.response is not None and one.response.status // 100 == 2
        known.update(_DIGITS.findall(one.request.target.encode() + b" " + one.request.body))
        if not is_taken:
            continue
        shown = {*_shown_in(one)}.intersection(_shown_in(other))
        found |= {_place(baseline, index, at) for at, number in shown if number not in known}
        if writes:
            known |= {number for _, number in shown}
    return frozenset(found)


def _place(side: Transcript, index: int, where: str) -> tuple[str, str]:
    """Return the place of a number by the endpoints that read and wrote it, and its pointer."""
    write = last_write(side, 0, index)
    after = f" after {side.exchanges[write].endpoint}" if write is not None else ""
    return f"{side.exchanges[index].endpoint}{after}", where


def _shows_a_write(side: Transcript, index: int, number: bytes) -> bool:
    """Whether an answer follows a write that was taken, or is that of one, and none before told
    the number.
    """
    writes = [one for one in side.exchanges[: index + 1] if one.request.method not in READS]
    taken = any(one.response is not None and one.response.status // 100 == 2 for one in writes)
    told = re.compile(rb"(?<![\w.])%b(?![\w.])" % re.escape(number))
    before = (one.response for one in writes if one is not side.exchanges[index])
    return taken and not any(told.search(one.body) for one in before if one is not None)


def _shown_in(one: Exchange) -> Iterator[tuple[str, bytes]]:
    """Yield the numbers of an answer, each with the words before it: of its body, and of headers
    of its own.
    """
    if one.response is None:
        return
    body = one.response.body
    for found in _NUMBER.finditer(body):
        before = body[max(0, found.start() - _BEFORE) : found.start()]
        yield _DIGITS.sub(b"0", before).decode("utf-8", "replace"), found[0]
    for name, value in one.response.headers:
        if name.lower() not in _OF_HTTP and value.isdigit():
            yield name, value.encode("latin-1")
