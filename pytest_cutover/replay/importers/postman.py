"""Postman collections, v2.0 and v2.1: folders of requests, with the answers that were saved.

Variables of the collection are filled in, and those of Postman itself; a request that needs another
one is left out, unless it is the host. Scripts are not run: what they would have taken from an
answer flows by its value, as it does in every recording.
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
from pytest_cutover.replay.importers.entry import RecordedEntry
from pytest_cutover.replay.importers.multipart import DEFAULT_BOUNDARY, Field, multipart
from pytest_cutover.replay.importers.postman_variables import made

_LARGEST_BYTES: Final = 64 << 20
_BEGINNING_BYTES: Final = 1 << 20
_SCHEMA: Final = re.compile(rb"schema\.(get)?postman\.com/.{0,40}collection/v2")
_VARIABLE: Final = re.compile(r"\{\{([^{}]+)\}\}")
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
        yield from _entries(collection, _variables(collection))


def _variables(owner: Mapping[str, Any]) -> dict[str, str]:
    listed = owner.get("variable")
    return {
        str(one.get("key", one.get("id", ""))): str(one.get("value", ""))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and not one.get("disabled") and one.get("value") not in (None, "")
    }


def _entries(folder: Mapping[str, Any], variables: dict[str, str]) -> Iterator[RecordedEntry]:
    for item in folder.get("item") or ():
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("item"), list):
            yield from _entries(item, {**variables, **_variables(item)})
        elif item.get("request"):
            try:
                yield _entry(item, variables)
            except (KeyError, TypeError, AttributeError) as error:
                name = item.get("name", "?")
                raise ValueError(f"the request {name!r} is not one: {error!r}") from None


def _entry(item: Mapping[str, Any], variables: Mapping[str, str]) -> RecordedEntry:
    asked = item["request"]
    if isinstance(asked, str):
        asked = {"method": "GET", "url": asked}
    missing: dict[str, None] = {}

    def filled(text: Any) -> str:
        def value(found: re.Match[str]) -> str:
            known = variables.get(found[1], made(found[1]))
            if known is None:
                missing[found[1]] = None
            return found[0] if known is None else known

        # A variable may hold another one.
        return _VARIABLE.sub(value, _VARIABLE.sub(value, str(text)))

    origin, target = _address(asked.get("url"), filled, missing)
    headers = [
        (str(one["key"]), filled(one.get("value") or ""))
        for one in _enabled(asked.get("header"))
        if one.get("key")
    ]
    body, kind = _body(asked.get("body"), filled)
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", kind))
    request = Request(str(asked.get("method") or "GET").upper(), target, tuple(headers), body)
    response = _saved(item.get("response"))
    exchange = Exchange(request, response, f"{request.method} {request.path}")
    why = f"needs the variable {', '.join(missing)}, which the collection does not hold"
    if request.method in ("TRACE", "CONNECT"):
        return RecordedEntry(exchange=exchange, origin=origin, left_out="never replayed")
    return RecordedEntry(
        exchange=exchange, origin=origin, left_out=why if missing else "", open=bool(missing)
    )


def _enabled(listed: Any) -> Iterator[dict[str, Any]]:
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and not one.get("disabled"):
            yield one


def _address(url: Any, filled: Any, missing: dict[str, None]) -> tuple[str, str]:
    """Return the origin, empty where a variable that nobody set stands for it, and the target."""
    raw = url if isinstance(url, str) else (url or {}).get("raw") or _joined(url or {})
    known = set(missing)
    host = re.match(r"\{\{[^{}]+\}\}", str(raw))
    text = filled(raw)
    if host and text.startswith(host[0]):
        text = text[len(host[0]) :]
        missing.pop(host[0][2:-2], None)
        missing.update(dict.fromkeys(known))
        origin = ""
    else:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        origin = f"{parts.scheme}://{parts.netloc}" if "://" in text else ""
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


def _body(body: Any, filled: Any) -> tuple[bytes, str]:
    """Return the bytes, and the content type that Postman would add."""
    if not isinstance(body, dict) or body.get("disabled"):
        return b"", ""
    mode = body.get("mode")
    if mode == "urlencoded":
        pairs = [
            (filled(one.get("key") or ""), filled(one.get("value") or ""))
            for one in _enabled(body.get("urlencoded"))
        ]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    if mode == "formdata":
        fields = [
            Field(
                name=filled(one.get("key") or ""),
                value=filled(one.get("value") or "").encode("utf-8", "surrogatepass"),
                filename=_file_name(one) if one.get("type") == "file" else None,
                content_type=str(one.get("contentType") or ""),
            )
            for one in _enabled(body.get("formdata"))
        ]
        kind = f"multipart/form-data; boundary={DEFAULT_BOUNDARY}"
        return multipart(fields, DEFAULT_BOUNDARY), kind
    if mode == "graphql":
        given = body.get("graphql") or {}
        variables = given.get("variables")
        if isinstance(variables, str):
            variables = json.loads(filled(variables) or "{}")
        sent = {"query": filled(given.get("query") or ""), "variables": variables or {}}
        return json.dumps(sent).encode(), "application/json"
    if mode == "raw":
        language = ((body.get("options") or {}).get("raw") or {}).get("language", "text")
        text = filled(body.get("raw") or "")
        kind = _LANGUAGES.get(str(language), "text/plain")
        return text.encode("utf-8", "surrogatepass"), kind if text else ""
    return b"", ""


def _file_name(field: Mapping[str, Any]) -> str:
    source = field.get("src")
    first = source[0] if isinstance(source, list) and source else source
    return Path(str(first or "file")).name


def _saved(answers: Any) -> Response | None:
    """Return the first answer that was saved with the request."""
    for one in answers if isinstance(answers, list) else ():
        if isinstance(one, dict) and isinstance(one.get("code"), int):
            headers = tuple(
                (str(header.get("key", "")), str(header.get("value", "")))
                for header in _enabled(one.get("header"))
            )
            return Response(one["code"], headers, str(one.get("body") or "").encode())
    return None
