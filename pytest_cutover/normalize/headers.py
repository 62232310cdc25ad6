"""Response headers as a tree that can be learned and compared like a body.

Names are lower-case. A header in several fields is one in which they are joined by commas, as HTTP
says (RFC 9110 5.2); the members of `Link` stand by themselves; lists that HTTP says have no order
are sorted; each cookie is an object of its attributes, its value under the empty key. Cookies of
one name are told apart by path and domain: their order says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pytest_cutover.normalize.matchers import Json

# Comma lists without order (RFC 9110 5.6.1, Fetch 3.3): True where members ignore case.
SETS = {
    "vary": True,
    "allow": False,
    "cache-control": True,
    "access-control-allow-methods": False,
    "access-control-allow-headers": True,
    "access-control-expose-headers": True,
}
# Said by other means, or about the connection and not the answer.
FRAMING = ("content-length", "transfer-encoding", "connection", "keep-alive")
# What describes the body, and goes where the body goes.
OF_BODY = frozenset(
    [
        "content-type",
        "content-length",
        "content-encoding",
        "content-language",
        "etag",
        "content-disposition",
        "content-range",
        "last-modified",
        "accept-ranges",
    ]
)
# What of a request must be the same on both sides. Credentials, and whatever else a target's
# configuration adds, are each side's own.
_OF_REQUEST = (
    "content-type",
    "content-encoding",
    "accept",
    "accept-language",
    "range",
    "x-http-method-override",
    "access-control-request-method",
    "access-control-request-headers",
)
# Attributes of cookies that ignore case (RFC 6265bis 5.6).
_FOLDED = frozenset(("samesite", "domain", "priority"))
_FLAGS = frozenset(("secure", "httponly", "partitioned"))
# Stands for a cookie's name that is a number: that of a row, perhaps each side's own.
NUMBERED = "[id]"


def response_tree(headers: Iterable[tuple[str, str]], *, head: bool = False) -> dict[str, Json]:
    """Return the comparable headers of a response. `head`: Content-Length says what no body
    does.
    """
    values = _grouped(headers)
    tree: dict[str, Json] = {}
    cookies = values.pop("set-cookie", None)
    for name, texts in values.items():
        if name in SETS:
            tree[name] = _set_text(texts, fold=SETS[name])
        elif name == "link":
            links = [link for text in texts for link in _links(text)]
            tree[name] = links[0] if len(links) == 1 else list(links)
        elif name not in FRAMING:
            tree[name] = ", ".join(texts)
    framing = _framing(values, head=head)
    tree.update(framing)
    if cookies is not None:
        tree["set-cookie"] = _cookies(cookies)
    return tree


def request_tree(headers: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Return the headers of a request that a test chose itself."""
    values = {k: v for k, v in _grouped(headers).items() if k in _OF_REQUEST}
    if values.get("accept") == ["*/*"]:
        del values["accept"]
    return {name: ", ".join(texts) for name, texts in values.items()}


def _grouped(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, text in headers:
        values.setdefault(name.lower(), []).append(text.strip(" \t"))
    return values


def _set_text(texts: list[str], *, fold: bool) -> str:
    members = {member.strip() for text in texts for member in text.split(",")} - {""}
    return ", ".join(sorted({m.lower() for m in members} if fold else members))


def _framing(values: dict[str, list[str]], *, head: bool) -> dict[str, Json]:
    """How the end of the body is told, and whether the connection ends with it."""
    framing: dict[str, Json] = {}
    if "content-length" in values:
        lengths = values["content-length"]
        framing["content-length"] = ", ".join(lengths) if head or len(lengths) > 1 else "length"
    elif "chunked" in ", ".join(values.get("transfer-encoding", [])).lower():
        framing["content-length"] = "chunked"
    if "close" in ", ".join(values.get("connection", [])).lower():
        framing["connection"] = "close"
    return framing


_LINK = re.compile(r'(?:<[^>]*>|"(?:[^"\\]|\\.)*"|[^,<"])+')


def _links(text: str) -> list[str]:
    """Return the members of a `Link` field; a comma inside a target or a quoted text divides
    nothing.
    """
    return [link.strip() for link in _LINK.findall(text) if link.strip()] or [text]


def _cookies(texts: list[str]) -> dict[str, Json]:
    cookies = [_cookie(text) for text in texts]
    names = Counter(name for name, _ in cookies)
    jar: dict[str, Json] = {}
    for name, cookie in cookies:
        key = name if names[name] == 1 else _scoped(name, cookie)
        if name.isdigit():
            key, cookie = NUMBERED, {"id": name, **cookie}
        again = 2
        while key in jar:
            key, again = f"{key.rpartition('#')[0] or key}#{again}", again + 1
        jar[key] = cookie
    return jar


def _cookie(text: str) -> tuple[str, dict[str, Json]]:
    first, *attributes = text.split(";")
    name, _, value = first.strip().partition("=")
    cookie: dict[str, Json] = {"": value}
    for attribute in attributes:
        key, equals, setting = attribute.strip().partition("=")
        if key:
            key = key.lower()
            folded = setting.lower() if key in _FOLDED else setting
            cookie[key] = folded if equals and key not in _FLAGS else True
    return name, cookie


def _scoped(name: str, cookie: dict[str, Json]) -> str:
    """Return the name of one of several cookies: with where it is sent."""
    domain, path = cookie.get("domain", ""), cookie.get("path", "/")
    return f"{name};{domain!s}{path!s}"
