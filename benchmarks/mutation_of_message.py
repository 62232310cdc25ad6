"""Mutations of all but the values of a document: status, headers, cookies, framing, bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.mutations import (
    Make,
    Mutation,
    Path,
    failed,
    header,
    json_response,
    places,
    put,
    tree_of,
    truncated,
    with_response,
)
from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.core.exchange import Exchange, FailureKind
from pytest_cutover.normalize.headers import FRAMING, SETS

STATUSES = (200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 500, 502, 503)


def mutation_of_message(profiles: Profiles, exchange: Exchange) -> Iterator[Mutation]:
    """Every mutation of one answer that is not one of a JSON value."""
    yield from _statuses(exchange)
    yield from _headers(profiles, exchange)
    yield from _wire(exchange)


def _statuses(exchange: Exchange) -> Iterator[Mutation]:
    assert exchange.response is not None
    for status in STATUSES:
        if status != exchange.response.status:
            yield Mutation("status", lambda e, _r, s=status: with_response(e, status=s),  # type: ignore[misc]
                           frozenset(("status",)), frozenset(("",)))  # fmt: skip


def _headers(profiles: Profiles, exchange: Exchange) -> Iterator[Mutation]:
    assert exchange.response is not None
    values, missing = frozenset(("header-value",)), frozenset(("header-missing",))
    kept = exchange.response.headers
    here = frozenset(("/headers/x-mutated",))
    yield Mutation("header added",
                   lambda e, _r: with_response(e, headers=(*kept, ("X-Mutated", "1"))),
                   frozenset(("header-added",)), here)  # fmt: skip
    for at, (name, text) in enumerate(kept):
        low = name.lower()
        here = frozenset((f"/headers/{low}",))
        if low == "set-cookie":
            yield from _cookie(at, text)
        elif low in FRAMING:
            if low == "content-length":
                yield Mutation("framing", header(name, at, lambda _t: None), missing, here)
                chunked = ("Transfer-Encoding", "chunked")
                lines = (*kept[:at], chunked, *kept[at + 1 :])
                yield Mutation("framing", lambda e, _r, h=lines: with_response(e, headers=h),  # type: ignore[misc]
                               values, here)  # fmt: skip
                yield Mutation("framing", lambda e, _r: with_response(
                                   e, headers=(*kept, ("Connection", "close"))),
                               frozenset(("header-added", "header-value")),
                               frozenset(("/headers/connection",)))  # fmt: skip
        else:
            if not profiles.forgives_presence(low):
                yield Mutation("header missing", header(name, at, lambda _t: None), missing, here)
            if profiles.forgives_value(low):
                continue
            yield Mutation("header value", header(name, at, lambda t: f"{t}x"), values, here)
            if low == "date":
                continue
            yield Mutation("header value", header(name, at, lambda _t: ""), values, here)
            if low not in SETS:
                twice = (*kept, (name, text))
                yield Mutation("header value", lambda e, _r, h=twice: with_response(e, headers=h),  # type: ignore[misc]
                               values, here)  # fmt: skip
            for sign in (";", ","):
                yield Mutation("header value", header(name, at, _without_part(sign)), values, here)


def _without_part(sign: str) -> Callable[[str], str | None]:
    """A value without its last member or parameter."""
    return lambda text: sign.join(text.split(sign)[:-1]) or text


def _cookie(at: int, text: str) -> Iterator[Mutation]:
    first, *attributes = text.split("; ")
    name, _, value = first.partition("=")
    cookie = f"/headers/set-cookie/{name}"

    def rest(*parts: str) -> Callable[[str], str | None]:
        return lambda _t: "; ".join(parts)

    def one(make: Callable[[str], str | None], *kinds: str, below: str = "",
            findings: int = 1) -> Mutation:  # fmt: skip
        places = frozenset((f"{cookie}{below}", "/headers/set-cookie/renamed")[: 1 + findings // 2])
        return Mutation("cookie", header("Set-Cookie", at, make), frozenset(kinds), places,
                        findings)  # fmt: skip

    yield one(lambda _t: None, "header-missing", "missing")
    yield one(rest(f"renamed={value}", *attributes), "header-missing", "missing", "header-added",
              "added", findings=2)  # fmt: skip
    yield one(rest(f"{name}=", *attributes), "header-value", "value", "format")
    yield one(rest(f"{name}=a b", *attributes), "header-value", "value", "format")
    yield one(rest(first, *attributes, "Partitioned"), "header-added", "added",
              below="/partitioned")  # fmt: skip
    for index, attribute in enumerate(attributes):
        key, equals, setting = attribute.partition("=")
        others = attributes[:index] + attributes[index + 1 :]
        below = f"/{key.lower()}"
        yield one(rest(first, *others), "header-missing", "missing", below=below)
        if equals:
            new = str(int(setting) + 60) if setting.isdigit() else f"{setting}x"
            changed = [*others, f"{key}={new}"]
            yield one(rest(first, *changed), "header-value", "value", "format", below=below)


def _wire(exchange: Exchange) -> Iterator[Mutation]:
    assert exchange.response is not None
    wire, kind = frozenset(("wire",)), frozenset(("body-kind",))
    for failure in (FailureKind.RESET, FailureKind.TIMEOUT, FailureKind.GARBAGE):
        yield Mutation("wire", failed(failure), wire)
    body = exchange.response.body
    if not body:
        return
    yield Mutation("wire", truncated, wire)
    yield Mutation("wire", lambda e, _r: with_response(e, http_version="HTTP/1.0"), wire)
    yield Mutation("body kind", _body(b""), kind)
    html = tuple((n, "text/html" if n.lower() == "content-type" else v)
                 for n, v in exchange.response.headers)  # fmt: skip
    page = b"<!doctype html><title>Bad gateway</title>"
    yield Mutation("body kind", lambda e, _r: with_response(e, headers=html, body=page), kind)
    if not json_response(exchange.response):
        return
    for new in (body[:-1], body[: len(body) // 2], body + b"}", body + body, b"\xef\xbb\xbf" + body,
                body.replace(b'"', b"'"), b")]}',\n" + body, body + b"\0",
                body.decode("utf-8", "replace").encode("utf-16")):  # fmt: skip
        yield Mutation("wire", _body(new), wire)
    for path, value in places(tree_of(exchange)):
        if isinstance(value, dict) and value:
            yield Mutation("wire", _key_twice(path), wire)
        if isinstance(value, str) and value:
            spelled = value.encode()
            yield Mutation("wire", _body(body.replace(spelled, spelled + b"\xff", 1)), wire)


def _key_twice(path: Path) -> Make:
    def change(value: Any, _rng: random.Random) -> Any:
        key = next(iter(value))
        return {**value, "twiceByMutation": value[key]}

    def make(exchange: Exchange, rng: random.Random) -> Exchange | None:
        tree = tree_of(exchange)
        for token in path:
            tree = tree[token]
        changed = put(path, change)(exchange, rng)
        assert changed is not None
        assert changed.response is not None
        name = next(iter(tree)).encode()
        return with_response(changed, body=changed.response.body.replace(b"twiceByMutation", name))

    return make


def _body(new: bytes) -> Make:
    def make(exchange: Exchange, _rng: random.Random) -> Exchange | None:
        assert exchange.response is not None
        return None if new == exchange.response.body else with_response(exchange, body=new)

    return make
