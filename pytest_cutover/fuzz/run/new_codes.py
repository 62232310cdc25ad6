"""Whether both sides are given the same new codes: they are where each has data of its own.

What is sorted by a code has one order on both sides then, and a code that happens to be taken is
taken on both. Two sides that share their data refuse a code of the other, and get their own. It is
found out with the first code that must be new, before rows of other names stand in the two lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pytest_cutover.core.exchange import READS, Transcript

_MOST_DOUBTS: Final = 6


class NewCodes:
    """What is known of it. `stated` is what the target says: whether the two sides share data.

    `told` is the file by which workers tell each other; None where there is one.
    """

    def __init__(self, stated: bool | None = None, told: Path | None = None) -> None:
        self._same = None if stated is None else not stated
        self._doubts = _MOST_DOUBTS
        self._told = told

    @property
    def same(self) -> bool | None:
        """Whether both get the same codes; None where it is still to be found out."""
        if self._same is None and self._told is not None and self._told.exists():
            self._same = self._told.read_text("ascii") == str(True)
        return self._same

    def decide(self, same: bool) -> None:
        """Take down what was found out, for the other workers too."""
        self._same = same
        if self._told is not None:
            self._told.write_text(str(same), "ascii")

    def doubt(self) -> None:
        """Take down that a code told nothing; after some of them each side gets its own."""
        self._doubts -= 1
        if not self._doubts:
            self._same = False


def writes_taken(transcript: Transcript) -> tuple[bool, ...]:
    """Return of each write whether it was taken."""
    return tuple(_writes_taken(transcript))


def _writes_taken(transcript: Transcript) -> Iterator[bool]:
    for one in transcript.exchanges:
        if one.request.method not in READS:
            yield one.response is not None and 200 <= one.response.status < 300
