"""A server on a raw socket that misbehaves on purpose, one path at a time.

``server["/thing"] = fault`` decides what a request for that path meets; every other path gets a
sound answer. A fault is given the accepted `Line` after the request has been read; whatever it
leaves open stays open until the server is closed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GOOD = b'{"size": 3}'


@dataclass
class Line:
    """One accepted connection, and what was asked on it last."""

    sock: socket.socket
    server: BadServer
    number: int
    method: str = ""
    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked: int = 0

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.sock.sendall(part)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """End the connection with RST: nothing that is still on its way arrives."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # What reads requests holds the socket as well, and would keep it open.
        os.close(self.sock.detach())

    def hang(self) -> None:
        """Say nothing more, and leave the connection open until the server closes."""
        self.server.over.wait(30)
        self.close()


Fault = Callable[[Line], None]


def answer(
    body: bytes = GOOD, *, status: str = "200 OK", head: bytes = b"", close: bool = False
) -> Fault:
    """A sound answer; with `close` the connection ends after it without a word about that."""

    def fault(line: Line) -> None:
        length = f"Content-Length: {len(body)}\r\n".encode()
        kind = b"" if b"content-type" in head.lower() else b"Content-Type: application/json\r\n"
        line.send(f"HTTP/1.1 {status}\r\n".encode() + kind + head + length + b"\r\n" + body)
        if close:
            line.close()

    return fault


def raw(*parts: bytes, then: str = "close") -> Fault:
    """Send these bytes, then `close`, `reset`, `hang`, or `keep` the connection."""

    def fault(line: Line) -> None:
        line.send(*parts)
        if then != "keep":
            getattr(line, then)()

    return fault


def flood(head: bytes, part: bytes, times: int) -> Fault:
    """The same part over and over, as often as the other end takes it."""

    def fault(line: Line) -> None:
        line.send(head)
        for _ in range(times):
            if line.server.over.is_set():
                break
            line.send(part)
            line.server.flooded_bytes += len(part)
        line.close()

    return fault


def drip(head: bytes, part: bytes, every_s: float = 0.05) -> Fault:
    """A part now and then: no single read ever waits for long."""

    def fault(line: Line) -> None:
        line.send(head)
        while not line.server.over.wait(every_s):
            line.send(part)

    return fault


class BadServer:
    """Listens on a free port of loopback from the start; `url` is where."""

    def __init__(self, port: int = 0) -> None:
        self.faults: dict[str, Fault] = {}
        self.asked: list[Line] = []
        self.connections = 0
        self.flooded_bytes = 0
        self.over = threading.Event()
        self._lines: list[socket.socket] = []
        self._door = socket.socket()
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._door.bind(("127.0.0.1", port))
        self._door.listen(16)
        self.port: int = self._door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._deaf = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __setitem__(self, path: str, fault: Fault) -> None:
        self.faults[path] = fault

    def paths(self) -> list[str]:
        """What was asked, but for the plugin's own question for life."""
        return [line.target for line in self.asked if line.target != "/"]

    def stop_listening(self) -> None:
        """From now on nobody is let in; what was connected is cut off: the program has died."""
        self.over.set()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for sock in self._lines:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def stop_accepting(self) -> None:
        """From now on the port listens, its queue is full, and connecting hangs."""
        self._deaf.set()
        self._poke()
        self._thread.join(5)
        self._door.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with contextlib.suppress(OSError):
                filler.connect(("127.0.0.1", self.port))
            self._lines.append(filler)

    def close(self) -> None:
        self.stop_listening()
        self._thread.join(5)

    def _poke(self) -> None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                sock, _ = self._door.accept()
            except OSError:
                return
            if self._deaf.is_set():
                sock.close()
                return
            self.connections += 1
            self._lines.append(sock)
            threading.Thread(
                target=self._serve, args=(Line(sock, self, self.connections),), daemon=True
            ).start()

    def _serve(self, line: Line) -> None:
        with contextlib.suppress(OSError, ValueError), line.sock.makefile("rb") as file:
            while self._read(line, file):
                path = line.target.partition("?")[0]
                fault = self.faults.get(path) or self.faults.get("*") or answer()
                fault(line)
                if line.sock.fileno() == -1:
                    return
        line.close()

    def _read(self, line: Line, file: IO[bytes]) -> bool:
        first = file.readline()
        if not first.strip():
            return False
        line.method, line.target, _ = first.decode("latin-1").split()
        line.headers = {}
        while (text := file.readline().decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            line.headers[name.strip().lower()] = value.strip()
        line.body = file.read(int(line.headers.get("content-length", 0)))
        line.asked += 1
        copy = Line(line.sock, self, line.number, line.method, line.target, dict(line.headers))
        copy.body = line.body
        self.asked.append(copy)
        return True
