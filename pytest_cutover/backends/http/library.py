"""The one place that names the HTTP client library, and what it is built on.

Everything else imports these names from here, so that a change of library (httpx has maintained
continuations with the same interface and other classes) is a change of this file. Two things that
the library does not offer are reached through it here as well: its sockets, and what arrived after
the end of an answer.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
from httpcore import NetworkBackend, NetworkStream, SyncBackend
from httpx import URL as URL
from httpx import (
    AsyncBaseTransport,
    AsyncByteStream,
    AsyncClient,
    Auth,
    BaseTransport,
    ByteStream,
    Client,
    ConnectError,
    CookieConflict,
    Cookies,
    DecodingError,
    Headers,
    HTTPError,
    HTTPStatusError,
    HTTPTransport,
    InvalidURL,
    Limits,
    LocalProtocolError,
    QueryParams,
    ReadError,
    RemoteProtocolError,
    Request,
    RequestError,
    Response,
    ResponseNotRead,
    SyncByteStream,
    Timeout,
    TimeoutException,
    TooManyRedirects,
    TransportError,
    WriteError,
    create_ssl_context,
)

__all__ = [
    "SOCKET_ERRORS",
    "URL",
    "AsyncBaseTransport",
    "AsyncByteStream",
    "AsyncClient",
    "Auth",
    "BaseTransport",
    "ByteStream",
    "Client",
    "ConnectError",
    "CookieConflict",
    "Cookies",
    "DecodingError",
    "HTTPError",
    "HTTPStatusError",
    "HTTPTransport",
    "Headers",
    "InvalidURL",
    "Limits",
    "LocalProtocolError",
    "NetworkBackend",
    "NetworkStream",
    "QueryParams",
    "ReadError",
    "RemoteProtocolError",
    "Request",
    "RequestError",
    "Response",
    "ResponseNotRead",
    "SyncBackend",
    "SyncByteStream",
    "Timeout",
    "TimeoutException",
    "TooManyRedirects",
    "TransportError",
    "WriteError",
    "create_ssl_context",
    "pool_over",
    "socket_timeout",
    "surplus_of",
]

# What reading from a socket raises below the library.
SOCKET_ERRORS = (httpcore.TimeoutException, httpcore.NetworkError)
# What a socket's time-outs are called below the library, which gives them its own names.
_SOCKET_TIMEOUTS = {
    "connect": httpcore.ConnectTimeout,
    "read": httpcore.ReadTimeout,
    "write": httpcore.WriteTimeout,
}


@contextmanager
def socket_timeout(what: str, say: Callable[[], str]) -> Iterator[None]:
    """Let a time-out of a socket that wants to connect, read or write say more than that."""
    kind = _SOCKET_TIMEOUTS[what]
    try:
        yield
    except kind:
        raise kind(say()) from None


def pool_over(
    backend: NetworkBackend, *, verify: ssl.SSLContext | bool, limits: Limits
) -> HTTPTransport:
    """Return a pool of connections whose sockets are those of `backend`."""
    transport = HTTPTransport(verify=verify, trust_env=False, limits=limits)
    # The library takes a backend for its pool, and has no way to hand one in.
    transport._pool._network_backend = backend
    return transport


def surplus_of(response: Response) -> bytes:
    """Return what arrived with an answer, after its end; the next answer on that connection begins
    there.

    To be asked when the body was read and before the response is closed.
    """
    stream: Any = response.stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        stream = getattr(stream, name, None)
    return b"" if stream is None else bytes(stream.trailing_data[0])
