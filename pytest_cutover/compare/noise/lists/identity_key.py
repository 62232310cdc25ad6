"""What an item of an array is, whatever ids and times it holds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

from pytest_cutover.compare.noise import formats

_WITHOUT_DIGITS = str.maketrans("123456789", "000000000")

_UUID_CHARACTERS = 36
_WEAK = ("", "W/")


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
        if value[4] == "-" and formats.TIMESTAMP.fullmatch(value):
            # Its form without its instant: quicker than its name, and as good.
            return ("volatile", value.translate(_WITHOUT_DIGITS))
        before, mark, bare = value.partition('"')
        if mark and bare.endswith('"') and before in _WEAK:
            # A validator, as WebDAV tells it beside each member.
            told = skeleton(bare[:-1])
            return ("str", value) if told == ("str", bare[:-1]) else (before + mark, told)
        name = formats.format_of(value)
        if name.startswith("timestamp") or formats.looks_generated(value, name):
            return ("volatile", name)
    return (type(value).__name__, value)


def alike(one: Any, other: Any) -> bool:
    """Whether two items have one skeleton; what is equal in both is not looked into."""
    if one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return False
        return all(alike(x, other[key]) for key, x in one.items() if x != other[key])
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return False
        return all(alike(x, y) for x, y in zip(one, other, strict=True) if x != y)
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    if min(len(one), len(other)) < formats.SHORTEST_GENERATED:
        return False
    if len(one) == len(other) == _UUID_CHARACTERS:
        name = formats.format_of(one)
        if name in formats.UUIDS:
            return name == formats.format_of(other)
    if one[4] == "-" == other[4]:
        form = one.translate(_WITHOUT_DIGITS)
        if form == other.translate(_WITHOUT_DIGITS) and _is_timestamp(form):
            return True
    return skeleton(one) == skeleton(other)


def all_alike(ones: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether many items have one skeleton each with its partner: columns of times at once."""
    apart = [(one, other) for one, other in zip(ones, others, strict=True) if one != other]
    if {str} == {type(value) for pair in apart for value in pair}:
        sides = ("\n".join(side).translate(_WITHOUT_DIGITS) for side in zip(*apart, strict=True))
        left, right = sides
        are_single = left == right and left.count("\n") == len(apart) - 1
        if are_single and all(map(_is_timestamp, set(left.split("\n")))):
            return True
    return all(alike(one, other) for one, other in apart)


@lru_cache(maxsize=256)
def _is_timestamp(form: str) -> bool:
    """Whether a text without its digits, of which there are few forms, is a time."""
    return formats.TIMESTAMP.fullmatch(form) is not None


def permuted(items: list[Any], keys: list[Hashable], wanted: list[Hashable]) -> list[Any]:
    """Return the items in the order of the wanted keys."""
    places: dict[Hashable, list[int]] = {}
    for index in range(len(keys) - 1, -1, -1):
        places.setdefault(keys[index], []).append(index)
    return [items[places[key].pop()] for key in wanted]
