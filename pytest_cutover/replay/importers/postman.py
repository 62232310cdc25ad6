"""Postman collections, v2.0 and v2.1: folders of requests, with the answers that were saved.

Variables of the collection are filled in, those of Postman itself, and those that a script takes
from an answer or sets in a way that is plain to read; a request that needs another one is left out,
unless it is the host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.replay.importers.entry import RecordedEntry, origin_of
from pytest_cutover.replay.importers.multipart import DEFAULT_BOUNDARY, Field, multipart
from pytest_cutover.replay.importers.postman_scripts import kept_by
from pytest_cutover.replay.importers.postman_variables import made
from pytest_cutover.replay.substituting import is_credential

_LARGEST_BYTES: Final = 64 << 20
_BEGINNING_BYTES: Final = 1 << 20
_SCHEMA: Final = re.compile(rb"schema\.(get)?postman\.com/.{0,40}collection/v2")
_VARIABLE: Final = re.compile(r"\{\{([^{}]+)\}\}")
# Scheme, host and port, any of which a variable may stand for.
_HOST: Final = re.compile(
    r"(?:https?|\{\{[^{}]+\}\})://[^/?#]*|\{\{[^{}]+\}\}(?::(?:\d+|\{\{[^{}]+\}\}))?"
)
_LANGUAGES: Final[Mapping[str, str]] = {
    "json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostmanImporter:
    """Reads ``*.postman_collection.json``, and any other JSON file that is one and was named."""

    kind: str = "a Postman collection"

    def claims(self, path: Path, *, named: bool) -> bool:
        """Return whether the name, or for a file that was named the beginning, says so."""
        if path.name.lower().endswith(".postman_collection.json"):
            return True
        if not named or path.suffix.lower() != ".json":
            return False
        try:
            with path.open("rb") as file:
                return _SCHEMA.search(file.read(_BEGINNING_BYTES)) is not None
        except OSError:
            return False

    def entries(self, path: Path) -> Iterator[RecordedEntry]:
        """Give the requests of the collection, folder by folder."""
        try:
            if path.stat().st_size > _LARGEST_BYTES:
                raise ValueError(f"it is larger than {_LARGEST_BYTES >> 20} MB: split it")
            collection = json.loads(path.read_bytes())
        except OSError as error:
            raise ValueError(f"it cannot be read: {error.strerror}") from None
        except RecursionError:
            raise ValueError("it is nested too deep") from None
        if not isinstance(collection, dict) or not isinstance(collection.get("item"), list):
            raise ValueError("it has no list of items: it is no Postman collection of version 2")
        yield from _Reader(path.parent).entries(collection, _variables(collection))


def _variables(owner: Mapping[str, Any]) -> dict[str, str]:
    listed = owner.get("variable")
    return {
        str(one.get("key", one.get("id", ""))): str(one.get("value", ""))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and not one.get("disabled") and one.get("value") not in (None, "")
    }


class _Reader:
    """Reads the requests of one collection, whose scripts keep variables for one another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._set: dict[str, str] = {}  # by scripts: values, and what stands for them
        self._stand_ins = 0

    def entries(
        self,
        folder: Mapping[str, Any],
        variables: dict[str, str],
        auth: Any = None,
        events: tuple[Any, ...] = (),
    ) -> Iterator[RecordedEntry]:
        """Yield the requests of a folder; what is said for all of it holds in those below."""
        auth = folder.get("auth") or auth
        events = (*events, folder.get("event"))
        for item in folder.get("item") or ():
            if not isinstance(item, dict):
                continue
            if isinstance(item.get("item"), list):
                yield from self.entries(item, {**variables, **_variables(item)}, auth, events)
            elif item.get("request"):
                try:
                    yield self._entry(item, variables, auth, (*events, item.get("event")))
                except (KeyError, TypeError, AttributeError, ValueError) as error:
                    name = item.get("name", "?")
                    raise ValueError(f"the request {name!r} is not one: {error!r}") from None

    def _entry(
        self,
        item: Mapping[str, Any],
        variables: Mapping[str, str],
        auth: Any,
        events: tuple[Any, ...],
    ) -> RecordedEntry:
        asked = item["request"]
        if isinstance(asked, str):
            asked = {"method": "GET", "url": asked}
        for one in (kept for listed in events for kept in kept_by(listed, "prerequest")):
            if not one.pointer:
                self._set[one.name] = one.value
        known = {**variables, **self._set}
        auth = asked.get("auth") or auth
        request, origin, why = _request(asked, auth, known, self._folder)
        sets = {}
        for one in (kept for listed in events for kept in kept_by(listed, "test")):
            self._set[one.name] = one.value
            if one.pointer:
                # Each answer that sets it gives another value.
                self._stand_ins += 1
                self._set[one.name] = f"cutoverKept{self._stand_ins}Value"
                sets[self._set[one.name]] = one.pointer
        response = _saved(item.get("response"))
        exchange = Exchange(request, response, f"{request.method} {request.path}")
        if request.method in ("TRACE", "CONNECT"):
            return RecordedEntry(exchange=exchange, origin=origin, left_out="never replayed")
        return RecordedEntry(
            exchange=exchange,
            origin=origin,
            left_out=why,
            open=bool(why),
            login="none" if isinstance(auth, dict) and auth.get("type") == "noauth" else "",
            sets=sets,
        )


def _auth_headers(auth: Any) -> Iterator[tuple[str, str]]:
    """Yield the headers that Postman makes of what is said about credentials."""
    kind = str(auth.get("type")) if isinstance(auth, dict) else ""
    given = auth.get(kind) if kind else None
    if isinstance(given, list):
        given = {one.get("key"): one.get("value") for one in given if isinstance(one, dict)}
    if not isinstance(given, dict):
        return
    if token := {"bearer": given.get("token"), "oauth2": given.get("accessToken")}.get(kind):
        yield "Authorization", f"Bearer {token}"
    if kind == "apikey" and given.get("in", "header") == "header" and given.get("key"):
        yield str(given["key"]), str(given.get("value") or "")


def _request(
    asked: Mapping[str, Any], auth: Any, variables: Mapping[str, str], folder: Path
) -> tuple[Request, str, str]:
    """Return the request, its origin, and why it cannot be sent; empty where it can."""
    missing: dict[str, None] = {}

    def filled(text: Any) -> str:
        def value(found: re.Match[str]) -> str:
            known = variables.get(found[1], made(found[1]))
            if known is None:
                missing[found[1]] = None
            return found[0] if known is None else known

        # A variable may hold another one.
        return _VARIABLE.sub(value, _VARIABLE.sub(value, str(text)))

    headers = [
        (str(one["key"]), filled(one.get("value") or ""))
        for one in _enabled(asked.get("header"))
        if one.get("key")
    ]
    named = {name.lower() for name, _ in headers}
    headers += [
        (name, filled(text)) for name, text in _auth_headers(auth) if name.lower() not in named
    ]
    # A credential that nobody knows is that of the login.
    credentials = [(name, value) for name, value in headers if is_credential(name)]
    for one in (found for _, value in credentials for found in _VARIABLE.findall(value)):
        missing.pop(one, None)
    origin, target = _address(asked.get("url"), filled, missing)
    body, kind, not_there = _body(asked.get("body"), filled, folder)
    if kind and "content-type" not in named:
        headers.append(("Content-Type", kind))
    why = f"needs the variable {', '.join(missing)}, which the collection does not hold"
    if not missing:
        why = f"needs the file {not_there}, which is not beside the collection" if not_there else ""
    method = str(asked.get("method") or "GET").upper()
    return Request(method, target, tuple(headers), body), origin, why


def _enabled(listed: Any) -> Iterator[dict[str, Any]]:
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and not one.get("disabled"):
            yield one


def _address(url: Any, filled: Any, missing: dict[str, None]) -> tuple[str, str]:
    """Return the origin, empty where a variable that nobody set stands for it, and the target."""
    raw = url if isinstance(url, str) else (url or {}).get("raw") or _joined(url or {})
    known = set(missing)
    host = _HOST.match(str(raw))
    text = filled(raw)
    where = filled(host[0]) if host else ""
    if host and _VARIABLE.search(where):
        text = text[len(where) :]
        for one in _VARIABLE.findall(where):
            missing.pop(one, None)
        missing.update(dict.fromkeys(known))
        origin = ""
    else:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        origin = origin_of(text) if "://" in text else ""
        text = parts.path + (f"?{parts.query}" if parts.query else "")
    path, _, query = text.partition("?")
    if isinstance(url, dict):
        path = _with_path_variables(path, url, filled)
        if isinstance(url.get("query"), list):
            pairs = [
                (filled(one.get("key") or ""), filled(one.get("value") or ""))
                for one in _enabled(url["query"])
            ]
            query = urlencode(pairs)
    path = quote(path or "/", safe="/%:@!$&'()*+,;=-._~{}")
    return origin, (path if path.startswith("/") else f"/{path}") + (f"?{query}" if query else "")


def _joined(url: Mapping[str, Any]) -> str:
    host, path = url.get("host") or "", url.get("path") or ""
    where = ".".join(map(str, host)) if isinstance(host, list) else str(host)
    rest = "/".join(map(str, path)) if isinstance(path, list) else str(path)
    scheme = f"{url['protocol']}://" if url.get("protocol") else ""
    return f"{scheme}{where}/{rest.removeprefix('/')}"


def _with_path_variables(path: str, url: Mapping[str, Any], filled: Any) -> str:
    known = {
        str(one.get("key")): filled(one.get("value") or "") for one in _enabled(url.get("variable"))
    }
    return "/".join(
        quote(known[part[1:]], safe="") if part[:1] == ":" and part[1:] in known else part
        for part in path.split("/")
    )


def _body(body: Any, filled: Any, folder: Path) -> tuple[bytes, str, str]:
    """Return the bytes, the content type that Postman would add, and a file that is missing."""
    if not isinstance(body, dict) or body.get("disabled"):
        return b"", "", ""
    mode = body.get("mode")
    if mode == "urlencoded":
        pairs = [
            (filled(one.get("key") or ""), filled(one.get("value") or ""))
            for one in _enabled(body.get("urlencoded"))
        ]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded", ""
    if mode == "formdata":
        fields, not_there = [], ""
        for one in _enabled(body.get("formdata")):
            value, filename = filled(one.get("value") or "").encode("utf-8", "surrogatepass"), None
            if one.get("type") == "file":
                filename = _file_name(one.get("src"))
                content = _file(folder, filename)
                value, not_there = content or b"", filename if content is None else not_there
            fields.append(
                Field(
                    name=filled(one.get("key") or ""),
                    value=value,
                    filename=filename,
                    content_type=str(one.get("contentType") or ""),
                )
            )
        kind = f"multipart/form-data; boundary={DEFAULT_BOUNDARY}"
        return multipart(fields, DEFAULT_BOUNDARY), kind, not_there
    if mode == "file":
        given = body.get("file") or {}
        name = _file_name(given.get("src"))
        content = str(given["content"]).encode() if given.get("content") else _file(folder, name)
        return content or b"", "", name if content is None else ""
    if mode == "graphql":
        given = body.get("graphql") or {}
        variables = given.get("variables")
        if isinstance(variables, str):
            variables = json.loads(filled(variables) or "{}")
        sent = {"query": filled(given.get("query") or ""), "variables": variables or {}}
        if given.get("operationName"):
            sent["operationName"] = filled(given["operationName"])
        return json.dumps(sent).encode(), "application/json", ""
    if mode == "raw":
        language = ((body.get("options") or {}).get("raw") or {}).get("language", "text")
        text = filled(body.get("raw") or "")
        kind = _LANGUAGES.get(str(language), "text/plain")
        return text.encode("utf-8", "surrogatepass"), kind if text else "", ""
    return b"", "", ""


def _file_name(source: Any) -> str:
    first = source[0] if isinstance(source, list) and source else source
    return Path(str(first or "file")).name


def _file(folder: Path, name: str) -> bytes | None:
    """Return a file that lies beside the collection; None where there is none."""
    path = folder / name
    try:
        return path.read_bytes() if path.stat().st_size <= _LARGEST_BYTES else None
    except OSError:
        return None


def _saved(answers: Any) -> Response | None:
    """Return the first success that was saved with the request, or else the first answer."""
    saved = [
        Response(
            one["code"],
            tuple(
                (str(header.get("key", "")), str(header.get("value", "")))
                for header in _enabled(one.get("header"))
            ),
            str(one.get("body") or "").encode(),
        )
        for one in (answers if isinstance(answers, list) else ())
        if isinstance(one, dict) and isinstance(one.get("code"), int)
    ]
    return next((one for one in saved if 200 <= one.status < 300), next(iter(saved), None))
