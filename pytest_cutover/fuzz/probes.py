"""Probes: a valid request varied one field at a time, then several, by values that tend to matter.

Boundaries and enumerations come from the schema; text with accents, markup and quotes, numbers with
and without decimals, and nested objects from experience. Pure; the same seed gives the same probes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from pytest_cutover.fuzz.document import resolved

TEXTS: Final = (
    "Zürich, 20 °C",
    "a < b & c > d",
    " padded ",
    'quote " and \\ and \'',
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
_MOST_FIELDS: Final = 40
UNKNOWN_FIELD: Final = "cutover_unknown"


def interesting(schema: Any, root: Any) -> list[Any]:
    """Values for one place, the telling ones first; not all of them are valid."""
    known = resolved(schema, root)
    values: list[Any] = list(known.get("enum") or ())
    if "const" in known:
        values.append(known["const"])
    for example in (known.get("example"), *(known.get("examples") or ()), known.get("default")):
        if example is not None:
            values.append(example)
    types = known.get("type", ())
    types = [types] if isinstance(types, str) else list(types)
    if not known.get("enum"):
        for name in types:
            values += _of_type(name, known, root)
    if known.get("nullable") or "null" in types:
        values.append(None)
    return _distinct(values)


def _of_type(name: str, known: Mapping[str, Any], root: Any) -> list[Any]:
    if name == "boolean":
        return [True, False]
    if name in ("integer", "number"):
        return _numbers(known, whole=name == "integer")
    if name == "string":
        return _texts(known)
    if name == "array":
        item = next(iter(interesting(known.get("items", {}), root)), "a")
        return [[item], [], [item, item]]
    if name == "object" and not known.get("properties"):
        return [{}, _OBJECT, *({key: value} for key, value in _OBJECT.items())]
    return []


def _numbers(known: Mapping[str, Any], *, whole: bool) -> list[Any]:
    low, high = known.get("minimum"), known.get("maximum")
    values: list[Any] = []
    values += [] if low is None else [low]
    values += [] if high is None else [high]
    values += [1, 100] if whole else [12, 2.5, 4.25, 0.3, 1e2]
    step = known.get("multipleOf") or (1 if whole else 0.01)
    values += [] if low is None else [low - step]
    values += [] if high is None else [high + step]
    values += [0, -1] if whole else [0, 0.001, -0.0]
    return values


def _texts(known: Mapping[str, Any]) -> list[Any]:
    by_format = _FORMATS.get(str(known.get("format", "")))
    if by_format:
        return [*by_format, "not it"]
    longest = known.get("maxLength")
    values: list[Any] = [text for text in TEXTS if longest is None or len(text) <= longest]
    if isinstance(longest, int) and longest <= 10_000:
        values += ["m" * longest, "m" * (longest + 1)]
    shortest = known.get("minLength")
    if isinstance(shortest, int) and 0 < shortest <= 10_000:
        values += ["s" * shortest, "s" * (shortest - 1)]
    return values or [""]


def bodies(schema: Mapping[str, Any], bases: list[Any], seed: int) -> Iterator[Any]:
    """Bodies from valid ones: each field's values in turn, without a field, then combinations."""
    known = resolved(schema, schema)
    properties = known.get("properties")
    objects = [base for base in bases if isinstance(base, dict)]
    if not isinstance(properties, dict) or not objects:
        yield from bases
        return
    values = {
        name: interesting(schema_of, schema)
        for name, schema_of in list(properties.items())[:_MOST_FIELDS]
    }
    small, large = min(objects, key=len), max(objects, key=len)
    yield small
    yield large
    yield {**small, UNKNOWN_FIELD: 1}
    for turn in zip_longest(*(_with_name(name, values[name]) for name in values)):
        for pair in turn:
            if pair is not None:
                yield {**large, pair[0]: pair[1]}
                yield {**small, pair[0]: pair[1]}
    for name in large:
        yield {key: value for key, value in large.items() if key != name}
    yield from _combinations(values, small, large, seed)


def _with_name(name: str, values: list[Any]) -> list[tuple[str, Any]]:
    return [(name, value) for value in values]


def _combinations(
    values: Mapping[str, list[Any]], small: Any, large: Any, seed: int
) -> Iterator[Any]:
    chance = random.Random(seed)
    names = [name for name in values if values[name]]
    while names:
        body = dict(chance.choice((small, large)))
        for name in chance.sample(names, min(len(names), chance.randint(2, 3))):
            body[name] = chance.choice(values[name])
        yield body


def _distinct(values: list[Any]) -> list[Any]:
    seen: set[str] = set()
    kept = []
    for value in values:
        if repr(value) not in seen:
            seen.add(repr(value))
            kept.append(value)
    return kept
