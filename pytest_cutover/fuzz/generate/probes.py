"""Values that tend to matter: what one place of a request is tried with. Pure.

Boundaries and enumerations come from the schema; text with accents, markup and quotes, numbers with
and without decimals, and nested objects from experience.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from pytest_cutover.openapi.schema import branches, flattened, takes_null

TEXTS: Final = (
    "Zürich, 20 °C",
    "a+b < c & d > e",
    " padded ",
    "quote \" and \\ and '",
    "日本 😀",
    "line\nbreak\ttab",
    "e\u0301",
    "0123",
    "null",
    "x" * 300,
    "%2F/../?a=b#c",
)
_UUIDS: Final = (
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "3F2504E0-4F89-41D3-9A0C-0305E82C3302",
)
_FORMATS: Final[Mapping[str, tuple[Any, ...]]] = {
    "uuid": _UUIDS,
    "date": ("2024-02-29", "1970-01-01"),
    "date-time": ("2024-02-29T23:59:59.999Z", "2024-06-30T12:00:00+02:00"),
    "email": ("nobody@example.com", "First.Last+tag@Example.COM"),
    "uri": ("https://example.com/a?b=c#d",),
}
_OBJECT: Final = {
    "text": "ü",
    "list": ["b", "a", "b"],
    "big": 9007199254740993,
    "ratio": 0.3,
    "whole": 1.0,
    "nested": {"items": [{"n": 1}, {"n": 2}], "none": None},
}
_DEEPEST_UNION: Final = 3
_LONGEST_LIST: Final = 50
DECIMAL: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LETTER: Final = re.compile(r"[a-zA-Z]")
_DIGIT: Final = re.compile(r"[0-9]")
_CHARACTERS: Final = (
    "aZ09 _-.@:/\\\"'<>&%+?#=;,()[]{}|~$!*^`\t\n\x7f"
    "\u00e4\u00df\u00f8\u0141\u0416\u05d0\u0639\u4e2d\u200b\u202e\u2028\ufeff\ufffd\u0301\U0001f600"
)


def interesting(schema: Any, root: Any, depth: int = 0) -> list[Any]:
    """Return values for one place, the telling ones first; not all of them are valid.

    Of a union the values of each branch take turns, and a number that may be a text is one too.
    """
    known = flattened(schema, root)
    values: list[Any] = list(known.get("enum") or ())
    if "const" in known:
        values.append(known["const"])
    examples = (known.get("example"), *(known.get("examples") or ()), known.get("default"))
    values += [example for example in examples if example is not None]
    if not known.get("enum"):
        for name in types_of(known):
            values += _of_type(name, known, root, depth)
        if depth < _DEEPEST_UNION:
            listed = [interesting(one, root, depth + 1) for one in branches(known, root)]
            values += [value for turn in zip_longest(*listed, fillvalue=None) for value in turn]
            values = [value for value in values if value is not None]
            values += _as_texts(known, root)
    if takes_null(known, root):
        values.append(None)
    return distinct(values)


def bounds(schema: Any, root: Any, depth: int = 0) -> list[Any]:
    """Return the values at and beyond each bound of a place: where two implementations part."""
    known = flattened(schema, root)
    if known.get("enum") or "const" in known:
        return []
    values: list[Any] = _refused_by_name(known, root)
    for name in types_of(known):
        if name in ("integer", "number"):
            values += _at_and_beyond(known, whole=name == "integer")
        if name == "string" and "format" not in known:
            values += _lengths(known)
            values += [] if known.get("pattern") or known.get("minLength") else [""]
        if name == "array" and depth < _DEEPEST_UNION:
            values += _lists(known, root, depth)
    if depth < _DEEPEST_UNION:
        for option in branches(known, root):
            values += bounds(option, root, depth + 1)
        values += _as_texts(known, root)
    return distinct(values)


def _refused_by_name(known: Mapping[str, Any], root: Any) -> list[Any]:
    """Return the values that a schema names in its ``not``: reserved words, mostly."""
    refused = flattened(known.get("not"), root)
    return [*(refused.get("enum") or ()), *([refused["const"]] if "const" in refused else [])]


def types_of(known: Mapping[str, Any]) -> list[str]:
    """Return the names of the types of a schema."""
    types = known.get("type", ())
    return [types] if isinstance(types, str) else [str(name) for name in types]


def _as_texts(known: Mapping[str, Any], root: Any) -> list[Any]:
    """Return the bounds of the number of a union as texts, where it may be a text too."""
    options = branches(known, root)
    if not any("string" in types_of(option) for option in options):
        return []
    numbers = [one for one in options if {"integer", "number"} & set(types_of(one))]
    found = [
        value for one in numbers for value in _at_and_beyond(one, whole="integer" in types_of(one))
    ]
    return [f"{value:.10f}".rstrip("0").rstrip(".") for value in found] + (
        ["1", "1.50", "007.5", "1e2"] if numbers else []
    )


def _at_and_beyond(known: Mapping[str, Any], *, whole: bool) -> list[Any]:
    step = known.get("multipleOf")
    if not isinstance(step, int | float) or isinstance(step, bool) or step <= 0:
        step = 1 if whole else 0.01
    values: list[Any] = []
    for keyword, sign in (("minimum", -1), ("maximum", 1)):
        bound: Any = known.get(keyword)
        if _is_number(bound):
            values += [bound, round(bound + sign * step, 10)]
        excluded: Any = known.get(f"exclusive{keyword.capitalize()}")
        if excluded is True and _is_number(bound):
            values.append(round(bound - sign * step, 10))
        elif _is_number(excluded):
            values += [excluded, round(excluded - sign * step, 10)]
    # A document may write the bound of a whole number as 50.0.
    return [int(value) if whole and value == int(value) else value for value in values]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lengths(known: Mapping[str, Any]) -> list[Any]:
    values: list[Any] = []
    longest, shortest = known.get("maxLength"), known.get("minLength")
    if isinstance(longest, int) and longest <= 10_000:
        values += ["m" * longest, "m" * (longest + 1)]
    if isinstance(shortest, int) and 0 < shortest <= 10_000:
        values += ["s" * shortest, "s" * (shortest - 1)]
    return values


def _lists(known: Mapping[str, Any], root: Any, depth: int) -> list[Any]:
    """Return lists of scalars: two that are not in order, none, as many as there may be, more."""
    items = interesting(known.get("items", {}), root, depth + 1)
    some = [one for one in items if isinstance(one, str | int | float)][:2]
    if not some:
        return []
    longest = known.get("maxItems")
    most = longest if isinstance(longest, int) and longest <= _LONGEST_LIST else 0
    many = [
        [f"{some[0]}"[:8] + str(n) if isinstance(some[0], str) else n for n in range(count)]
        for count in (most, most + 1)
        if most
    ]
    return [sorted(some, key=str, reverse=True), [], *many]


def near(value: Any, schema: Any, root: Any) -> list[Any]:
    """Return texts that are almost of a pattern, from one that is."""
    if not isinstance(value, str) or not value or not flattened(schema, root).get("pattern"):
        return []
    found = [value.swapcase(), value + "\n", value[:-1], value + value[-1], f" {value}"]
    return [*found, *_beyond_ascii(value)]


def _beyond_ascii(value: str) -> list[str]:
    """Return the text with another last letter and another last digit: `\\w` and `\\d` take them in
    one dialect of patterns and not in the other.
    """
    found = []
    for kind, other in ((_LETTER, "\u00e9"), (_DIGIT, "\u0663")):
        place = max((one.start() for one in kind.finditer(value)), default=None)
        if place is not None:
            new = other.upper() if value[place].isupper() else other
            found.append(value[:place] + new + value[place + 1 :])
    return found


def _of_type(name: str, known: Mapping[str, Any], root: Any, depth: int) -> list[Any]:
    if name == "boolean":
        return [True, False]
    if name in ("integer", "number"):
        return _numbers(known, whole=name == "integer")
    if name == "string":
        return _texts(known)
    if name == "array":
        items = known.get("items", {})
        item = next(iter(interesting(items, root, depth + 1)), "a") if depth < 4 else "a"
        return [[item], [], [item, item]]
    if name == "object" and not known.get("properties"):
        return [{}, _OBJECT, *({key: value} for key, value in _OBJECT.items())]
    return []


def _numbers(known: Mapping[str, Any], *, whole: bool) -> list[Any]:
    values = _at_and_beyond(known, whole=whole)
    values += [1, 100] if whole else [12, 2.5, 0.125, 4.25, 0.3, 1e2]
    return values + ([0, -1] if whole else [0, 0.001, -0.0, 1.005])


def _texts(known: Mapping[str, Any]) -> list[Any]:
    by_format = _FORMATS.get(str(known.get("format", "")))
    if by_format:
        return [*by_format, "not it"]
    longest: Any = known.get("maxLength")
    fits = isinstance(longest, int)
    values: list[Any] = [text for text in TEXTS if not fits or len(text) <= longest]
    return [*values, *_lengths(known)] or [""]


def texts(seed: int, sample: str) -> Iterator[str]:
    """Yield texts for one place: the telling ones, then variations without end."""
    yield from TEXTS
    chance = random.Random(seed)
    while True:
        yield varied(chance.choice((sample, *TEXTS)), chance)


def varied(value: Any, chance: random.Random) -> Any:
    """Something like the value: a text with a few characters changed, a number of its size."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return chance.choice((value, -value, chance.randint(0, max(1, 2 * abs(value)))))
    if isinstance(value, float):
        return round(chance.uniform(0, 2 * abs(value) + 1), chance.randint(0, 4))
    if isinstance(value, str):
        return _varied_text(value, chance)
    if isinstance(value, dict):
        return {name: varied(inner, chance) for name, inner in value.items()}
    return [varied(inner, chance) for inner in value] if isinstance(value, list) else value


def _varied_text(text: str, chance: random.Random) -> str:
    if _UUID.fullmatch(text):
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))
    characters = list(text)
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(characters))
        end = place + chance.choice((0, 0, 1, 1, len(characters)))
        characters[place:end] = chance.choices(_CHARACTERS, k=chance.randint(0, 4))
    return "".join(characters)


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return values once each, in order; 1 and 1.0 are two."""
    seen: set[str] = set()
    kept = []
    for value in values:
        if repr(value) not in seen:
            seen.add(repr(value))
            kept.append(value)
    return kept
