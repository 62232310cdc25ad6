"""What became of every place of a comparison: exact, constrained, waived, different, or open.

A place that was compared says by what it was held; a place that was not says why. Nothing is left
out: a comparison that cannot go on leaves what follows open.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

MOST_OPEN = 20
UNSTEADY = "the baseline does not agree with itself"


class Fate(StrEnum):
    """What became of a place."""

    EXACT = "exact"
    CONSTRAINED = "constrained"
    WAIVED = "waived"
    DIFFERENT = "different"
    OPEN = "open"


@dataclass(frozen=True, slots=True, order=True)
class OpenPlace:
    """A place that was observed and not compared. `pointer` is empty for a whole exchange."""

    endpoint: str
    pointer: str
    reason: str


@dataclass(slots=True)
class Account:
    """Counts by endpoint, fate and what a place was held by; and the open places themselves.

    `places` maps (endpoint, fate, by) to a number of places. A body or a subtree that is equal as a
    whole is one exact place.
    """

    places: Counter[tuple[str, Fate, str]] = field(default_factory=Counter)
    open: dict[OpenPlace, None] = field(default_factory=dict)

    def note(self, endpoint: str, fate: Fate, by: str = "", number: int = 1) -> None:
        """Count places."""
        if number:
            self.places[endpoint, fate, by] += number

    def retract(self, endpoint: str, fate: Fate, by: str = "") -> None:
        """Take back one place that turns out to have another fate."""
        key = endpoint, fate, by
        if self.places[key] > 1:
            self.places[key] -= 1
        else:
            self.places.pop(key, None)

    def leave_open(self, endpoint: str, pointer: str, reason: str) -> None:
        """Say that a place was not compared, and why."""
        self.places[endpoint, Fate.OPEN, reason] += 1
        self.open.setdefault(OpenPlace(endpoint, pointer, reason))

    def add(self, other: Account) -> None:
        """Take over what another comparison counted."""
        self.places.update(other.places)
        self.open.update(other.open)

    def of(self, fate: Fate) -> int:
        """How many places had this fate."""
        return sum(number for (_, one, _), number in self.places.items() if one is fate)
