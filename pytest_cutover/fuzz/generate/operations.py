"""The operations of an OpenAPI document that cases can be generated for. Imports schemathesis.

A document that cannot be used at all is a usage error; an operation that cannot be is left out,
with its reason, and counts as missing evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import SchemathesisError

from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import FileError, InvalidValueError, Mistake
from pytest_cutover.fuzz.generate.case import Absent, Call
from pytest_cutover.fuzz.generate.storage import generating
from pytest_cutover.openapi.document import ApiDocument, DocumentedOperation
from pytest_cutover.openapi.members import member_at
from pytest_cutover.openapi.places import Place
from pytest_cutover.openapi.schema import branches, flattened
from pytest_cutover.openapi.subtypes import with_kinds

_BOUNDS: Final = (
    "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "pattern", "format", "minItems", "maxItems",
)  # fmt: skip
_LONGEST_BOUNDS: Final = 80


@dataclass(frozen=True, slots=True)
class FuzzOperation:
    """One operation. `inner` is schemathesis' own; `links` are the OpenAPI links of its answers.

    `broken` says why nothing can be generated, and is empty otherwise. One that is not `offered`
    is no operation of the document: another one of that path is its `inner`. `base` is the path of
    its first server, and `redirects` says whether an answer may be a redirect.
    """

    endpoint: str
    inner: Any = field(default=None, repr=False, compare=False)
    links: tuple[Mapping[str, Any], ...] = ()
    operation_id: str = ""
    broken: str = ""
    offered: bool = True
    base: str = ""
    redirects: bool = False
    answers: tuple[str, ...] = ()
    documented: DocumentedOperation | None = field(default=None, repr=False, compare=False)
    root: Place = field(default=Place(None, ""), repr=False, compare=False)

    def shared_member(self, status: int, tokens: Sequence[str]) -> str:
        """Return the member of a shared schema at a place of an answer; empty for none."""
        answers = self.documented.responses if self.documented else {}
        answer = answers.get(str(status))
        schemas = [one for one in answer.content.values() if one] if answer else []
        return member_at(schemas[0], self.root, tokens) if schemas else ""

    def constraints(self) -> dict[str, str]:
        """Return what is said of each member of a request, by its name: what it is bound to."""
        found: dict[str, Any] = {}
        for part in (self.inner.path_parameters, self.inner.query) if self.inner else ():
            found |= {str(one.name): (one.validation_schema, one.validation_schema) for one in part}
        for one in list(self.inner.body) if self.inner else ():
            body = one.validation_schema
            if isinstance(body, dict):
                properties = flattened(body, body).get("properties") or {}
                found |= {str(name): (schema, body) for name, schema in properties.items()}
        return {
            name: told
            for name, (schema, root) in found.items()
            if (told := _constraints(schema, root))
        }

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
    def form_schema(self) -> Mapping[str, Any]:
        """The schema of the fields of a form, where the body is one and no JSON; empty else."""
        bodies = list(self.inner.body) if self.inner is not None else []
        found = [one.validation_schema for one in bodies if "urlencoded" in one.media_type]
        return found[0] if self.json_body is None and found and isinstance(found[0], dict) else {}

    @property
    def streams(self) -> bool:
        """Whether its answers have no end: nothing but events, as they happen."""
        return bool(self.answers) and set(self.answers) <= {"text/event-stream"}

    @property
    def searches(self) -> bool:
        """Whether it is read by a query whose words may be those of its answers."""
        return (
            self.method == "GET" and self.inner is not None and any(True for _ in self.inner.query)
        )

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
        """Return what is wrong with a request: ``unknown field``, ``invalid``, both, or nothing."""
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
        properties = flattened(self.body_schema, self.body_schema).get("properties")
        if isinstance(rest, dict) and isinstance(properties, dict):
            known = {name: value for name, value in rest.items() if name in properties}
            unknown, rest = len(known) != len(rest), known
        if unknown:
            found.add("unknown field")
        if not _is_valid(body, rest):
            found.add("invalid")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class FuzzDocument:
    """The operations of a document, in its order."""

    operations: tuple[FuzzOperation, ...]

    def without_streams(self) -> FuzzDocument:
        """Return the same without operations whose answers have no end."""
        return replace(self, operations=tuple(one for one in self.operations if not one.streams))

    def under_servers(self) -> FuzzDocument:
        """Return the same operations below the paths of their servers: for sides without one."""
        moved = []
        for one in self.operations:
            method, _, path = one.endpoint.partition(" ")
            moved.append(replace(one, endpoint=f"{method} {one.base}{path}"))
        return replace(self, operations=tuple(moved))

    def by_endpoint(self, endpoint: str) -> FuzzOperation | None:
        """Return the operation of an endpoint."""
        return next((one for one in self.operations if one.endpoint == endpoint), None)


def generatable(document: ApiDocument) -> FuzzDocument:
    """Return what can be generated for a document. Raises `FileError` where that is nothing."""
    known = {str(one.endpoint): one for one in document.operations}
    with generating():
        try:
            original = with_kinds(document.original)
            schema = schemathesis.openapi.from_dict(original, config=_configuration())
            operations = tuple(_operations(schema, known, Place(document.contents, "")))
        except (SchemathesisError, RecursionError, ValueError, TypeError, LookupError) as error:
            raise _unusable(document.source, _one_line(error)) from None
        except AttributeError as error:
            raise _unusable(document.source, f"not an OpenAPI document: {error}") from None
    if not operations:
        raise _unusable(document.source, "it has no operations")
    return FuzzDocument(operations)


def _configuration() -> SchemathesisConfig:
    """No credentials are generated: they come from the login, each side's its own."""
    return SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})


def _operations(
    schema: Any, known: Mapping[str, DocumentedOperation], root: Place
) -> Iterator[FuzzOperation]:
    seen: set[str] = set()
    for result in schema.get_all_operations():
        if hasattr(result, "ok"):
            inner = result.ok()
            named = _endpoint(inner.method, inner.path)
            if named is None or str(named) in seen:
                continue
            seen.add(str(named))
            yield _operation(inner, known.get(str(named)), str(named), root)
        else:
            error = result.err()
            method = getattr(error, "method", None) or "get"
            endpoint = f"{method.upper()} {getattr(error, 'path', '?')}"
            yield FuzzOperation(endpoint, broken=_first(error))


def _operation(
    inner: Any, documented: DocumentedOperation | None, endpoint: str, root: Place
) -> FuzzOperation:
    raw = inner.definition.raw if isinstance(inner.definition.raw, dict) else {}
    links = tuple(
        link
        for response in (raw.get("responses") or {}).values()
        if isinstance(response, dict)
        for link in (response.get("links") or {}).values()
        if isinstance(link, dict)
    )
    broken = documented.broken if documented else ""
    try:
        for body in inner.body:
            body.get_validator()
    except (SchemathesisError, ValueError, RecursionError, LookupError, TypeError) as error:
        broken = broken or _first(error)
    return FuzzOperation(
        endpoint,
        inner,
        links,
        str(raw.get("operationId", "")),
        broken,
        base=documented.bases[0] if documented and documented.bases else "",
        redirects=any(status.startswith("3") for status in documented.responses)
        if documented
        else False,
        answers=_answers(documented),
        documented=documented,
        root=root,
    )


def _answers(documented: DocumentedOperation | None) -> tuple[str, ...]:
    """Return the media types that a success may have."""
    found = documented.responses.values() if documented else ()
    kinds = (kind for one in found if one.status.startswith("2") for kind in one.content)
    return tuple(dict.fromkeys(kind for kind in kinds if "*" not in kind))


def _constraints(schema: Any, root: Any) -> str:
    """Return in words what values are bound to, in any branch; empty where to nothing but a
    type.
    """
    known = flattened(schema, root)
    said: dict[str, None] = {}
    for option in branches(known, root) or [known]:
        said |= {f"{word} {option[word]}": None for word in _BOUNDS if word in option}
        listed = option.get("enum")
        said |= {f"one of {', '.join(map(str, listed))}": None} if isinstance(listed, list) else {}
    return ", ".join(said)[:_LONGEST_BOUNDS]


def _endpoint(method: str, path: str) -> Endpoint | None:
    try:
        return parse(f"{method.upper()} {path}")
    except InvalidValueError:
        return None


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
