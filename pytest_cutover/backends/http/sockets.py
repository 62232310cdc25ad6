"""The sockets under a side's connections: none waits beyond the end of the exchange.

The library bounds each single read; a backend that sends one byte of a header now and then would
keep it waiting for ever. Called by `transport` only.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from pytest_cutover.backends.http import library as http


class Deadline(threading.local):
    """When the exchange that this thread is in has to be over, by `time.monotonic`."""

    until_s: float = math.inf
    total_s: float = math.inf

    def start(self, total_s: float) -> None:
        """Begin an exchange, which may take so long."""
        self.total_s, self.until_s = total_s, time.monotonic() + total_s

    def left(self, timeout_s: float | None) -> float:
        """How long the next wait may be."""
        left = max(0.001, self.until_s - time.monotonic())
        return left if timeout_s is None else min(timeout_s, left)

    def bounding(
        self, what: str, timeout_s: float | None, otherwise: str
    ) -> AbstractContextManager[None]:
        """Say of a time-out which of the bounds it was."""

        def say() -> str:
            if time.monotonic() >= self.until_s or timeout_s is None:
                return f"the answer was not whole after {self.total_s:g} s (total_s)"
            return f"{otherwise} {timeout_s:g} s ({what}_s)"

        return http.socket_timeout(what, say)


class Sockets(http.NetworkBackend):
    """Opens sockets that know the deadline, and can be kept from being used again."""

    def __init__(self) -> None:
        self.deadline = Deadline()
        self.generation = 0
        self._plain = http.SyncBackend()

    def retire_all(self) -> None:
        """No connection that is idle now is used again; those at work are left alone."""
        self.generation += 1

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> http.NetworkStream:
        """Return a connected socket. Raises the library's errors."""
        with self.deadline.bounding("connect", timeout, "no connection within"):
            plain = self._plain.connect_tcp(
                host, port, self.deadline.left(timeout), local_address, socket_options
            )
        return Socket(plain, self)


class Socket(http.NetworkStream):
    """One connection of `Sockets`."""

    def __init__(self, plain: http.NetworkStream, sockets: Sockets) -> None:
        self._plain, self._sockets = plain, sockets
        self._generation = sockets.generation

    def retire(self) -> None:
        """Let the exchange that is under way end, and none follow on this connection."""
        self._generation = -1

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, at least one byte, or nothing at the end."""
        deadline = self._sockets.deadline
        with deadline.bounding("read", timeout, "nothing arrived for"):
            return self._plain.read(max_bytes, deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        deadline = self._sockets.deadline
        with deadline.bounding("write", timeout, "nothing could be sent for"):
            self._plain.write(buffer, deadline.left(timeout))

    def close(self) -> None:
        """Close the socket."""
        self._plain.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> http.NetworkStream:
        """Return the same connection, encrypted."""
        deadline = self._sockets.deadline
        with deadline.bounding("connect", timeout, "no TLS handshake within"):
            plain = self._plain.start_tls(ssl_context, server_hostname, deadline.left(timeout))
        return Socket(plain, self._sockets)

    def get_extra_info(self, info: str) -> Any:
        """Return what the library asks; an idle connection that can be read has nothing good to
        say.
        """
        if info == "is_readable" and self._generation != self._sockets.generation:
            return True
        return self._plain.get_extra_info(info)
