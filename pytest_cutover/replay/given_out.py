"""What an answer gives out that a later request may repeat, and where another answer has it. Pure.

An answer is one tree: ``/body`` is what its body holds, whatever it is written in, ``/headers``
what a client takes from headers. An address is opened, in either of them: ``path`` has its
segments, counted from the end, ``query`` its values, so that a number is found in
``https://x/jobs/51`` as it was in ``/jobs/4711``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from pytest_cutover.core.exchange import Response
from pytest_cutover.core.json_pointer import escape, get
from pytest_cutover.normalize.bodies.reading import Unreadable
from pytest_cutover.normalize.bodies.registry import read_body

# Shorter values are told from words only by where a later request has them.
SHORT: Final = 6
_LONGEST_VALUE: Final = 8_192
_MOST_ITEMS: Final = 200
_LARGEST_BODY: Final = 2 << 20
_OPAQUE_HEADERS: Final = ("etag", "x-csrf-token", "x-xsrf-token", "x-auth-token")
_ADDRESS_HEADERS: Final = ("location", "content-location")
_COOKIES: Final = "/headers/set-cookie/"


def without_ending(segment: str) -> tuple[str, str]:
    """Return a segment of a path without the ending of a format, and that: ``("7", ".json")``."""
    stem, dot, ending = segment.rpartition(".")
    return (stem, f".{ending}") if dot and stem and ending.isalpha() else (segment, "")


def values(response: Response) -> Iterator[tuple[str, str, bool]]:
    """Yield every value that could be meant when a later request holds it, and its pointer.

    The third says that it is told from a word by itself, by its length or by its name.
    """
    pending: list[tuple[str, str, Any]] = [("", "", _tree(response))]
    while pending:
        pointer, name, node = pending.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                pending.append((f"{pointer}/{escape(str(key))}", str(key), value))
        elif isinstance(node, list):
            items = enumerate(node[:_MOST_ITEMS])
            pending += [(f"{pointer}/{n}", name, value) for n, value in items]
        elif (text := _text(node)) and len(text) <= _LONGEST_VALUE:
            long = isinstance(node, str) and len(text) >= SHORT
            told = pointer.startswith("/headers/") and not pointer.startswith(_COOKIES)
            yield text, pointer, long or told or _names_an_id(name)


def values_at(pointers: Mapping[str, str], response: Response) -> dict[str, str]:
    """Return what stands in an answer at each of the pointers, by the recorded value."""
    tree = _tree(response)
    found = {name: _text(_whole(get(tree, pointer))) for name, pointer in pointers.items()}
    return {name: text for name, text in found.items() if text}


def _tree(response: Response) -> dict[str, Any]:
    return {"headers": dict(_headers(response)), "body": _opened(_body(response))}


def _body(response: Response) -> Any:
    try:
        return json.loads(response.body) if response.body else None
    except (ValueError, RecursionError):
        pass
    try:
        read = read_body(response.header("content-type"), response.body, _LARGEST_BODY)
    except Unreadable:
        return None
    return None if read is None else read.tree


def _headers(response: Response) -> Iterator[tuple[str, Any]]:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in response.headers:
        if name.lower() in _OPAQUE_HEADERS:
            yield name.lower(), value
        elif name.lower() in _ADDRESS_HEADERS:
            yield name.lower(), _address(value)
        elif name.lower() == "set-cookie":
            try:
                cookies.load(value)
            except CookieError:
                continue
    yield "set-cookie", {name: unquote(one.value) for name, one in cookies.items()}


def _opened(node: Any) -> Any:
    """Return a tree in which each address is opened."""
    if isinstance(node, dict):
        return {key: _opened(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_opened(value) for value in node[:_MOST_ITEMS]]
    if isinstance(node, str) and (node.startswith("/") or "://" in node) and " " not in node:
        return _address(node)
    return node


def _address(text: str) -> dict[str, Any]:
    try:
        url = urlsplit(text)
    except ValueError:
        return {"whole": text}
    segments = [unquote(one) for one in url.path.split("/") if one]
    # A word in the middle of a path names a kind of thing; an id there has a digit.
    path = {
        str(place): segment
        for place, segment in enumerate(reversed(segments))
        if place == 0 or any(letter.isdigit() for letter in segment)
    }
    return {"whole": text, "path": path, "query": dict(parse_qsl(url.query))}


def _text(node: Any) -> str:
    if isinstance(node, bool) or not isinstance(node, str | int | bytes):
        return ""
    return node.decode("utf-8", "replace") if isinstance(node, bytes) else str(node)


def _whole(node: Any) -> Any:
    """Return an address as it was before it was opened."""
    return node["whole"] if isinstance(node, dict) and "whole" in node else node


def _names_an_id(name: str) -> bool:
    lowered = name.lower().removeprefix("@")
    return lowered == "id" or lowered.endswith(("_id", "id", "number"))
