"""The transport of a measured client: every request through the one clock, nothing recorded.

Refuses what the run has no consent for, as the recording transport does. Called by ``workload``.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.encoding import base_path, relative_target
from pytest_cutover.backends.http.transport import SideTransport, ssl_context
from pytest_cutover.backends.session import Session
from pytest_cutover.core.exchange import Side
from pytest_cutover.performance.measure.timed_http import ClockError, Connection


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as the clock saw it; ``status`` is None without a whole response."""

    method: str
    path: str
    status: int | None
    start_s: float
    latency_ms: float
    reopened: bool = False


class TimedTransport(http.BaseTransport):
    """Sends the requests of one side over one kept connection; ``sent`` is emptied by its owner.

    They take their turn with all others that the side is asked; the wait is outside the times.
    """

    def __init__(self, inner: SideTransport, connection: Connection) -> None:
        self._inner = inner
        self._connection = connection
        self._base = base_path(inner.base_url)
        self.sent: list[Sent] = []

    def handle_request(self, request: http.Request) -> http.Response:
        """Check, time and answer one request."""
        self._inner.check(request)
        raw = _as_bytes(request)
        self._inner.rate.wait()
        path = relative_target(request.url.raw_path.decode("ascii"), self._base)
        try:
            answer = self._connection.exchange(raw, head_only=request.method == "HEAD")
        except ClockError as error:
            self.sent.append(Sent(request.method, path, None, error.start_s, error.latency_ms))
            raise http.ReadError(str(error), request=request) from error
        self.sent.append(
            Sent(
                request.method,
                path,
                answer.status,
                answer.start_s,
                answer.latency_ms,
                answer.reopened,
            )
        )
        response = http.Response(
            status_code=answer.status,
            headers=list(answer.headers),
            stream=http.ByteStream(answer.body),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason},
            request=request,
        )
        self._inner.builds.saw(f"{request.method} {path}", response.headers)
        return response

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()


def tls_of(session: Session, side: Side) -> ssl.SSLContext | None:
    """Return what the connections of a side are verified with; None where they are not
    encrypted.
    """
    if not session.urls[side].startswith("https:"):
        return None
    verify = session.plan.spec(side).verify
    return ssl_context(verify if isinstance(verify, bool) else str(verify))


def timed_backend(
    session: Session, side: Side, *, headers: Any, cookies: Any, auth: Any
) -> tuple[Backend, TimedTransport]:
    """Return a client of one side whose requests are timed, with the credentials of that side."""
    inner = session.transport(side)
    bounds = inner.bounds
    connection = Connection(
        str(inner.base_url),
        tls=tls_of(session, side),
        connect_s=bounds.connect_s,
        timeout_s=bounds.read_s,
        max_body_bytes=bounds.max_body_bytes,
    )
    transport = TimedTransport(inner, connection)
    client = Backend(
        side,
        base_url=str(inner.base_url),
        transport=transport,
        headers=headers,
        cookies=http.Cookies(cookies),
        auth=auth,
    )
    return client, transport


def _as_bytes(request: http.Request) -> bytes:
    """Return the request as it goes over the wire; a streamed body is given its length."""
    body = request.read()
    lines = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1"]
    chunked = "transfer-encoding" in request.headers
    for name, value in request.headers.raw:
        if name.lower() != b"transfer-encoding":
            lines.append(name + b": " + value)
    if chunked:
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
