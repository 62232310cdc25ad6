"""What a request of an operation may vary, by the document. Pure.

An input is named by its place: ``path lot_code``, ``query limit``, ``header x-plant``, ``body
weight_kg``; below objects and arrays of objects ``body address/street``, ``body lines/*/price``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_cutover.core.json_pointer import escape
from pytest_cutover.openapi.places import Place, below, resolved, schema_of

_DEEPEST: Final = 8
# They are told by other means: OpenAPI says to ignore parameters of these names.
_HEADERS_APART: Final = frozenset({"accept", "content-type", "authorization"})
_MEMBERS: Final = ("allOf", "anyOf", "oneOf")


def inputs_of(item: Place, operation: Place, root: Place) -> Iterator[str]:
    """Give the names of what a request of an operation may vary; `item` is its path's place."""
    for owner in (item, operation):
        given = owner.get("parameters")
        for index in range(len(given.value) if given and isinstance(given.value, list) else 0):
            parameter = resolved(below(given, str(index)), root).value
            if not isinstance(parameter, dict):
                continue
            where, name = parameter.get("in"), str(parameter.get("name"))
            if where in ("path", "query", "cookie"):
                yield f"{where} {name}"
            elif where == "header" and name.lower() not in _HEADERS_APART:
                yield f"header {name.lower()}"
    body = operation.get("requestBody")
    content = resolved(body, root).get("content") if body is not None else None
    for kind in content.value if content and isinstance(content.value, dict) else ():
        if "json" in kind.lower() or "urlencoded" in kind.lower():
            schema = schema_of(below(content, kind), root)
            if schema is not None:
                yield from (f"body {name}" for name in _leaves(schema, root, "", ()) if name)


def _leaves(schema: Place, root: Place, name: str, above: tuple[str, ...]) -> Iterator[str]:
    """Yield what has a value of its own below a schema: a whole that is made of parts is not
    named.
    """
    schema = resolved(schema, root)
    if not isinstance(schema.value, dict) or "const" in schema.value:
        return
    found = False
    if schema.pointer not in above and len(above) < _DEEPEST:
        for place, below_name in _parts(schema, name):
            for leaf in _leaves(place, root, below_name, (*above, schema.pointer)):
                # A choice of plain types, or an array of them, is one value.
                if leaf not in (name, f"{name}/*"):
                    found = True
                    yield leaf
    if not found:
        yield name


def _parts(schema: Place, name: str) -> Iterator[tuple[Place, str]]:
    properties = schema.get("properties")
    for key in properties.value if properties and isinstance(properties.value, dict) else ():
        token = escape(key)
        yield below(properties, key), f"{name}/{token}" if name else token
    items = schema.get("items")
    if items is not None:
        yield items, f"{name}/*" if name else "*"
    for word in _MEMBERS:
        several = schema.get(word)
        for index in range(
            len(several.value) if several and isinstance(several.value, list) else 0
        ):
            yield below(several, str(index)), name
