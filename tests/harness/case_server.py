"""One backend of a case: ``python case_server.py SIDE PORT CASE.py``. Standard library only.

Whatever the case does not say, a common server says: `Content-Length`, `Date`, JSON for a dict or a
list, and `GET /` for whoever asks whether it is ready (unless the case has ``READY = False``).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

_WITHOUT_BODY = (204, 304)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
_METHODS += ["PROPFIND", "MKCOL", "COPY", "MOVE", "REPORT"]  # of WebDAV


def load(path: Path) -> ModuleType:
    """The case as a module of its own, whatever its file is called."""
    spec = importlib.util.spec_from_file_location("case_" + path.stem.replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class CaseServer(ThreadingHTTPServer):
    """Answers as the case says for this side; its threads end with it."""

    daemon_threads = True

    def __init__(self, path: Path, side: str, port: int = 0) -> None:
        self.case, self.side = load(path), side
        self.state: dict[str, Any] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing: a client that hangs up is part of many a case."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CaseServer

    def log_message(self, *_arguments: object) -> None:
        pass

    def _answer(self) -> None:
        request = SimpleNamespace(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("content-length") or 0)),
            state=self.server.state,
            port=self.server.server_address[1],
            handler=self,
        )
        case = self.server.case
        if getattr(case, "READY", True) and (self.command, self.path) == ("GET", "/"):
            answer: tuple[int, Any, Any] | None = (200, {}, {"ready": True})
        else:
            answer = case.answer(self.server.side, request)
        if answer is not None:
            self._send(*answer)

    def _send(self, status: int, headers: Any, body: Any) -> None:
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        names = {name.lower() for name, _ in pairs}
        if isinstance(body, dict | list):
            body = json.dumps(body).encode()
            if "content-type" not in names:
                pairs.append(("Content-Type", "application/json"))
        elif isinstance(body, str):
            body = body.encode()
        self.send_response_only(status)
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        for name, value in pairs:
            self.send_header(name, value)
        empty = status in _WITHOUT_BODY
        if not {"content-length", "transfer-encoding"} & names and not empty:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and not empty:
            self.wfile.write(body)


for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler._answer)


@contextlib.contextmanager
def serving(path: Path, side: str) -> Iterator[int]:
    """The port on which one side of the case answers, as long as the block lasts."""
    server = CaseServer(path, side)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Serve until somebody ends this process."""
    side, port, path = sys.argv[1:]
    sys.dont_write_bytecode = True
    CaseServer(Path(path), side, int(port)).serve_forever()


if __name__ == "__main__":
    main()
