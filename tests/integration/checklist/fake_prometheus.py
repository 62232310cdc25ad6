"""A stand-in for Prometheus on loopback, whose answers a test chooses."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs

from tests.harness.stub_server import Answer, Seen, StubServer


class FakePrometheus:
    """Answers each of the four queries by the word that it holds."""

    def __init__(self, server: StubServer) -> None:
        self.server = server
        self.started_s = time.monotonic()
        self.said: dict[str, Any] = {}
        server["POST /api/v1/query"] = self._answer

    def _answer(self, seen: Seen) -> Answer:
        query = parse_qs(seen.body.decode())["query"][0]
        if query.startswith("count("):
            return number(1)
        if query not in self.said:
            return data("vector", [])
        value = self.said[query]
        value = value(time.monotonic() - self.started_s) if callable(value) else value
        return value if isinstance(value, Answer) else number(value)


def data(kind: str, result: Any) -> Answer:
    return Answer(200, {"status": "success", "data": {"resultType": kind, "result": result}})


def number(value: float | str) -> Answer:
    return data("vector", [{"metric": {}, "value": [0, str(value)]}])
