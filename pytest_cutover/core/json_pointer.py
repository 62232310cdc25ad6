"""Values in JSON by pointer, and templates filled with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_PLACE = re.compile(r"\{(unique:)?([A-Za-z][\w-]*)\}")


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer. Raises KeyError where there is none."""
    value = document
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            raise KeyError(pointer)
    return value


def filled(template: Any, values: Mapping[str, Any], unique: Callable[[str], str]) -> Any:
    """The template with ``{name}`` and ``{unique:LABEL}`` replaced, at any depth.

    A text that is one placeholder becomes the value itself, of whatever type. Raises KeyError for a
    name that nothing saved.
    """
    if isinstance(template, dict):
        return {key: filled(value, values, unique) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values, unique) for value in template]
    if not isinstance(template, str):
        return template
    whole = _PLACE.fullmatch(template)
    if whole is not None:
        return unique(whole[2]) if whole[1] else values[whole[2]]
    return _PLACE.sub(
        lambda found: unique(found[2]) if found[1] else str(values[found[2]]), template
    )
