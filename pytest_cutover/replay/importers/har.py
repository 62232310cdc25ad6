"""HAR files, whichever tool wrote them, with the answers or without.

Browsers, mitmproxy and Playwright agree on little more than the names: a status may be 0 or -1 for
a request that failed, headers may hold HTTP/2's own, a body may be base64, stand elsewhere, or be a
list of fields.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.replay.importers.entry import RecordedEntry, origin_of
from pytest_cutover.replay.importers.har_stream import LARGEST_ENTRY_BYTES, entries
from pytest_cutover.replay.importers.multipart import Field, boundary_of, multipart

_LARGEST_ANSWER: Final = 2 << 20
_LARGEST_BODY: Final = 64 << 20
_STATIC: Final = re.compile(r"^(image|font|audio|video)/|\bcss|javascript|wasm", re.IGNORECASE)
# Some browsers give the fields of a form as they were sent.
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPED: Final = re.compile(r"(?:[\w.~!$'()*+,;:@/?-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_SKIPPED_METHODS: Final = frozenset({"TRACE", "CONNECT"})
_BEGINNING: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:')
NO_ANSWER: Final = "without an answer"


@dataclass(frozen=True, slots=True)
class HarImporter:
    """Reads ``*.har``, and any JSON file that is one and was named."""

    kind: str = "a HAR file"

    def claims(self, path: Path, *, named: bool) -> bool:
        """Return whether the name, or for a file that was named the beginning, says so."""
        suffix = path.suffix.lower()
        if suffix == ".har" or not named or suffix != ".json":
            return suffix == ".har"
        try:
            with path.open("rb") as file:
                return _BEGINNING.match(file.read(1_000)) is not None
        except OSError:
            return False

    def entries(self, path: Path) -> Iterator[RecordedEntry]:
        """Give the entries of the file, in the memory of one of them."""
        for number, entry in enumerate(entries(path), start=1):
            if entry is None:
                why = f"above {LARGEST_ENTRY_BYTES >> 20} MB"
                yield RecordedEntry(exchange=None, left_out=why, open=True)
            else:
                yield recorded(entry, number, folder=path.parent)


def recorded(entry: Mapping[str, Any], number: int, *, folder: Path | None = None) -> RecordedEntry:
    """Return an entry as it is replayed; bodies in files of their own lie in `folder`.

    Raises ValueError for what is none.
    """
    try:
        body, missing = _attached(entry["request"].get("postData") or {}, folder)
        origin, exchange = _exchange_of(entry, body)
        return RecordedEntry(
            exchange=exchange,
            origin=origin,
            page=_page(exchange.request),
            left_out=_why_left_out(exchange, entry) or missing,
            open=bool(missing),
            started_s=_started_s(entry.get("startedDateTime")),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        said = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"entry {number} is not a HAR entry: {said}") from None


def _started_s(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return None


def _attached(data: Mapping[str, Any], folder: Path | None) -> tuple[bytes | None, str]:
    """Return a body that stands in a file of its own, as Playwright writes it, or why not.

    None and nothing for one that stands in the recording.
    """
    name = data.get("_file")
    if not name or data.get("text"):
        return None, ""
    path = (folder or Path()) / Path(str(name)).name
    try:
        if folder is not None and path.name == name and path.stat().st_size <= _LARGEST_BODY:
            return path.read_bytes(), ""
    except OSError:
        pass
    return None, "with a body in a file of its own, which does not lie beside the recording"


def _exchange_of(entry: Mapping[str, Any], body: bytes | None) -> tuple[str, Exchange]:
    asked, answered = entry["request"], entry.get("response") or {}
    url = urlsplit(str(asked["url"]))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = tuple(
        (str(one["name"]), str(one.get("value", "")))
        for one in asked.get("headers") or ()
        if not str(one["name"]).startswith(":")
    )
    if not any(name.lower() == "cookie" for name, _ in headers):
        headers += _cookies(asked)
    sent = _sent(asked) if body is None else body
    request = Request(str(asked["method"]).upper(), target, headers, sent)
    status = int(answered.get("status") or 0)
    response = Response(status, _pairs(answered.get("headers")), _received(answered))
    exchange = Exchange(
        request, response if status > 0 else None, f"{request.method} {request.path}"
    )
    return origin_of(str(asked["url"])), exchange


def _cookies(asked: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the cookies as a header, where they stand in a list alone."""
    pairs = "; ".join(f"{name}={value}" for name, value in _pairs(asked.get("cookies")))
    return (("Cookie", pairs),) if pairs else ()


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(one["name"]), str(one.get("value", ""))) for one in headers or ())


def _page(request: Request) -> str:
    """Return the origin of the page that asked, as the browser told it."""
    told = {name.lower(): value for name, value in request.headers}
    url = urlsplit(told.get("origin") or told.get("referer") or "")
    return f"{url.scheme}://{url.netloc}" if url.netloc else ""


def _sent(asked: Mapping[str, Any]) -> bytes:
    data = asked.get("postData") or {}
    params = data.get("params") or ()
    if data.get("text") is not None and (data["text"] or not params):
        return _bytes(str(data["text"]), str(data.get("encoding", "")))
    kind = str(data.get("mimeType") or "")
    if "multipart" in kind.lower():
        named = [value for name, value in _pairs(asked.get("headers")) if _is_type(name)]
        fields = [
            Field(
                name=str(one["name"]),
                value=str(one.get("value") or "").encode("utf-8", "surrogatepass"),
                filename=None if one.get("fileName") is None else str(one["fileName"]),
                content_type=str(one.get("contentType") or ""),
            )
            for one in params
        ]
        return multipart(fields, boundary_of((*named, kind)))
    pairs = [(str(one["name"]), str(one.get("value", ""))) for one in params]
    if any(_ESCAPE.search(value) for _, value in pairs) and all(
        _ESCAPED.fullmatch(text) for pair in pairs for text in pair
    ):
        return "&".join(f"{name}={value}" for name, value in pairs).encode()
    return urlencode(pairs).encode()


def _is_type(name: str) -> bool:
    return name.lower() == "content-type"


def _received(answered: Mapping[str, Any]) -> bytes:
    content = answered.get("content") or {}
    body = _bytes(str(content.get("text") or ""), str(content.get("encoding", "")))
    return body if len(body) <= _LARGEST_ANSWER else b""


def _bytes(text: str, encoding: str) -> bytes:
    if encoding == "base64":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return b""
    return text.encode("utf-8", "surrogatepass")


def _why_left_out(exchange: Exchange, entry: Mapping[str, Any]) -> str:
    """Why an entry is not replayed; empty where it is."""
    content = (entry.get("response") or {}).get("content") or {}
    method = exchange.request.method
    status = exchange.response.status if exchange.response else 0
    if method in _SKIPPED_METHODS:
        return f"{method}, never replayed"
    if method == "OPTIONS":
        return "preflight"
    if entry.get("_webSocketMessages") or status == 101:
        return "a web socket"
    if not status:
        return NO_ANSWER
    kind = str(content.get("mimeType") or "")
    # An error page may be of such a kind: what was asked for was something else.
    static = _STATIC.search(kind) and status < 400 and method == "GET"
    return "static content" if static else ""
