"""Secrets, known by the values that were seen, so that they can be taken out of any text.

`provenance` says which values of an exchange are. Every room scrubs what it writes through one
`Secrets`, which also tells those that each side has of its own: they are compared by form.
"""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pytest_cutover.backends.redaction.provenance import (
    JWT,
    credentials_of,
    of_authorization,
    secrets_of,
)
from pytest_cutover.backends.redaction.secret_texts import (
    ISSUED,
    is_secret_name,
    is_telling_word,
    of_environment,
    without_assigned,
    without_named,
    without_passwords,
    without_private_keys,
    without_urls_passwords,
)
from pytest_cutover.core.exchange import Exchange

__all__ = ["Secrets", "is_secret_name", "of_authorization", "secrets_of"]
_SHORTEST = 4
# Shorter values are secrets only as words of their own.
_SELDOM_BY_CHANCE = 8
# So many characters of a long secret give it away.
_WINDOW = 12
# Up to so many spellings it is quicker to ask for each than to look at each place of a text.
_FEW = 400
_REST_OF_A_VALUE = r"[^\s'\"<>,;&]*"
# One private character for each label, while a text is being scrubbed.
_LABELS = 0xF0000
# What clients leave as it is in a query.
_LENIENT = "!$'()*,;:@/?"
_ESCAPE = re.compile(r"%[0-9A-F]{2}|\\u[0-9A-Fa-f]{4}")
_PLAIN_WORDS = frozenset({"true", "false", "null", "none", "bearer", "basic", "undefined"})


class Secrets:
    """The secret values of a session. Safe to use from several threads.

    `form` says in a word what a value looks like. A label tells that and nothing else: a number
    would depend on the order in which workers met their secrets.
    """

    def __init__(self, form: Callable[[str], str] = lambda _value: "") -> None:
        self._form = form
        self._values: set[str] = set()
        self._credentials: set[str] = set()
        self._spellings: dict[str, str] = {}
        self._by_end: dict[str, set[str]] = {}
        self._short: set[str] = set()
        self._by_beginning: dict[str, str] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: str, *, credential: bool = False) -> None:
        """Remember a value; what cannot be told from ordinary text is left alone.

        A `credential` is one that each side has of its own.
        """
        value = value.strip()
        if len(value) < _SHORTEST or (value in self._values and not credential):
            return
        # Whoever has the password "password" hides nothing, and would lose every field's name.
        if value.lower() in _PLAIN_WORDS or is_telling_word(value):
            return
        with self._lock:
            if credential:
                self._credentials.add(value)
            self._values.add(value)
            for spelling in _spellings(value):
                self._index(spelling, value)

    def _index(self, spelling: str, value: str) -> None:
        self._spellings.setdefault(spelling, value)
        if len(spelling) < _WINDOW:
            self._short.add(spelling)
            return
        self._by_end.setdefault(spelling[-_WINDOW:], set()).add(spelling)
        if len(spelling) >= 2 * _WINDOW:
            known = self._by_beginning.setdefault(spelling[:_WINDOW], value)
            if value < known:
                self._by_beginning[spelling[:_WINDOW]] = value

    def observe(self, exchange: Exchange) -> None:
        """Remember every secret of one exchange."""
        for one in secrets_of(exchange):
            self.add(one.value, credential=one.credential)

    def observe_login(self, exchange: Exchange) -> None:
        """Remember every secret of an exchange of a login: each side has its own."""
        for one in secrets_of(exchange, login=True):
            self.add(one.value, credential=True)

    def observe_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Remember what requests with these headers are let in with."""
        for one in credentials_of(headers):
            self.add(one.value, credential=True)

    def observe_environment(self, variables: Mapping[str, str]) -> None:
        """Remember every secret among the variables that a process is given."""
        for value in of_environment(variables):
            self.add(value)

    def values(self) -> frozenset[str]:
        """Return the values themselves: for comparing in memory, never for writing."""
        return frozenset(self._values)

    def credentials(self) -> frozenset[str]:
        """Return what each side has of its own, in every way in which an exchange may carry it."""
        with self._lock:
            return frozenset(
                spelling
                for spelling, value in self._spellings.items()
                if value in self._credentials
            )

    def spellings(self) -> frozenset[str]:
        """Return the values in every way in which an exchange may carry them."""
        with self._lock:
            return frozenset(self._spellings)

    def scrub(self, text: str) -> str:
        """Return the text with every known secret replaced, and all that has the form of one.

        A long secret of which only the beginning is left, as in a shortened repr, goes as well.
        """
        with self._lock:
            whole, beginnings = self._candidates(text)
        # One character stands for a label until the end, so that no secret is found in a label.
        labels: list[str] = []

        def label(value: str) -> str:
            labels.append(self._label(value))
            return chr(_LABELS + len(labels) - 1)

        for spelling, value in whole:
            if spelling in text:
                text = _without(text, spelling, label(value))
        for beginning, value in beginnings:
            if beginning in text:
                text = re.sub(re.escape(beginning) + _REST_OF_A_VALUE, label(value), text)
        for form in (JWT, ISSUED):
            text = form.sub(lambda found: self._label(found[0]), text)
        for number, shown in enumerate(labels):
            text = text.replace(chr(_LABELS + number), shown)
        text = without_private_keys(without_passwords(text))
        return without_assigned(without_urls_passwords(text))

    def scrub_log(self, text: str) -> str:
        """Return the same for what a program wrote by itself: what follows a telling name goes
        as well.
        """
        return without_named(self.scrub(text))

    def _candidates(self, text: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the spellings that may be in a text, longest first, and the beginnings of long
        ones.

        Asking for each of ten thousand tokens whether it is there would be most of a long run.
        """
        if len(self._spellings) <= _FEW:
            whole, beginnings = set(self._spellings), dict(self._by_beginning)
        else:
            ends, starts = self._by_end, self._by_beginning
            whole, beginnings = {one for one in self._short if one in text}, {}
            for at in range(len(text) - _WINDOW + 1):
                window = text[at : at + _WINDOW]
                if window in ends:
                    whole |= ends[window]
                if window in starts:
                    beginnings[window] = starts[window]
        ordered = sorted(whole, key=lambda one: (-len(one), one))
        return [(one, self._spellings[one]) for one in ordered], sorted(beginnings.items())

    def _label(self, value: str) -> str:
        form = self._form(value)
        return f"<secret {form}>" if form else "<secret>"


def _without(text: str, spelling: str, label: str) -> str:
    """Match a short secret only as a word of its own: `test` must not blot out `tests/`."""
    if len(spelling) >= _SELDOM_BY_CHANCE:
        return text.replace(spelling, label)
    return re.sub(rf"(?<!\w){re.escape(spelling)}(?!\w)", label, text)


def _spellings(value: str) -> Iterator[str]:
    """Yield the ways in which text may carry the value: as it is, in a URL, in JSON, in a repr, in
    HTML.

    A basic credential may have lost its padding.
    """
    plain = {value, unquote(value), unquote_plus(value), html.unescape(value)}
    seen = {value, value.rstrip("=")}
    for one in plain:
        # A server may cut a text in the middle of an emoji.
        quoted = {quote(one, safe=safe, errors="surrogatepass") for safe in ("", "/", _LENIENT)}
        quoted.add(quote_plus(one, errors="surrogatepass"))
        seen |= quoted | {_ESCAPE.sub(lambda found: found[0].lower(), text) for text in quoted}
        seen |= {repr(one)[1:-1], html.escape(one), html.escape(one, quote=False)}
        for text in (json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1]):
            seen |= {text, text.replace("/", "\\/"), json.dumps(text)[1:-1], repr(text)[1:-1]}
    seen |= {html.escape(text) for text in list(seen)}
    yield from (spelling for spelling in seen if len(spelling) >= _SHORTEST)
