"""``METHOD /path/{template}``: the one place that reads endpoints and finds the one of a request.

Every room calls it: markers, rules, limits, the recording transport. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from pytest_cutover.core.errors import InvalidValueError, did_you_mean

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")

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
        """The names between braces, in order."""
        return tuple(_PLACEHOLDER.findall(self.template))

    @property
    def shape(self) -> str:
        """The endpoint without the names of its placeholders: equal shapes match the same paths."""
        return f"{self.method} {_PLACEHOLDER.sub('{}', self.template)}"

    def matches(self, method: str, path: str) -> bool:
        """Whether a concrete request belongs here; `path` is percent-encoded, a query is ignored.

        A placeholder stands for one character or more of one segment. `%2F` is no separator, and a
        trailing slash makes another path, since frameworks tell them apart.
        """
        if method.upper() != self.method:
            return False
        segments = _decoded(path)
        patterns = _patterns(self.template)
        return len(segments) == len(patterns) and all(
            pattern.fullmatch(segment) for pattern, segment in zip(patterns, segments, strict=True)
        )


def parse(text: str) -> Endpoint:
    """The endpoint that a text names, normalised.

    Raises `InvalidValueError` (a ValueError) saying what is wrong and what was probably meant.
    """
    method, _, path = text.strip().partition(" ")
    path = path.strip()
    if not path:
        guess = f"GET {method}" if method.startswith("/") else ""
        raise InvalidValueError(
            "an endpoint has a method and a path", value=text, valid=_FORM, suggestion=guess
        )
    if method.upper() not in METHODS:
        nearest = did_you_mean(method, METHODS)
        raise InvalidValueError(
            "not an HTTP method",
            value=text,
            valid=", ".join(METHODS),
            suggestion=f"{nearest} {path}" if nearest else "",
        )
    _check_path(text, method, path)
    return Endpoint(method.upper(), _normalised_path(path))


def normalise(text: str) -> str:
    """The text of an endpoint in its one spelling; idempotent. Raises as `parse` does."""
    return str(parse(text))


def match(method: str, path: str, endpoints: Iterable[Endpoint]) -> Endpoint | None:
    """The endpoint to which a concrete request belongs, or None.

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
        if not _NAME.fullmatch(name):
            raise wrong(f"`{{{name}}}` is not the name of a placeholder: letters, digits, _ . -")
    if len(set(names)) != len(names):
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
def _patterns(template: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_segment_pattern(segment) for segment in template.split("/"))


def _segment_pattern(segment: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(segment)
    pieces = (
        "(.+)" if index % 2 else re.escape(_unquoted(part)) for index, part in enumerate(parts)
    )
    return re.compile("".join(pieces), re.DOTALL)


@lru_cache(maxsize=4096)
def _rank(template: str) -> tuple[tuple[int, int], ...]:
    """Segment by segment: literal, then partly literal (the longer the better), then bare."""
    ranks = []
    for segment in template.split("/"):
        literal = len(_PLACEHOLDER.sub("", segment))
        bare = 0 if "{" not in segment else 1 if literal else 2
        ranks.append((bare, -literal))
    return tuple(ranks)
