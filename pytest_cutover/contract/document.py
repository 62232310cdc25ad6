"""An OpenAPI document (3.0 or 3.1), as far as responses and requests are held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_cutover.config.load import read_text, shown_path
from pytest_cutover.contract.inputs import inputs_of
from pytest_cutover.contract.places import Place, below, resolved, schema_of
from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import FileError, InvalidValueError, Mistake

URI: Final = "urn:cutover:contract"
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """One documented response: media types and headers, each with the place of its schema."""

    status: str
    content: Mapping[str, Place | None] = field(default_factory=dict)
    headers: Mapping[str, tuple[bool, Place | None]] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx or 3xx."""
        return self.status[:1] in ("2", "3")

    @property
    def is_error(self) -> bool:
        """Whether it is a 4xx: a 5xx cannot be asked for."""
        return self.status[:1] == "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation: its responses by status, and what a request may vary.

    `inputs` are ``path lot_code``, ``query limit``, ``body weight_kg``, ``body lines/*/price``.
    """

    endpoint: Endpoint
    responses: Mapping[str, Documented]
    inputs: tuple[str, ...] = ()

    def response_for(self, status: int) -> Documented | None:
        """The documented response of a status: itself, its class (``4XX``), or the default."""
        for name in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if name in self.responses:
                return self.responses[name]
        return None


@dataclass(frozen=True, slots=True)
class Document:
    """The whole document; `contents` with 3.0's ``nullable`` written as JSON Schema has it."""

    contents: Any
    operations: tuple[Operation, ...]
    source: str

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every operation's endpoint."""
        return tuple(operation.endpoint for operation in self.operations)


def load_document(path: Path) -> Document:
    """The document in a file, YAML or JSON. Raises `FileError`."""
    source = shown_path(path)
    text = read_text(path)
    if path.suffix == ".json":
        try:
            contents: Any = json.loads(text)
        except ValueError as error:
            raise _wrong(source, f"not JSON: {error}") from None
    else:
        import yaml  # not needed by a run without a contract, and slow to import

        try:
            contents = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark is not None else ""
            raise _wrong(source, f"not YAML{line}") from None
    return read(contents, source)


def read(contents: Any, source: str) -> Document:
    """The document that a loaded file says. Raises `FileError` for what is no OpenAPI 3."""
    version = str(contents.get("openapi", "")) if isinstance(contents, dict) else ""
    if not version.startswith("3.") or not isinstance(contents.get("paths"), dict):
        raise _wrong(source, "not an OpenAPI document of version 3")
    if version.startswith("3.0"):
        contents = _without_nullable(contents)
    root = Place(contents, "")
    return Document(contents, tuple(_operations(root, source)), source)


def _operations(root: Place, source: str) -> Iterator[Operation]:
    for path in root.value["paths"]:
        item = root.get("paths", path)
        assert item is not None
        item = resolved(item, root)
        for method in _METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            try:
                endpoint = parse(f"{method.upper()} {path}")
            except InvalidValueError as error:
                raise _wrong(source, f"{method} {path}: {error.what}") from None
            yield Operation(
                endpoint=endpoint,
                responses=dict(_responses(operation, root)),
                inputs=tuple(dict.fromkeys(inputs_of(item, operation, root))),
            )


def _responses(operation: Place, root: Place) -> Iterator[tuple[str, Documented]]:
    found = operation.get("responses")
    for status in found.value if found is not None and isinstance(found.value, dict) else ():
        place = resolved(below(found, str(status), status), root)
        content = {
            str(kind).lower(): schema_of(media.get(kind), root)
            for media in [place.get("content")]
            if media is not None
            for kind in media.value
        }
        headers = {}
        named = place.get("headers")
        for name in named.value if named is not None else ():
            header = resolved(below(named, name, name), root)
            required = bool(header.value.get("required", False))
            headers[str(name).lower()] = (required, schema_of(header, root))
        yield (
            str(status),
            Documented(status=str(status), content=content, headers=headers),
        )


def _without_nullable(value: Any) -> Any:
    """3.0's ``nullable: true`` as a type of JSON Schema."""
    if isinstance(value, list):
        return [_without_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _without_nullable(item) for key, item in value.items()}
    if plain.pop("nullable", False) is True:
        if isinstance(plain.get("type"), str):
            plain["type"] = [plain["type"], "null"]
            if isinstance(plain.get("enum"), list):
                plain["enum"] = [*plain["enum"], None]
        else:
            return {"anyOf": [plain, {"type": "null"}]}
    return plain


def _wrong(source: str, what: str) -> FileError:
    return FileError(source, [Mistake("", what, advice="mend it, or [contract] path")])
