"""What an answer on the way to the last of a polling loop says: types, words, headers. Pure.

How far a job is when it is asked is not the same twice, so a number may be any and a word may be
new. A member that changes its type, a word in other letters, and a header that the baseline sends
each time are seen by whoever polls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Kind, wildcard
from pytest_cutover.compare.noise.formats import type_of
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.normalized import NormalizedExchange

_NULL: Final = "null"
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z _-]{2,40}")


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an answer departs from all that the baseline gave, and how."""

    kind: Kind
    pointer: str
    change: str
    baseline: str | None
    candidate: str | None


@dataclass(slots=True)
class Said:
    """What the baseline's answers of one loop said, in all rounds."""

    _types: dict[str, dict[str, None]] = field(default_factory=dict)  # of a place, in their order
    _words: dict[str, dict[str, str]] = field(default_factory=dict)  # in small letters → as said
    _headers: frozenset[str] | None = None

    def hear(self, answers: Sequence[NormalizedExchange]) -> None:
        """Take down the answers of one loop; the last one is another thing in its headers."""
        for one in answers:
            if one.response is None:
                continue
            for place, value in _leaves(one.response.body.tree):
                self._types.setdefault(wildcard(place), {}).setdefault(type_of(value))
                if isinstance(value, str) and _WORD.fullmatch(value):
                    self._words.setdefault(wildcard(place), {}).setdefault(value.lower(), value)
        for names in map(_headers_of, answers[:-1]):
            self._headers = names if self._headers is None else self._headers & names

    def departures(self, answer: NormalizedExchange) -> Iterator[Departure]:
        """Yield where an answer of the candidate, on the way, departs from all of them."""
        if answer.response is None:
            return
        for place, value in _leaves(answer.response.body.tree):
            types, kind = self._types.get(wildcard(place), {}), type_of(value)
            if types and kind not in types and {*types} != {_NULL}:
                was = next(one for one in types if one != _NULL)
                yield Departure(Kind.TYPE, place, f"{was} → {kind}", f"a {was}", f"a {kind}")
            elif isinstance(value, str) and _WORD.fullmatch(value):
                said = self._words.get(wildcard(place), {})
                known = said.get(value.lower(), value)
                if known != value and value not in said.values():
                    yield Departure(
                        Kind.VALUE, place, "text → text", json.dumps(known), json.dumps(value)
                    )
        for name in sorted((self._headers or frozenset()) - _headers_of(answer)):
            where = json_pointer.join(("headers", name))
            yield Departure(Kind.HEADER_MISSING, where, "string → absent", name, None)


def _headers_of(one: NormalizedExchange) -> frozenset[str]:
    headers = one.response.headers if one.response is not None else None
    return frozenset(headers) if isinstance(headers, dict) else frozenset()


def _leaves(tree: Any, names: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    if not isinstance(tree, dict | list):
        if names:
            yield json_pointer.join(names), tree
        return
    items: Iterable[tuple[str | int, Any]] = (
        tree.items() if isinstance(tree, dict) else enumerate(tree)
    )
    for name, item in items:
        yield from _leaves(item, (*names, name))
