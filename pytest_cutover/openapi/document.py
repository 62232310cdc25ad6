"""The document as operations: what each may be asked, what it may answer, below which path. Pure.

A request belongs to an operation whether its path stands in the document alone, below the path of
a server (``servers: [{url: https://host/api/v1}]``), or below the base path of the side that was
asked: which of them the URL of a target repeats is for its owners to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pytest_cutover.core.endpoint import Endpoint, match, parse
from pytest_cutover.core.errors import InvalidValueError
from pytest_cutover.core.json_pointer import get
from pytest_cutover.openapi.inputs import inputs_of
from pytest_cutover.openapi.places import Place, below, resolved, schema_of
from pytest_cutover.openapi.versions import METHODS

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_MOST_BASES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedResponse:
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
class DocumentedOperation:
    """One operation: its responses by status, and what a request may vary.

    `inputs` are ``path lot_code``, ``query limit``, ``body weight_kg``, ``body lines/*/price``.
    `bases` are the paths of its servers, without a slash at the end. `broken` names the first
    reference that leads nowhere; what hangs on it cannot be held against the document.
    """

    endpoint: Endpoint
    responses: Mapping[str, DocumentedResponse]
    inputs: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    broken: str = ""

    def response_for(self, status: int) -> DocumentedResponse | None:
        """Return the documented response of a status: itself, its class, or the default."""
        for name in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if name in self.responses:
                return self.responses[name]
        return None


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """The whole document.

    `contents` have the form of 3.1, with every schema as JSON Schema has it; `original` is the
    version that was written, for tools that read it themselves. Neither refers to another file.
    `unreadable` says of each operation that is not among the `operations` why.
    """

    contents: Any = field(repr=False)
    original: Any = field(repr=False)
    operations: tuple[DocumentedOperation, ...]
    source: str
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every operation's endpoint."""
        return tuple(operation.endpoint for operation in self.operations)

    def operation_of(self, method: str, path: str, *, base: str = "") -> DocumentedOperation | None:
        """Return the operation that a request belongs to; None for one that is not documented.

        `path` is percent-encoded, and `base` the path of the URL of the side that was asked.
        """
        by_endpoint = {one.endpoint: one for one in self.operations}
        with_base = {
            Endpoint(one.endpoint.method, prefix + one.endpoint.template): one
            for one in self.operations
            for prefix in one.bases
            if prefix
        }
        inside = _inside(path, base)
        for spelling, known in (
            (path, with_base), (inside, by_endpoint), (inside, with_base), (path, by_endpoint),
            (base.rstrip("/") + inside, by_endpoint),
        ):  # fmt: skip
            found = match(method, spelling, known)
            if found is not None:
                return known[found]
        return None


def _inside(path: str, base: str) -> str:
    """Return the path without the base of its side."""
    base = base.rstrip("/")
    if base and (path == base or path.startswith((f"{base}/", f"{base}?"))):
        return path[len(base) :] or "/"
    return path


def document_of(contents: Any, original: Any, source: str, *, location: str = "") -> ApiDocument:
    """Return the document that these contents are; `location` is its URL, where it has one."""
    root = Place(contents, "")
    graph = _References(contents)
    operations: list[DocumentedOperation] = []
    unreadable: dict[str, str] = {}
    for path, item in _items(root):
        for method in METHODS:
            operation = item.get(method)
            if operation is None or not isinstance(operation.value, dict):
                continue
            try:
                endpoint = parse(f"{method.upper()} {path}")
            except InvalidValueError as error:
                unreadable[f"{method.upper()} {path}"] = error.what
                continue
            operations.append(
                DocumentedOperation(
                    endpoint=endpoint,
                    responses=dict(_responses(operation, root)),
                    inputs=tuple(dict.fromkeys(inputs_of(item, operation, root))),
                    bases=_bases((operation, item, root), location),
                    broken=graph.first_broken(operation.value, item.value.get("parameters")),
                )
            )
    return ApiDocument(contents, original, tuple(operations), source, unreadable)


def _items(root: Place) -> Iterator[tuple[str, Place]]:
    paths = root.get("paths")
    for path in paths.value if paths is not None and isinstance(paths.value, dict) else ():
        if path.startswith("x-"):
            continue
        item = root.get("paths", path)
        assert item is not None
        item = resolved(item, root)
        if isinstance(item.value, dict):
            yield path, item


def _responses(operation: Place, root: Place) -> Iterator[tuple[str, DocumentedResponse]]:
    found = operation.get("responses")
    for status in found.value if found is not None and isinstance(found.value, dict) else ():
        place = resolved(below(found, status), root)
        content = {
            kind.partition(";")[0].strip().lower(): schema_of(media, root)
            for kind, media in _members(place.get("content"))
        }
        headers = {}
        for name, given in _members(place.get("headers")):
            header = resolved(given, root)
            required = isinstance(header.value, dict) and bool(header.value.get("required"))
            headers[name.lower()] = (required, schema_of(header, root))
        yield status, DocumentedResponse(status=status, content=content, headers=headers)


def _members(place: Place | None) -> Iterator[tuple[str, Place]]:
    if place is not None and isinstance(place.value, dict):
        for name in place.value:
            yield name, below(place, name)


# -- servers --------------------------------------------------------------------------------------


def _bases(owners: Iterable[Place], location: str) -> tuple[str, ...]:
    """Return the paths of the servers of the nearest owner that has any."""
    for owner in owners:
        servers = owner.get("servers")
        if servers is not None and isinstance(servers.value, list) and servers.value:
            found = [base for server in servers.value for base in _paths_of(server, location)]
            return tuple(dict.fromkeys(found))[:_MOST_BASES]
    return ()


def _paths_of(server: Any, location: str) -> Iterator[str]:
    """Yield the paths of one server, with each value that its variables may have."""
    url = str(server.get("url", "")) if isinstance(server, dict) else ""
    variables = server.get("variables") if isinstance(server, dict) else None
    for spelling in _filled(url, variables if isinstance(variables, dict) else {}):
        try:
            path = urlsplit(spelling).path
        except ValueError:
            continue
        if not spelling.startswith("/") and "//" not in spelling:
            path = f"{urlsplit(location).path.rpartition('/')[0]}/{path.removeprefix('./')}"
        yield path.rstrip("/")


def _filled(url: str, variables: Mapping[str, Any]) -> list[str]:
    spellings = [url]
    for name in dict.fromkeys(_VARIABLE.findall(url)):
        given = variables.get(name)
        known = given if isinstance(given, dict) else {}
        values = [known["default"]] if "default" in known else []
        enumerated = known.get("enum")
        values += enumerated if isinstance(enumerated, list) else []
        spellings = [
            spelling.replace(f"{{{name}}}", str(value))
            for spelling in spellings
            for value in dict.fromkeys(map(str, values))
        ][:_MOST_BASES]
    return spellings


# -- references -----------------------------------------------------------------------------------


class _References:
    """Which references lead where, each looked up once however many operations share it."""

    def __init__(self, contents: Any) -> None:
        self._contents = contents
        self._known: dict[str, tuple[str, ...] | None] = {}

    def first_broken(self, *nodes: Any) -> str:
        """Return what is wrong with the first reference, near or far, that leads nowhere."""
        pending = [reference for node in nodes for reference in _named_in(node)]
        seen: set[str] = set()
        while pending:
            reference = pending.pop()
            if reference in seen:
                continue
            seen.add(reference)
            below_it = self._below(reference)
            if below_it is None:
                return f"the reference {reference} leads nowhere"
            pending += below_it
        return ""

    def _below(self, reference: str) -> tuple[str, ...] | None:
        if reference not in self._known:
            found = None
            if reference == "#" or reference.startswith("#/"):
                found = get(self._contents, unquote(reference[1:]))
            self._known[reference] = None if found is None else tuple(_named_in(found))
        return self._known[reference]


def _named_in(node: Any) -> Iterator[str]:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                yield reference
            # Values of the service may look like references, and are none.
            pending += [value for key, value in node.items() if key not in ("example", "examples")]
