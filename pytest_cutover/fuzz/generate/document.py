"""The OpenAPI document as operations that cases can be generated for. Imports schemathesis.

A document that cannot be used at all is a usage error; an operation that cannot be is left out,
with its reason, and counts as missing evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import SchemathesisError

from pytest_cutover.backends.http import library as http
from pytest_cutover.config.load import shown_path
from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import FileError, InvalidValueError, Mistake
from pytest_cutover.fuzz.generate.case import Absent, Call, get
from pytest_cutover.fuzz.generate.storage import generating

UNASKED_METHODS: Final = frozenset({"HEAD", "TRACE", "CONNECT", "OPTIONS"})
"""Methods of a schema that are sent only when `[fuzz] methods` names them."""
_LARGEST_BYTES: Final = 64 * 1024 * 1024
_TIMEOUT_S: Final = 30.0
_NOWHERE: Final = object()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `inner` is schemathesis' own; `links` are the OpenAPI links of its answers.

    `broken` says why nothing can be generated, and is empty otherwise. One that is not `offered`
    is no operation of the document: another one of that path is its `inner`.
    """

    endpoint: str
    inner: Any = field(default=None, repr=False, compare=False)
    links: tuple[Mapping[str, Any], ...] = ()
    operation_id: str = ""
    broken: str = ""
    offered: bool = True

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.endpoint.partition(" ")[0]

    @property
    def json_body(self) -> Any:
        """schemathesis' JSON body alternative, or None."""
        bodies = list(self.inner.body) if self.inner is not None else []
        return next((one for one in bodies if "json" in one.media_type), None)

    @property
    def body_schema(self) -> Mapping[str, Any]:
        """The JSON schema of the body; empty where there is none."""
        body = self.json_body
        schema = body.validation_schema if body is not None else {}
        return schema if isinstance(schema, dict) else {}

    def is_valid(self, body: Any) -> bool:
        """Whether the schema allows this JSON body."""
        return self.json_body is not None and _is_valid(self.json_body, body)

    def classes(self, call: Call) -> frozenset[str]:
        """What is wrong with a request: ``unknown field``, ``invalid``, both, or nothing."""
        if not self.offered:
            return frozenset({"method not offered"})
        found = set() if call.rest_valid else {"invalid"}
        body = self.json_body
        if body is None or isinstance(call.body, Absent):
            if isinstance(call.body, Absent) and body is not None and body.is_required:
                found.add("invalid")
            return frozenset(found)
        if isinstance(call.body, bytes):
            return frozenset({*found, "invalid"})
        rest, unknown = call.body, False
        properties = resolved(self.body_schema, self.body_schema).get("properties")
        if isinstance(rest, dict) and isinstance(properties, dict):
            known = {name: value for name, value in rest.items() if name in properties}
            unknown, rest = len(known) != len(rest), known
        if unknown:
            found.add("unknown field")
        if not _is_valid(body, rest):
            found.add("invalid")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Document:
    """The operations of a schema, in its order. `base_path` stands before every path."""

    operations: tuple[Operation, ...]
    base_path: str = ""
    source: str = ""

    def under_base_path(self) -> Document:
        """The same operations with the base path in their endpoints: for sides without one."""
        if not self.base_path:
            return self
        moved = []
        for one in self.operations:
            method, _, path = one.endpoint.partition(" ")
            moved.append(replace(one, endpoint=f"{method} {self.base_path}{path}"))
        return replace(self, operations=tuple(moved))

    def by_endpoint(self, endpoint: str) -> Operation | None:
        """The operation of an endpoint."""
        return next((one for one in self.operations if one.endpoint == endpoint), None)

    def by_id(self, operation_id: str) -> Operation | None:
        """The operation of an operationId."""
        return next((one for one in self.operations if one.operation_id == operation_id), None)


def load_document(source: str, *, root: Path) -> Document:
    """The document at a path or URL. Raises `FileError` saying what is wrong with it."""
    with generating():
        try:
            schema = _schema(source, root)
            operations = tuple(_operations(schema))
            base_path = schema.base_path.rstrip("/")
        except (SchemathesisError, RecursionError, ValueError, TypeError, LookupError) as error:
            raise _unusable(source, _one_line(error)) from None
        except AttributeError as error:
            raise _unusable(source, f"not an OpenAPI document: {_one_line(error)}") from None
    if not operations:
        raise _unusable(source, "it has no operations")
    return Document(operations, base_path, source)


def _schema(source: str, root: Path) -> Any:
    config = SchemathesisConfig()
    if source.startswith(("http://", "https://")):
        schema = schemathesis.openapi.from_file(_fetched(source), config=config)
        schema.location = source
        return schema
    path = root / source
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _unusable(shown_path(path), f"it is larger than {_LARGEST_BYTES >> 20} MB")
        return schemathesis.openapi.from_path(path, config=config)
    except FileNotFoundError:
        raise _unusable(shown_path(path), "no such file") from None
    except IsADirectoryError:
        raise _unusable(shown_path(path), "it is a folder") from None
    except OSError as error:
        raise _unusable(shown_path(path), f"cannot be read: {error.strerror}") from None


def _fetched(url: str) -> str:
    try:
        with (
            http.Client(trust_env=False, timeout=_TIMEOUT_S) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise _unusable(url, f"the server answers {response.status_code}")
            parts, size = [], 0
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > _LARGEST_BYTES:
                    raise _unusable(url, f"it is larger than {_LARGEST_BYTES >> 20} MB")
            return b"".join(parts).decode("utf-8", "replace")
    except (http.HTTPError, http.InvalidURL) as error:
        raise _unusable(url, f"cannot be fetched: {_one_line(error)}") from None


def _operations(schema: Any) -> Iterator[Operation]:
    seen: set[str] = set()
    for result in schema.get_all_operations():
        if hasattr(result, "ok"):
            inner = result.ok()
            named = _endpoint(inner.method, inner.path)
            if named is None or str(named) in seen:
                continue
            seen.add(str(named))
            yield _operation(str(named), inner, schema.raw_schema)
        else:
            error = result.err()
            method = getattr(error, "method", None) or "get"
            yield Operation(f"{method.upper()} {getattr(error, 'path', '?')}", broken=_first(error))


def _operation(endpoint: str, inner: Any, document: Any) -> Operation:
    raw = inner.definition.raw if isinstance(inner.definition.raw, dict) else {}
    links = tuple(
        link
        for response in (raw.get("responses") or {}).values()
        if isinstance(response, dict)
        for link in (response.get("links") or {}).values()
        if isinstance(link, dict)
    )
    broken = _unresolved(raw, document)
    try:
        for body in inner.body:
            body.get_validator()
    except (SchemathesisError, ValueError, RecursionError, LookupError, TypeError) as error:
        broken = _first(error)
    return Operation(endpoint, inner, links, str(raw.get("operationId", "")), broken)


def _unresolved(raw: Any, document: Any) -> str:
    """The first reference of an operation into the document that leads nowhere."""
    pending, seen = [raw], set()
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/") and reference not in seen:
                seen.add(reference)
                found = get(document, unquote(reference[1:]), _NOWHERE)
                if found is _NOWHERE:
                    return f"the reference {reference} does not resolve"
                pending.append(found)
            pending += node.values()
    return ""


def _endpoint(method: str, path: str) -> Endpoint | None:
    try:
        return parse(f"{method.upper()} {path}")
    except InvalidValueError:
        return None


def resolved(schema: Any, root: Any, depth: int = 0) -> dict[str, Any]:
    """The schema behind its `$ref`s, and the one that is not null of a nullable pair."""
    if not isinstance(schema, dict) or depth > 20:
        return {}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        node: Any = root
        for token in reference[2:].split("/"):
            node = node.get(token.replace("~1", "/").replace("~0", "~"), {}) if node else {}
        return resolved(node, root, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        options = [
            resolved(option, root, depth + 1)
            for option in schema.get(keyword) or ()
            if isinstance(option, dict) and option.get("type") != "null"
        ]
        if len(options) == 1 and "properties" not in schema:
            return {**options[0], "nullable": len(schema[keyword]) > 1}
    parts = [resolved(part, root, depth + 1) for part in schema.get("allOf") or ()]
    if parts:
        merged: dict[str, Any] = {}
        for part in (*parts, schema):
            properties = {**merged.get("properties", {}), **(part.get("properties") or {})}
            merged = {**merged, **part, **({"properties": properties} if properties else {})}
        return merged
    return schema


def _is_valid(body: Any, value: Any) -> bool:
    try:
        return bool(body.is_valid(value))
    except (ValueError, RecursionError, TypeError, OverflowError):
        return False


def _unusable(source: str, what: str) -> FileError:
    mistake = Mistake(
        key="--cutover-schema",
        what=what,
        valid="an OpenAPI document, version 2 or 3, in JSON or YAML",
        advice="validate it with openapi-spec-validator, or give another path or URL",
    )
    return FileError(source, [mistake])


def _first(error: BaseException) -> str:
    return _one_line(error) or type(error).__name__


def _one_line(error: BaseException) -> str:
    text = " ".join([str(error), *getattr(error, "extras", ())]).strip()
    return " ".join(text.split())[:300]
