"""A backend that answers what an OpenAPI document gives as examples; run as a program, it prints
its URL.

    python benchmarks/document_stub.py FILE [--drift "METHOD /path"]

It reads the document by itself, so that a fault of the plugin's reader is not its own too. Answers
are the first success of the operation: its example, else one made of its schema, always the same.
Credentials must be there where the document asks for some; a JSON body must be one, and have the
members that are required. Of the operation `--drift` one value in the answer is another, or its
status where there is no value.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
# Each side's own, as a login gives it.
TOKEN = "token-of-a-login"
_DEEPEST = 6
_FORMATS = {
    "date-time": "2024-02-29T12:00:00Z",
    "date": "2024-02-29",
    "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "email": "nobody@example.com",
    "uri": "https://example.com/a",
}


class Document:
    """A document with all the files that it refers to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[Path, Any] = {}
        self.root = self._file(path)

    def _file(self, path: Path) -> Any:
        path = path.resolve()
        if path not in self._files:
            text = path.read_text("utf-8")
            is_json = path.suffix == ".json"
            self._files[path] = json.loads(text) if is_json else yaml.load(text, yaml.CSafeLoader)
        return self._files[path]

    def resolved(self, node: Any, at: Path) -> tuple[Any, Path]:
        """A node without its reference, and the file that it stands in."""
        for _ in range(50):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                break
            file, _, pointer = node["$ref"].partition("#")
            at = (at.parent / unquote(file)) if file else at
            node = self._file(at)
            for part in unquote(pointer).split("/")[1:]:
                part = part.replace("~1", "/").replace("~0", "~")
                node = node[int(part)] if isinstance(node, list) else node[part]
        return node, at

    @cached_property
    def base(self) -> str:
        """The path of the first server."""
        if "swagger" in self.root:
            return str(self.root.get("basePath", "")).rstrip("/")
        for server in self.root.get("servers") or ():
            url = str(server.get("url", ""))
            for name, variable in (server.get("variables") or {}).items():
                url = url.replace("{" + name + "}", str(variable.get("default", "")))
            return urlsplit(url).path.rstrip("/")
        return ""

    @cached_property
    def schemes(self) -> dict[str, Any]:
        """The security schemes by their names."""
        if "swagger" in self.root:
            return dict(self.root.get("securityDefinitions") or {})
        return dict((self.root.get("components") or {}).get("securitySchemes") or {})

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All of them, with what they answer."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for template, item in (self.root.get("paths") or {}).items():
            found, at = self.resolved(item, self.path)
            for method in METHODS:
                if isinstance(found, dict) and isinstance(found.get(method), dict):
                    yield self._operation(method.upper(), template, found, found[method], at)

    def _operation(self, method: str, template: str, item: Any, raw: Any, at: Path) -> Operation:
        status, kind, answer = self._answer(raw, at)
        body, there = self._request_body(item, raw, at)
        schema, _ = self.resolved(body, there)
        required = schema.get("required") if isinstance(schema, dict) else None
        return Operation(
            f"{method} {template}",
            _pattern(self.base + template),
            status,
            kind,
            answer,
            tuple(raw.get("security", self.root.get("security")) or ()),
            tuple(required) if isinstance(required, list) else (),
        )

    def _request_body(self, item: Any, raw: Any, at: Path) -> tuple[Any, Path]:
        for one in (*(raw.get("parameters") or ()), *(item.get("parameters") or ())):
            parameter, there = self.resolved(one, at)
            if parameter.get("in") == "body" and parameter.get("required"):
                return parameter.get("schema"), there
        body, there = self.resolved(raw.get("requestBody") or {}, at)
        if not body.get("required"):
            return {}, at
        content = body.get("content") or {}
        return next((v.get("schema") for k, v in content.items() if "json" in k), {}), there

    def _answer(self, raw: Any, at: Path) -> tuple[int, str, Any]:
        responses = {str(code): one for code, one in (raw.get("responses") or {}).items()}
        successes = sorted(code for code in responses if re.fullmatch(r"2\d\d|2XX", code))
        code = successes[0] if successes else "default" if "default" in responses else ""
        response, there = self.resolved(responses.get(code, {}), at)
        status = int(code) if code.isdecimal() else 200
        if status in (204, 205):
            return status, "", None
        if "swagger" in self.root:
            examples = response.get("examples") or {}
            kind = next(iter(examples), "application/json")
            if examples:
                return status, kind, examples[kind]
            schema = response.get("schema")
            return (status, kind, self.example(schema, there)) if schema else (status, "", None)
        content = response.get("content") or {}
        kind = next((one for one in content if "json" in one), next(iter(content), ""))
        if not kind:
            return status, "", None
        return status, kind, self._of_media(content[kind], there)

    def _of_media(self, media: Any, at: Path) -> Any:
        if "example" in media:
            return media["example"]
        for one in (media.get("examples") or {}).values():
            found, _ = self.resolved(one, at)
            if isinstance(found, dict) and "value" in found:
                return found["value"]
        return self.example(media.get("schema") or {}, at)

    def example(self, node: Any, at: Path, depth: int = 0) -> Any:
        """A value of a schema; where it goes round in a circle it ends."""
        schema, at = self.resolved(node, at)
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return None
        if "example" in schema or "const" in schema or "default" in schema:
            return next(schema[word] for word in ("example", "const", "default") if word in schema)
        if isinstance(schema.get("examples"), list) and schema["examples"]:
            return schema["examples"][0]
        if schema.get("enum"):
            return schema["enum"][0]
        for word in ("oneOf", "anyOf"):
            if schema.get(word):
                return self.example(schema[word][0], at, depth + 1)
        parts = [self.example(one, at, depth + 1) for one in schema.get("allOf") or ()]
        whole: dict[str, Any] = {}
        for part in parts:
            whole |= part if isinstance(part, dict) else {}
        for name, inner in (schema.get("properties") or {}).items():
            whole[name] = self.example(inner, at, depth + 1)
        return whole or (parts[0] if parts else self._plain(schema, at, depth))

    def _plain(self, schema: dict[str, Any], at: Path, depth: int) -> Any:
        kinds = schema.get("type", "object")
        kind = next((k for k in kinds if k != "null"), "null") if isinstance(kinds, list) else kinds
        if kind == "array":
            return [self.example(schema.get("items") or {}, at, depth + 1)]
        if kind == "string":
            return _FORMATS.get(str(schema.get("format", "")), "text")
        plain: dict[str, Any] = {"integer": 7, "number": 7.5, "boolean": True, "null": None}
        return plain.get(kind, {})


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation answers, and what it asks for."""

    endpoint: str
    pattern: re.Pattern[str]
    status: int
    kind: str
    answer: Any = field(repr=False)
    security: tuple[Any, ...] = ()
    required: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.endpoint.partition(" ")[0]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\})", path.partition("#")[0].partition("?")[0])
    return re.compile("".join("[^/]+" if one.startswith("{") else re.escape(one) for one in parts))


def drifted(answer: Any) -> tuple[Any, bool]:
    """The answer with another value in the first place that has one, and whether there is one."""
    if isinstance(answer, dict | list):
        items = list(answer.items() if isinstance(answer, dict) else enumerate(answer))
        for key, inner in items:
            other, done = drifted(inner)
            if done:
                changed = dict(answer) if isinstance(answer, dict) else list(answer)
                changed[key] = other
                return changed, True
        return answer, False
    if isinstance(answer, bool):
        return not answer, True
    if isinstance(answer, int | float):
        return answer + 1, True
    return (f"{answer} drifted", True) if isinstance(answer, str) else (answer, False)


class Stub:
    """The operations, found by path: literal segments win."""

    def __init__(self, document: Document, drift: str) -> None:
        self._document, self._drift = document, drift
        by_path: dict[str, list[Operation]] = {}
        for one in document.operations:
            by_path.setdefault(one.endpoint.partition(" ")[2], []).append(one)
        order = sorted(by_path, key=lambda path: [p.startswith("{") for p in path.split("/")])
        self._paths = [by_path[path] for path in order]

    def answer(
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        plain, _, query = path.partition("?")
        here = next((ones for ones in self._paths if ones[0].pattern.fullmatch(plain)), None)
        if here is None:
            return self._refusal(404, "no such path")
        found = next((one for one in here if one.method == method), None)
        if found is None:
            allowed = ", ".join(one.method for one in here)
            status, more, text = self._refusal(405, "no such method")
            return status, more | {"Allow": allowed}, text
        if not self._lets_in(found, headers, query):
            return self._refusal(401, "no credentials")
        if wrong := _wrong(found, headers, body):
            return self._refusal(422, wrong)
        status, answer = found.status, found.answer
        if found.endpoint == self._drift:
            answer, done = drifted(answer)
            status = status if done else 202 if status != 202 else 200
        if not found.kind:
            return status, {}, b""
        is_text = isinstance(answer, str) and "json" not in found.kind
        text = answer if is_text else json.dumps(answer, default=str)
        kind = found.kind if "*" not in found.kind else "application/octet-stream"
        return status, {"Content-Type": kind}, text.encode()

    def _lets_in(self, one: Operation, headers: Any, query: str) -> bool:
        if not one.security or {} in one.security:
            return True
        return any(
            all(
                self._is_given(self._document.schemes.get(name) or {}, headers, query) for name in a
            )
            for a in one.security
        )

    def _is_given(self, scheme: Any, headers: Any, query: str) -> bool:
        scheme, _ = self._document.resolved(scheme, self._document.path)
        if scheme.get("type") != "apiKey":
            return TOKEN in headers.get("Authorization", "")
        if scheme.get("in") == "header":
            return TOKEN in headers.get(str(scheme.get("name")), "")
        where = query if scheme.get("in") == "query" else headers.get("Cookie", "")
        return f"{scheme.get('name')}={TOKEN}" in where

    @staticmethod
    def _refusal(status: int, why: str) -> tuple[int, dict[str, str], bytes]:
        return status, {"Content-Type": "application/json"}, json.dumps({"error": why}).encode()


def _wrong(one: Operation, headers: Any, body: bytes) -> str:
    """What is wrong with the body; empty for nothing."""
    if not one.required:
        return ""
    if "json" not in headers.get("Content-Type", ""):
        return "not JSON"
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(given, dict):
        return "not an object"
    return ", ".join(name for name in one.required if name not in given)


def serve(stub: Stub) -> None:
    """Answer on a free port of the loopback until the process is ended."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write for each answer: the wire waits between two

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, text = stub.answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD" and status not in (204, 304):
                self.wfile.write(text)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._any
            raise AttributeError(name)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


def main() -> None:
    """Serve one document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--drift", default="")
    options = parser.parse_args()
    sys.setrecursionlimit(10_000)
    serve(Stub(Document(options.file), options.drift))


if __name__ == "__main__":
    main()
