"""Whether the data of the two sides are still alike, and what follows where they are not. Pure.

Once a write was taken by one side alone, a list has a row more on one side, for good: that it does
is told by the write. What reads say of other data then, and did not say while the data were alike,
follows from it. What a case made itself and reads again is compared as ever.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.core.shared_lines import add_line, new_lines
from pytest_cutover.fuzz.generate.case import Case

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Headers that say how long the body is, or follow from it.
_PARTED: Final = "parted"
BY_SIZE: Final = frozenset({"content-length", "content-encoding", "vary", "etag"})


class DataOfSides:
    """What is known of the data behind both sides.

    `shared` is a file by which workers tell each other; None where there is one.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._parted = False
        self._read: set[str] = set()
        self._shared = shared
        self._seen = 0

    def note(self, one: Round) -> None:
        """Take down what the reads of a round reached, and whether a write was taken by one."""
        self._hear()
        for ours in one.baseline.exchanges:
            if ours.request.method in _READING and _is_taken(ours) and not self._parted:
                if ours.endpoint not in self._read:
                    self._say(ours.endpoint)
                self._read.add(ours.endpoint)
        self.part(one)

    def part(self, one: Round) -> None:
        """Take down whether a write was taken by one side, of a round that nobody compares."""
        self._parted |= _parts_at(one) < len(one.baseline.exchanges)

    def tell(self, one: Round) -> None:
        """Tell the other workers of a round before they ask anything: their data parted too."""
        if self._shared is not None and _parts_at(one) < len(one.baseline.exchanges):
            self._say(_PARTED)

    def _say(self, word: str) -> None:
        if self._shared is not None:
            add_line(self._shared, f"{os.getpid()} {word}")

    def _hear(self) -> None:
        """Read what other workers have told since."""
        for end, line in new_lines(self._shared, self._seen):
            self._seen = end
            who, _, word = line.strip().partition(" ")
            if who != str(os.getpid()):
                self._parted |= word == _PARTED
                self._read |= {word} - {_PARTED}

    def follows(self, case: Case, difference: Difference, one: Round) -> bool:
        """Return whether a difference shows other data, and nothing that the case made itself."""
        if difference.exchange > _parts_at(one):
            return True
        if not self._parted or difference.exchange >= len(one.baseline.exchanges):
            return False
        named = difference.pointer.removeprefix("/headers/")
        if named != difference.pointer and named not in BY_SIZE:
            return False
        # What is odd in itself is told of no operation: the one that was asked says what was read.
        endpoint = one.baseline.exchanges[difference.exchange].endpoint
        return endpoint in self._read and not _reads_its_own(case, difference)


def _parts_at(one: Round) -> int:
    """Return the first write of a round that one side alone took; the number of requests for
    none.
    """
    pairs = zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
    for index, (ours, theirs) in enumerate(pairs):
        writes = ours.request.method not in _READING
        if writes and _is_taken(ours) != _is_taken(theirs):
            return index
    return len(one.baseline.exchanges)


def _is_taken(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300


def _reads_its_own(case: Case, difference: Difference) -> bool:
    """Whether the path of a call names what an earlier write of the case made."""
    if difference.exchange >= len(case.calls):
        return False
    return any(
        binding.step is not None
        and binding.place.startswith("path/")
        and case.calls[binding.step].method not in _READING
        for binding in case.calls[difference.exchange].bindings
    )
