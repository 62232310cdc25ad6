"""A proxy that hands bytes on as they are, but for one answer that it changes.

    python drift_proxy.py --port 8000 --drift SERVICE -- COMMAND … @port@ …

It launches the command at a port of its own, on 127.0.0.1 only, and forwards every connection. The
request's head is read to know what is asked; an answer that the drift of the service concerns is
unpacked, changed and sent with its new length, every other one goes through byte by byte. With
``--drift none`` nothing is changed: whoever compares through it learns what the proxy itself adds.
"""

from __future__ import annotations

import argparse
import gzip
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).parent))

from drifts import DRIFTS, Answer, Drift

_NO_BODY = (204, 304)


@dataclass(slots=True)
class _Message:
    """A message as it came: its first line, its fields, and all bytes after them."""

    first: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    head: bytes = b""
    body: bytes = b""
    raw_body: bytes = b""

    def get(self, name: str) -> str:
        return next((v for k, v in self.fields if k.lower() == name), "")


def _head(stream: BinaryIO) -> _Message | None:
    first = stream.readline(65537)
    if not first:
        return None
    message, lines = _Message(first.decode("latin-1").rstrip("\r\n")), [first]
    while True:
        line = stream.readline(65537)
        lines.append(line)
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
        message.fields.append((name, value.strip()))
    message.head = b"".join(lines)
    return message


def _body(stream: BinaryIO, message: _Message, *, to_the_end: bool) -> None:
    if "chunked" in message.get("transfer-encoding").lower():
        raw, content = [], []
        while True:
            line = stream.readline(65537)
            raw.append(line)
            size = int(line.split(b";")[0] or b"0", 16)
            if size == 0:
                while (end := stream.readline(65537)) not in (b"\r\n", b"\n", b""):
                    raw.append(end)
                raw.append(end)
                break
            piece = stream.read(size)
            content.append(piece)
            raw += [piece, stream.readline(65537)]
        message.raw_body, message.body = b"".join(raw), b"".join(content)
    elif length := message.get("content-length"):
        message.raw_body = message.body = stream.read(int(length))
    elif to_the_end:
        message.raw_body = message.body = stream.read()


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        server: Any = self.server
        upstream = socket.create_connection(("127.0.0.1", server.upstream), timeout=60)
        upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with upstream, upstream.makefile("rb") as answers:
            while (asked := _head(self.rfile)) is not None:
                if asked.get("expect"):
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                _body(self.rfile, asked, to_the_end=False)
                upstream.sendall(asked.head + asked.raw_body)
                if not self._answer(asked, answers, server.drift):
                    return

    def _answer(self, asked: _Message, answers: BinaryIO, drift: Drift | None) -> bool:
        """Hand the answer on; return whether the connection goes on."""
        method, target = asked.first.split(" ")[:2]
        answer = _head(answers)
        while answer is not None and answer.first.split(" ")[1] == "100":
            answer = _head(answers)
        if answer is None:
            return False
        status = int(answer.first.split(" ")[1])
        framed = answer.get("content-length") or answer.get("transfer-encoding")
        if method != "HEAD" and status not in _NO_BODY:
            _body(answers, answer, to_the_end=not framed)
        changed = drift and _changed(drift, method, target, status, answer)
        self.wfile.write(changed or answer.head + answer.raw_body)
        ends = answer.get("connection").lower() == "close" or not (framed or status in _NO_BODY)
        kept = not answer.first.startswith("HTTP/1.0") or (
            answer.get("connection").lower() == "keep-alive"
        )
        return kept and not ends


def _changed(drift: Drift, method: str, target: str, status: int, answer: _Message) -> bytes | None:
    encoding, body = answer.get("content-encoding"), answer.body
    if encoding == "gzip":
        body = gzip.decompress(body)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    elif encoding not in ("", "identity"):
        return None
    seen = Answer(method, target, status, list(answer.fields), body)
    if not drift(seen):
        return None
    if encoding == "gzip":
        seen.body = gzip.compress(seen.body, mtime=0)
    elif encoding == "deflate":
        seen.body = zlib.compress(seen.body)
    framing = ("content-length", "transfer-encoding")
    fields = [(k, v) for k, v in seen.headers if k.lower() not in framing]
    if answer.get("transfer-encoding"):
        # As the service frames it: a length in place of chunks would be another drift.
        fields.append(("Transfer-Encoding", "chunked"))
        size = f"{len(seen.body):x}".encode()
        content = size + b"\r\n" + seen.body + b"\r\n0\r\n\r\n" if seen.body else b"0\r\n\r\n"
    else:
        fields.append(("Content-Length", str(len(seen.body))))
        content = seen.body
    lines = [answer.first, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1") + content


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    upstream = 0
    drift: Drift | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A side that hung up is no news."""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> int:
    """Launch the command, forward until SIGTERM, and end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--drift", choices=["none", *DRIFTS], required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    port = _free_port()
    process = subprocess.Popen([word.replace("@port@", str(port)) for word in options.command])
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        while process.poll() is None and not stopped.wait(0.1):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        with _Proxy(("127.0.0.1", options.port), _Connection) as proxy:
            proxy.upstream, proxy.drift = port, DRIFTS.get(options.drift)
            threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
            while process.poll() is None and not stopped.wait(0.1):
                pass
            proxy.shutdown()
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode if not stopped.is_set() else 0


if __name__ == "__main__":
    sys.exit(main())
