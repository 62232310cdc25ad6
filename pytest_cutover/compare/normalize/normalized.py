"""A transcript as trees: bodies read strictly, headers parsed, generated values made the same.

`see` is where bytes end; learning and comparing work on what it gives. A value that
`backend.unique` made becomes the same marker on every side before anything is parsed, so that
equal things are equal strings.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from enum import StrEnum
from functools import lru_cache

from pytest_cutover.compare.noise.matchers import Pattern
from pytest_cutover.compare.normalize.headers import request_tree, response_tree
from pytest_cutover.compare.normalize.strict_json import Parsed, WireProblem, decode, read_json
from pytest_cutover.compare.normalize.substitution import Substitution
from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Response, Transcript

HTTP_1_1 = "HTTP/1.1"
# What can be wrong with an answer that arrived whole, as a problem of its body.
_PROBLEMS = {FailureKind.UNASKED: "unasked body", FailureKind.PADDED: "surplus"}


class BodyKind(StrEnum):
    """What a body is to a client."""

    JSON = "json"
    HTML = "html"
    TEXT = "text"
    EMPTY = "empty"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Body:
    """A body: its kind, its JSON tree (or its text; base64 when binary), and what is wrong."""

    kind: BodyKind = BodyKind.EMPTY
    tree: Pattern = None
    problems: tuple[WireProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class NormalizedRequest:
    """A request as the test meant it."""

    method: str
    target: Pattern
    headers: Pattern = field(default_factory=dict)
    body: Body = Body()


@dataclass(frozen=True, slots=True)
class NormalizedResponse:
    """A response as a client sees it."""

    status: int
    headers: Pattern = field(default_factory=dict)
    body: Body = Body()
    http_version: str = HTTP_1_1
    raw: bytes = field(default=b"", compare=False, repr=False)  # the body as it came


@dataclass(frozen=True, slots=True)
class NormalizedExchange:
    """An exchange in comparable form; in a golden its trees hold symbols."""

    endpoint: str
    request: NormalizedRequest
    response: NormalizedResponse | None = None
    failure: Failure | None = None
    started_s: float = 0.0
    ended_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Golden:
    """The memory of a test: its baseline transcript with symbols for what is volatile."""

    test: str
    exchanges: tuple[NormalizedExchange, ...] = ()


Parser = Callable[[bytes], Parsed]


def normalize(
    transcript: Transcript,
    *,
    unread: frozenset[int] = frozenset(),
    parsers: Mapping[int, Parser] | None = None,
    substitution: Substitution | None = None,
) -> tuple[NormalizedExchange, ...]:
    """The comparable form of a transcript; bodies of exchanges in `unread` are left out.

    `substitution` is that of the transcript, where a caller has it already; `parsers` read
    the JSON of some exchanges in the place of `wire.read_json`.
    """
    substitution = substitution or Substitution.of(transcript)
    return tuple(
        _see(
            exchange,
            substitution,
            read=index not in unread,
            parse=read_json if parsers is None else parsers.get(index, read_json),
        )
        for index, exchange in enumerate(transcript.exchanges)
    )


def _see(
    exchange: Exchange,
    substitution: Substitution,
    *,
    read: bool = True,
    parse: Parser = read_json,
) -> NormalizedExchange:
    sent = exchange.request
    headers = substitution.headers(sent.headers)
    request = NormalizedRequest(
        method=sent.method,
        target=substitution.target(sent.target),
        headers=request_tree(headers),
        body=read_body(substitution.body(sent.body), _content_type(headers)),
    )
    response, failure = exchange.response, exchange.failure
    seen = None
    if response is not None:
        bare = response if read else replace(response, body=b"")
        seen = _see_response(bare, sent.method, substitution, parse)
        if failure is not None and failure.kind in _PROBLEMS:
            # There is a whole answer to compare, and something wrong with it that both may have.
            problem = WireProblem(_PROBLEMS[failure.kind], detail=failure.message)
            body = replace(seen.body, problems=(*seen.body.problems, problem))
            seen, failure = replace(seen, body=body), None
    return NormalizedExchange(
        endpoint=exchange.endpoint,
        request=request,
        response=seen,
        failure=failure,
        started_s=exchange.started_s,
        ended_s=exchange.ended_s,
    )


def _see_response(
    response: Response,
    method: str,
    substitution: Substitution,
    parse: Parser,
) -> NormalizedResponse:
    headers = substitution.headers(response.headers)
    return NormalizedResponse(
        status=response.status,
        headers=response_tree(headers, head=method == "HEAD"),
        body=read_body(substitution.body(response.body), _content_type(headers), parse),
        http_version=response.http_version,
        raw=response.body,
    )


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def read_body(body: bytes, content_type: str, parse: Parser = read_json) -> Body:
    """A body by what its Content-Type says, or by what it is where nothing is said."""
    if not body:
        return Body()
    kind, charset = _declared(content_type)
    if kind is BodyKind.JSON:
        parsed = parse(body)
        return Body(kind, parsed.tree, parsed.problems)
    if kind in (BodyKind.HTML, BodyKind.TEXT):
        text, problems = decode(body, charset)
        return Body(kind, text, problems)
    if not content_type:
        return _undeclared(body)
    return Body(BodyKind.BINARY, base64.b64encode(body).decode())


@lru_cache(maxsize=256)
def _declared(content_type: str) -> tuple[BodyKind, str]:
    message = Message()
    message["content-type"] = content_type
    kind = message.get_content_type() if "/" in content_type else ""
    charset = message.get_content_charset("utf-8")
    subtype = kind.partition("/")[2]
    if subtype == "json" or subtype.endswith("+json"):
        return BodyKind.JSON, charset
    if subtype in ("html", "xhtml+xml"):
        return BodyKind.HTML, charset
    texts = ("xml", "javascript", "x-www-form-urlencoded", "x-ndjson", "graphql", "yaml")
    if kind.startswith(("text/", "multipart/")) or subtype in texts or subtype.endswith("+xml"):
        return BodyKind.TEXT, charset
    return BodyKind.BINARY, charset


def _undeclared(body: bytes) -> Body:
    text, undecodable = decode(body)
    if undecodable or "\0" in text:
        return Body(BodyKind.BINARY, base64.b64encode(body).decode())
    if text.lstrip()[:1] in ("{", "["):
        parsed = read_json(body)
        if parsed.whole:
            return Body(BodyKind.JSON, parsed.tree, parsed.problems)
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return Body(BodyKind.HTML, text)
    return Body(BodyKind.TEXT, text)
