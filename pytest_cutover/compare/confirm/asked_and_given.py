"""What a test asked for, what its writes gave, and what stands in a document. Pure.

A query of GraphQL and a search are sent as writes are, and ask all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import leaves, names_an_id
from pytest_cutover.core.exchange import READS, Exchange, Transcript

_ORIGIN: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_NUMBER: Final = re.compile(r"/\d+(?:/|$)")
_CREATED: Final = 201
_A_NAME: Final = 6  # signs, of which two texts seldom are the same by chance


def asks(one: Exchange, side: Transcript) -> bool:
    """Whether a request asks for what is there: by its method or, as a query of GraphQL and a
    search do, since it sends nothing that the test made and is answered with some of it, or sends
    no rows and is answered with one of several rows.
    """
    if one.request.method in READS:
        return True
    if one.request.method != "POST" or one.response is None or one.response.status == _CREATED:
        return False
    codes = codes_of(side)
    sent = one.request.target.encode() + one.request.body
    if any(code in sent for code in codes):
        return False
    if any(code in one.response.body for code in codes):
        return True
    sends_rows = any(lists_in(parsed(one.request.body)))
    return not sends_rows and any(len(rows) > 1 for rows in lists_in(document_of(one)))


def ids_given(side: Transcript) -> frozenset[str]:
    """Return the ids that the writes of a side were answered with."""
    writes = (one for one in side.exchanges if not asks(one, side))
    return frozenset(text for one in writes for _, text in ids_in(document_of(one)))


def codes_of(transcript: Transcript) -> list[bytes]:
    """Return what the test made for one side, as it stands in answers."""
    return [one.value.encode() for one in transcript.generated]


def document_of(one: Exchange) -> Any:
    """Return the JSON of an answer; None where it is none."""
    return parsed(one.response.body) if one.response is not None else None


def parsed(body: bytes) -> Any:
    """Return the JSON of a body; None where it is none."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def texts_of(body: bytes) -> Iterator[str]:
    """Yield the longer texts of a document."""
    for _, text in leaves(parsed(body)):
        if isinstance(text, str) and len(text) >= _A_NAME:
            yield text


def lists_in(tree: Any) -> Iterator[list[bytes]]:
    """Yield each list of objects of a document, its rows as text."""
    if isinstance(tree, list):
        if all(isinstance(row, dict) for row in tree):
            yield [row_text(row) for row in tree]
        below = tree
    else:
        below = list(tree.values()) if isinstance(tree, dict) else []
    for one in below:
        yield from lists_in(one)


def row_text(tree: Any) -> bytes:
    """Return an object as text; empty for anything else."""
    if not isinstance(tree, dict):
        return b""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def ids_in(tree: Any, where: str = "", name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each id of a document, and each link without its host, with its place, indices left
    out.
    """
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from ids_in(value, f"{where}/{key}", key)
    elif isinstance(tree, list):
        for value in tree:
            yield from ids_in(value, f"{where}/*", name)
    elif isinstance(tree, str) and is_link(tree):
        if _NUMBER.search(path := _ORIGIN.sub("", tree)):
            yield where, path
    elif (names_an_id(name.lstrip("@")) or not name) and isinstance(tree, str | int | bytes):
        yield where, tree.decode() if isinstance(tree, bytes) else str(tree)
