"""Which member of which schema of the document stands at a place of a body. Pure.

Two operations that answer with one component answer with the same members.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pytest_cutover.openapi.places import Place, resolved

_DEEPEST: Final = 24
_SHARED: Final = ("/components/schemas/", "/definitions/")


def member_at(schema: Place, root: Place, tokens: Sequence[str]) -> str:
    """Return the pointer of a member in a schema that operations share; empty for any other."""
    found = _walked(schema, root, tuple(tokens), 0) if tokens else None
    return found.pointer if found is not None and found.pointer.startswith(_SHARED) else ""


def _walked(place: Place, root: Place, tokens: tuple[str, ...], depth: int) -> Place | None:
    if not tokens:
        return place
    if depth > _DEEPEST:
        return None
    place = resolved(place, root)
    token, rest = tokens[0], tokens[1:]
    below = place.get("properties", token)
    if below is None and (token.isdecimal() or token == "*"):
        below = place.get("items")
    if below is not None:
        return _walked(below, root, rest, depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for option in _options(place, keyword):
            found = _walked(option, root, tokens, depth + 1)
            if found is not None:
                return found
    return None


def _options(place: Place, keyword: str) -> list[Place]:
    listed: Any = place.value.get(keyword) if isinstance(place.value, dict) else None
    count = len(listed) if isinstance(listed, list) else 0
    return [option for index in range(count) if (option := place.get(keyword, str(index)))]
