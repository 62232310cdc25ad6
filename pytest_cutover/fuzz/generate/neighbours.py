"""Values beside the valid ones, where implementations part: null, another type, nobody's id. Pure.

A framework that converts takes ``"7"`` for 7, one that does not refuses it; one says 404 of an id
that nobody has, another 200 or 500. What a framework does to one field it does to all, so bodies
with all fields changed come first, then one field at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from pytest_cutover.openapi.schema import flattened, takes_null

_MOST_FIELDS: Final = 40
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LETTER: Final = re.compile(r"[A-Za-z]")
_DIGIT: Final = re.compile(r"[0-9]")
_NOBODYS_UUID: Final = "8f14e45f-ceea-467f-a831-5b2f9c1d7e60"
_NOBODYS_NUMBER: Final = 987654321
_NOBODYS_WORD: Final = "cutover-nobody"


def bodies(schema: Mapping[str, Any], valid: Any) -> Iterator[Any]:
    """Yield bodies like a valid one, with null or another type where the schema has neither."""
    properties = flattened(schema, schema).get("properties")
    if not isinstance(properties, dict) or not isinstance(valid, dict):
        return
    required = set(flattened(schema, schema).get("required") or ())
    fields = {name: flattened(inner, schema) for name, inner in properties.items()}
    nulls = {
        name: None for name in list(fields)[:_MOST_FIELDS] if not takes_null(fields[name], schema)
    }
    others = {
        name: changed
        for name, value in list(valid.items())[:_MOST_FIELDS]
        if (changed := _other_type(value, fields.get(name, {}))) is not None
    }
    optional = {name: None for name in nulls if name not in required}
    as_text = {name: one for name, one in others.items() if isinstance(one, str)}
    rest = {name: one for name, one in others.items() if name not in as_text}
    together = [one for one in (optional, as_text, rest) if one]
    alone = zip_longest(
        ({name: value} for name, value in others.items()),
        ({name: value} for name, value in (optional | nulls).items()),
    )
    for one in (*together, *(one for pair in alone for one in pair if one is not None)):
        yield {**valid, **one}


def nobodys(value: Any, schema: Any) -> Any:
    """Return an id of the form of another that nobody has; None where there may be none."""
    known = flattened(schema, schema) if isinstance(schema, dict) else {}
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
        most = known.get("maximum")
        if isinstance(most, int | float) and most < _NOBODYS_NUMBER:
            return None
        return _NOBODYS_NUMBER if isinstance(value, int) else str(_NOBODYS_NUMBER)
    if not isinstance(value, str):
        return None
    if _UUID.fullmatch(value):
        return _NOBODYS_UUID
    if "pattern" in known:
        return _last_of_its_kind(value, str(known["pattern"]))
    return None if {"enum", "format", "maxLength"} & known.keys() else _NOBODYS_WORD


def _last_of_its_kind(value: str, pattern: str) -> str | None:
    """Return a text of the pattern that is not likely to be given out; None where there is none."""
    other = _LETTER.sub(lambda found: "Z" if found[0].isupper() else "z", value)
    other = _DIGIT.sub("9", other)
    try:
        fits = re.search(pattern, other) is not None
    except re.error:  # of another dialect
        return None
    return other if fits and other != value else None


def _other_type(value: Any, known: Mapping[str, Any]) -> Any:
    """Return what a lenient reader takes for the value; None where there is nothing like that."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list):
        return value[0]
    if isinstance(value, str) and not {"enum", "pattern", "format", "const"} & known.keys():
        return 12
    return None
