"""JSON pointers (RFC 6901), and templates that are filled with values. Pure.

The one place that escapes and unescapes a pointer's tokens. A pointer is a text such as
``/lines/0/price``; in a pattern of `glob` the token ``*`` stands for any one index or name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

_PLACE = re.compile(r"\{(unique:)?([A-Za-z][\w-]*)\}")
_NOWHERE: Any = object()


def escape(name: str) -> str:
    """Return a name as a token of a pointer."""
    if "~" not in name and "/" not in name:
        return name
    return name.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Return the name that a token of a pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def parse(pointer: str) -> tuple[str, ...]:
    """Return the names and indices of a pointer, unescaped; none for the whole document."""
    return tuple(unescape(token) for token in pointer.split("/")[1:])


def join(names: Iterable[str | int]) -> str:
    """Return the pointer of these names and indices; the inverse of `parse`."""
    tokens = [*map(str, names)]
    pointer = "/".join(("", *tokens))
    if "~" not in pointer and pointer.count("/") == len(tokens):
        return pointer  # as most are: there is nothing to escape
    return "".join([f"/{escape(token)}" for token in tokens])


def at(document: Any, pointer: str) -> Any:
    """Return the value at a pointer. Raises KeyError where there is none."""
    value = get(document, pointer, _NOWHERE)
    if value is _NOWHERE:
        raise KeyError(pointer)
    return value


def get(document: Any, pointer: str, default: Any = None) -> Any:
    """Return the value at a pointer, or `default` where there is none."""
    value = document
    for name in parse(pointer):
        value = _member(value, name)
        if value is _NOWHERE:
            return default
    return value


def put(document: Any, pointer: str, value: Any) -> Any:
    """Return a copy with another value there; the document itself where there is no such place."""
    return _put(document, parse(pointer), value)


def glob(document: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Give each place that a pattern matches, as its pointer and value, in document order."""
    yield from _glob(document, parse(pattern), ())


def _glob(
    value: Any, pattern: tuple[str, ...], above: tuple[str | int, ...]
) -> Iterator[tuple[str, Any]]:
    if not pattern:
        yield join(above), value
    elif pattern[0] != "*":
        found = _member(value, pattern[0])
        if found is not _NOWHERE:
            yield from _glob(found, pattern[1:], (*above, pattern[0]))
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _glob(below, pattern[1:], (*above, name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _glob(below, pattern[1:], (*above, index))


def _member(value: Any, name: str) -> Any:
    if isinstance(value, dict) and name in value:
        return value[name]
    if isinstance(value, list) and is_index(name) and int(name) < len(value):
        return value[int(name)]
    return _NOWHERE


def is_index(name: str) -> bool:
    """Whether a token is the place of an item in a list."""
    return name.isascii() and name.isdigit() and len(name) < 10


def _put(node: Any, names: tuple[str, ...], value: Any) -> Any:
    if not names:
        return value
    inner = _member(node, names[0])
    if inner is _NOWHERE:
        return node
    changed = _put(inner, names[1:], value)
    if isinstance(node, dict):
        return {**node, names[0]: changed}
    return [*node[: int(names[0])], changed, *node[int(names[0]) + 1 :]]


def filled(template: Any, values: Mapping[str, Any], unique: Callable[[str], str]) -> Any:
    """Return the template with ``{name}`` and ``{unique:LABEL}`` replaced, at any depth.

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
