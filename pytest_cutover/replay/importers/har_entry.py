"""One entry of a HAR file as an exchange, whichever tool wrote it. Pure.

Browsers, mitmproxy and Playwright agree on little more than the names: a status may be 0 or -1 for
a request that failed, headers may hold HTTP/2's own, a body may be base64 or stand elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from pytest_cutover.core.exchange import Exchange, Request, Response

_LARGEST_ANSWER: Final = 2 << 20
_STATIC: Final = re.compile(r"^(image|font|audio|video)/|css|javascript|wasm|html", re.IGNORECASE)
_SKIPPED_METHODS: Final = frozenset({"TRACE", "CONNECT"})


def exchange_of(entry: Mapping[str, Any]) -> tuple[str, Exchange]:
    """The origin and the exchange of an entry. Raises KeyError, TypeError, AttributeError or
    ValueError for what is none.
    """
    asked, answered = entry["request"], entry.get("response") or {}
    url = urlsplit(str(asked["url"]))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = tuple(
        (str(one["name"]), str(one.get("value", "")))
        for one in asked.get("headers") or ()
        if not str(one["name"]).startswith(":")
    )
    request = Request(str(asked["method"]).upper(), target, headers, _sent(asked))
    status = int(answered.get("status") or 0)
    response = Response(status, _pairs(answered.get("headers")), _received(answered))
    exchange = Exchange(request, response, f"{request.method} {request.path}")
    return f"{url.scheme}://{url.netloc}", exchange


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(one["name"]), str(one.get("value", ""))) for one in headers or ())


def _sent(asked: Mapping[str, Any]) -> bytes:
    data = asked.get("postData") or {}
    text = data.get("text")
    if text is None:
        pairs = [(str(one["name"]), str(one.get("value", ""))) for one in data.get("params") or ()]
        return urlencode(pairs).encode()
    return _bytes(str(text), str(data.get("encoding", "")))


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


def why_left_out(exchange: Exchange, entry: Mapping[str, Any]) -> str:
    """Why an entry is not replayed; empty where it is."""
    content = (entry.get("response") or {}).get("content") or {}
    method = exchange.request.method
    status = exchange.response.status if exchange.response else 0
    if method in _SKIPPED_METHODS:
        return f"{method}, never replayed"
    if method == "OPTIONS":
        return "preflight"
    if status <= 0:
        return "without an answer"
    if entry.get("_webSocketMessages") or status == 101:
        return "a web socket"
    kind = str(content.get("mimeType") or "")
    # An error page may be HTML: what was asked for was something else.
    static = _STATIC.search(kind) and status < 400 and method == "GET"
    return "static content" if static else ""


def without_body(entry: Mapping[str, Any]) -> bool:
    """Whether the answer had a body that the export left out, or put into a file of its own."""
    content = (entry.get("response") or {}).get("content") or {}
    if content.get("text"):
        return False
    size = content.get("size")
    return "_file" in content or "_sha1" in content or (isinstance(size, int) and size > 0)
