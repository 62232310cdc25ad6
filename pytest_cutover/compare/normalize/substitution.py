"""Values that a run made, and each side's own origin, become the same marker on both sides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from pytest_cutover.core.exchange import Generated, Transcript

# Noncharacters: reserved for use inside a program, never in text that is interchanged.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARKER = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
SHORTEST_INSIDE_TEXT = 6


_Pairs = tuple[tuple[str, str], ...]
_BytePairs = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class _Origin:
    """The spellings of an origin with its marker, and a text that is in each of them."""

    hint: str
    texts: _Pairs
    encoded: _BytePairs


@lru_cache(maxsize=64)
def _origin(host: str) -> _Origin:
    """A backend that names itself in a link says the same as the other that names itself."""
    if not host:
        return _Origin("", (), ())
    marker = f"{OPEN}origin{CLOSE}"
    pairs = {}
    for scheme in ("http", "https"):
        for slashes in ("//", r"\/\/", "%2F%2F"):
            colon = "%3A" if "%" in slashes else ":"
            name = quote(host, safe="") if "%" in slashes else host
            pairs[f"{scheme}{colon}{slashes}{name}"] = marker
    if ":" in host:
        pairs[host] = marker
    texts = _ordered(pairs)
    # No spelling changes these characters.
    hint = max(re.findall(r"[A-Za-z0-9._~-]+", host), key=len, default="")
    return _Origin(hint, texts, _encoded(texts))


def _generated_pairs(value: str, name: str) -> Iterator[tuple[str, str]]:
    if not value:
        return
    spellings = {value.lower(): " lower", value.upper(): " upper", value: ""}
    for spelling, suffix in spellings.items():
        marker = f"{OPEN}{name}{suffix}{CLOSE}"
        for form in _escaped(spelling):
            if len(value) >= SHORTEST_INSIDE_TEXT:
                yield form, marker
            else:
                yield f'"{form}"', f'"{marker}"'


def _ordered(pairs: Mapping[str, str]) -> _Pairs:
    """The longest first, so that no value is taken for a part of it."""
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _encoded(pairs: _Pairs) -> _BytePairs:
    return tuple((old.encode(), new.encode()) for old, new in pairs)


def _escaped(value: str) -> list[str]:
    """A value as JSON and URLs spell it."""
    return list(
        dict.fromkeys(
            (
                value,
                json.dumps(value)[1:-1],
                json.dumps(value, ensure_ascii=False)[1:-1],
                quote(value, safe=""),
                quote(value, safe="").lower(),
            )
        )
    )


class Substitution:
    """Puts the same marker in the place of each generated value of one side."""

    def __init__(self, generated: Iterable[Generated], host: str = "") -> None:
        origin = _origin(host)
        self._hint = origin.hint
        self._texts, self._bytes = origin.texts, origin.encoded
        self._others: _Pairs = ()
        self._bytes_of_others: _BytePairs = ()
        self._done: dict[bytes, bytes] = {}
        # Where a body holds none of these, it stays as it is.
        self.hints = frozenset([origin.hint.encode()] if host else [])
        made = tuple(generated)
        if made:
            self._add_generated(made, dict(origin.texts))

    def _add_generated(self, generated: Iterable[Generated], of_origin: dict[str, str]) -> None:
        counts: dict[str, int] = {}
        pairs: dict[str, str] = {}
        for one in generated:
            counts[one.label] = counts.get(one.label, 0) + 1
            name = f"{one.label} #{counts[one.label]}"
            for form, marker in _generated_pairs(one.value, name):
                if form not in of_origin:
                    pairs.setdefault(form, marker)
        self._others = _ordered(pairs)
        self._texts = _ordered({**of_origin, **pairs})
        self._bytes, self._bytes_of_others = _encoded(self._texts), _encoded(self._others)
        self.hints |= {old for old, _ in self._bytes_of_others}

    @classmethod
    def of(cls, transcript: Transcript) -> Substitution:
        """What one side's values are replaced by; its own origin is one of them."""
        hosts = (
            value
            for exchange in transcript.exchanges
            for name, value in exchange.request.headers
            if name.lower() == "host"
        )
        return cls(transcript.generated, next(hosts, ""))

    def text(self, text: str) -> str:
        """The text with markers."""
        for old, new in self._texts if self._hint in text else self._others:
            if old in text:
                text = text.replace(old, new)
        return text

    def body(self, body: bytes) -> bytes:
        """The bytes with markers, in UTF-8; a body is gone through once."""
        known = self._done.get(body)
        if known is None:
            known = body
            holds = self._hint.encode() in body
            for old, new in self._bytes if holds else self._bytes_of_others:
                if old in known:
                    known = known.replace(old, new)
            self._done[body] = known
        return known

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The headers with markers."""
        return [(name, self.text(value)) for name, value in headers]
