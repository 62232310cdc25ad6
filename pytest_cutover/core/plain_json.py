"""Typed values as ASCII JSON: what the evidence channel and gate.json have in common.

msgspec turns values into plain ones and back, by their types. The text itself is written and read
by the standard library: msgspec refuses lone surrogates, which backends do send.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

_Value = TypeVar("_Value")


def plain(value: object) -> Any:
    """Return the value as dicts, lists and scalars; a number that JSON cannot hold is None."""
    return _finite(msgspec.to_builtins(value, enc_hook=_known))


def ascii_json(value: object, *, indent: int | None = None) -> str:
    """Return the value as JSON in ASCII, so that nothing in it can act on a terminal."""
    separators = (",", ":") if indent is None else None
    return json.dumps(
        plain(value), ensure_ascii=True, allow_nan=False, indent=indent, separators=separators
    )


def typed(document: object, kind: type[_Value]) -> _Value:
    """Return the value of a type in plain data; members that the type does not know are ignored.

    Raises ValueError, with what was expected, what stands there and where.
    """
    return msgspec.convert(document, kind)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {name: _finite(member) for name, member in value.items()}
    return value


def _known(value: object) -> object:
    """Return what msgspec does not know: a subclass of `str`, or a mapping that is no `dict`."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"evidence cannot hold a {type(value).__name__}")
