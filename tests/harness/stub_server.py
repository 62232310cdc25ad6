"""A backend whose answers a test chooses, and which remembers what it was asked.

As a program, ``python stub_server.py --port N [--answers FILE]``, it can be launched
by a target. In a thread, `StubServer` is given URLs of. Real sockets, standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    port: int = 0


@dataclass
class Answer:
    """What to say. `raw` is sent instead of everything else, and the connection closed."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait_s: float = 0.0
    close: bool = False
    linger: bool = False

    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode("utf-8", "surrogatepass")
        return b"" if self.body is None else json.dumps(self.body).encode()


Reply = Answer | Callable[[Seen], Answer]


class _Httpd(ThreadingHTTPServer):
    """A thread for each connection; closing it leaves none, neither asleep nor waiting."""

    daemon_threads = False  # those that are not are joined

    def __init__(self, port: int, handler: type[_Handler]) -> None:
        self.over = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of many a test, and no matter for stderr."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self.server_close()


class StubServer:
    """A server in a thread; ``server["GET /x"] = Answer(…)`` decides what it says."""

    def __init__(
        self,
        answers: Mapping[str, Reply] | None = None,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.answers: dict[str, Reply] = dict(answers or {})
        self.fallback: Callable[[str], Reply | None] = lambda _key: None
        self.requests: list[Seen] = []
        self.connections = 0
        outer = self

        class Handler(_Handler):
            server_of = outer

        self._httpd = _Httpd(port, Handler)
        if tls is not None:
            self._httpd.socket = tls.wrap_socket(self._httpd.socket, server_side=True)
        self.over = self._httpd.over
        self.port: int = self._httpd.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self) -> StubServer:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __setitem__(self, key: str, answer: Reply) -> None:
        self.answers[key] = answer

    def asked(self, key: str = "") -> list[Seen]:
        """The requests for ``METHOD /path``, or all but the plugin's own question for life."""
        if not key:
            return [one for one in self.requests if (one.method, one.path) != ("GET", "/")]
        return [one for one in self.requests if f"{one.method} {one.path}" == key]

    def close(self) -> None:
        """End it, and all that its threads were about."""
        self._httpd.close()
        self._thread.join()

    def wait(self) -> None:
        """Serve until the process ends."""
        self._thread.join()

    def answer(self, seen: Seen) -> Answer:
        self.requests.append(seen)
        reply = self.answers.get(f"{seen.method} {seen.path}")
        if reply is None:
            reply = self.fallback(f"{seen.method} {seen.path}")
        if reply is None:
            reply = self.answers.get(f"{seen.method} {seen.path.partition('?')[0]}", Answer(404))
        return reply(seen) if callable(reply) else reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: StubServer
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server_of.connections += 1

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        headers = {key.lower(): value for key, value in self.headers.items()}
        port = self.client_address[1]
        answer = self.server_of.answer(Seen(self.command, self.path, headers, body, port))
        if answer.wait_s:
            self.server_of.over.wait(answer.wait_s)
        if answer.raw is not None:
            self.wfile.write(answer.raw)
            if not answer.linger:
                self._hang_up()
            return
        payload = answer.payload()
        self.send_response(answer.status)
        sent = {"Content-Type": "application/json", **answer.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)
        if answer.close:
            self._hang_up()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_arguments: object) -> None:
        pass


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"):
    setattr(_Handler, f"do_{_method}", _Handler._answer)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--say", default="")
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    table = json.loads(options.answers.read_text()) if options.answers else {}
    sys.stdout.write(options.say + "\n")
    sys.stdout.flush()
    time.sleep(options.delay)
    answers: dict[str, Reply] = {"GET /": Answer(200, {"ok": True})}
    answers |= {key: Answer(**value) for key, value in table.items()}
    try:
        server = StubServer(answers, port=options.port)
    except OSError as error:
        sys.exit(f"Address already in use: {error}")
    server.wait()


if __name__ == "__main__":
    main()
