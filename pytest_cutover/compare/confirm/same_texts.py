"""Made-up texts that stand at two places of one answer, short ones too, or in every round; ids that
are none, and numbers in texts that stand still. Pure.

What is made anew for each answer has no value to be held to. Where two places of the baseline's
answer have the same in every round, another each time, the candidate's have the same as well. And
where the baseline draws a text anew each time, the candidate does not show one and the same. An id
of a database that counts is nowhere 0, and is another one in a link each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import OF_AN_ID, Numbers, Place
from pytest_cutover.compare.noise import formats
from pytest_cutover.core.exchange import Transcript

_ENOUGH: Final = 3  # rounds
_ENOUGH_OF_A_COUNT: Final = 5  # that numbers of chance rise in all of them is one in 120
_NO_ID: Final = frozenset((b"0", b"-1"))
_NONE: Final = "another in each round → none in any"
_STILL: Final = "rises in each round → always the same"
_STUCK: Final = "drawn anew → always the same"

_Found = tuple[int, str, str, str]  # exchange, pointer, and what each side shows


def judged(
    baseline: Transcript, rounds: Sequence[Numbers]
) -> tuple[list[Difference], frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Return what departs, and the places, by endpoint, of which more rounds tell: a few, and one
    that rises.
    """
    stuck, may_be_stuck = _stuck(baseline, rounds)
    no_ids, may_be_none = _without_id(baseline, rounds)
    still, may_stand_still = _still(baseline, rounds)
    apart = [*_parted(baseline, rounds), *stuck, *no_ids, *still]
    return apart, may_be_stuck | may_be_none, may_stand_still


def _parted(baseline: Transcript, rounds: Sequence[Numbers]) -> Iterator[Difference]:
    """Give the places whose text is no more that of another place, in no round."""
    if len(rounds) < 2:
        return
    groups: dict[tuple[int, tuple[str, ...]], list[Place]] = {}
    for place in sorted(set.intersection(*(set(one.tokens) for one in rounds))):
        texts = tuple(one.tokens[place][0] for one in rounds)
        if len(set(texts)) == len(texts):
            groups.setdefault((place[0], texts), []).append(place)
    for (index, _), (first, *others) in groups.items():
        for place in others:
            if all(one.tokens[place][1] != one.tokens[first][1] for one in rounds):
                endpoint = baseline.exchanges[index].endpoint
                told = f"the same as {first[1] or 'there'}", "another"
                yield Difference(
                    index, endpoint, Kind.IDENTITY, place[1], "the same → another", *told
                )


def _stuck(
    baseline: Transcript, rounds: Sequence[Numbers]
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the places where the baseline draws a text of 64 bits or more anew in each round, and
    the candidate has the same in all of them; and those of which one more round tells, by endpoint.

    A test that a golden judges has one round: it is asked again where such a text is seen first.
    """
    found = [
        place
        for place in sorted(set.intersection(*(set(one.tokens) for one in rounds)))
        if len({one.tokens[place][1] for one in rounds}) == 1
        and len({one.tokens[place][0] for one in rounds}) == len(rounds)
        and all(_is_random(one.tokens[place][0]) for one in rounds)
    ]
    told = "another each time", "the same in every round"
    apart = [(index, where, *told) for index, where, _ in found]
    return _after(_ENOUGH, baseline, rounds, apart, _STUCK)


def _without_id(
    baseline: Transcript, rounds: Sequence[Numbers]
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the places, in members and in links, where the baseline has another id in each round,
    and the candidate 0 in all of them; and those of which more rounds tell, by endpoint.
    """
    found = []
    for place in sorted(set.intersection(*(set(one.lexemes) for one in rounds))):
        index, _, part = place
        if part == OF_AN_ID or all(place in one.in_links for one in rounds):
            ours, theirs = zip(*(one.lexemes[place] for one in rounds), strict=True)
            if set(theirs) <= _NO_ID and len({*ours} - _NO_ID) == len(rounds):
                found.append((index, place[1], ours[0].decode(), theirs[0].decode()))
    return _after(_ENOUGH, baseline, rounds, found, _NONE)


def _still(
    baseline: Transcript, rounds: Sequence[Numbers]
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return the places of ids, in members and links, and of numbers in other texts, where the
    baseline's rises from round to round, and the candidate's is the same in all of them; and those
    of which more rounds tell, by endpoint.

    What is no id rises by as much each time: how long something took is anything.
    """
    found = []
    for place in sorted(set.intersection(*(set(one.lexemes) for one in rounds))):
        index, where, part = place
        is_id = part == OF_AN_ID or all(place in one.in_links for one in rounds)
        if part <= 0 and not is_id:
            continue
        ours, theirs = zip(*(one.lexemes[place] for one in rounds), strict=True)
        numbers = [number for number in map(number_of, ours) if number is not None]
        steps = {later - earlier for earlier, later in pairwise(numbers)}
        if len(numbers) < len(rounds) or len(set(theirs)) > 1 or theirs[0] == ours[0]:
            continue
        if is_id and theirs[0] in _NO_ID:
            continue
        if steps and min(steps) > 0 and (is_id or len(steps) < 2):
            found.append((index, where, ours[-1].decode(), theirs[0].decode()))
    return _after(_ENOUGH_OF_A_COUNT, baseline, rounds, found, _STILL)


def _after(
    enough: int,
    baseline: Transcript,
    rounds: Sequence[Numbers],
    found: Iterable[_Found],
    change: str,
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return what was found as differences, once there are enough rounds; before that its places,
    by endpoint.
    """
    endpoints = [one.endpoint for one in baseline.exchanges]
    if len(rounds) < enough:
        return [], frozenset((endpoints[index], where) for index, where, *_ in found)
    return [
        Difference(index, endpoints[index], Kind.VALUE, where, change, ours, theirs)
        for index, where, ours, theirs in found
    ], frozenset()


def _is_random(text: str) -> bool:
    """Whether a text is drawn, and not signed: that one stands still for a second."""
    name = formats.format_of(text)
    return formats.has_identity(name) and not name.startswith("jwt")
