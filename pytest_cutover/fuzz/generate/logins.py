"""What the login of the project asked, as cases: of a login nobody can guess the password. Pure.

Only what both sides were asked alike is a case; it is sent as it was, without other credentials,
and neither varied nor kept: no file has a password.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from pytest_cutover.core.endpoint import match, parse
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.fuzz.generate.case import ABSENT, Call, Case

ORIGIN: Final = "login"
_LEAST_REFUSAL: Final = 300


def login_cases(
    ours: Sequence[Exchange], theirs: Sequence[Exchange], endpoints: Iterable[str]
) -> Iterator[Case]:
    """Yield a case for each request of the login that an operation of the document answered."""
    known = [parse(one) for one in endpoints]
    asked = {_said(one) for one in theirs}
    for exchange in ours:
        request = exchange.request
        found = match(request.method, request.path, known)
        taken = exchange.response is not None and exchange.response.status < _LEAST_REFUSAL
        if found is not None and taken and _said(exchange) in asked:
            yield Case((_call(exchange, str(found)),), ORIGIN)


def _said(exchange: Exchange) -> tuple[str, str, bytes]:
    return exchange.request.method, exchange.request.target, exchange.request.body


def _call(exchange: Exchange, endpoint: str) -> Call:
    request = exchange.request
    names = [part[1:-1] for part in endpoint.split("/") if part.startswith("{")]
    places = [place for place, part in enumerate(_parts(endpoint)) if part.startswith("{")]
    sent = _parts(f"{request.method} {request.path}")
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return Call(
        endpoint=endpoint,
        path={name: unquote(sent[place]) for name, place in zip(names, places, strict=True)},
        query=tuple(parse_qsl(request.target.partition("?")[2], keep_blank_values=True)),
        body=_body(request.body, kind) if request.body else ABSENT,
        content_type=kind,
        login="none",
    )


def _parts(endpoint: str) -> list[str]:
    return endpoint.partition(" ")[2].split("/")


def _body(body: bytes, kind: str) -> Any:
    """Return a JSON value where that is sent in the same bytes, else the bytes."""
    try:
        value = json.loads(body) if "json" in kind else body
    except ValueError:
        return body
    same = isinstance(value, dict) and Call(endpoint="", body=value).payload() == body
    return value if same else body
