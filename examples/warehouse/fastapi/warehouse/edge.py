"""Drifts in front of the application: how a request is read before any route sees it."""

from __future__ import annotations

import gzip

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warehouse.drifts import on


class Edge:
    """Read requests otherwise, and add what a proxy in front would."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        if on("path-in-any-case"):
            scope["path"] = scope["path"].replace("/API/V1/", "/api/v1/")
            head, _, rest = scope["path"].partition("/api/v1/")
            if rest.isupper() and not head:
                scope["path"] = f"/api/v1/{rest.lower()}"
        if on("head-is-answered") and scope["method"] == "HEAD":
            scope["method"] = "GET"
            send = _without_body(send)
        if on("packed-body-is-read") and headers.get("content-encoding") == "gzip":
            receive = await _unpacked(receive)
        if on("mark-of-byte-order-is-refused"):
            receive = await _marked(receive)
        await self._app(scope, receive, send)


def _without_body(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _replayed(body: bytes) -> Receive:
    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _unpacked(receive: Receive) -> Receive:
    body = await _whole(receive)
    try:
        return _replayed(gzip.decompress(body))
    except (OSError, EOFError):
        return _replayed(body)


async def _marked(receive: Receive) -> Receive:
    body = await _whole(receive)
    return _replayed(b"{" + body if body.startswith(b"\xef\xbb\xbf") else body)
