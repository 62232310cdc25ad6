"""One exchange against the document: status, content type, headers, body. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.core.exchange import Exchange, Response
from pytest_cutover.openapi.document import ApiDocument, DocumentedOperation, DocumentedResponse
from pytest_cutover.openapi.patterns import compiled
from pytest_cutover.openapi.places import Place

_URI: Final = "urn:cutover:contract"
_MESSAGE: Final = 200
_DEEPEST_REFERENCE: Final = 8
_FORMATS: Final = FormatChecker(formats=("uuid", "email", "date", "ipv4", "ipv6", "regex"))


@_FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    """RFC 3339, which needs a zone and a T."""
    if not isinstance(value, str):
        return True
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and len(value) > 10 and value[10] in "Tt"


def _required_of_an_answer(
    validator: Any, names: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    """Ask an answer for all that is required, but for what is only ever sent."""
    if not isinstance(instance, dict) or not isinstance(names, list):
        return
    known = schema.get("properties") or {}
    for name in names:
        if name not in instance and not _is_write_only(validator, known.get(name)):
            yield ValidationError(f"{name!r} is a required property")


def _is_write_only(validator: Any, schema: Any, depth: int = 0) -> bool:
    if not isinstance(schema, dict) or depth > _DEEPEST_REFERENCE:
        return False
    if schema.get("writeOnly") is True:
        return True
    parts = list(schema.get("allOf") or ())
    if isinstance(schema.get("$ref"), str):
        parts.append(validator._resolver.lookup(schema["$ref"]).contents)
    return any(_is_write_only(validator, part, depth + 1) for part in parts)


def _of_a_pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """Hold a text to a pattern, which is one of JavaScript."""
    if isinstance(instance, str) and not compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _members_by_pattern(
    validator: Any, patterns: Any, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """Hold members to the schema of each pattern that their names are of."""
    for pattern, below in patterns.items() if isinstance(instance, dict) else ():
        for name, value in instance.items():
            if compiled(pattern).search(name):
                yield from validator.descend(value, below, path=name, schema_path=pattern)


_AnswerValidator: Final[Any] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "required": _required_of_an_answer,
        "pattern": _of_a_pattern,
        "patternProperties": _members_by_pattern,
    },
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that the contract does not allow: `where` is ``body/lot_type``, ``header x``."""

    endpoint: str
    status: int
    where: str
    message: str


class Contract:
    """A document, ready to hold exchanges against."""

    def __init__(self, document: ApiDocument) -> None:
        self.document = document
        resource = DRAFT202012.create_resource(document.contents)
        registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._validator_at = lru_cache(maxsize=1024)(
            lambda pointer: _AnswerValidator(
                {"$ref": f"{_URI}#{quote(pointer, safe='/~')}"},
                registry=registry,
                format_checker=_FORMATS,
            )
        )

    def operation(self, exchange: Exchange, *, base: str = "") -> DocumentedOperation | None:
        """Return the operation that a request belongs to; None for one that is not documented.

        `base` is the path of the URL of the side that was asked.
        """
        request = exchange.request
        return self.document.operation_of(request.method, request.path, base=base)

    def violations(self, exchange: Exchange, operation: DocumentedOperation) -> list[Violation]:
        """Return what the contract does not allow of an answer to an operation."""
        response = exchange.response
        if response is None or exchange.failure is not None or operation.broken:
            return []
        documented = operation.response_for(response.status)
        endpoint = str(operation.endpoint)
        if documented is None:
            known = ", ".join(sorted(operation.responses))
            said = f"not documented; documented are {known}"
            return [Violation(endpoint, response.status, "status", said)]
        found = (
            *self._content(response, documented),
            *self._headers(response, documented),
        )
        return [
            Violation(endpoint, response.status, where, message[:_MESSAGE])
            for where, message in found
        ]

    def _content(
        self, response: Response, documented: DocumentedResponse
    ) -> Iterator[tuple[str, str]]:
        if not documented.content:
            if response.body:
                yield "body", "a body where none is documented"
            return
        kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
        place = _media(kind, documented)
        if place is False:
            wanted = ", ".join(documented.content)
            yield "content type", f"{kind or 'none'}, documented is {wanted}"
            return
        if isinstance(place, Place) and (kind.endswith("json")):
            try:
                body = json.loads(response.body)
            except (ValueError, RecursionError):
                yield "body", "not JSON"
                return
            error = best_match(self._validator_at(place.pointer).iter_errors(body))
            if error is not None:
                yield _where("body", error), _why(error)

    def _headers(
        self, response: Response, documented: DocumentedResponse
    ) -> Iterator[tuple[str, str]]:
        for name, (required, place) in documented.headers.items():
            value = response.header(name)
            if value is None:
                if required:
                    yield f"header {name}", "missing"
                continue
            if place is None:
                continue
            validator = self._validator_at(place.pointer)
            if not any(validator.is_valid(read) for read in _readings(value)):
                shown = "a value" if is_secret_name(name) else repr(value)
                yield f"header {name}", f"{shown} is not what its schema says"


def _media(kind: str, documented: DocumentedResponse) -> Place | bool | None:
    """Return the schema's place for a content type; False where the type is not documented."""
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if name in documented.content:
            return documented.content[name]
    return False


def _where(root: str, error: ValidationError) -> str:
    """Return the place in the body, its indices wildcarded: one cause is one violation."""
    parts = ("*" if isinstance(part, int) else str(part) for part in error.absolute_path)
    return "/".join((root, *parts))


def _why(error: ValidationError) -> str:
    """Return what is wrong, without the value: that may be anything, a secret included."""
    kind = str(error.validator)
    if kind == "required":
        return error.message
    if kind == "additionalProperties":
        return re.sub(r"\s+", " ", error.message)
    rule = json.dumps(error.validator_value, default=str)
    return f"{kind}: {type(error.instance).__name__} is not {rule[:120]}"


def _readings(value: str) -> Iterator[Any]:
    """Yield a header's value as what its schema may call it."""
    yield value
    if re.fullmatch(r"-?\d+", value):
        yield int(value)
    if re.fullmatch(r"-?\d+\.\d+", value):
        yield float(value)
    if value in ("true", "false"):
        yield value == "true"
