"""Secrets, known by the values that were seen, so that they can be taken out of any text.

A value becomes a secret by where it stood (an Authorization or Cookie header, a Set-Cookie value, a
JSON member, form field or query parameter with a telling name, the userinfo of a URL, a header of
the configuration) or by its form (a JWT). Every room scrubs what it writes through one `Secrets`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from pytest_cutover.backends.exchange import Exchange

_NAME = re.compile(
    r"(?:^|[^a-z])(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|tokens?|jwt|api[-_]?keys?|"
    r"access[-_]?keys?|private[-_]?keys?|authorization|auth|cookie|session(?:[-_]?id)?|sid|csrf|"
    r"xsrf|credentials?|bearer|otp)(?:$|[^a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*")
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
_SHORTEST = 4
# Shorter values are secrets only as words of their own.
_SELDOM_BY_CHANCE = 8
# So many characters of a long secret give it away.
_BEGINNING = 12
_REST_OF_A_VALUE = r"[^\s'\"<>,;&]*"
# One private character for each label, while a text is being scrubbed.
_LABELS = 0xF0000
_LABEL = re.compile("[\U000f0001-\U000ffffd]")
_PLAIN_WORDS = frozenset({"true", "false", "null", "none", "bearer", "basic", "undefined"})


def is_secret_name(name: str) -> bool:
    """Whether a member, header or parameter of this name holds a secret."""
    return _NAME.search(_CAMEL.sub("_", name).lower()) is not None


class Secrets:
    """The secret values of a session. Safe to use from several threads."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._spellings: dict[str, int] = {}
        self._longest_first: tuple[tuple[str, int], ...] | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, value: str) -> None:
        """Remember a value; what cannot be told from ordinary text is left alone."""
        value = value.strip()
        if len(value) < _SHORTEST or value in self._spellings:
            return
        # Whoever has the password "password" hides nothing, and would lose every field's name.
        if value.lower() in _PLAIN_WORDS or _NAME.fullmatch(value.lower()):
            return
        with self._lock:
            number = self._numbers.setdefault(value, len(self._numbers) + 1)
            for spelling in _spellings(value):
                self._spellings.setdefault(spelling, number)
            self._longest_first = None

    def observe(self, exchange: Exchange) -> None:
        """Remember every secret of one exchange."""
        for value in secrets_of(exchange):
            self.add(value)

    def observe_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Remember every secret of some headers."""
        for value in _of_headers(headers):
            self.add(value)

    def values(self) -> frozenset[str]:
        """The values themselves: for comparing in memory, never for writing."""
        return frozenset(self._numbers)

    def scrub(self, text: str) -> str:
        """The text with every known secret, and everything of a JWT's form, replaced.

        A long secret of which only the beginning is left, as in a shortened repr, goes as well.
        """
        with self._lock:
            if self._longest_first is None:
                self._longest_first = tuple(
                    sorted(self._spellings.items(), key=lambda pair: -len(pair[0]))
                )
            known = self._longest_first
        # One character stands for a label until the end, so that no secret is found in a label.
        for spelling, number in known:
            if spelling in text:
                text = _without(text, spelling, chr(_LABELS + number))
        for spelling, number in known:
            beginning = spelling[:_BEGINNING]
            if len(spelling) >= 2 * _BEGINNING and beginning in text:
                text = re.sub(re.escape(beginning) + _REST_OF_A_VALUE, chr(_LABELS + number), text)
        text = _JWT.sub("<secret jwt>", text)
        return _LABEL.sub(lambda found: f"<secret #{ord(found[0]) - _LABELS}>", text)


def _without(text: str, spelling: str, label: str) -> str:
    """A short secret counts only as a word of its own: `test` must not blot out `tests/`."""
    if len(spelling) >= _SELDOM_BY_CHANCE:
        return text.replace(spelling, label)
    return re.sub(rf"(?<!\w){re.escape(spelling)}(?!\w)", label, text)


def _spellings(value: str) -> Iterator[str]:
    """The ways in which text may carry the value: as it is, in a URL, in JSON, in a repr."""
    seen = {value, quote(value, safe=""), quote(value), quote_plus(value), unquote(value)}
    seen.add(json.dumps(value)[1:-1])
    seen.add(json.dumps(value, ensure_ascii=False)[1:-1])
    seen.add(repr(value)[1:-1])
    yield from (spelling for spelling in seen if len(spelling) >= _SHORTEST)


def secrets_of(exchange: Exchange) -> Iterator[str]:
    """Every secret value in an exchange, of both its request and its response."""
    request, response = exchange.request, exchange.response
    yield from _of_headers(request.headers)
    yield from _of_query(request.target.partition("?")[2])
    yield from _of_body(request.body)
    if response is not None:
        yield from _of_headers(response.headers)
        yield from _of_body(response.body)


def _of_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        lowered = name.lower()
        if lowered == "set-cookie":
            yield value.partition(";")[0].partition("=")[2].strip('"')
        elif lowered == "cookie":
            yield from (pair.partition("=")[2].strip('" ') for pair in value.split(";"))
        elif lowered in _SECRET_HEADERS:
            yield from of_authorization(value)
        elif lowered == "location":
            yield from _of_query(value.partition("?")[2])
            yield from _JWT.findall(value)
        elif lowered != "www-authenticate" and is_secret_name(name):
            yield value
        else:
            yield from _JWT.findall(value)


def of_authorization(value: str) -> Iterator[str]:
    """The secret parts of an Authorization value: the credentials, and a basic password."""
    scheme, _, credentials = value.strip().partition(" ")
    credentials = credentials.strip()
    yield credentials or scheme
    if scheme.lower() == "basic":
        with contextlib.suppress(binascii.Error, ValueError):
            decoded = base64.b64decode(credentials, validate=True).decode("utf-8", "replace")
            yield decoded
            yield decoded.partition(":")[2]


def _of_query(query: str) -> Iterator[str]:
    for name, value in parse_qsl(query, keep_blank_values=False):
        if is_secret_name(name):
            yield value


def _of_body(body: bytes) -> Iterator[str]:
    if not body:
        return
    text = body.decode("utf-8", "replace")
    yield from _JWT.findall(text)
    if not _NAME.search(_CAMEL.sub("_", text).lower()):
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        yield from _of_query(text)
        return
    yield from _of_json(document)


def _of_json(document: object) -> Iterator[str]:
    waiting: list[tuple[object, bool]] = [(document, False)]
    while waiting:
        value, secret = waiting.pop()
        if isinstance(value, dict):
            waiting += [(member, is_secret_name(str(name))) for name, member in value.items()]
        elif isinstance(value, list):
            waiting += [(item, secret) for item in value]
        elif secret and isinstance(value, str):
            yield value
        elif secret and isinstance(value, int) and not isinstance(value, bool):
            yield str(value)
