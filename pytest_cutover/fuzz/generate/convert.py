"""A case of schemathesis as a call of ours: plain values, as its own transport would send them."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from schemathesis import GenerationMode
from schemathesis.core import NotSet

from pytest_cutover.fuzz.generate.case import ABSENT, Call

_SKIPPED_HEADERS: Final = frozenset(
    {"user-agent", "x-schemathesis-testcaseid", "content-length", "accept-encoding", "accept",
     "connection"}
)  # fmt: skip


def call_of(case: Any, endpoint: str) -> Call:
    """Return the call. Raises ValueError or TypeError for a value that no JSON text has."""
    path = {
        str(name): unquote(str(value), errors="surrogateescape")
        for name, value in (case.path_parameters or {}).items()
    }
    plain = isinstance(case.body, NotSet) or (case.media_type and "json" in case.media_type)
    if plain and not case.query and not case.cookies:
        return Call(
            endpoint=endpoint,
            path=path,
            headers=_headers(case.headers or {}),
            body=_json_body(case.body),
            content_type=case.media_type or "",
        )
    return _prepared(case, endpoint, path)


def only_body_is_wrong(case: Any) -> bool:
    """Whether what is wrong with a negative case stands in its body alone."""
    meta = case.meta
    if meta is None:
        return False
    wrong = {
        str(getattr(location, "value", location))
        for location, component in meta.components.items()
        if component.mode is GenerationMode.NEGATIVE
    }
    return wrong <= {"body"} and not case.headers


def _json_body(body: Any) -> Any:
    if isinstance(body, NotSet):
        return ABSENT
    if isinstance(body, bytes):
        return bytes(body)
    json.dumps(body, allow_nan=False)
    return body


def _prepared(case: Any, endpoint: str, path: dict[str, str]) -> Call:
    import requests

    kwargs = case.as_transport_kwargs(base_url="http://127.0.0.1")
    prepared = requests.Request(
        **{name: value for name, value in kwargs.items() if name not in ("timeout", "verify")}
    ).prepare()
    query = parse_qsl(urlsplit(prepared.url or "").query, keep_blank_values=True)
    body: Any = prepared.body
    if isinstance(body, str):
        body = body.encode()
    content_type = str(prepared.headers.get("Content-Type", ""))
    if body is not None and "json" in content_type:
        try:
            body = json.loads(body)
        except ValueError:
            body = bytes(body)
    return Call(
        endpoint=endpoint,
        path=path,
        query=tuple(query),
        headers=_headers(prepared.headers, without="content-type"),
        body=ABSENT if body is None else body,
        content_type=content_type,
    )


def _headers(headers: Any, without: str = "") -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(name), str(value))
        for name, value in headers.items()
        if name.lower() not in _SKIPPED_HEADERS and name.lower() != without
    )
