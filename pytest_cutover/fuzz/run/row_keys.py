"""By what rows are known: the keys in answers, requests and paths, and of what they are. Pure.

A number is a key among things of one kind alone: order 7 is not item 7. A code or a uuid tells by
itself. What kind something is, paths and the names of members say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from pytest_cutover.compare.noise.lists.rows import leaves
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.fuzz.generate.references import KEYS, resource_of, singular, words

_LEAST_TELLING: Final = 3

# What something is, empty where its key tells by itself; and its key.
Thing = tuple[str, str]


def thing(kind: str, key: str) -> Thing:
    """Return what a key of this kind names."""
    telling = len(key) >= _LEAST_TELLING and not key.isdecimal()
    return ("" if telling else kind, key)


def kind_of(exchange: Exchange) -> str:
    """Return what the path of a request is about."""
    return resource_of(exchange.endpoint.partition(" ")[2])


def kind_named(name: str) -> str:
    """Return of what kind the things are that a member of this name lists."""
    return singular("".join(words(name)))


def is_key(name: str) -> bool:
    """Return whether a member or parameter of this name holds a key."""
    return not KEYS.isdisjoint(words(name)[-1:])


def keys_of(row: Any, kinds: Sequence[str]) -> Iterator[str]:
    """Yield the own keys of a row of these kinds: ``id``, and ``order_id`` of an order."""
    if not isinstance(row, dict):
        return
    for name, value in row.items():
        asked = words(str(name))
        if not asked or asked[-1] not in KEYS or not _may_be_a_key(value):
            continue
        if len(asked) == 1 or singular("".join(asked[:-1])) in kinds:
            yield str(value)


def own_things(row: Any, kinds: Sequence[str]) -> Iterator[Thing]:
    """Yield what a row is, under each of these kinds."""
    for key in keys_of(row, kinds):
        yield from {thing(kind, key) for kind in kinds}


def referred_to(*nodes: Any, kind: str) -> Iterator[Thing]:
    """Yield everything that keys name anywhere in these trees; `kind` is that of a bare key."""
    for node in nodes:
        for name, value in leaves(node):
            if is_key(name) and _may_be_a_key(value):
                yield thing(singular("".join(words(name)[:-1])) or kind, str(value))


def in_path(exchange: Exchange) -> Iterator[Thing]:
    """Yield what the path of a request names."""
    parts = exchange.endpoint.partition(" ")[2].split("/")
    sent = exchange.request.path.split("/")
    for place, part in enumerate(parts):
        if part.startswith("{") and place < len(sent):
            yield thing(resource_of("/".join(parts[:place])), unquote(sent[place]))


def asked_for(exchange: Exchange) -> Iterator[Thing]:
    """Yield what the path and the query of a request name."""
    yield from in_path(exchange)
    for name, value in parse_qsl(exchange.request.target.partition("?")[2]):
        if is_key(name):
            yield thing(singular("".join(words(name)[:-1])), value)


def sent_by(exchange: Exchange) -> Any:
    """Return the JSON value of a request; None where it is none."""
    try:
        return json.loads(exchange.request.body)
    except (ValueError, RecursionError):
        return None


def _may_be_a_key(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""
