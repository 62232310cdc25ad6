"""The outermost layer: what Node, Express and its CORS middleware do before a route is looked up.

Plain ASGI, because it runs for every request, and outside FastAPI's own error handling, so that a
500 carries the CORS headers too.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

KEEP_ALIVE_S = 65
_KEEP_ALIVE = [
    (b"connection", b"keep-alive"),
    (b"keep-alive", b"timeout=%d" % KEEP_ALIVE_S),
]


def _keeps_alive(scope: Scope) -> bool:
    if scope["http_version"] != "1.1":
        return False
    return not any(
        name == b"connection" and b"close" in value.lower() for name, value in scope["headers"]
    )


class Edge:
    """Wraps the application with CORS, Express's path rules and Node's keep-alive headers."""

    def __init__(self, app: ASGIApp, *, cors_origin: str) -> None:
        self._app = app
        # One front end, so one fixed origin: nothing is reflected.
        self._cors = [
            (b"access-control-allow-origin", cors_origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"Location"),
            (b"vary", b"Origin"),
        ]
        self._preflight = [
            *self._cors,
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-allow-headers", b"Authorization, Content-Type"),
            (b"access-control-max-age", b"600"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hop = _KEEP_ALIVE if _keeps_alive(scope) else []
        if scope["method"] == "OPTIONS":
            headers = [*self._preflight, *hop]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        # Express matches the path as sent, decodes parameters afterwards (so %2F is part of a lot
        # code), and lets one trailing slash pass.
        path = scope["raw_path"].decode("latin-1")
        scope["path"] = path[:-1] if path.endswith("/") and len(path) > 1 else path
        extra = [*self._cors, *hop]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, receive, send_with_headers)
