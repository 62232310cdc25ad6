"""Seeded regressions, to prove that the performance gates find every one of them, and only those.

Imported only when FLOWVIZ_SEEDED is set: names with commas between them. All wrap the application
from outside, so that the code under them is the one that is served.

- ``slower-30``, ``slower-60``, ``slower-100``: POST /api/lots takes so many per cent longer
- ``tail-spread``, ``tail-bursts``: 2 % of POST /api/lots take 600 ms, alone or ten in a row
- ``errors``: 0.3 % of all requests are a 500
- ``leak-20k``, ``leak-200``: so many bytes stay with each request
- ``pool-kept``: one request in a hundred keeps its database connection
- ``stall``: for one second in ten nobody is served
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from flowviz.edge import ASGIApp, Receive, Scope, Send

LOTS = "/api/lots"
_SLOWER = {"slower-30": 0.3, "slower-60": 0.6, "slower-100": 1.0}
_LEAKS = {"leak-20k": 20_000, "leak-200": 200}
NAMES = frozenset([*_SLOWER, *_LEAKS, "tail-spread", "tail-bursts", "errors", "pool-kept", "stall"])
_TAIL_S = 0.6
_BURST = 10
# What a client waits beyond the application itself: the server's own part of a request.
_SERVER_S = 0.0004


class Seeded:
    """Wraps the application with the named regressions; an unknown name raises ValueError."""

    def __init__(self, app: ASGIApp, names: str, state: Any) -> None:
        self._app = app
        self._state = state
        self._names = {name.strip() for name in names.split(",") if name.strip()}
        if unknown := self._names - NAMES:
            there = sorted(NAMES)
            raise ValueError(f"FLOWVIZ_SEEDED: unknown {sorted(unknown)}; there are {there}")
        self._slower = sum(_SLOWER.get(name, 0.0) for name in self._names)
        self._leak = sum(_LEAKS.get(name, 0) for name in self._names)
        self._kept: list[Any] = []
        self._burst = 0
        self._stalled_s = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or something like it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._hold_back(scope["path"])
        if "errors" in self._names and random.random() < 0.003:
            await _fail(send)
            return
        if self._leak:
            self._kept.append(bytearray(self._leak))
        if "pool-kept" in self._names and random.random() < 0.01:
            self._kept.append(await self._state.pool.acquire())
        if self._slower and scope["path"] == LOTS:
            await self._slowly(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _hold_back(self, path: str) -> None:
        if "stall" in self._names and time.monotonic() - self._stalled_s > 10:
            # The whole loop, as a collection or a lock would.
            time.sleep(1)
            self._stalled_s = time.monotonic()
        if path != LOTS:
            return
        if "tail-bursts" in self._names:
            if not self._burst and random.random() < 0.02 / _BURST:
                self._burst = _BURST
            if self._burst:
                self._burst -= 1
                await asyncio.sleep(_TAIL_S)
        if "tail-spread" in self._names and random.random() < 0.02:
            await asyncio.sleep(_TAIL_S)

    async def _slowly(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer later; by working, because timers of the loop are too coarse for this."""
        messages: list[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        began = time.perf_counter()
        await self._app(scope, receive, keep)
        taken = time.perf_counter() - began + _SERVER_S
        until = time.perf_counter() + self._slower * taken
        while time.perf_counter() < until:
            pass
        for message in messages:
            await send(message)


async def _fail(send: Send) -> None:
    body = b'{"detail":"Internal Server Error"}'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
