"""``METHOD /path/{template}``: the one place that reads endpoints and finds the one of a request.

Every room calls it: markers, rules, limits, the recording transport. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile
from typing import Final
from urllib.parse import quote, unquote

from pytest_cutover.core.errors import InvalidValueError, did_you_mean

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
# Registered methods beyond those: WebDAV (RFC 4918, 3253, 3648, 3744, 5323, 5842), CalDAV (4791),
# and what caches and UPnP know. Any other token is a method too, unless it looks like a slip.
_MORE_METHODS: Final = frozenset(
    {
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "LABEL",
        "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF",
        "MKWORKSPACE", "M-SEARCH", "MOVE", "NOTIFY", "ORDERPATCH", "PRI", "PROPFIND", "PROPPATCH",
        "PURGE", "REBIND", "REPORT", "SEARCH", "SUBSCRIBE", "UNBIND", "UNCHECKOUT", "UNLINK",
        "UNLOCK", "UNSUBSCRIBE", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
    }
)  # fmt: skip
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Ranks after every segment: of two templates that span segments the one that says more comes first.
_END_OF_TEMPLATE: Final = (4, 0)
_MOST_REMEMBERED: Final = 4096
# Stands between decoded segments while a path is matched; no decoding gives it.
_BETWEEN: Final = "\ud800"

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
_FORM: Final = "METHOD /path/{template}, such as GET /api/lots/{lot_code}"
# What may stand unescaped in a path segment (RFC 3986, pchar), beyond letters and digits.
_PCHAR: Final = "-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """An HTTP method and a path template. Made by `parse`, which normalises both."""

    method: str
    template: str

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names between braces, in order, without the ``*`` of one that spans segments."""
        return tuple(name.removesuffix("*") for name in _PLACEHOLDER.findall(self.template))

    @property
    def shape(self) -> str:
        """The endpoint without the names of its placeholders: equal shapes match the same paths."""
        return f"{self.method} {_PLACEHOLDER.sub(_nameless, self.template)}"

    def matches(self, method: str, path: str) -> bool:
        """Whether a concrete request belongs here; `path` is percent-encoded, a query is ignored.

        A placeholder stands for one character or more of one segment, ``{name*}`` for one or more
        of any number of segments. `%2F` is no separator, and a trailing slash makes another path,
        since frameworks tell them apart.
        """
        if method.upper() != self.method:
            return False
        return _pattern(self.template).fullmatch(_BETWEEN.join(_decoded(path))) is not None


def parse(text: str) -> Endpoint:
    """Return the endpoint that a text names, normalised.

    Raises `InvalidValueError` (a ValueError) saying what is wrong and what was probably meant.
    """
    method, _, path = text.strip().partition(" ")
    path = path.strip()
    if not path:
        guess = f"GET {method}" if method.startswith("/") else ""
        raise InvalidValueError(
            "an endpoint has a method and a path", value=text, valid=_FORM, suggestion=guess
        )
    if not is_method(method):
        nearest = did_you_mean(method, METHODS)
        raise InvalidValueError(
            "not an HTTP method",
            value=text,
            valid=f"{', '.join(METHODS)}, or another HTTP token such as PROPFIND",
            suggestion=f"{nearest} {path}" if nearest else "",
        )
    _check_path(text, method, path)
    return Endpoint(method.upper(), _normalised_path(path))


def is_method(text: str) -> bool:
    """Return whether a text can be a method: an HTTP token that is no slip of a common one."""
    method = text.upper()
    if method in METHODS or method in _MORE_METHODS:
        return True
    return _TOKEN.fullmatch(text) is not None and not any(map(partial(_slip, method), METHODS))


def _slip(method: str, common: str) -> bool:
    """Whether `method` is `common` with two letters swapped, or one left out, added or wrong."""
    if abs(len(method) - len(common)) > 1 or len(common) < 3:
        return False
    if sorted(method) == sorted(common):
        return True
    short, long = sorted((method, common), key=len)
    return _shared(short, long) + _shared(short[::-1], long[::-1]) >= len(long) - 1


def _shared(one: str, other: str) -> int:
    """How many letters two words have in common from their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def normalise(text: str) -> str:
    """Return the text of an endpoint in its one spelling; idempotent. Raises as `parse` does."""
    return str(parse(text))


def match(method: str, path: str, endpoints: Iterable[Endpoint]) -> Endpoint | None:
    """Return the endpoint to which a concrete request belongs, or None.

    Of several, the one whose earliest differing segment is the more literal: `/lots/export` beats
    `/lots/{code}`, which is what routers do. Equal ranks are decided by the template's text.
    """
    matching = [endpoint for endpoint in endpoints if endpoint.matches(method, path)]
    return min(matching, key=lambda endpoint: (_rank(endpoint.template), endpoint), default=None)


def _check_path(text: str, method: str, path: str) -> None:
    def wrong(what: str, guess: str = "") -> InvalidValueError:
        suggestion = f"{method.upper()} {guess}" if guess else ""
        return InvalidValueError(what, value=text, valid=_FORM, suggestion=suggestion)

    if "://" in path:
        after_host = path.partition("://")[2].partition("/")[2]
        raise wrong("an endpoint has a path, not a URL", "/" + after_host.partition("?")[0])
    if not path.startswith("/"):
        raise wrong("the path of an endpoint starts with a slash", "/" + path)
    if "?" in path or "#" in path:
        raise wrong("an endpoint has no query and no fragment", re.split(r"[?#]", path)[0])
    if re.search(r"\s", path):
        raise wrong("a path has no spaces", re.sub(r"\s+", "", path))
    outside = _PLACEHOLDER.sub("", path)
    if "{" in outside or "}" in outside:
        raise wrong("the braces of the path are not balanced")
    names = _PLACEHOLDER.findall(path)
    for name in names:
        if not _NAME.fullmatch(name.removesuffix("*")):
            raise wrong(f"`{{{name}}}` is not the name of a placeholder: letters, digits, _ . -")
    for name in names:
        if name.endswith("*") and f"/{{{name}}}/" not in f"{path}/":
            raise wrong(f"`{{{name}}}` spans segments and has to be a segment of its own")
    if len({name.removesuffix("*") for name in names}) != len(names):
        raise wrong("a placeholder stands twice in the path")
    if re.search(r"\}\{", path):
        raise wrong("two placeholders stand side by side, with nothing between to tell them apart")


def _normalised_path(path: str) -> str:
    parts = _PLACEHOLDER.split(path)
    return "".join(
        f"{{{part}}}" if index % 2 else _normalised_literal(part)
        for index, part in enumerate(parts)
    )


def _normalised_literal(text: str) -> str:
    return "/".join(
        quote(_unquoted(segment), safe=_PCHAR, errors="surrogateescape")
        for segment in text.split("/")
    )


def _unquoted(segment: str) -> str:
    return unquote(segment, errors="surrogateescape")


def _decoded(path: str) -> list[str]:
    return [_unquoted(segment) for segment in re.split(r"[?#]", path, maxsplit=1)[0].split("/")]


@lru_cache(maxsize=4096)
def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern for decoded segments with `_BETWEEN` between them."""
    segments = (_segment_pattern(segment) for segment in template.split("/"))
    return re.compile(_BETWEEN.join(segments), re.DOTALL)


def _segment_pattern(segment: str) -> str:
    parts = _PLACEHOLDER.split(segment)
    return "".join(
        (".+" if part.endswith("*") else f"[^{_BETWEEN}]+")
        if index % 2
        else re.escape(_unquoted(part))
        for index, part in enumerate(parts)
    )


def _nameless(found: re.Match[str]) -> str:
    return "{*}" if found[1].endswith("*") else "{}"


@lru_cache(maxsize=4096)
def _rank(template: str) -> tuple[tuple[int, int], ...]:
    """Segment by segment: literal, partly literal (the longer the better), bare, several."""
    ranks = []
    for segment in template.split("/"):
        literal = len(_PLACEHOLDER.sub("", segment))
        bare = 0 if "{" not in segment else 1 if literal else 3 if "*}" in segment else 2
        ranks.append((bare, -literal))
    return (*ranks, _END_OF_TEMPLATE)


class EndpointIndex:
    """The templates that a run knows, from its markers and its contract; finds a request's own."""

    def __init__(self) -> None:
        self._endpoints: dict[str, dict[Endpoint, None]] = {}
        self._found: dict[tuple[str, str], Endpoint | None] = {}

    def add(self, endpoints: Iterable[Endpoint]) -> None:
        """Learn templates; those that are known already change nothing."""
        for endpoint in endpoints:
            known = self._endpoints.setdefault(endpoint.method, {})
            if endpoint not in known:
                known[endpoint] = None
                self._found.clear()

    def find(self, method: str, path: str) -> Endpoint | None:
        """Return the most literal endpoint that a request belongs to, or None."""
        key = method.upper(), path
        if key not in self._found:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[key] = match(method, path, self._endpoints.get(key[0], ()))
        return self._found[key]
