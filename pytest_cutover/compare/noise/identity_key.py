"""What an item of an array is, whatever ids and times it holds."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from pytest_cutover.compare.noise import formats

_DIGITS = re.compile("[0-9]")


def at(value: Any, tokens: tuple[str, ...]) -> Any:
    """Return the value that tokens lead to; None where they lead nowhere."""
    for token in tokens:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def skeleton(value: Any) -> Hashable:
    """Return a key for what an item is, whatever ids and times it holds."""
    if isinstance(value, dict):
        return frozenset((key, skeleton(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(skeleton(item) for item in value)
    if isinstance(value, str) and len(value) >= formats.SHORTEST_GENERATED:
        if formats.TIMESTAMP.fullmatch(value):
            # Its form without its instant: quicker than its name, and as good.
            return ("volatile", _DIGITS.sub("0", value))
        name = formats.format_of(value)
        if name.startswith("timestamp") or formats.looks_generated(value):
            return ("volatile", name)
    return (type(value).__name__, value)


def alike(one: Any, other: Any) -> bool:
    """Whether two items have one skeleton; what is equal in both is not looked into."""
    if one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    is_text = isinstance(one, str) and isinstance(other, str)
    return is_text and skeleton(one) == skeleton(other)


def permuted(items: list[Any], keys: list[Hashable], wanted: list[Hashable]) -> list[Any]:
    """Return the items in the order of the wanted keys."""
    places: dict[Hashable, list[int]] = {}
    for index in range(len(keys) - 1, -1, -1):
        places.setdefault(keys[index], []).append(index)
    return [items[places[key].pop()] for key in wanted]
