"""Which answers a side packs: large ones, and where large begins is not written anywhere. Pure.

Where the two answers are not of one length, the shorter one may be too short to be packed. That
follows from what makes it shorter, unless that side leaves longer ones unpacked which the other one
packs: then an answer of one length tells it.
"""

from __future__ import annotations

from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.core.exchange import Exchange, Response, Side

_OF_PACKING: Final = frozenset({"/headers/content-encoding", "/headers/vary"})


def packed_otherwise(one: Exchange, other: Exchange) -> str:
    """Return that one side packs, where the two differ in nothing else that `Vary` is about."""
    sides = [side.response for side in (one, other) if side.response is not None]
    packed = [_is_packed(side) for side in sides]
    vary = [
        {word.strip().lower() for word in (side.header("vary") or "").split(",")} for side in sides
    ]
    if packed[0] == packed[-1] or vary[0] ^ vary[-1] != {"accept-encoding"}:
        return ""
    return f"header: content-encoding is {'missing' if packed[0] else 'added'}"


class Packing:
    """The length of the shortest answer that each side has packed."""

    def __init__(self) -> None:
        self._shortest: dict[Side, int] = {}

    def learn(self, one: Round) -> None:
        """Take down what the two sides packed."""
        for transcript in (one.baseline, one.candidate):
            for exchange in transcript.exchanges:
                if exchange.response is not None and _is_packed(exchange.response):
                    length = len(exchange.response.body)
                    known = self._shortest.get(transcript.side, length)
                    self._shortest[transcript.side] = min(known, length)

    def explains(self, difference: Difference, one: Round) -> bool:
        """Return whether a difference is that one answer is too short to be packed."""
        place = difference.exchange
        if difference.pointer not in _OF_PACKING or place >= min(
            len(one.baseline.exchanges), len(one.candidate.exchanges)
        ):
            return False
        ours, theirs = one.baseline.exchanges[place], one.candidate.exchanges[place]
        if ours.response is None or theirs.response is None:
            return False
        if difference.pointer == "/headers/vary" and not packed_otherwise(ours, theirs):
            return False
        sides = {Side.BASELINE: ours.response, Side.CANDIDATE: theirs.response}
        packing = [side for side, response in sides.items() if _is_packed(response)]
        if len(packing) != 1:
            return False
        plain = len(sides[packing[0].other].body)
        return plain < self._shortest.get(packing[0], len(sides[packing[0]].body))


def _is_packed(response: Response) -> bool:
    return bool(response.header("content-encoding"))
