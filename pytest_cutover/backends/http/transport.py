"""The transport of a side: what may be sent, and how it is sent.

`SideTransport` is one per side and session: it owns the connection pool and refuses what the run
has no consent for. `recording` puts one `RecordingTransport` for each test around it.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.build_headers import BuildHeaders
from pytest_cutover.backends.http.rate_limit import RateLimit
from pytest_cutover.backends.http.sockets import Sockets
from pytest_cutover.core.exchange import Side

# Of an answer's `extensions`: what arrived after its end, on the connection that it came on.
SURPLUS = "cutover_surplus"
# The same of an answer that has no body by its method or status.
UNASKED = "cutover_unasked"
READING_METHODS = frozenset({"GET", "OPTIONS"})
# Shorter than the idle time after which servers in common use close (5 s): a request must not race
# with the close.
_KEEPALIVE_S = 2.0
# How long a body that must not be there is waited for, where the head announced one.
_LATE_BODY_S = 0.05


_Sent = TypeVar("_Sent")


class RefusedError(Exception):
    """A request that the run has no consent for; nothing was sent."""


class BodyTooLargeError(http.TransportError):
    """The response passed the cap; the rest was not read."""


class DeadlineError(http.TimeoutException):
    """The response was still arriving when the total time was over."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What may be sent. `why_not` ends the message of a refusal: how consent is given."""

    writes: bool
    requests_per_s: float | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Times in seconds and sizes in bytes that no exchange may pass."""

    connect_s: float = 5.0
    read_s: float = 30.0
    write_s: float = 30.0
    total_s: float = 60.0
    max_body_bytes: int = 64 * 1024 * 1024


class _Progress:
    """How far a request got, as the library's trace events tell."""

    __slots__ = ("fresh", "sent")

    def __init__(self) -> None:
        self.fresh = False
        self.sent = False

    def __call__(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.startswith("connection.connect_"):
            self.fresh = True
        elif event == "http11.send_request_headers.started":
            self.sent = True


class LiveResponse:
    """An answer of a side whose head is here; its body is read within the bounds of the side."""

    def __init__(
        self, transport: SideTransport, request: http.Request, response: http.Response
    ) -> None:
        self.response = response
        self._transport = transport
        self._request = request
        self._until_s = time.monotonic() + transport.bounds.total_s

    def parts(self) -> Iterator[bytes]:
        """Give out the raw body as it arrives.

        Raises BodyTooLargeError and DeadlineError beyond the bounds, and the library's errors.
        """
        bounds = self._transport.bounds
        size = 0
        stream = self.response.stream
        assert isinstance(stream, http.SyncByteStream)
        for part in stream:
            size += len(part)
            yield part
            if size > bounds.max_body_bytes:
                raise BodyTooLargeError(
                    f"the body passed {bounds.max_body_bytes} bytes", request=self._request
                )
            if time.monotonic() > self._until_s:
                raise DeadlineError(
                    f"the answer was not whole after {bounds.total_s:g} s (total_s)",
                    request=self._request,
                )
        self._transport.done_with(self._request, self.response)

    def close(self) -> None:
        """Let go of the connection; one that was not read to its end is not used again."""
        self.response.close()


class SideTransport:
    """Sends requests of one side; shared by all tests of a session."""

    def __init__(
        self,
        side: Side,
        base_url: str,
        *,
        permissions: Permissions,
        bounds: Bounds,
        verify: bool | str = True,
    ) -> None:
        self.side = side
        self.base_url = http.URL(base_url)
        self.permissions = permissions
        self.bounds = bounds
        self.answered = False
        self._verify = verify
        self.rate = RateLimit(permissions.requests_per_s)
        self._lock = threading.Lock()
        self._transport: http.HTTPTransport | None = None
        self._sockets = Sockets()
        self.builds = BuildHeaders()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def check(self, request: http.Request) -> None:
        """Raise RefusedError for a request that must not be sent."""
        url, own = request.url, self.base_url
        if (url.scheme, url.host, _port(url)) != (own.scheme, own.host, _port(own)):
            raise RefusedError(
                f"refused: {request.method} {url.copy_with(query=None)} leaves the {self.side} "
                f"backend at {own}.\nExpected a URL of the same origin; nothing was sent, no "
                "credentials have left.\nUse a path such as backend.get('/api/…'), or assert on "
                "the Location header instead of following it."
            )
        if request.method not in READING_METHODS and not self.permissions.writes:
            raise RefusedError(
                f"refused: {request.method} {url.path} to the {self.side} backend at {own}.\n"
                f"Expected GET or OPTIONS: this target does not allow writes; nothing was sent.\n"
                f"{self.permissions.why_not}"
            )

    def send(self, request: http.Request) -> tuple[http.Response, bytes]:
        """Send a request and read the whole answer; returns it with its raw body.

        Raises an error of the library, whose attribute ``cutover_partial`` then holds the response
        head and the bytes that had arrived, where there were any.
        """
        return self._retried(request, self._send_once)

    def open(self, request: http.Request) -> LiveResponse:
        """Send a request and return its answer with a body that is still arriving.

        The caller closes it. The same bounds hold for the whole of it. Raises as `send` does.
        """
        return self._retried(request, self._open_once)

    def _retried(self, request: http.Request, once: Callable[[http.Request], _Sent]) -> _Sent:
        self.rate.wait()
        for attempt in (1, 2):
            progress = _Progress()
            request.extensions["trace"] = progress
            try:
                sent = once(request)
            except (http.RemoteProtocolError, http.ReadError, http.WriteError) as error:
                if attempt == 2 or not _may_retry(error, request.method, progress):
                    raise
                self._sockets.retire_all()
                continue
            self.answered = True
            return sent
        raise AssertionError("unreachable")

    def _open_once(self, request: http.Request) -> LiveResponse:
        self._sockets.deadline.start(self.bounds.total_s)
        response = self._pool().handle_request(request)
        self.builds.saw(f"{request.method} {request.url.path}", response.headers)
        return LiveResponse(self, request, response)

    def _send_once(self, request: http.Request) -> tuple[http.Response, bytes]:
        live = self._open_once(request)
        parts: list[bytes] = []
        try:
            parts.extend(live.parts())
        except http.TransportError as error:
            if isinstance(error, BodyTooLargeError):
                del parts[1:]  # nobody compares it, and it is as large as may be
            error.cutover_partial = (live.response, b"".join(parts))  # type: ignore[attr-defined]
            raise
        finally:
            live.close()
        return live.response, b"".join(parts)

    def done_with(self, request: http.Request, response: http.Response) -> None:
        """Whether the connection may serve another request.

        Some servers close after an error without saying so; the next request must not find that
        out for itself. What arrived after the end of the answer would be read as the next one.
        """
        surplus = http.surplus_of(response)
        if _has_no_body(request, response):
            surplus = surplus or self._late_body(response)
            response.extensions[UNASKED] = surplus
        elif surplus:
            response.extensions[SURPLUS] = surplus
        if surplus or response.status_code >= 500:
            response.extensions["network_stream"].retire()

    def _late_body(self, response: http.Response) -> bytes:
        """Return what follows an answer that has no body and announces one.

        It comes a moment after the head; found only sometimes, it would differ by chance.
        """
        announced = response.headers.get("content-length", "0") != "0"
        if not announced and "transfer-encoding" not in response.headers:
            return b""
        stream: http.NetworkStream = response.extensions["network_stream"]
        try:
            return stream.read(self.bounds.max_body_bytes, _LATE_BODY_S)
        except http.SOCKET_ERRORS:
            return b""

    def _pool(self) -> http.HTTPTransport:
        with self._lock:
            if self._transport is None:
                self._transport = http.pool_over(
                    self._sockets,
                    verify=ssl_context(self._verify) if self.base_url.scheme == "https" else False,
                    limits=http.Limits(
                        max_connections=100,
                        max_keepalive_connections=20,
                        keepalive_expiry=_KEEPALIVE_S,
                    ),
                )
            return self._transport


@lru_cache(maxsize=8)
def ssl_context(verify: bool | str) -> ssl.SSLContext:
    """One for all connections of a session: reading the certificates is most of a short run."""
    if isinstance(verify, bool):
        return http.create_ssl_context(verify=verify, trust_env=False)
    folder = os.path.isdir(verify)
    return ssl.create_default_context(
        cafile=None if folder else verify, capath=verify if folder else None
    )


def _port(url: http.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _has_no_body(request: http.Request, response: http.Response) -> bool:
    return request.method == "HEAD" or response.status_code in (204, 304)


def disconnected(error: http.TransportError) -> bool:
    """Whether a protocol error is no more than an end where an answer was to begin."""
    return "disconnected" in str(error)


def _may_retry(error: http.TransportError, method: str, progress: _Progress) -> bool:
    """Only a stale pooled connection, and only where a second sending cannot do harm."""
    if progress.fresh or hasattr(error, "cutover_partial"):
        return False
    if isinstance(error, http.RemoteProtocolError) and not disconnected(error):
        return False  # it did answer, and what it said is no HTTP
    return method == "GET" or not progress.sent
