"""A body: which kind it is to a client, its tree, and what is wrong with it.

`body_of` decides. JSON is read strictly with names for what is wrong in it; whatever else has a
reader (`bodies`) is read by that; the rest is text where it is text, else bytes. What a golden of
version 0.1 recorded as text or bytes, for want of a reader, is held as such on both sides.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pytest_cutover.normalize.bodies import ReadBody, Unreadable, kind_of, read_body
from pytest_cutover.normalize.bodies.reading import media_type
from pytest_cutover.normalize.bodies.text_or_bytes import is_text
from pytest_cutover.normalize.matchers import Json, Pattern, Placeholder, Template
from pytest_cutover.normalize.strict_json import Parsed, WireProblem, decode, read_json
from pytest_cutover.normalize.substitution import Substitution

# What is unpacked from one body at most, over all of its members.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024


class BodyKind(StrEnum):
    """What a body is to a client."""

    JSON = "json"
    NDJSON = "ndjson"
    EVENT_STREAM = "event-stream"
    FORM = "form"
    MULTIPART = "multipart"
    HTML = "html"
    XML = "xml"
    CSV = "csv"
    CALENDAR = "calendar"
    YAML = "yaml"
    MSGPACK = "msgpack"
    ZIP = "zip"
    GZIP = "gzip"
    TEXT = "text"
    EMPTY = "empty"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Body:
    """A body: its kind, its tree (or its text; base64 when binary), and what is wrong."""

    kind: BodyKind = BodyKind.EMPTY
    tree: Pattern = None
    problems: tuple[WireProblem, ...] = ()


NO_BODY = Body()
Parser = Callable[[bytes], Parsed]

# Bytes in which a value stands as it is, so that looking for it there says whether it is in them.
_SPELLED_OUT = frozenset(
    (BodyKind.NDJSON, BodyKind.EVENT_STREAM, BodyKind.HTML, BodyKind.XML, BodyKind.CSV)
)
# `x-amz-json-1.0` and the like of other services.
_JSON_TYPE = re.compile(r"/(?:[\w.+-]*[-.+])?json(?:-\d[\d.]*)?$")
# What frameworks declare for a text that they were handed, a document of JSON too.
_MAY_BE_JSON = frozenset(("text/plain", "text/html"))
_NEVER_TEXT = frozenset((BodyKind.ZIP, BodyKind.GZIP, BodyKind.MSGPACK))
# Types whose bytes are no text even where they happen to decode.
_BYTES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream",
          "binary/octet-stream", "application/wasm", "application/protobuf",
          "application/x-protobuf", "application/vnd.google.protobuf", "application/grpc",
          "application/cbor", "application/vnd.apache.")  # fmt: skip


def body_of(
    body: bytes,
    content_type: str,
    substitution: Substitution,
    *,
    parse: Parser = read_json,
    recorded: Body | None = None,
) -> Body:
    """Return a body by what its Content-Type says, or by what it is where nothing is said.

    `recorded` is the body that a golden has in this place; `parse` reads JSON.
    """
    if not body:
        return NO_BODY
    kind, parameters = media_type(content_type)
    charset = parameters.get("charset", "utf-8")
    found = kind_of(content_type, body)
    if found == BodyKind.JSON or (found is None and _JSON_TYPE.search(kind)):
        parsed = parse(substitution.body(body))
        return Body(BodyKind.JSON, parsed.tree, parsed.problems)
    if recorded is not None:
        former = _without_readers(substitution.body(body), content_type)
        if former.kind is recorded.kind and _is_of_no_reader(recorded):
            return former
    if kind in _MAY_BE_JSON:
        document = _json_in_text(substitution.body(body))
        if document is not None:
            return Body(BodyKind.JSON, document.tree, document.problems)
    if found is not None:
        return _read(BodyKind(found), body, content_type, charset, substitution)
    if not content_type:
        return _undeclared(substitution.body(body))
    if kind.startswith("text/"):
        text, problems = decode(substitution.body(body), charset)
        return Body(BodyKind.TEXT, text, problems)
    if not kind.startswith(_BYTES) and is_text(body, charset):
        return Body(BodyKind.TEXT, decode(substitution.body(body), charset)[0])
    return _bytes(body)


def _read(
    kind: BodyKind, body: bytes, content_type: str, charset: str, substitution: Substitution
) -> Body:
    """Return a body through its reader; what that cannot read is text or bytes, and why is told."""
    try:
        found = read_body(content_type, body, MOST_UNPACKED_BYTES)
    except Unreadable as error:
        problems: tuple[WireProblem, ...] = (WireProblem(error.what, detail=error.where),)
        if kind in _NEVER_TEXT:
            return Body(BodyKind.BINARY, base64.b64encode(body).decode(), problems)
        text, undecodable = decode(substitution.body(body), charset)
        return Body(kind, text, undecodable or problems)
    assert isinstance(found, ReadBody)  # `kind_of` found a reader
    if kind in _SPELLED_OUT and not substitution.is_in(body):
        return Body(kind, found.tree)
    return Body(kind, _with_markers(found.tree, substitution))


def _with_markers(tree: Json, substitution: Substitution) -> Json:
    """Return the tree with the same markers that its text would have had.

    Not the bytes: a marker in them would end a length, a line of YAML or a form field.
    """
    if isinstance(tree, str):
        return _marked(tree, substitution)
    if isinstance(tree, list):
        return [_with_markers(item, substitution) for item in tree]
    if isinstance(tree, dict):
        return {
            _marked(key, substitution): _with_markers(item, substitution)
            for key, item in tree.items()
        }
    return tree


def _marked(text: str, substitution: Substitution) -> str:
    # A short value is known as a whole only, and is told from others by its quotes.
    return substitution.text(f'"{text}"')[1:-1]


def _bytes(body: bytes) -> Body:
    return Body(BodyKind.BINARY, base64.b64encode(body).decode())


def _undeclared(body: bytes) -> Body:
    text, undecodable = decode(body)
    if undecodable or "\0" in text:
        return _bytes(body)
    parsed = _json_in_text(body)
    if parsed is not None:
        return Body(BodyKind.JSON, parsed.tree, parsed.problems)
    return Body(BodyKind.TEXT, text)


def _json_in_text(body: bytes) -> Parsed | None:
    """Return the document that a text is as a whole, an object or an array, in UTF-8."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    parsed = read_json(body)
    return parsed if parsed.whole else None


# -- goldens of version 0.1

_TEXTS_OF_0_1 = frozenset(
    ("xml", "javascript", "x-www-form-urlencoded", "x-ndjson", "graphql", "yaml")
)


def _is_of_no_reader(recorded: Body) -> bool:
    """Whether a golden has a body as version 0.1 held it: one text, or bytes."""
    if recorded.kind not in (BodyKind.TEXT, BodyKind.HTML, BodyKind.BINARY):
        return False
    if not isinstance(recorded.tree, str | Placeholder | Template):
        return recorded.kind is BodyKind.BINARY
    return all(
        problem.what.startswith(("invalid ", "unknown charset")) for problem in recorded.problems
    )


def _without_readers(body: bytes, content_type: str) -> Body:
    """Return what version 0.1 held a body for."""
    kind, charset = _declared_in_0_1(content_type)
    if kind in (BodyKind.HTML, BodyKind.TEXT):
        return Body(kind, *decode(body, charset))
    if content_type:
        return _bytes(body)
    found = _undeclared(body)
    is_page = isinstance(found.tree, str) and found.tree.lstrip()[:15].lower().startswith(
        ("<!doctype html", "<html")
    )
    return Body(BodyKind.HTML, found.tree) if is_page and found.kind is BodyKind.TEXT else found


@lru_cache(maxsize=256)
def _declared_in_0_1(content_type: str) -> tuple[BodyKind, str]:
    kind, parameters = media_type(content_type)
    charset = parameters.get("charset", "utf-8").lower()
    subtype = kind.partition("/")[2]
    if subtype in ("html", "xhtml+xml"):
        return BodyKind.HTML, charset
    texts = kind.startswith(("text/", "multipart/")) or subtype in _TEXTS_OF_0_1
    return (BodyKind.TEXT if texts or subtype.endswith("+xml") else BodyKind.BINARY), charset
