"""A transcript as trees: bodies read strictly, headers parsed, generated values made the same.

`see` is where bytes end; learning and comparing work on what it gives. A value that
`backend.unique` made becomes the same marker on every side before anything is parsed, so that
equal things are equal strings.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from pytest_cutover.backends.exchange import Exchange, Failure, Generated, Response, Transcript
from pytest_cutover.parity.headers import request_tree, response_tree
from pytest_cutover.parity.pattern import Pattern
from pytest_cutover.parity.wire import Parsed, Problem, decode, read_json

# Noncharacters: reserved for use inside a program, never in text that is interchanged.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARKER = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
SHORTEST_INSIDE_TEXT = 6
HTTP_1_1 = "HTTP/1.1"


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
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the test meant it."""

    method: str
    target: Pattern
    headers: Pattern = field(default_factory=dict)
    body: Body = Body()


@dataclass(frozen=True, slots=True)
class SeenResponse:
    """A response as a client sees it."""

    status: int
    headers: Pattern = field(default_factory=dict)
    body: Body = Body()
    http_version: str = HTTP_1_1


@dataclass(frozen=True, slots=True)
class Seen:
    """An exchange in comparable form; in a golden its trees hold symbols."""

    endpoint: str
    request: SeenRequest
    response: SeenResponse | None = None
    failure: Failure | None = None
    started_s: float = 0.0
    ended_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Golden:
    """The memory of a test: its baseline transcript with symbols for what is volatile."""

    test: str
    exchanges: tuple[Seen, ...] = ()


class Substitution:
    """Puts the same marker in the place of each generated value of one side."""

    def __init__(self, generated: Iterable[Generated], host: str = "") -> None:
        self._pairs: dict[str, str] = {}
        self._add_origin(host)
        self._of_origin = len(self._pairs)
        self._host = host.partition(":")[0].encode()
        counts: dict[str, int] = {}
        for one in generated:
            counts[one.label] = counts.get(one.label, 0) + 1
            name = f"{one.label} #{counts[one.label]}"
            self._add(one.value, name)
        self._texts = self._ordered(0)
        self._bytes = [(old.encode(), new.encode()) for old, new in self._texts]
        made = self._ordered(self._of_origin)
        self._bytes_of_others = [(old.encode(), new.encode()) for old, new in made]
        self._done: dict[bytes, bytes] = {}
        # Where a body holds none of these, it stays as it is.
        self.hints = frozenset(({self._host} - {b""}) | {old for old, _ in self._bytes_of_others})

    @classmethod
    def of(cls, transcript: Transcript) -> Substitution:
        """What one side's values are replaced by; its own origin is one of them."""
        hosts = (
            value
            for exchange in transcript.exchanges
            for name, value in exchange.request.headers
            if name.lower() == "host"
        )
        return cls(transcript.generated, next(hosts, ""))

    def _add_origin(self, host: str) -> None:
        """A backend that names itself in a link says the same as the other that names itself."""
        if not host:
            return
        marker = f"{OPEN}origin{CLOSE}"
        for scheme in ("http", "https"):
            for slashes in ("//", r"\/\/", "%2F%2F"):
                colon = "%3A" if "%" in slashes else ":"
                name = quote(host, safe="") if "%" in slashes else host
                self._pairs[f"{scheme}{colon}{slashes}{name}"] = marker
        if ":" in host:
            self._pairs[host] = marker

    def _add(self, value: str, name: str) -> None:
        if not value:
            return
        spellings = {value.lower(): " lower", value.upper(): " upper", value: ""}
        for spelling, suffix in spellings.items():
            marker = f"{OPEN}{name}{suffix}{CLOSE}"
            for form in _escaped(spelling):
                if len(value) >= SHORTEST_INSIDE_TEXT:
                    self._pairs.setdefault(form, marker)
                else:
                    self._pairs.setdefault(f'"{form}"', f'"{marker}"')

    def _ordered(self, first: int) -> list[tuple[str, str]]:
        """The longest first, so that no value is taken for a part of it."""
        pairs = list(self._pairs.items())[first:]
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0]))

    def text(self, text: str) -> str:
        """The text with markers."""
        for old, new in self._texts:
            if old in text:
                text = text.replace(old, new)
        return text

    def body(self, body: bytes) -> bytes:
        """The bytes with markers, in UTF-8; a body is gone through once."""
        known = self._done.get(body)
        if known is None:
            known = body
            for old, new in self._bytes if self._host in body else self._bytes_of_others:
                if old in known:
                    known = known.replace(old, new)
            self._done[body] = known
        return known

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The headers with markers."""
        return [(name, self.text(value)) for name, value in headers]


def _escaped(value: str) -> list[str]:
    """A value as JSON and URLs spell it."""
    return list(
        dict.fromkeys(
            (
                value,
                json.dumps(value)[1:-1],
                json.dumps(value, ensure_ascii=False)[1:-1],
                quote(value, safe=""),
                quote(value, safe="").lower(),
            )
        )
    )


Parser = Callable[[bytes], Parsed]


def see(
    transcript: Transcript,
    *,
    unread: frozenset[int] = frozenset(),
    parsers: Mapping[int, Parser] | None = None,
    substitution: Substitution | None = None,
) -> tuple[Seen, ...]:
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
) -> Seen:
    sent = exchange.request
    headers = substitution.headers(sent.headers)
    request = SeenRequest(
        method=sent.method,
        target=substitution.text(sent.target),
        headers=request_tree(headers),
        body=read_body(substitution.body(sent.body), _content_type(headers)),
    )
    response = exchange.response
    return Seen(
        endpoint=substitution.text(exchange.endpoint),
        request=request,
        response=None
        if response is None
        else _see_response(
            response if read else replace(response, body=b""), sent.method, substitution, parse
        ),
        failure=exchange.failure,
        started_s=exchange.started_s,
        ended_s=exchange.ended_s,
    )


def _see_response(
    response: Response,
    method: str,
    substitution: Substitution,
    parse: Parser,
) -> SeenResponse:
    headers = substitution.headers(response.headers)
    return SeenResponse(
        status=response.status,
        headers=response_tree(headers, head=method == "HEAD"),
        body=read_body(substitution.body(response.body), _content_type(headers), parse),
        http_version=response.http_version,
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
