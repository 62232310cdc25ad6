"""The project's own constraints on volatile places: `[[parity.rules]]` as values.

A rule narrows or widens what is compared at the places its pointer names; it does not erase, but
for `ignore`, which needs a reason. Pointers are RFC 6901 with ``*`` for one token and ``**`` for
any number; headers stand under ``/headers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.matchers import ArrayOf, ArrayPattern, ObjectPattern


class Mode(StrEnum):
    """What a rule asks of a value."""

    UNORDERED = "unordered"
    SAME_INSTANT = "same-instant"
    SAME_NUMBER = "same-number"
    TOLERANCE = "tolerance"
    VOLATILE = "volatile"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint. `key` is the pointer, inside an item, that pairs items of `unordered`.

    `absolute` and `relative` belong to `tolerance`; `reason` is required by `ignore`.
    """

    pointer: str
    mode: Mode
    endpoint: str = "*"
    key: str = ""
    absolute: float = 0.0
    relative: float = 0.0
    reason: str = ""

    def __post_init__(self) -> None:
        if self.pointer and not self.pointer.startswith("/"):
            raise ValueError(f"pointer {self.pointer!r} must be empty or begin with /")
        if self.key and not self.key.startswith("/"):
            raise ValueError(f"key {self.key!r} must be empty or begin with /")
        if self.mode is Mode.IGNORE and not self.reason.strip():
            raise ValueError(f"ignore at {self.pointer!r} needs a reason")
        if self.mode is Mode.TOLERANCE and not (self.absolute > 0 or self.relative > 0):
            raise ValueError(
                f"tolerance at {self.pointer!r} needs `absolute` or `relative` above 0"
            )

    @property
    def id(self) -> str:
        """What names the rule in reports."""
        return f"{self.mode} {self.endpoint} {self.pointer or '(whole body)'}"

    @property
    def tokens(self) -> tuple[str, ...]:
        """The unescaped reference tokens of the pointer."""
        return split(self.pointer)

    def concerns(self, endpoint: str) -> bool:
        """Whether the rule is about this endpoint."""
        return _glob(self.endpoint).fullmatch(endpoint) is not None


def split(pointer: str) -> tuple[str, ...]:
    """Return the unescaped reference tokens of a pointer."""
    return json_pointer.parse(pointer)


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Active:
    """The rules that may apply at a place or below: each with what is left of its pointer."""

    left: tuple[tuple[Rule, tuple[str, ...]], ...]

    def step(self, token: str) -> Active | None:
        """Return the rules one token further down, None where there are none."""
        further: list[tuple[Rule, tuple[str, ...]]] = []
        for rule, tokens in self.left:
            further += [(rule, rest) for rest in _advance(tokens, token)]
        return Active(tuple(dict.fromkeys(further))) if further else None

    @property
    def here(self) -> tuple[Rule, ...]:
        """The rules that apply to this very place."""
        return tuple(rule for rule, tokens in self.left if all(token == "**" for token in tokens))


def _advance(tokens: tuple[str, ...], token: str) -> Iterator[tuple[str, ...]]:
    if not tokens:
        return
    if tokens[0] == "**":
        yield tokens
        yield from _advance(tokens[1:], token)
    elif tokens[0] in ("*", token):
        yield tokens[1:]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a project."""

    rules: tuple[Rule, ...] = ()

    def at(self, endpoint: str) -> Active | None:
        """Return the rules about an endpoint, at the root of its documents."""
        found = tuple((rule, rule.tokens) for rule in self.rules if rule.concerns(endpoint))
        return Active(found) if found else None

    def waive(self, endpoint: str, tokens: Iterable[str]) -> bool:
        """Return whether a rule at a place or above it lets its value be another."""
        return waive(self.at(endpoint), tokens)


NO_RULES = Rules()


def waive(active: Active | None, tokens: Iterable[str]) -> bool:
    """`Rules.waive` of the rules of one endpoint."""
    here = list(active.here) if active is not None else []
    for token in tokens:
        active = descend(active, token)
        here += active.here if active is not None else ()
    return any(rule.mode in (Mode.IGNORE, Mode.VOLATILE, Mode.TOLERANCE) for rule in here)


def descend(active: Active | None, token: str | int) -> Active | None:
    """`Active.step` where there may be no rules at all."""
    return None if active is None else active.step(str(token))


def places(tree: Any, tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the concrete paths in a tree that a rule's tokens name."""
    if not tokens:
        yield ()
        return
    head, rest = tokens[0], tokens[1:]
    if head == "**":
        yield from places(tree, rest)
    for token, child in members(tree):
        if head == "**":
            below = places(child, tokens)
        elif head in ("*", token):
            below = places(child, rest)
        else:
            continue
        yield from ((token, *path) for path in below)


def members(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield the tokens and values directly below a node, plain or pattern."""
    if isinstance(tree, ObjectPattern):
        yield from tree.members.items()
    elif isinstance(tree, dict):
        yield from tree.items()
    elif isinstance(tree, ArrayPattern):
        yield from ((str(index), item) for index, item in enumerate(tree.items))
    elif isinstance(tree, list):
        yield from ((str(index), item) for index, item in enumerate(tree))
    elif isinstance(tree, ArrayOf) and tree.item is not None:
        yield "0", tree.item
