"""Which worker's test made a code, or was given an id: rows of one stand in one order. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_cutover.compare.diff.ids.gifts import Gifts
from pytest_cutover.compare.diff.ids.layered import Layered
from pytest_cutover.core.unique import codes_in


@dataclass(slots=True)
class Writers:
    """The worker of each code and id; an empty name is this one.

    `gifts` are what writes gave out to the things of each code.
    """

    _by: Layered[str, str] = field(default_factory=Layered)
    gifts: Gifts = field(default_factory=Gifts)

    def copy(self) -> Writers:
        """Return what can grow by itself."""
        return Writers(self._by.branch(), self.gifts.copy())

    def settled(self) -> Writers:
        """Return the same, as those that come later are given it."""
        return Writers(self._by.settled({**self._by.own})[0], self.gifts.settled())

    def made(self, value: str, by: str) -> None:
        """Note who made a code; texts hold it with other labels and in either case."""
        for code in _codes(value):
            self._by.setdefault(code, by)

    def was_given(self, value: str, by: str) -> None:
        """Note whose write gave an id out."""
        self._by.setdefault(value, by)

    def of(self, text: str) -> str | None:
        """Return whose text it is by what it holds; None where none of this run is told by it."""
        found = map(self._by.get, (text, *_codes(text)))
        return next((writer for writer in found if writer is not None), None)


def _codes(text: str) -> Iterator[str]:
    """Yield the codes in a text without their labels, in lower case."""
    return (text[start:end].lower() for start, end in codes_in(text))
