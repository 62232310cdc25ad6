"""Formats as constraints: what a volatile place may hold, given what it held.

`formats_for` widens what several recordings of one place have in common, so that chance (a token
without a digit, a fraction without its last zero) never turns into a constraint; `conforms` is the
constraint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote

from pytest_cutover.compare.noise.formats import HEX, TOKEN, format_of
from pytest_cutover.normalize import encoded
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    Json,
    Literal,
    ObjectPattern,
    Pattern,
    Placeholder,
    Template,
)

MAX_FORMATS = 3
# By so many digits a random number is shorter or longer than another: more, once in 4,096 times.
SPREAD_OF_A_NUMBER = 2
_HEX_NUMBER = re.compile(r"0[xX](?:[0-9a-f]+|[0-9A-F]+)")
# One word of a text, in the widest sense: no blank, nothing that ends an attribute or element.
WORD = re.compile(r"[^\s<>\"]+")


def formats_for(values: Iterable[Json]) -> tuple[str, ...]:
    """Return the formats that a place may have whose recordings are `values`: few, and not by
    chance.
    """
    found = list(values)
    return covering(found, {_volatile_format(value) for value in found})


def covering(values: Sequence[Json], names: set[str]) -> tuple[str, ...]:
    """Return the same of values whose own formats are known."""
    values = [_decoded(value) for value in values]
    # A random token may happen to hold no digit, or nothing but digits.
    if len(values) > 1 and not names.isdisjoint(_BY_CHANCE) and all(map(_may_be_token, values)):
        known = any(name.startswith("token ") for name in names)
        if known or all(map(_is_mixed, values)):
            names = {f"token {len(value)}" for value in values if isinstance(value, str)}
    hexes = {name for name in names if name.startswith("hex ")}
    if hexes and names - hexes == {"digits"} and all(map(_may_be_hex, values)):
        names = {f"hex {len(value)}" for value in values if isinstance(value, str)}
    return widen(names)


_BY_CHANCE = frozenset(("text", "digits", "duration"))  # `96058d7d` are days by chance


def _decoded(value: Json) -> Json:
    """Return a text without percent signs, as its format is told of it."""
    return unquote(value) if isinstance(value, str) and "%" in value else value


def _may_be_token(value: Json) -> bool:
    return isinstance(value, str) and TOKEN.fullmatch(value) is not None


def _may_be_hex(value: Json) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def _is_mixed(value: Json) -> bool:
    if not isinstance(value, str) or len(value) < 16:
        return False
    return any(c.islower() for c in value) and any(c.isupper() for c in value)


def _volatile_format(value: Json) -> str:
    name = format_of(value)
    if isinstance(value, bytes) and name.startswith("decimal"):
        # A trailing zero shows that the number of places is kept; without one it may be chance.
        # 12.0 shows only that a whole number keeps its point, as Python writes it.
        if name == "decimal 1" and value.endswith(b"0"):
            return "decimal"
        return name if value.endswith(b"0") else "number"
    return "number" if name == "exponent" else name


def widen(names: set[str]) -> tuple[str, ...]:
    """Return a small, stable set that covers the formats."""
    return _widened(frozenset(names))


@lru_cache(maxsize=1024)
def _widened(found: frozenset[str]) -> tuple[str, ...]:
    names = set(found)
    if "decimal string" in names:
        names = names | {"digits"}  # 12.0 is often written 12
    names = _widen_numbers(_widen_timestamps(_widen_sized(set(names))))
    strings = {name for name in names if name not in _NOT_STRINGS}
    if "text" in strings:
        names -= strings - {"text", "empty"}
    elif len(strings) > MAX_FORMATS:
        names = (names - strings) | {"string"}
    if "string" in names:
        names = (names - strings) | {"string"}
    return tuple(sorted(names))


_NUMBERS = {"integer", "decimal", "number", "not a number"}


_NOT_STRINGS = (
    _NUMBERS
    | {"null", "boolean", "object", "array"}
    | {f"decimal {places}" for places in range(1, 40)}
)


def _widen_numbers(names: set[str]) -> set[str]:
    numbers = {n for n in names if n in _NUMBERS or (n.startswith("decimal ") and n[8:].isdigit())}
    return (names - numbers) | {"number"} if len(numbers) > 1 else names


def _widen_sized(names: set[str]) -> set[str]:
    names = _widen_hex_numbers(names)
    for family in ("hex", "token"):
        members = {name for name in names if name.split(" ")[0] == family}
        if len(members) > 1:
            names = (names - members) | {family}
    for case in ("", " upper"):
        versions = {name for name in names if _uuid_case(name) == case}
        if len(versions) > 1:  # a hash that is written as one shows another version each time
            names = (names - versions) | {f"uuid{case}"}
    families = {name.split(" ")[0] for name in names}
    if "token" in families and families & _MAY_BE_TOKENS:
        members = {n for n in names if n.split(" ")[0] in ("token", *_MAY_BE_TOKENS)}
        lengths = {n.partition(" ")[2] for n in members}
        names = (names - members) | {f"token {lengths.pop()}" if len(lengths) == 1 else "token"}
    return names


_MAY_BE_TOKENS = frozenset(("hex", "hex-number", "digits", "ulid"))


def _widen_hex_numbers(names: set[str]) -> set[str]:
    """Return one format for numbers in hex: they differ by their digits, or in length at will."""
    members = {name for name in names if name.partition(" ")[0] == "hex-number"}
    if len(members) < 2:
        return names
    sizes = {int(size) if (size := name.partition(" ")[2]) else 0 for name in members}
    near = max(sizes) - min(sizes) <= SPREAD_OF_A_NUMBER
    return (names - members) | {f"hex-number {max(sizes)}" if near else "hex-number"}


def _uuid_case(name: str) -> str | None:
    """Return in which letters a UUID is written; None for what is none."""
    if not name.startswith("uuid") or name == "uuid nil":
        return None
    return " upper" if name.endswith(" upper") else ""


def _widen_timestamps(names: set[str]) -> set[str]:
    by_rest: dict[str, set[str]] = {}
    for name in names:
        if name.startswith("timestamp "):
            fraction, rest = _split_timestamp(name)
            by_rest.setdefault(rest, set()).add(fraction)
    for rest, fractions in by_rest.items():
        if "any" in fractions or len(fractions - {"s"}) > 1:
            names = {n for n in names if _split_timestamp(n)[1] != rest} | {f"timestamp any {rest}"}
    return names


def _split_timestamp(name: str) -> tuple[str, str]:
    if not name.startswith("timestamp "):
        return "", ""
    words = name.split(" ")[1:]
    size = 2 if len(words) > 1 and words[1] == "digits" else 1
    return " ".join(words[:size]), " ".join(words[size:])


def conforms(value: Json, formats: tuple[str, ...], name: str | None = None) -> bool:
    """Whether a value has one of the formats; `name` is its own, where it is known."""
    if name is None:
        name = format_of(value)
    if name in formats:
        return True
    return any(_conforms(value, name, wanted) for wanted in formats)


def _conforms(value: Json, name: str, wanted: str) -> bool:
    if isinstance(value, bytes):
        if wanted == "decimal":
            return name.startswith("decimal") or name == "exponent"
        return wanted == "number" and name != "not a number"
    if not isinstance(value, str):
        return False
    if wanted == "string":
        return True
    if wanted == "text":
        return name != "empty"
    if wanted == "word":
        return WORD.fullmatch(value) is not None
    if wanted == "blank":
        return value.isspace()
    value = unquote(value) if "%" in value else value
    family, _, size = wanted.partition(" ")
    if family == "uuid" and size in ("", "upper"):
        return _uuid_case(name) == (" upper" if size else "")
    if family == "token":
        fits = TOKEN.fullmatch(value) is not None and not name.startswith("uuid")
        return fits and (not size or len(value) == int(size))
    if family == "hex":
        return HEX.fullmatch(value) is not None and (not size or len(value) == int(size))
    if family == "hex-number":
        near = not size or abs(len(value) - int(size)) <= SPREAD_OF_A_NUMBER
        return near and _HEX_NUMBER.fullmatch(value) is not None
    if family == "timestamp" and size.startswith("any ") and name.startswith("timestamp "):
        return _split_timestamp(name)[1] == _split_timestamp(wanted)[1]
    if wanted == "duration":
        return name == "time"  # of less than a day
    return wanted == "jwt" and name.startswith("jwt")


_WITHOUT_FORM = frozenset(("text", "string", "word", "blank", "empty", "null"))


@lru_cache(maxsize=1024)
def is_type_alone(formats: tuple[str, ...]) -> bool:
    """Whether formats hold a value to nothing but being a text.

    A number or a boolean that varies is held to more: it moves with the baseline.
    """
    return _WITHOUT_FORM.issuperset(formats) and formats not in (("null",), ("empty",))


def type_named(name: str) -> str:
    """Return the JSON type of the values that have a format."""
    if name in ("null", "boolean", "object", "array"):
        return name
    number = name in _NUMBERS or (name.startswith("decimal ") and name[8:].isdigit())
    return "number" if number else "string"


def formats_in(value: Pattern) -> tuple[str, ...]:
    """Return the formats that a value, or what a pattern admits, may have."""
    if isinstance(value, Placeholder):
        return value.formats
    if isinstance(value, Template):
        return ("text",)
    if isinstance(value, ObjectPattern):
        return ("string",) if encoded.key_of_pattern(value) else ("object",)
    if isinstance(value, ArrayOf | ArrayPattern):
        return ("array",)
    return formats_for((as_json(value),))


def as_json(value: Pattern) -> Json:
    """Return a value that is no pattern, as such."""
    assert not isinstance(value, Literal)
    return value  # type: ignore[return-value]
