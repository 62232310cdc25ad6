"""Made-up texts that stand at two places of one answer: short ones too are one thing. Pure.

What is made anew for each answer has no value to be held to. Where two places of the baseline's
answer have the same in every round, another each time, the candidate's have the same as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import Numbers, Place
from pytest_cutover.core.exchange import Transcript


def parted(baseline: Transcript, rounds: Sequence[Numbers]) -> Iterator[Difference]:
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
