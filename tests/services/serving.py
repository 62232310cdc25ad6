"""A service on SQLite behind HTTP/1.1: routes, transactions, errors, and faults of one side.

A service module makes one `Service`, decorates its handlers, lists its faults and ends in
``SERVICE.main()``. It is started as a program of its own, with a port, a database file that another
process may use at the same time, and at most one fault; or in a thread, by `start`.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import re
import signal
import socket
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

JSON = "application/json"
HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake of a service: what it is, and where a client sees it.

    - `endpoint`, `pointer`: the request whose answer shows it, and the place in that answer;
      headers under ``/headers``, the status is ``/status``.
    - `change`: edits a successful answer of that endpoint. Where it is None the service asks
      `Request.has` for the fault's name.
    """

    name: str
    endpoint: str
    pointer: str
    says: str
    change: Callable[[Reply, Request], None] | None = None


@dataclass(slots=True)
class Reply:
    """What is answered: `body` is JSON unless it is text or bytes of the content type `type`."""

    body: Any = None
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    type: str = ""

    def set(self, name: str, value: str) -> None:
        """Put a header in place of those with its name."""
        self.headers = [(n, v) for n, v in self.headers if n.lower() != name.lower()]
        self.headers.append((name, value))

    def encoded(self) -> tuple[str, bytes]:
        """The content type and the bytes of the body."""
        if isinstance(self.body, bytes):
            return self.type or "application/octet-stream", self.body
        if isinstance(self.body, str):
            return self.type or "text/plain; charset=utf-8", self.body.encode()
        return self.type or JSON, json.dumps(self.body, ensure_ascii=False).encode()


class RefusedError(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers: list[tuple[str, str]] = more.pop("headers", [])
        self.more = more


@dataclass(slots=True)
class Request:
    """A request as a handler sees it, inside its transaction."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    params: dict[str, str]
    db: sqlite3.Connection
    instance: Instance

    def has(self, fault: str) -> bool:
        """Whether this process has the fault."""
        return self.instance.fault == fault

    def json(self) -> dict[str, Any]:
        """The body as an object; refused when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise RefusedError(400, "malformed", "the body is not JSON") from None
        if not isinstance(value, dict):
            raise RefusedError(400, "malformed", "the body is not an object")
        return value

    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {k: v[-1] for k, v in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    def files(self) -> dict[str, tuple[str, str, bytes]]:
        """The parts of an upload: name to file name, content type and bytes."""
        found = re.search(r'boundary="?([^";]+)', self.headers.get("content-type", ""))
        if not found:
            raise RefusedError(415, "unsupported", "multipart/form-data expected")
        parts: dict[str, tuple[str, str, bytes]] = {}
        for chunk in self.body.split(b"--" + found[1].encode())[1:-1]:
            head, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            text = head.decode()
            name = re.search(r'[; ]name="([^"]*)"', text)
            file = re.search(r'filename="([^"]*)"', text)
            kind = re.search(r"content-type:\s*(\S+)", text, re.IGNORECASE)
            if name:
                parts[name[1]] = (
                    file[1] if file else "",
                    kind[1] if kind else "",
                    content.removesuffix(b"\r\n"),
                )
        return parts

    def cookies(self) -> dict[str, str]:
        """The cookies that came along."""
        return {k: m.value for k, m in SimpleCookie(self.headers.get("cookie", "")).items()}

    def number(self, name: str, default: int, *, least: int = 1, most: int = 10**9) -> int:
        """A whole number of the query; refused when it is none or out of bounds."""
        text = self.query.get(name, str(default))
        if not re.fullmatch(r"-?\d{1,9}", text) or not least <= int(text) <= most:
            raise RefusedError(
                422, "invalid", f"{name} must be between {least} and {most}", field=name
            )
        return int(text)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        return [dict(row) for row in self.db.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        row = self.db.execute(sql, values).fetchone()
        return None if row is None else dict(row)

    def value(self, sql: str, *values: Any) -> Any:
        """The first value of a query."""
        row = self.db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def insert(self, table: str, **values: Any) -> int:
        """A new row; its number."""
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
        return int(self.db.execute(sql, tuple(values.values())).lastrowid or 0)


Handler = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    template: str
    pattern: re.Pattern[str]
    writes: bool
    handler: Handler


class Service:
    """Routes, tables, seeded rows and faults of one service.

    `varying` is an expression for what of its answers depends on the clock or on chance beside
    times and ids, for those who compare answers without the plugin.
    """

    def __init__(
        self,
        name: str,
        *,
        schema: str = "",
        seed: Callable[[sqlite3.Connection], None] | None = None,
        error: Callable[[RefusedError], Reply] | None = None,
        after: Callable[[Request | None, Reply], None] | None = None,
        varying: str = "",
    ) -> None:
        self.name = name
        self.schema = schema
        self.seed = seed
        self.error = error or (
            lambda why: Reply({"error": {"code": why.code, "message": why.message, **why.more}})
        )
        self.after = after
        self.varying = varying
        self.routes: list[Route] = []
        self.faults: dict[str, Fault] = {}

    def route(self, endpoint: str, *, writes: bool | None = None) -> Callable[[Handler], Handler]:
        """Register a handler for ``METHOD /path/{template}``; `{name*}` spans segments."""
        method, template = endpoint.split(" ", 1)
        expression = re.sub(r"\\{(\w+)\\\*\\}", r"(?P<\1>.+)", re.escape(template))
        expression = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", expression)

        def register(handler: Handler) -> Handler:
            changing = method not in ("GET", "HEAD") if writes is None else writes
            self.routes.append(Route(method, template, re.compile(expression), changing, handler))
            return handler

        return register

    def has_faults(self, *faults: Fault) -> None:
        """Declare the faults; their names are what ``--fault`` takes."""
        for fault in faults:
            if fault.name in self.faults:
                raise ValueError(f"{self.name}: two faults are named {fault.name}")
            self.faults[fault.name] = fault

    def start(self, database: Path, *, fault: str | None = None, port: int = 0) -> Instance:
        """A running process of this service, in a thread of this one."""
        if fault is not None and fault not in self.faults:
            raise ValueError(f"{self.name} has no fault {fault!r}; it has {sorted(self.faults)}")
        return Instance(self, database, fault, port)

    def main(self) -> None:
        """Serve until SIGTERM, as a program."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--database", type=Path, required=True)
        parser.add_argument("--fault", choices=sorted(self.faults))
        options = parser.parse_args()
        signal.signal(signal.SIGTERM, lambda *_: stopped.set())
        stopped = threading.Event()
        instance = self.start(options.database, fault=options.fault, port=options.port)
        with contextlib.suppress(KeyboardInterrupt):
            stopped.wait()
        instance.close()


class Instance:
    """One process of a service: what it remembers itself, beside what the database has.

    `pace` is how long its work takes, as a share of what is usual; for those who are in a hurry.
    """

    def __init__(self, service: Service, database: Path, fault: str | None, port: int) -> None:
        self.service = service
        self.fault = fault
        self.started = time.time()
        self.id = uuid.uuid4().hex[:12]
        self.memory: dict[Any, Any] = {}
        self.pace = 1.0
        self.lock = threading.RLock()
        self._database = database
        self._threads = threading.local()
        self._prepare()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.instance = self
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _prepare(self) -> None:
        """Make tables and seeded rows, unless the other process was first."""
        db = self.connection()
        db.execute("BEGIN IMMEDIATE")
        done = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'prepared'").fetchone()
        if not done:
            db.execute("CREATE TABLE prepared (at TEXT)")
            for statement in filter(str.strip, self.service.schema.split(";")):
                db.execute(statement)
            if self.service.seed:
                self.service.seed(db)
        db.execute("COMMIT")

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        known: sqlite3.Connection | None = getattr(self._threads, "db", None)
        if known is None:
            known = sqlite3.connect(self._database, timeout=20, isolation_level=None)
            known.row_factory = sqlite3.Row
            for attempt in range(100):
                try:
                    known.execute("PRAGMA journal_mode = WAL")
                    break
                except sqlite3.OperationalError:
                    # Two processes that switch at once do not wait for each other by themselves.
                    if attempt == 99:
                        raise
                    time.sleep(0.05)
            known.execute("PRAGMA synchronous = OFF")
            self._threads.db = known
        return known

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[Reply, Request | None]:
        """Find the route, run it in a transaction, and apply the fault."""
        parts = urlsplit(target)
        # Split on the path as sent: an escaped slash belongs into its segment.
        asked = "GET" if method == "HEAD" else method
        matching = [(r, m) for r in self.service.routes if (m := r.pattern.fullmatch(parts.path))]
        chosen = next(((r, m) for r, m in matching if r.method == asked), None)
        if chosen is None:
            allowed = sorted({r.method for r, _ in matching})
            if not matching:
                why = RefusedError(404, "not_found", f"there is no {parts.path}")
            else:
                allow = [("Allow", ", ".join(allowed))]
                why = RefusedError(
                    405, "method_not_allowed", f"{method} is not allowed", headers=allow
                )
            return self._refuse(why), None
        route, match = chosen
        query = {k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        params = {k: unquote(v) for k, v in match.groupdict().items()}
        db = self.connection()
        request = Request(asked, parts.path, query, headers, body, params, db, self)
        db.execute("BEGIN IMMEDIATE" if route.writes else "BEGIN")
        try:
            reply = _reply(route.handler(request))
        except RefusedError as why:
            db.execute("ROLLBACK")
            return self._refuse(why), request
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        fault = self.service.faults.get(self.fault or "")
        if fault and fault.change and fault.endpoint == f"{asked} {route.template}":
            fault.change(reply, request)
        return reply, request

    def _refuse(self, why: RefusedError) -> Reply:
        reply = self.service.error(why)
        reply.status = why.status
        reply.headers += why.headers
        return reply


def _reply(value: Any) -> Reply:
    return value if isinstance(value, Reply) else Reply(value, 204 if value is None else 200)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    instance: Instance

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: Any) -> None:
        pass

    def go(self) -> None:
        server: Any = self.server
        instance: Instance = server.instance
        headers = {k.lower(): v for k, v in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        try:
            reply, request = instance.answer(self.command, self.path, headers, body)
        except Exception as error:
            reply, request = (
                Reply({"error": {"code": "internal", "message": repr(error)}}, 500),
                None,
            )
        if instance.service.after:
            instance.service.after(request, reply)
        kind, content = ("", b"") if reply.status in (204, 304) else reply.encoded()
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
        lines += [f"Server: {instance.service.name}/1.4", f"Date: {formatdate(usegmt=True)}"]
        if kind:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        # In one write: two would wait for each other's acknowledgement on a kept connection.
        self.wfile.write(head if self.command == "HEAD" else head + content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = go  # noqa: N815


# Times as services write them.


def now_iso(digits: int = 3, zone: str = "Z") -> str:
    """The time of day in ISO 8601, UTC."""
    at = datetime.now(UTC).replace(tzinfo=None)
    text = at.isoformat(timespec={0: "seconds", 3: "milliseconds", 6: "microseconds"}[digits])
    return text + zone


def now_sql() -> str:
    """The time of day as databases print it, UTC."""
    return now_iso(0, "").replace("T", " ")


def http_date(at: float) -> str:
    """A time as HTTP headers write it."""
    return formatdate(at, usegmt=True)


def page(title: str, *parts: str) -> Reply:
    """An HTML page."""
    lines = ["<!DOCTYPE html>", '<html lang="en">', f"<head><title>{title}</title></head>"]
    return Reply("\n".join([*lines, "<body>", *parts, "</body>", "</html>", ""]), type=HTML)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], file: str) -> Reply:
    """A CSV file to be saved."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    disposition = ("Content-Disposition", f'attachment; filename="{file}"')
    return Reply(out.getvalue(), headers=[disposition], type=CSV)


@contextlib.contextmanager
def serving(service: Service, database: Path, fault: str | None = None) -> Iterator[Instance]:
    """A running service for the time of a block."""
    instance = service.start(database, fault=fault)
    try:
        yield instance
    finally:
        instance.close()
