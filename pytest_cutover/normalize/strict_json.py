"""Bytes to JSON, strictly: what a parser would smooth over is kept or named.

A number is its lexeme as `bytes`, so it equals neither a string, a boolean nor another spelling of
the same number. Called by `canonical`; imports only the value types.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pytest_cutover.core.json_pointer import escape
from pytest_cutover.normalize.matchers import Json

# How deep the walks go, which recurse a few frames for each level.
DEEPEST = 128
_TOLD = 3
NOT_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")


@dataclass(frozen=True, slots=True)
class WireProblem:
    """Something wrong on the wire, and where: a JSON pointer, or empty for the whole body.

    `detail` is for readers and not compared.
    """

    what: str
    pointer: str = ""
    detail: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document. When `whole` is false it is not JSON and `tree` is its text."""

    tree: Json
    problems: tuple[WireProblem, ...] = ()
    whole: bool = True


class _Repeated(dict[str, Json]):
    """An object in which a key came twice; the last value is kept, as clients do."""

    __slots__ = ("keys_repeated",)

    def __init__(self, pairs: list[tuple[str, Json]]) -> None:
        super().__init__(pairs)
        given: dict[str, list[Json]] = {}
        for key, value in pairs:
            given.setdefault(key, []).append(value)
        self.keys_repeated = {key: values for key, values in given.items() if len(values) > 1}


def decode(body: bytes, charset: str = "utf-8") -> tuple[str, tuple[WireProblem, ...]]:
    """Return the text of a body; bytes that its charset forbids are named, and kept as latin-1."""
    try:
        return body.decode(charset), ()
    except LookupError:
        return body.decode("latin-1"), (WireProblem("unknown charset"),)
    except UnicodeError:
        return body.decode("latin-1"), (WireProblem(f"invalid {charset.upper()}"),)


def read_json(body: bytes) -> Parsed:
    """Return a JSON document and what is wrong with it. Never raises."""
    problems: tuple[WireProblem, ...] = ()
    if body.startswith(b"\xef\xbb\xbf"):
        body, problems = body[3:], (WireProblem("byte order mark"),)
    text, undecodable = decode(body)
    if undecodable:
        return Parsed(text, problems + undecodable, whole=False)
    repeated = False

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        repeated = True
        return _Repeated(pairs)

    try:
        tree: Json = json.loads(
            text,
            parse_int=str.encode,
            parse_float=str.encode,
            parse_constant=str.encode,
            object_pairs_hook=build,
        )
    except RecursionError:
        return Parsed(text, (*problems, _TOO_DEEP), whole=False)
    except json.JSONDecodeError as error:
        return Parsed(text, (*problems, WireProblem(_complaint(error, text))), whole=False)
    if _too_deep(body, tree):
        return Parsed(text, (*problems, _TOO_DEEP), whole=False)
    if repeated:
        problems += tuple(_repetitions(tree))
    return Parsed(tree, problems)


_TOO_DEEP = WireProblem("nested too deep to compare by field")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _too_deep(body: bytes, tree: Json) -> bool:
    """Whether a document is nested deeper than `DEEPEST`; pairs of brackets are peeled off in C."""
    brackets = body.translate(None, _NOT_BRACKETS)
    for _ in range(DEEPEST):
        if not brackets:
            return False
        peeled = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(peeled) == len(brackets):
            return _depth(tree) > DEEPEST  # brackets inside strings: look at the tree itself
        brackets = peeled
    return bool(brackets)


def _depth(tree: Json) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _complaint(error: json.JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data":
        return "data after the end of the JSON"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "JSON cut off"
    return "not JSON"


def _told(values: list[Json]) -> str:
    """Return what a key was given, one after the other, numbers as they are spelled."""
    return f"{len(values)} times: {', '.join(map(_brief, values[:_TOLD]))}"


def _brief(value: Json) -> str:
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return value.decode() if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)


def _repetitions(tree: Json) -> list[WireProblem]:
    """Where keys are repeated, in document order."""
    found: list[WireProblem] = []
    pending: list[tuple[str, Json]] = [("", tree)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node, _Repeated):
                found += [
                    WireProblem("duplicate key", f"{path}/{escape(key)}", _told(values))
                    for key, values in node.keys_repeated.items()
                ]
            pending += [(f"{path}/{escape(key)}", value) for key, value in reversed(node.items())]
        elif isinstance(node, list):
            pending += [(f"{path}/{i}", node[i]) for i in range(len(node) - 1, -1, -1)]
    return found
