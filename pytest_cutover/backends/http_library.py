"""The one place that names the HTTP client library.

Everything else imports these names from here, so that a change of library (httpx has maintained
continuations with the same interface and other classes) is a change of this file.
"""

from httpx import URL as URL
from httpx import (
    BaseTransport,
    ByteStream,
    Client,
    ConnectError,
    CookieConflict,
    Cookies,
    DecodingError,
    Headers,
    HTTPError,
    HTTPTransport,
    InvalidURL,
    Limits,
    LocalProtocolError,
    ReadError,
    RemoteProtocolError,
    Request,
    RequestError,
    Response,
    SyncByteStream,
    Timeout,
    TimeoutException,
    TooManyRedirects,
    TransportError,
    WriteError,
    create_ssl_context,
)

__all__ = [
    "URL",
    "BaseTransport",
    "ByteStream",
    "Client",
    "ConnectError",
    "CookieConflict",
    "Cookies",
    "DecodingError",
    "HTTPError",
    "HTTPTransport",
    "Headers",
    "InvalidURL",
    "Limits",
    "LocalProtocolError",
    "ReadError",
    "RemoteProtocolError",
    "Request",
    "RequestError",
    "Response",
    "SyncByteStream",
    "Timeout",
    "TimeoutException",
    "TooManyRedirects",
    "TransportError",
    "WriteError",
    "create_ssl_context",
]
