"""Every version of OpenAPI in the form of 3.1, whose schemas are those of JSON Schema. Pure.

3.0 says ``nullable`` and has bounds that are excluded by a second keyword; Swagger 2.0 has bodies
among the parameters and media types beside them. What nobody here reads stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pytest_cutover.core.json_pointer import get

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_JSON: Final = ("application/json",)
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_BESIDE_SCHEMA: Final = frozenset(
    {"name", "in", "required", "description", "allowEmptyValue", "collectionFormat", "schema"}
)
_DEEPEST: Final = 32


def version_of(contents: Any) -> str:
    """Return the version that a document names, ``2.0`` or ``3.…``; empty where it is neither."""
    if not isinstance(contents, dict) or not isinstance(contents.get("paths"), dict | None):
        return ""
    named = str(contents.get("openapi") or contents.get("swagger") or "")
    if named.startswith("3."):
        return named
    return "2.0" if named in ("2", "2.0") and "swagger" in contents else ""


def current(contents: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Return the document in the form of 3.1; places of schemas stay where they are."""
    if version == "2.0":
        return _upgraded(_plain_schemas(contents))
    if version.startswith("3.0"):
        plain: dict[str, Any] = _plain_schemas(contents)
        return plain
    return dict(contents)


# -- schemas of 2.0 and 3.0 -----------------------------------------------------------------------


def _plain_schemas(value: Any) -> Any:
    """``nullable`` and excluded bounds as JSON Schema has them."""
    if isinstance(value, list):
        return [_plain_schemas(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain_schemas(item) for key, item in value.items()}
    for bound, excluded in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(plain.get(excluded), bool) and plain.pop(excluded) and bound in plain:
            plain[excluded] = plain.pop(bound)
    return _nullable(plain)


def _nullable(plain: dict[str, Any]) -> dict[str, Any]:
    named = [key for key in ("nullable", "x-nullable") if plain.get(key) is True]
    if not named:
        return plain
    for key in named:
        del plain[key]
    if not isinstance(plain.get("type"), str):
        return {"anyOf": [plain, {"type": "null"}]}
    plain["type"] = [plain["type"], "null"]
    if isinstance(plain.get("enum"), list) and None not in plain["enum"]:
        plain["enum"] = [*plain["enum"], None]
    return plain


# -- Swagger 2.0 ----------------------------------------------------------------------------------


def _upgraded(contents: dict[str, Any]) -> dict[str, Any]:
    paths = {
        path: _item(_followed(item, contents), contents)
        for path, item in (contents.get("paths") or {}).items()
    }
    servers = [{"url": contents["basePath"]}] if contents.get("basePath") else []
    return {**contents, "openapi": "3.1.0", "servers": servers, "paths": paths}


def _item(item: Any, contents: Mapping[str, Any]) -> Any:
    if not isinstance(item, dict):
        return item
    shared = _parameters(item, contents)
    changed = {key: value for key, value in item.items() if key != "parameters"}
    for method in METHODS:
        operation = item.get(method)
        if isinstance(operation, dict):
            own = _parameters(operation, contents)
            known = {(one.get("in"), one.get("name")) for one in own}
            body = any(one.get("in") == "body" for one in own)
            inherited = [
                one
                for one in shared
                if (one.get("in"), one.get("name")) not in known
                and not (body and one.get("in") == "body")
            ]
            changed[method] = _operation(operation, [*inherited, *own], contents)
    return changed


def _operation(
    operation: Mapping[str, Any], parameters: list[dict[str, Any]], contents: Mapping[str, Any]
) -> dict[str, Any]:
    produced = operation.get("produces") or contents.get("produces") or _JSON
    consumed = operation.get("consumes") or contents.get("consumes") or _JSON
    changed = dict(operation)
    changed["parameters"] = [
        _with_schema(one) for one in parameters if one.get("in") not in ("body", "formData")
    ]
    body = _body(parameters, [str(kind) for kind in consumed])
    if body is not None:
        changed["requestBody"] = body
    given = operation.get("responses")
    changed["responses"] = {
        status: _response(_followed(response, contents), [str(kind) for kind in produced])
        for status, response in (given if isinstance(given, dict) else {}).items()
    }
    return changed


def _body(parameters: list[dict[str, Any]], consumed: list[str]) -> dict[str, Any] | None:
    for one in parameters:
        if one.get("in") == "body":
            media = {"schema": one.get("schema", {})}
            required = bool(one.get("required", False))
            return {"required": required, "content": dict.fromkeys(consumed, media)}
    fields = [one for one in parameters if one.get("in") == "formData"]
    if not fields:
        return None
    files = any(one.get("type") == "file" for one in fields)
    kinds = [kind for kind in consumed if kind in (_FORM, _MULTIPART)]
    schema = {
        "type": "object",
        "properties": {str(one.get("name")): _schema(one) for one in fields},
        "required": [str(one.get("name")) for one in fields if one.get("required")],
    }
    content = {kind: {"schema": schema} for kind in kinds or [_MULTIPART if files else _FORM]}
    return {"required": bool(schema["required"]), "content": content}


def _response(response: Any, produced: list[str]) -> Any:
    if not isinstance(response, dict):
        return response
    changed = {key: value for key, value in response.items() if key not in ("schema", "headers")}
    schema = response.get("schema")
    if isinstance(schema, dict):
        media = {} if schema.get("type") == "file" else {"schema": schema}
        kinds = ["*/*"] if schema.get("type") == "file" else produced
        changed["content"] = dict.fromkeys(kinds, media)
    headers = response.get("headers")
    if isinstance(headers, dict):
        changed["headers"] = {
            name: _with_schema(header) for name, header in headers.items() if header
        }
    return changed


def _with_schema(parameter: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in parameter.items() if key in _BESIDE_SCHEMA}
    return {**kept, "schema": _schema(parameter)}


def _schema(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = {key: value for key, value in parameter.items() if key not in _BESIDE_SCHEMA}
    if schema.get("type") == "file":
        return {"type": "string", "format": "binary"}
    return schema


def _parameters(owner: Mapping[str, Any], contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(_each_parameter(owner.get("parameters"), contents))


def _each_parameter(given: Any, contents: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in given if isinstance(given, list) else ():
        found = _followed(one, contents)
        if isinstance(found, dict):
            yield found


def _followed(node: Any, contents: Mapping[str, Any]) -> Any:
    """Return what a reference of this document names; itself where it is none, or leads nowhere."""
    for _ in range(_DEEPEST):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return node
        found = get(contents, reference[1:])
        if found is None:
            return node
        node = found
    return node
