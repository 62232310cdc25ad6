"""The one clock: HTTP/1.1 on a kept-alive socket, timed from first byte written to last byte read.

Connecting is outside the times, but for a server that does not keep its connections: its users open
one for every request, and so it is in its times. Nothing but the socket stands between the two
readings: the request is bytes beforehand, the response is read apart afterwards. Called by
``timing`` and ``client_cost``. Imports the standard library only.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_LARGEST_HEAD_BYTES = 256 * 1024
_CHUNK_BYTES = 256 * 1024
_IDLE_S = 1.0
"""A connection that ends within it after an answer was not kept; later it was only not needed."""


_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux has it


class ClockError(OSError):
    """There was no whole response. ``latency_ms`` is how long it took to find out."""

    def __init__(self, message: str, *, start_s: float) -> None:
        super().__init__(message)
        self.start_s = start_s
        self.latency_ms = (time.perf_counter() - start_s) * 1000


@dataclass(frozen=True, slots=True)
class TimedResponse:
    """A whole response. ``start_s`` is on the clock of ``time.perf_counter``.

    ``reopened`` says that the server had ended the connection after its last answer, and that
    opening another is in ``latency_ms``.
    """

    status: int
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    start_s: float
    latency_ms: float
    reopened: bool = False


class Connection:
    """One connection to one origin, opened when needed and kept.

    ``timeout_s`` bounds each wait for bytes. Connecting is outside the times measured, unless the
    server ended the connection with its last answer.
    """

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        connect_s: float = 5.0,
        timeout_s: float = 30.0,
        max_body_bytes: int = 64 * 1024 * 1024,
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = tls if parts.scheme == "https" else None
        self._connect_s = connect_s
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes
        self._socket: socket.socket | None = None
        self._not_kept = False
        self._answered_s = 0.0

    def close(self) -> None:
        """Close the socket; the next exchange opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def exchange(self, request: bytes, *, head_only: bool = False) -> TimedResponse:
        """Send one request and read the whole answer; ``head_only`` for HEAD.

        Raises ClockError when there is no whole HTTP/1.x response.
        """
        asked = time.perf_counter()
        self._drop_ended(asked)
        reopened = self._not_kept
        try:
            sock = self._ready()
        except OSError as error:
            raise ClockError(f"no connection: {error}", start_s=time.perf_counter()) from error
        self._not_kept = False
        start = asked if reopened else time.perf_counter()
        reader = _Reader(sock, self._max_body_bytes, head_only=head_only)
        try:
            sock.sendall(request)
            end = reader.read()
        except (OSError, ValueError) as error:
            self.close()
            raise ClockError(str(error) or type(error).__name__, start_s=start) from error
        self._answered_s = end
        if reader.closing:
            self._not_kept = True
            self.close()
        status, reason, headers = reader.head
        latency_ms = (end - start) * 1000
        return TimedResponse(
            status, reason, headers, bytes(reader.body), start, latency_ms, reopened
        )

    def _drop_ended(self, now_s: float) -> None:
        """Let go of a socket that the server has closed meanwhile."""
        if self._socket is not None and select.select([self._socket], [], [], 0)[0]:
            # Nothing was asked, so what can be read is the end, or bytes that belong to nobody.
            self.close()
            self._not_kept = now_s - self._answered_s < _IDLE_S

    def _ready(self) -> socket.socket:
        """Return the open socket, or a new one."""
        if self._socket is None:
            raw = socket.create_connection((self._host, self._port), self._connect_s)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.settimeout(self._timeout_s)
            self._socket = (
                raw if self._tls is None else self._tls.wrap_socket(raw, server_hostname=self._host)
            )
        return self._socket


class _Reader:
    """Reads one response; ``read`` gives the clock's reading after the last byte."""

    def __init__(self, sock: socket.socket, max_body_bytes: int, *, head_only: bool) -> None:
        self._sock = sock
        self._max = max_body_bytes
        self._head_only = head_only
        self._buffer = bytearray()
        self._end = 0.0
        self._old = False
        self.head: tuple[int, bytes, tuple[tuple[bytes, bytes], ...]] = (0, b"", ())
        self.body = bytearray()
        self.closing = False

    def read(self) -> float:
        """Read to the last byte. Raises OSError or ValueError."""
        while True:
            self._read_head()
            if self.head[0] >= 200:
                break
        status, _, headers = self.head
        fields = {name.lower(): value.strip() for name, value in headers}
        kept = fields.get(b"connection", b"").lower()
        self.closing = b"close" in kept or (self._old and b"keep-alive" not in kept)
        if self._head_only or status in (204, 304):
            return self._end
        if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
            self._read_chunks()
        elif b"content-length" in fields:
            self._take(int(fields[b"content-length"]))
        else:
            self._read_to_close()
        return self._end

    def _receive(self) -> bool:
        if _QUICKACK is not None:
            # A server that writes head and body apart waits for our acknowledgement of the first,
            # which Linux delays by 40 ms now and then: that is ours, and makes two modes of one.
            self._sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        piece = self._sock.recv(_CHUNK_BYTES)
        self._end = time.perf_counter()
        self._buffer += piece
        return bool(piece)

    def _more(self) -> None:
        if not self._receive():
            raise ConnectionError("the connection was closed before the response was whole")

    def _read_head(self) -> None:
        while (at := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _LARGEST_HEAD_BYTES:
                raise ValueError("the head of the response is longer than 256 KiB")
            self._more()
        lines = bytes(self._buffer[:at]).split(b"\r\n")
        del self._buffer[: at + 4]
        version, _, rest = lines[0].partition(b" ")
        code, _, reason = rest.partition(b" ")
        if not version.startswith(b"HTTP/1.") or not code.isdigit():
            raise ValueError(f"not an HTTP/1.x response: {lines[0][:60]!r}")
        self._old = version == b"HTTP/1.0"  # which keeps a connection only where it says so
        pairs = (line.partition(b":") for line in lines[1:])
        headers = tuple((name, value.strip()) for name, _, value in pairs)
        self.head = int(code), reason, headers

    def _take(self, length: int) -> None:
        if length > self._max:
            raise ValueError(f"the body passed {self._max} bytes")
        while len(self._buffer) < length:
            self._more()
        self.body += self._buffer[:length]
        del self._buffer[:length]

    def _read_chunks(self) -> None:
        while True:
            size = int(self._line().partition(b";")[0], 16)
            if len(self.body) + size > self._max:
                raise ValueError(f"the body passed {self._max} bytes")
            if not size:
                break
            self._take(size)
            self._line()
        while self._line():
            pass

    def _line(self) -> bytes:
        while (at := self._buffer.find(b"\r\n")) < 0:
            self._more()
        line = bytes(self._buffer[:at])
        del self._buffer[: at + 2]
        return line

    def _read_to_close(self) -> None:
        self.closing = True
        while self._receive():
            if len(self._buffer) > self._max:
                raise ValueError(f"the body passed {self._max} bytes")
        self.body += self._buffer
