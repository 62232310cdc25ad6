"""A map that grows by itself on top of what it shares with others. Pure.

A run knows thousands of pairs of values, and each comparison adds a few: to copy all of them each
time makes a run cost the square of its tests. `Correspondence` and `Writers` keep theirs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import isqrt
from typing import Any, Generic, TypeVar, overload

_K = TypeVar("_K")
_V = TypeVar("_V")

_FEW = 256  # are copied each time; more are put to the many that nobody copies


@dataclass(slots=True)
class Layered(Generic[_K, _V]):
    """A map of `own` pairs, which can grow, above earlier ones that several share and none changes.

    Of the earlier ones the recent are few. What was forgotten is None in them, and counts as not
    there.
    """

    own: dict[_K, _V] = field(default_factory=dict)
    _recent: dict[_K, _V | None] = field(default_factory=dict)
    _old: dict[_K, _V] = field(default_factory=dict)

    def branch(self) -> Layered[_K, _V]:
        """Return what can grow by itself."""
        return Layered(dict(self.own), self._recent, self._old)

    def settled(
        self, changes: dict[_K, Any], *, most: int | None = None
    ) -> tuple[Layered[_K, _V], dict[_K, _V]]:
        """Return the earlier pairs with these changes, and the oldest that are left out where they
        are more than `most` and some; None forgets a pair. Its own ones are in neither.
        """
        recent: dict[_K, Any] = {**self._recent, **changes} if self._recent else changes
        if len(recent) <= max(_FEW, isqrt(len(self._old))):
            return Layered({}, recent, self._old), {}
        every = {**self._old, **recent} if self._old else recent
        if None in recent.values():
            every = {key: value for key, value in every.items() if value is not None}
        surplus = 0 if most is None else max(0, len(every) - most)
        gone = {key: every.pop(key) for key in list(islice(every, surplus))}
        return Layered({}, {}, every), gone

    def earlier(self, key: _K) -> _V | None:
        """Return what was known before any of its own."""
        if key in self._recent:
            return self._recent[key]
        return self._old.get(key)

    @overload
    def get(self, key: _K) -> _V | None: ...
    @overload
    def get(self, key: _K, default: _V) -> _V: ...
    @overload
    def get(self, key: _K, default: _V | None) -> _V | None: ...
    def get(self, key: _K, default: _V | None = None) -> _V | None:
        """Return the value of a key, its own first; the default where there is none."""
        found = self.own.get(key)
        if found is None and (self._old or self._recent):
            found = self.earlier(key)
        return default if found is None else found

    def quick_get(self) -> Callable[[_K], _V | None]:
        """Return what does the same as `get` for many keys, while nothing else is settled."""
        if not (self._old or self._recent):
            return self.own.get
        own, earlier = self.own, self.quick_earlier()
        return lambda key: found if (found := own.get(key)) is not None else earlier(key)

    def quick_earlier(self) -> Callable[[_K], _V | None]:
        """Return what does the same as `earlier` for many keys."""
        return self.earlier if self._recent else self._old.get

    def __getitem__(self, key: _K) -> _V:
        """Return the value of a key. Raises KeyError."""
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: _K) -> bool:
        """Whether there is a value."""
        return self.get(key) is not None

    def __setitem__(self, key: _K, value: _V) -> None:
        """Take down a value; one that was known before is no more of its own."""
        if not (self._old or self._recent) or key in self.own or self.earlier(key) != value:
            self.own[key] = value

    def setdefault(self, key: _K, value: _V) -> _V:
        """Return the value of a key, after taking down one where there is none."""
        found = self.get(key)
        if found is None:
            self.own[key] = found = value
        return found

    def news(self) -> Iterator[tuple[_K, _V]]:
        """Yield its own pairs that were not known before."""
        if not (self._old or self._recent):
            return iter(self.own.items())
        earlier = self.quick_earlier()
        return (pair for pair in self.own.items() if earlier(pair[0]) != pair[1])

    def before(self, keys: Iterable[_K]) -> dict[_K, _V]:
        """Return what was known of some keys before any of its own."""
        if not (self._old or self._recent):
            return {}
        earlier = self.quick_earlier()
        known = ((key, earlier(key)) for key in keys)
        return {key: value for key, value in known if value is not None}

    def __len__(self) -> int:
        """Return how many there are, at most: one that changed lately counts twice."""
        return len(self.own) + len(self._recent) + len(self._old)

    def items(self) -> Iterator[tuple[_K, _V]]:
        """Yield all pairs, the oldest first."""
        every = {**self._old, **self._recent, **self.own}
        return ((key, value) for key, value in every.items() if value is not None)

    def __iter__(self) -> Iterator[_K]:
        """Yield all keys, the oldest first."""
        return (key for key, _ in self.items())
