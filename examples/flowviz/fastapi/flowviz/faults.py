"""Faults that are switched on and off while the process runs, to prove that a watch sees them.

FLOWVIZ_FAULTS names a file; the word in it is the fault: ``errors`` (2 % of answers are 500),
``slow`` (a tenth of new lots take 0.6 s, three times their P99 limit), ``login`` (nobody is known),
``qc`` (the notes of a decision are not stored, though the answer says so), ``metrics`` (they are
not to be had). An absent or empty file is no fault. Imported only when the variable is set.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from flowviz.edge import ASGIApp, Message, Receive, Scope, Send

_ERROR_SHARE = 0.02
_SLOW_SHARE = 0.1
_SLOW_S = 0.6

Execute = Callable[..., Awaitable[Any]]


class Faulty:
    """Wraps the application; `execute` runs one statement on its database."""

    def __init__(self, app: ASGIApp, file: str, execute: Execute) -> None:
        self._app = app
        self._file = Path(file)
        self._execute = execute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer wrongly where the fault says so, else let the application answer."""
        fault = _fault(self._file) if scope["type"] == "http" else ""
        request = f"{scope.get('method')} {scope.get('path')}"
        if fault == "errors" and random.random() < _ERROR_SHARE:
            await _say(send, 500, b'{"error":"Internal Server Error"}')
        elif fault == "login" and request == "POST /api/login":
            await _say(send, 401, b'{"detail":"Unknown user"}')
        elif fault == "qc" and request == "POST /api/qc-decisions":
            await self._forget_notes(scope, receive, send)
        else:
            if fault == "slow" and request == "POST /api/lots" and random.random() < _SLOW_SHARE:
                await asyncio.sleep(_SLOW_S)
            await self._app(scope, receive, send)

    async def _forget_notes(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def listening(message: Message) -> None:
            body.extend(message.get("body", b""))
            last = message["type"] == "http.response.body" and not message.get("more_body")
            if last and b'"decided_at"' in body:
                decision = json.loads(bytes(body))
                await self._execute(
                    "UPDATE qc_decisions SET notes = NULL WHERE id = $1::text::uuid", decision["id"]
                )
            await send(message)

        await self._app(scope, receive, listening)


class Hidden:
    """Wraps what counts: where the fault says so, nobody can read it."""

    def __init__(self, app: ASGIApp, file: str) -> None:
        self._app = app
        self._file = Path(file)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 in place of the metrics."""
        if scope.get("path") == "/metrics" and _fault(self._file) == "metrics":
            await _say(send, 404, b'{"detail":"Not Found"}')
        else:
            await self._app(scope, receive, send)


def _fault(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""


async def _say(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
