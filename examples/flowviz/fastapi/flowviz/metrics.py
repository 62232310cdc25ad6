"""What Prometheus reads: requests by endpoint and status, and how long they took.

Only where FLOWVIZ_METRICS is set; not part of the contract, and the proxy in front does not pass it
on. The same names, labels and buckets as Express has.
"""

import re
import time
from bisect import bisect_left
from collections import defaultdict

from flowviz.edge import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 2.5)
_TRACE = re.compile(r"/api/traceability/[^/]+/?")
_PATHS = ("/api/health", "/api/login", "/api/lots", "/api/qc-decisions")


class Metrics:
    """Wraps the application; answers ``GET /metrics`` itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._requests: dict[tuple[str, int], int] = defaultdict(int)
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = defaultdict(float)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, from its arrival to the last byte of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "GET" and scope["path"] == "/metrics":
            await _answer(send, self._rendered().encode())
            return
        start = time.perf_counter()
        status = 500

        async def counting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            self._observe(_endpoint(scope), status, time.perf_counter() - start)

    def _observe(self, endpoint: str, status: int, seconds: float) -> None:
        self._requests[endpoint, status] += 1
        counts = self._counts.setdefault(endpoint, [0] * (len(_BUCKETS) + 1))
        counts[bisect_left(_BUCKETS, seconds)] += 1
        self._sums[endpoint] += seconds

    def _rendered(self) -> str:
        lines = ["# TYPE http_requests_total counter"]
        lines += [
            f'http_requests_total{{endpoint="{endpoint}",status="{status}"}} {count}'
            for (endpoint, status), count in self._requests.items()
        ]
        name = "http_request_duration_seconds"
        lines.append(f"# TYPE {name} histogram")
        for endpoint, counts in self._counts.items():
            label, total = f'endpoint="{endpoint}"', 0
            for bound, count in zip((*_BUCKETS, "+Inf"), counts, strict=True):
                total += count
                lines.append(f'{name}_bucket{{{label},le="{bound}"}} {total}')
            lines.append(f"{name}_sum{{{label}}} {self._sums[endpoint]}")
            lines.append(f"{name}_count{{{label}}} {total}")
        return "\n".join(lines) + "\n"


def _endpoint(scope: Scope) -> str:
    """Never the path itself: whoever asks for random paths would fill our memory."""
    path = scope["raw_path"].decode("latin-1")
    plain = path.rstrip("/")
    if plain in _PATHS:
        return f"{scope['method']} {plain}"
    if _TRACE.fullmatch(path):
        return f"{scope['method']} /api/traceability/{{lot_code}}"
    return "other"


async def _answer(send: Send, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; version=0.0.4"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
