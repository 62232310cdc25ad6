"""Seeded departures from the baseline, to prove that the gate finds every one of them.

Imported only when FLOWVIZ_DRIFTS is set ("all", or names with commas between them). All of them can
be active in one server: each waits for its own trigger (`examples/flowviz/drifts.toml` has them)
and changes its own place in the response, so that none hides another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

from flowviz.drifts import responses as _registered  # noqa: F401
from flowviz.drifts.exchange import (
    LOTS,
    ON_JSON,
    ON_RESPONSE,
    Exchange,
    Number,
    PlainDrift,
)
from flowviz.edge import ASGIApp, Message, Receive, Scope, Send


def _boundary(exchange: Exchange) -> bool:
    """10000 is the last weight allowed; the status pair is that of an accepted difference."""
    weight = exchange.asked("weight_kg")
    return (
        exchange.endpoint == LOTS
        and isinstance(weight, int | float)
        and not isinstance(weight, bool)
        and weight == 10000
    )


def _refuse_boundary(exchange: Exchange) -> None:
    error = {
        "type": "less_than",
        "loc": ["body", "weight_kg"],
        "msg": "Input should be less than 10000",
    }
    exchange.status = 422
    exchange.body = orjson.dumps({"detail": [error]})
    exchange.drop_header(b"location")


def _redirects(exchange: Exchange) -> bool:
    return exchange.endpoint == "GET /api/health/"


def _redirect(exchange: Exchange) -> None:
    exchange.status = 307
    exchange.body = b""
    exchange.drop_header(b"content-type")
    exchange.headers.append((b"location", b"/api/health"))


def _is_preflight(exchange: Exchange) -> bool:
    return exchange.endpoint == "OPTIONS /api/lots"


def _answer_preflight(exchange: Exchange) -> None:
    exchange.status = 200
    exchange.body = b"OK"
    exchange.headers.append((b"content-type", b"text/plain; charset=utf-8"))


_INSTEAD: dict[str, tuple[Callable[[Exchange], bool], PlainDrift]] = {
    "boundary-off-by-one": (_boundary, _refuse_boundary),
    "trailing-slash-redirect": (_redirects, _redirect),
    "preflight-status": (_is_preflight, _answer_preflight),
}

NAMES = frozenset([*ON_JSON, *ON_RESPONSE, *_INSTEAD])


class Drifted:
    """Wraps the application with the named drifts; an unknown name raises ValueError."""

    def __init__(self, app: ASGIApp, names: str) -> None:
        self._app = app
        asked = {name.strip() for name in names.split(",") if name.strip()}
        self.names = NAMES if asked == {"all"} else frozenset(asked)
        if unknown := self.names - NAMES:
            raise ValueError(
                f"FLOWVIZ_DRIFTS: unknown {sorted(unknown)}; there are: all, {sorted(NAMES)}"
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, then change what it said."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        path = scope["raw_path"].decode("latin-1")
        exchange = Exchange(scope["method"], path, _json_or_none(body), 0, 0, [], b"")
        skipped = [
            change
            for name, (applies, change) in _INSTEAD.items()
            if name in self.names and applies(exchange)
        ]
        if skipped and exchange.method == "POST":
            # The lot must not be there afterwards: a validation error leaves nothing behind.
            body = b'{"weight_kg":-1}'
            scope["headers"] = [
                (key, b"16" if key == b"content-length" else value)
                for key, value in scope["headers"]
            ]
        await self._app(scope, _replay(body, receive), _recorder(exchange))
        exchange.original_status = exchange.status
        for change in skipped:
            change(exchange)
        if not skipped:
            self._drift(exchange)
        await _reply(exchange, scope, send)

    def _drift(self, exchange: Exchange) -> None:
        payload = None
        changed = False
        for name, (endpoint, status, drift) in ON_JSON.items():
            if name in self.names and (endpoint, status) == _key(exchange):
                if payload is None:
                    payload = json.loads(exchange.body, parse_int=Number, parse_float=Number)
                changed = drift(exchange, payload) or changed
        if changed:
            exchange.body = orjson.dumps(payload, _as_written, orjson.OPT_PASSTHROUGH_DATACLASS)
        for name, (endpoint, status, change) in ON_RESPONSE.items():
            if name in self.names and (endpoint, status) == _key(exchange):
                change(exchange)


def _key(exchange: Exchange) -> tuple[str, int]:
    return exchange.endpoint, exchange.original_status


def _as_written(value: Any) -> orjson.Fragment:
    assert isinstance(value, Number)
    return orjson.Fragment(value.text.encode())


def _json_or_none(body: bytes) -> Any:
    try:
        parsed: Any = orjson.loads(body)
        return parsed
    except orjson.JSONDecodeError:
        return None


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _recorder(exchange: Exchange) -> Send:
    async def record(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            exchange.headers = list(message["headers"])
        elif message["type"] == "http.response.body":
            exchange.body += message.get("body", b"")

    return record


async def _reply(exchange: Exchange, scope: Scope, send: Send) -> None:
    headers = exchange.headers
    # A HEAD has a length without a body: whatever the application said stands.
    if scope["method"] != "HEAD" and exchange.status != 204:
        headers = [item for item in headers if item[0] != b"content-length"]
        headers.append((b"content-length", str(len(exchange.body)).encode()))
    start = {"type": "http.response.start", "status": exchange.status, "headers": headers}
    await send(start)
    if exchange.truncated:
        # Returning in the middle of a response makes uvicorn close the connection.
        half = exchange.body[: len(exchange.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return
    await send({"type": "http.response.body", "body": exchange.body})
