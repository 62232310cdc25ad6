"""A generated case: what is sent, as plain values that both sides, a file and a shrinker can use.

A case is a few calls in a row. A call says what is sent but for what each side gives out itself:
a `Binding` names a place of the request and where its value comes from, an earlier answer of the
same side or a code that is new every time. Pure.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from pytest_cutover.core.json_pointer import get, put

VERSION: Final = 1


class Absent:
    """There is no body: another thing than the body `null`."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Binding:
    """A place of a call whose value each side gets by itself.

    `place` is ``path/<name>``, ``query/<name>``, ``header/<name>`` or ``body<pointer>``. With
    `step` the value is what `pointer` names in the answer to that earlier step; else it is a new
    code, the same for every binding with that `label` in one sending, and of the `pattern`.
    """

    place: str
    step: int | None = None
    pointer: str = ""
    label: str = ""
    max_length: int | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `body` is a JSON value, bytes, or `ABSENT`; `content_type` is sent with it.

    `endpoint` is ``METHOD /path/{template}``; `path` holds its parameters, not yet encoded.
    `rest_valid` says whether everything but the body follows the schema. `coding` changes the bytes
    of the body (``gzip``, ``bom``, ``cut``) and `spelling` those of the path (``slash``, ``upper``,
    ``case`` for its last parameter, or what is put behind it as it is); `login` is ``none`` or
    ``bad`` for other credentials than those that the login gave.
    """

    endpoint: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT
    content_type: str = ""
    bindings: tuple[Binding, ...] = ()
    rest_valid: bool = True
    coding: str = ""
    spelling: str = ""
    login: str = ""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.endpoint.partition(" ")[0]

    @property
    def template(self) -> str:
        """The path with its placeholders."""
        return self.endpoint.partition(" ")[2]

    @property
    def can_be_written(self) -> bool:
        """Whether a test could send it through `backend`, which is a client like any other."""
        spelled = bool(self.spelling) and any(one.place.startswith("path") for one in self.bindings)
        return not (self.coding or self.login or spelled or "%zz" in self.spelling)

    def with_values(self, values: Mapping[Binding, str]) -> Call:
        """Return the call with the values of its bindings in their places."""
        path, query, headers = dict(self.path), list(self.query), list(self.headers)
        body = self.body
        for binding, value in values.items():
            kind, _, name = binding.place.partition("/")
            if kind == "path":
                path[name] = value
            elif kind == "query":
                query = [(key, value if key == name else old) for key, old in query]
            elif kind == "header":
                headers = [(key, value if key == name else old) for key, old in headers]
            elif not isinstance(body, Absent | bytes):
                whole = isinstance(get(body, "/" + name), int) and value.isdecimal()
                body = put(body, "/" + name, int(value) if whole else value)
        return replace(self, path=path, query=tuple(query), headers=tuple(headers), body=body)

    def target(self) -> str:
        """Path and query as they are sent."""
        path = re.sub(r"\{([^{}]+)\}", lambda found: self._segment(found[1]), self._spelled())
        if self.spelling not in ("", "upper", "case"):
            path += "/" if self.spelling == "slash" else self.spelling
        return f"{path}?{urlencode(self.query)}" if self.query else path

    def _segment(self, name: str) -> str:
        value = self.path.get(name, "")
        if self.spelling == "case" and self.template.rpartition("{")[2].startswith(name):
            value = value.swapcase()
        return quote(value, safe="", errors="surrogateescape")

    def _spelled(self) -> str:
        """Return the template, its last literal segment in upper case where that is asked for."""
        if self.spelling != "upper":
            return self.template
        parts = self.template.split("/")
        for index in range(len(parts) - 1, -1, -1):
            if parts[index] and "{" not in parts[index]:
                parts[index] = parts[index].upper()
                break
        return "/".join(parts)

    def payload(self) -> bytes:
        """Return the bytes of the body."""
        plain = self._plain_payload()
        if self.coding == "gzip":
            return gzip.compress(plain, mtime=0)
        if self.coding == "deflate":
            return zlib.compress(plain)
        if self.coding == "bom":
            return b"\xef\xbb\xbf" + plain
        return plain[: max(1, len(plain) - 1)] if self.coding == "cut" else plain

    def _plain_payload(self) -> bytes:
        if isinstance(self.body, Absent):
            return b""
        if isinstance(self.body, bytes):
            return self.body
        try:
            text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
            return text.encode("utf-8")
        except UnicodeEncodeError:
            return json.dumps(self.body, separators=(",", ":")).encode("ascii")

    def sent_headers(self) -> list[tuple[str, str]]:
        """Return the headers with the content type of the body."""
        named = any(name.lower() == "content-type" for name, _ in self.headers)
        if named or not self.content_type or isinstance(self.body, Absent):
            return list(self.headers)
        return [*self.headers, ("Content-Type", self.content_type)]


@dataclass(frozen=True, slots=True)
class Case:
    """Calls in a row; most cases have one. `origin` says in a word where it comes from."""

    calls: tuple[Call, ...]
    origin: str = ""

    @property
    def label(self) -> str:
        """The endpoints, in order."""
        return " -> ".join(call.endpoint for call in self.calls)

    def key(self) -> str:
        """Return the same text for the same case, whatever its origin."""
        return json.dumps([_call_document(call) for call in self.calls], sort_keys=True)

    @property
    def size(self) -> tuple[int, int]:
        """How large it is: calls, then characters."""
        return len(self.calls), len(self.key())


# -- as a document --------------------------------------------------------------------------------


def case_document(case: Case) -> dict[str, Any]:
    """Return the case as JSON values; `case_of` reads it back."""
    return {
        "version": VERSION,
        "origin": case.origin,
        "calls": [_call_document(call) for call in case.calls],
    }


def case_of(document: Any) -> Case:
    """Return the case that a document holds. Raises ValueError for anything else."""
    try:
        if document["version"] != VERSION:
            raise ValueError(f"version {document['version']!r} is not {VERSION}")
        calls = tuple(_call_of(entry) for entry in document["calls"])
        if not calls:
            raise ValueError("it holds no call")
        return Case(calls, str(document.get("origin", "")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a case of this version: {error!r}") from None


def _call_document(call: Call) -> dict[str, Any]:
    document: dict[str, Any] = {"endpoint": call.endpoint}
    if call.path:
        document["path"] = dict(call.path)
    if call.query:
        document["query"] = [list(pair) for pair in call.query]
    if call.headers:
        document["headers"] = [list(pair) for pair in call.headers]
    if isinstance(call.body, bytes):
        document["body_base64"] = base64.b64encode(call.body).decode("ascii")
    elif not isinstance(call.body, Absent):
        document["json"] = call.body
    if call.content_type:
        document["content_type"] = call.content_type
    if call.bindings:
        document["bindings"] = [_binding_document(binding) for binding in call.bindings]
    if not call.rest_valid:
        document["rest_valid"] = False
    for name in ("coding", "spelling", "login"):
        if getattr(call, name):
            document[name] = getattr(call, name)
    return document


def _binding_document(binding: Binding) -> dict[str, Any]:
    if binding.step is not None:
        return {"place": binding.place, "step": binding.step, "pointer": binding.pointer}
    document: dict[str, Any] = {"place": binding.place, "new": binding.label}
    if binding.max_length is not None:
        document["max_length"] = binding.max_length
    if binding.pattern:
        document["pattern"] = binding.pattern
    return document


def _call_of(document: Any) -> Call:
    body: Any = ABSENT
    if "body_base64" in document:
        body = base64.b64decode(document["body_base64"])
    elif "json" in document:
        body = document["json"]
    return Call(
        endpoint=str(document["endpoint"]),
        path={str(name): str(value) for name, value in document.get("path", {}).items()},
        query=_pairs(document.get("query", ())),
        headers=_pairs(document.get("headers", ())),
        body=body,
        content_type=str(document.get("content_type", "")),
        bindings=tuple(
            Binding(
                place=str(entry["place"]),
                step=entry.get("step"),
                pointer=str(entry.get("pointer", "")),
                label=str(entry.get("new", "")),
                max_length=entry.get("max_length"),
                pattern=str(entry.get("pattern", "")),
            )
            for entry in document.get("bindings", ())
        ),
        rest_valid=bool(document.get("rest_valid", True)),
        coding=str(document.get("coding", "")),
        spelling=str(document.get("spelling", "")),
        login=str(document.get("login", "")),
    )


def _pairs(entries: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in entries)
