"""Single mutations of a response: what a faulty candidate would send in the place of a good one.

Each knows its class, the kinds of finding that name it rightly, and where it was made. `body`
works on the tree that `wire.read_json` gives, so that a number keeps its spelling.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pytest_cutover.compare.noise.rules import members
from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Response
from pytest_cutover.core.json_pointer import escape
from pytest_cutover.normalize.matchers import ArrayOf, Placeholder, Template
from pytest_cutover.normalize.strict_json import read_json

Path = tuple[str | int, ...]
Make = Callable[[Exchange, random.Random], "Exchange | None"]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change, not yet made. `make` gives None where it would change nothing.

    `kinds` are the right ones; `pointers` the right places, any where there is none; `findings`
    is how many places a reader expects (a renamed key is a missing and an added one).
    """

    group: str
    make: Make
    kinds: frozenset[str]
    pointers: frozenset[str] = frozenset()
    findings: int = 1


def written(tree: Any) -> bytes:
    """The JSON text of a tree, numbers as they are spelled."""
    if isinstance(tree, bytes):
        return tree
    if isinstance(tree, dict):
        return b"{" + b",".join(json.dumps(k).encode() + b":" + written(v)
                                for k, v in tree.items()) + b"}"  # fmt: skip
    if isinstance(tree, list):
        return b"[" + b",".join(map(written, tree)) + b"]"
    return json.dumps(tree).encode()


def places(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every path of a tree and what stands there."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from places(value, (*path, index))


def pointer(path: Path) -> str:
    """The JSON pointer of a path."""
    return "".join(f"/{escape(str(token))}" for token in path)


def noise_at(mask: Any, path: Path) -> Placeholder | Template | None:
    """What the golden calls volatile at a path, or above it."""
    for token in path:
        if isinstance(mask, Placeholder | Template):
            break
        below = dict(members(mask))
        mask = below.get("0" if isinstance(mask, ArrayOf) else str(token))
    return mask if isinstance(mask, Placeholder | Template) else None


def tree_of(exchange: Exchange) -> Any:
    """The JSON tree of an answer."""
    assert exchange.response is not None
    return read_json(exchange.response.body).tree


def with_response(exchange: Exchange, **changes: Any) -> Exchange:
    """The exchange with another answer."""
    assert exchange.response is not None
    return replace(exchange, response=replace(exchange.response, **changes))


def put(path: Path, change: Callable[[Any, random.Random], Any]) -> Make:
    """A mutation of one place; `change` gives the new value, or what is there for none."""

    def make(exchange: Exchange, rng: random.Random) -> Exchange | None:
        tree = tree_of(exchange)
        before = written(tree)
        if path:
            parent = tree
            for token in path[:-1]:
                parent = parent[token]
            parent[path[-1]] = change(parent[path[-1]], rng)
        else:
            tree = change(tree, rng)
        after = written(tree)
        return None if before == after else with_response(exchange, body=after)

    return make


def _other(value: Any, rng: random.Random) -> Any:
    """Another value of the same type and, where it has one, the same format."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, bytes):
        spots = [i for i, c in enumerate(value) if 48 < c < 58]
        if not spots:
            return b"7"
        at = rng.choice(spots)
        return value[:at] + bytes([49 + (value[at] - 48) % 9]) + value[at + 1 :]
    letters = [i for i, c in enumerate(value) if c.isascii() and c.isalnum()]
    if not letters:
        return value + "x"
    at = rng.choice(letters)
    digits, low = "123456789", "abcdefghijklmnopqrstuvwxyz"
    kind = digits if value[at].isdigit() else low if value[at].islower() else low.upper()
    return value[:at] + rng.choice([c for c in kind if c != value[at]]) + value[at + 1 :]


TYPES: dict[str, Callable[[Any, random.Random], Any]] = {
    "null": lambda _v, _r: None,
    "boolean": lambda _v, _r: True,
    "number": lambda _v, _r: b"1",
    "text of it": lambda v, _r: v.decode() if isinstance(v, bytes) else json.dumps(v, default=str),
    "empty text": lambda _v, _r: "",
    "array of it": lambda v, _r: [v],
    "object": lambda _v, _r: {},
}
TEXTS: dict[str, Callable[[Any, random.Random], Any]] = {
    "a space at the end": lambda v, _r: v + " ",
    "upper case": lambda v, _r: v.upper(),
    "lower case": lambda v, _r: v.lower(),
    "cut by one": lambda v, _r: v[:-1],
    "escaped twice": lambda v, _r: json.dumps(v),
    "made HTML-safe": lambda v, _r: v.replace("<", "&lt;").replace("'", "&#x27;"),
    "doubled": lambda v, _r: v + v,
}
NUMBERS: dict[str, Callable[[Any, random.Random], Any]] = {
    ".0 added": lambda v, _r: v if b"." in v else v + b".0",
    "0 added": lambda v, _r: v + b"0" if b"." in v else v,
    "exponent": lambda v, _r: v + b"e0",
    "+1e-9": lambda v, _r: v + b"000000001" if b"." in v else v + b".000000001",
    "negative": lambda v, _r: v[1:] if v[:1] == b"-" else b"-" + v,
}


def formats_of(value: str) -> dict[str, str]:
    """Other spellings of a recognisable value, by what was done to it."""
    found: dict[str, str] = {}
    if len(value) == 36 and value.count("-") == 4:
        found |= {"no hyphens": value.replace("-", ""), "upper case": value.upper(),
                  "braces": f"{{{value}}}", "integer": "1", "urn": f"urn:uuid:{value}",
                  "version 1": f"{value[:14]}1{value[15:]}"}  # fmt: skip
    elif len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T":
        plain = value.rstrip("Z")
        found |= {"+00:00": f"{plain}+00:00", "no zone": plain, "a space": value.replace("T", " "),
                  "microseconds": f"{plain}123Z", "seconds": f"{plain.partition('.')[0]}Z",
                  "date": value[:10], "epoch": "1767225600", "HTTP date":
                  "Thu, 01 Jan 2026 00:00:00 GMT", "+02:00": f"{plain}+02:00",
                  "one digit": f"{plain[:-2]}Z"}  # fmt: skip
    elif value.count(".") == 2 and value.startswith("eyJ"):
        head, claims, signature = value.split(".")
        found |= {"no signature": f"{head}.{claims}", "opaque": signature, "twice": f"{value}.x",
                  "scheme before it": f"Bearer {value}"}  # fmt: skip
    elif len(value) >= 20 and value.isascii() and " " not in value and "/" not in value:
        found |= {"shorter": value[:-1], "longer": value + "a", "spaces": value[:5] + " " +
                  value[6:], "quoted": f'"{value}"'}  # fmt: skip
    return found


def truncated(exchange: Exchange, _rng: random.Random) -> Exchange:
    """The connection ended in mid-body."""
    assert exchange.response is not None
    half = exchange.response.body[: len(exchange.response.body) // 2]
    failure = Failure(FailureKind.TRUNCATED, "the connection ended in mid-body")
    return replace(with_response(exchange, body=half), failure=failure)


def failed(kind: FailureKind) -> Make:
    """No answer at all."""
    return lambda exchange, _rng: replace(
        exchange, response=None, failure=Failure(kind, f"{kind} instead of an answer")
    )


def header(name: str, at: int, change: Callable[[str], str | None]) -> Make:
    """Another value for one header line; None takes the line away.

    Nothing is made where another mutation took the line away, or one before it.
    """

    def make(exchange: Exchange, _rng: random.Random) -> Exchange | None:
        assert exchange.response is not None
        lines = list(exchange.response.headers)
        if at >= len(lines) or lines[at][0] != name:
            return None
        new = change(lines[at][1])
        if new == lines[at][1]:
            return None
        lines[at : at + 1] = [] if new is None else [(name, new)]
        return with_response(exchange, headers=tuple(lines))

    return make


def json_response(response: Response | None) -> bool:
    """Whether an answer holds a JSON document."""
    return response is not None and "json" in (response.header("content-type") or "")
