"""What a request may vary by the document, and what it did vary. Pure.

An input is named by its place: ``path lot_code``, ``query limit``, ``header x-plant``, ``body
weight_kg``; below objects and arrays of objects ``body address/street``, ``body lines/*/price``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.contract.places import Place, below, resolved, schema_of
from pytest_cutover.core.exchange import Request

_DEEPEST: Final = 8
# They are told by other means: OpenAPI says to ignore parameters of these names.
_HEADERS_APART: Final = frozenset({"accept", "content-type", "authorization"})
_MEMBERS: Final = ("allOf", "anyOf", "oneOf")


def inputs_of(item: Place, operation: Place, root: Place) -> Iterator[str]:
    """The names of what a request of an operation may vary; `item` is its path's place."""
    for owner in (item, operation):
        given = owner.get("parameters")
        for index, value in enumerate(given.value if given is not None else ()):
            parameter = resolved(Place(value, f"{owner.pointer}/parameters/{index}"), root).value
            where, name = parameter.get("in"), str(parameter.get("name"))
            if where in ("path", "query", "cookie"):
                yield f"{where} {name}"
            elif where == "header" and name.lower() not in _HEADERS_APART:
                yield f"header {name.lower()}"
    body = operation.get("requestBody")
    content = resolved(body, root).get("content") if body is not None else None
    for kind in content.value if content is not None else ():
        if "json" in str(kind).lower() or "urlencoded" in str(kind).lower():
            schema = schema_of(below(content, str(kind), kind), root)
            if schema is not None:
                yield from (f"body {name}" for name in _leaves(schema, root, "", ()) if name)


def _leaves(schema: Place, root: Place, name: str, above: tuple[str, ...]) -> Iterator[str]:
    """What has a value of its own below a schema: a whole that is made of parts is not named."""
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
    for key in properties.value if properties is not None else ():
        token = str(key).replace("~", "~0").replace("/", "~1")
        yield below(properties, str(key), key), f"{name}/{token}" if name else token
    items = schema.get("items")
    if items is not None:
        yield items, f"{name}/*" if name else "*"
    for word in _MEMBERS:
        several = schema.get(word)
        for index, value in enumerate(several.value if several is not None else ()):
            yield Place(value, f"{schema.pointer}/{word}/{index}"), name


def is_secret_input(name: str) -> bool:
    """Whether an input holds a secret by its name: no digest of it is made, so nobody can say."""
    where, _, place = name.partition(" ")
    return where == "cookie" or any(is_secret_name(word) for word in place.split("/"))


def varied(
    request: Request, template: str, inputs: tuple[str, ...], salt: str
) -> Iterator[tuple[str, str]]:
    """Each of `inputs` that a request gave, with a short salted digest that tells values apart.

    The salt is new in every run. What is a secret by its name is left out.
    """
    given = _given(request, template)
    body = _body(request)
    for name in inputs:
        if is_secret_input(name):
            continue
        where, _, place = name.partition(" ")
        values = list(_at(body, place.split("/"))) if where == "body" else given[name]
        for value in values:
            text = json.dumps(value, sort_keys=True)
            yield name, hashlib.blake2s(f"{salt}{text}".encode(), digest_size=3).hexdigest()


def _given(request: Request, template: str) -> dict[str, list[str]]:
    """What stands outside the body, by the name of the input."""
    path, _, query = request.target.partition("?")
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(query, keep_blank_values=True):
        given[f"query {name}"].append(value)
    for name, value in request.headers:
        given[f"header {name.lower()}"].append(value)
    for pattern, segment in zip(template.split("/"), path.split("/"), strict=False):
        for name in re.findall(r"\{([^{}]*)\}", pattern):
            given[f"path {name}"].append(unquote(segment))
    return given


def _body(request: Request) -> Any:
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    if "urlencoded" in kind.lower():
        return dict(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True))
    try:
        return json.loads(request.body) if request.body else None
    except (ValueError, RecursionError):
        return None


def _at(value: Any, tokens: list[str]) -> Iterator[Any]:
    """Every value at a place, ``*`` being any index."""
    if not tokens:
        yield value
    elif tokens[0] == "*":
        for item in value if isinstance(value, list) else ():
            yield from _at(item, tokens[1:])
    elif isinstance(value, dict):
        key = tokens[0].replace("~1", "/").replace("~0", "~")
        if key in value:
            yield from _at(value[key], tokens[1:])
