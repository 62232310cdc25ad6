"""Probes: a valid request varied one field at a time, then several, by values that tend to matter.

Boundaries and enumerations come from the schema; text with accents, markup and quotes, numbers with
and without decimals, and nested objects from experience. Pure; the same seed gives the same probes.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, Final

from pytest_cutover.fuzz.generate.pairwise import LEFT_OUT, mixtures
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
_MOST_FIELDS: Final = 40
_AS_LISTED: Final = 0.5
_MIXED_BEFORE_ONE: Final = 3
_DEEPEST_UNION: Final = 3
_MOST_WITHIN: Final = 8
_LONGEST_LIST: Final = 50
_DECIMAL: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHARACTERS: Final = (
    "aZ09 _-.@:/\\\"'<>&%+?#=;,()[]{}|~$!*^`\t\n\x7f"
    "\u00e4\u00df\u00f8\u0141\u0416\u05d0\u0639\u4e2d\u200b\u202e\u2028\ufeff\ufffd\u0301\U0001f600"
)
UNKNOWN_FIELD: Final = "cutover_unknown"


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
        for name in _types(known):
            values += _of_type(name, known, root, depth)
        if depth < _DEEPEST_UNION:
            listed = [interesting(one, root, depth + 1) for one in branches(known, root)]
            values += [value for turn in zip_longest(*listed, fillvalue=None) for value in turn]
            values = [value for value in values if value is not None]
            values += _as_texts(known, root)
    if takes_null(known, root):
        values.append(None)
    return _distinct(values)


def bounds(schema: Any, root: Any, depth: int = 0) -> list[Any]:
    """Return the values at and beyond each bound of a place: where two implementations part."""
    known = flattened(schema, root)
    if known.get("enum") or "const" in known:
        return []
    values: list[Any] = []
    for name in _types(known):
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
    return _distinct(values)


def within(schema: Any, root: Any, base: Any, depth: int = 0) -> list[Any]:
    """Return values like one that is taken, another in one of its members: of an object, or of a
    list of objects. Lists of two that are not alike come first, then what their length may be.
    """
    known = flattened(schema, root)
    if depth >= _DEEPEST_UNION:
        return []
    if isinstance(base, list) and base and isinstance(base[0], dict):
        others = within(known.get("items", {}), root, base[0], depth + 1)
        two = [[base[0], other] for other in others]
        one = [[other] for other in others]
        lengths = [[], *_as_long_as(known.get("maxItems"), base[0])]
        turns = zip_longest(two, one, lengths, fillvalue=None)
        return _distinct([value for turn in turns for value in turn if value is not None])
    properties = known.get("properties")
    if not isinstance(base, dict) or not isinstance(properties, dict):
        return []
    fields = list(properties.items())[:_MOST_FIELDS]
    # Ids are given out: the others say more.
    fields.sort(key=lambda field: flattened(field[1], root).get("format") == "uuid")
    listed = {
        name: within(inner, root, base.get(name), depth + 1)
        or [*bounds(inner, root), *interesting(inner, root, depth + 1)]
        for name, inner in fields
    }
    return _distinct([one for one in _in_turn(listed, base) if one != base])


def _as_long_as(longest: Any, item: Any) -> list[list[Any]]:
    if not isinstance(longest, int) or longest > _LONGEST_LIST:
        return []
    return [[item] * longest, [item] * (longest + 1)]


def _types(known: Mapping[str, Any]) -> list[str]:
    types = known.get("type", ())
    return [types] if isinstance(types, str) else [str(name) for name in types]


def _as_texts(known: Mapping[str, Any], root: Any) -> list[Any]:
    """Return the bounds of the number of a union as texts, where it may be a text too."""
    options = branches(known, root)
    if not any("string" in _types(option) for option in options):
        return []
    numbers = [one for one in options if {"integer", "number"} & set(_types(one))]
    found = [
        value for one in numbers for value in _at_and_beyond(one, whole="integer" in _types(one))
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
    return [value.swapcase(), value + "\n", value[:-1], value + value[-1], f" {value}"]


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


def bodies(
    schema: Mapping[str, Any],
    small: Any,
    large: Any,
    *,
    valid: Callable[[Any], bool],
    seed: int,
    taken: Mapping[str, Any] | None = None,
) -> Iterator[Any]:
    """Yield bodies from two that the document allows, endless where there is an object to vary.

    At and beyond the bounds of each field first, alternating with valid values of all fields at
    once; then each field's values in turn, and combinations of anything. `taken` is what the
    baseline is known to take.
    """
    known = flattened(schema, schema)
    properties = known.get("properties")
    if taken is not None and isinstance(small, dict):
        small = {name: taken.get(name, value) for name, value in small.items()}
    yield small
    yield large
    if not (isinstance(properties, dict) and isinstance(small, dict) and isinstance(large, dict)):
        return
    base = taken if taken is not None else small
    fields = dict(list(properties.items())[:_MOST_FIELDS])
    inside = {name: within(one, schema, large.get(name)) for name, one in fields.items()}
    values = {
        # What is no object or list that holds some is varied as a whole.
        name: _distinct(inside[name] or [*bounds(one, schema), *interesting(one, schema)])
        for name, one in fields.items()
    }
    values = {name: listed for name, listed in values.items() if listed}
    if not values:
        return
    yield {**small, UNKNOWN_FIELD: 1}
    enumerated = {name for name in values if flattened(properties[name], schema).get("enum")}
    fitting = _fitting(values, large, valid)
    for name in fitting.keys() & _numbers_or_texts(properties, schema):
        # Such a text is a number to whoever reads it, whatever the document says.
        fitting[name] = [
            one for one in fitting[name] if not isinstance(one, str) or _DECIMAL.fullmatch(one)
        ]
    fitting = {name: listed for name, listed in fitting.items() if listed}
    mixed = mixtures(fitting, large, enumerated=enumerated, seed=seed)
    at_bounds = {
        name: inside[name][:_MOST_WITHIN]
        or _distinct(
            [
                *near(base.get(name, large.get(name)), properties[name], schema),
                *bounds(properties[name], schema),
            ]
        )
        for name in values
    }
    # A bound shows itself where all the rest is taken.
    for one in _in_turn(at_bounds, base):
        yield from islice(mixed, 1)
        yield one
    for one in _one_at_a_time(values, small, large):
        yield from islice(mixed, _MIXED_BEFORE_ONE)
        yield one
    yield from _combinations(values, small, large, seed)


def _in_turn(values: Mapping[str, list[Any]], small: Any) -> Iterator[Any]:
    """Yield the small body with one other value: the first of each field, then the second of
    each.
    """
    for turn in zip_longest(*(_with_name(name, values[name]) for name in values)):
        for pair in turn:
            if pair is not None:
                yield {**small, pair[0]: pair[1]}


def _one_at_a_time(values: Mapping[str, list[Any]], small: Any, large: Any) -> Iterator[Any]:
    yield from _in_turn(values, small)
    for name in large:
        yield _without(large, name)


def _fitting(
    values: Mapping[str, list[Any]], large: Any, valid: Callable[[Any], bool]
) -> dict[str, list[Any]]:
    """Return the values of each field that leave the large body valid; last, that there is none."""
    fitting: dict[str, list[Any]] = {}
    for name in values:
        if name in large:
            fitting[name] = [value for value in values[name] if valid({**large, name: value})]
            fitting[name] += [LEFT_OUT] if valid(_without(large, name)) else []
    return {name: listed for name, listed in fitting.items() if listed}


def _numbers_or_texts(properties: Mapping[str, Any], root: Any) -> set[str]:
    """Return the fields that are a number or a text of which nothing is said: a decimal, mostly."""
    found = set()
    for name, given in properties.items():
        options = branches(flattened(given, root), root)
        texts = [one for one in options if "string" in _types(one)]
        numbers = [one for one in options if {"integer", "number"} & set(_types(one))]
        if texts and numbers and not any("enum" in one or "format" in one for one in texts):
            found.add(name)
    return found


def _without(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _with_name(name: str, values: list[Any]) -> list[tuple[str, Any]]:
    return [(name, value) for value in values]


def _combinations(
    values: Mapping[str, list[Any]], small: Any, large: Any, seed: int
) -> Iterator[Any]:
    chance = random.Random(seed)
    names = list(values)
    while True:
        body = dict(chance.choice((small, large)))
        for name in chance.sample(names, min(len(names), chance.randint(1, 3))):
            value = chance.choice(values[name])
            body[name] = value if chance.random() < _AS_LISTED else varied(value, chance)
        yield body


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


def _distinct(values: list[Any]) -> list[Any]:
    seen: set[str] = set()
    kept = []
    for value in values:
        if repr(value) not in seen:
            seen.add(repr(value))
            kept.append(value)
    return kept
