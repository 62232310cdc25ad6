"""What a drift sees and changes, and the register of those that change a response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Headers = list[tuple[bytes, bytes]]

LOTS, QC = "POST /api/lots", "POST /api/qc-decisions"
LOGIN, HEALTH = "POST /api/login", "GET /api/health"
TRACE = "GET /api/traceability/{lot_code}"


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it is written: what a drift does not touch keeps its digits."""

    text: str


@dataclass(slots=True)
class Exchange:
    """One request and the response to it, on its way to the client."""

    method: str
    path: str
    request: Any
    original_status: int
    status: int
    headers: Headers
    body: bytes
    truncated: bool = False

    @property
    def endpoint(self) -> str:
        """METHOD and path template, as the contract names them."""
        path = self.path
        if path.startswith("/api/traceability/"):
            path = "/api/traceability/{lot_code}"
        return f"{self.method} {path}"

    def asked(self, name: str) -> Any:
        """A member of the request's JSON object, or None."""
        return self.request.get(name) if isinstance(self.request, dict) else None

    def drop_header(self, name: bytes) -> None:
        """Remove every header of the name."""
        self.headers = [item for item in self.headers if item[0] != name]

    def replace_header(self, name: bytes, old: bytes, new: bytes) -> None:
        """Replace a part of a header's value."""
        self.headers = [
            (key, value.replace(old, new) if key == name else value) for key, value in self.headers
        ]


JsonDrift = Callable[[Exchange, Any], bool]
PlainDrift = Callable[[Exchange], None]

ON_JSON: dict[str, tuple[str, int, JsonDrift]] = {}
ON_RESPONSE: dict[str, tuple[str, int, PlainDrift]] = {}


def on_json(name: str, endpoint: str, status: int) -> Callable[[JsonDrift], JsonDrift]:
    """Register a drift of the response's JSON; it says whether it changed anything."""

    def register(drift: JsonDrift) -> JsonDrift:
        ON_JSON[name] = (endpoint, status, drift)
        return drift

    return register


def on_response(name: str, endpoint: str, status: int) -> Callable[[PlainDrift], PlainDrift]:
    """Register a drift of status, headers or bytes."""

    def register(drift: PlainDrift) -> PlainDrift:
        ON_RESPONSE[name] = (endpoint, status, drift)
        return drift

    return register
