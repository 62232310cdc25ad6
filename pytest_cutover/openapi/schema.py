"""Schemas as a generator needs them: behind their references, with their parts together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from pytest_cutover.core.json_pointer import get


def flattened(schema: Any, root: Any, depth: int = 0) -> dict[str, Any]:
    """Return the schema behind its `$ref`s, and the one that is not null of a nullable pair."""
    if not isinstance(schema, dict) or depth > 20:
        return {}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        return flattened(get(root, unquote(reference[1:])), root, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        options = [
            flattened(option, root, depth + 1)
            for option in schema.get(keyword) or ()
            if isinstance(option, dict) and option.get("type") != "null"
        ]
        if len(options) == 1 and "properties" not in schema:
            return {**options[0], "nullable": len(schema[keyword]) > 1}
    parts = [flattened(part, root, depth + 1) for part in schema.get("allOf") or ()]
    if parts:
        whole: dict[str, Any] = {}
        for part in (*parts, schema):
            properties = {**whole.get("properties", {}), **(part.get("properties") or {})}
            required = [*(whole.get("required") or ()), *(part.get("required") or ())]
            whole = {**whole, **part}
            whole |= {"properties": properties} if properties else {}
            whole |= {"required": list(dict.fromkeys(required))} if required else {}
        return whole
    return schema


def branches(schema: Mapping[str, Any], root: Any) -> list[dict[str, Any]]:
    """Return the alternatives of a union that are not null; none where the schema is no union."""
    return [
        option
        for keyword in ("oneOf", "anyOf")
        for given in schema.get(keyword) or ()
        if (option := flattened(given, root)) and option.get("type") != "null"
    ]


def takes_null(schema: Mapping[str, Any], root: Any) -> bool:
    """Return whether null is one of the values."""
    types = schema.get("type", ())
    if schema.get("nullable") or types == "null" or (isinstance(types, list) and "null" in types):
        return True
    return any(
        flattened(option, root).get("type") == "null"
        for keyword in ("oneOf", "anyOf")
        for option in schema.get(keyword) or ()
    )
