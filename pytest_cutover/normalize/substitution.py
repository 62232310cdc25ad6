"""Values that a run made, and each side's own origin, become the same marker on both sides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from pytest_cutover.core.exchange import Generated, Transcript
from pytest_cutover.normalize.byte_search import Hint, holds, holds_any
from pytest_cutover.normalize.own_address import (
    CLOSE,
    NOWHERE,
    OPEN,
    OwnAddress,
    address_of,
)
from pytest_cutover.normalize.sent_keys import sent_keys

MARKER = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
# Of a code that the test made: an address of one's own stands in every row alike.
CODE = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]* #[^{OPEN}{CLOSE}]*){CLOSE}")
SHORTEST_INSIDE_TEXT = 6
_ESCAPE = re.compile("%[0-9A-F]{2}")


NO_KEYS: Mapping[str, str] = {}
_Pairs = tuple[tuple[str, str], ...]
_BytePairs = tuple[tuple[bytes, bytes], ...]


def _generated_pairs(value: str, name: str) -> Iterator[tuple[str, str]]:
    if not value:
        return
    spellings = {value: ""}
    for spelling, suffix in (
        (value.lower(), " lower"),
        (value.upper(), " upper"),
        (value.capitalize(), " title"),
        (value.title(), " title"),
    ):
        spellings.setdefault(spelling, suffix)
    for spelling, suffix in spellings.items():
        marker = f"{OPEN}{name}{suffix}{CLOSE}"
        for form in _escaped(spelling):
            if len(value) >= SHORTEST_INSIDE_TEXT:
                yield form, marker
            else:
                yield f'"{form}"', f'"{marker}"'


def _ordered(pairs: Mapping[str, str]) -> _Pairs:
    """Return the longest first, so that no value is taken for a part of it."""
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _encoded(pairs: _Pairs) -> _BytePairs:
    return tuple((old.encode(), new.encode()) for old, new in pairs)


def _escaped(value: str) -> list[str]:
    """Return a value as JSON and URLs spell it: the case of an escape says nothing."""
    in_url = quote(value, safe="", errors="surrogatepass")
    return list(
        dict.fromkeys(
            (
                value,
                json.dumps(value)[1:-1],
                json.dumps(value, ensure_ascii=False)[1:-1],
                in_url,
                _ESCAPE.sub(lambda found: found[0].lower(), in_url),
            )
        )
    )


def _pairs_of(generated: Iterable[Generated]) -> dict[str, str]:
    counts: dict[str, int] = {}
    pairs: dict[str, str] = {}
    for one in generated:
        counts[one.label] = counts.get(one.label, 0) + 1
        name = f"{one.label} #{counts[one.label]}"
        for form, marker in _generated_pairs(one.value, name):
            pairs.setdefault(form, marker)
    return pairs


def _pairs_of_keys(keys: Mapping[str, str]) -> dict[str, str]:
    return {
        f'"{key}"{end}': f'"{OPEN}{name}{CLOSE}"{end}'
        for key, name in keys.items()
        for end in (":", " :")
    }


def codes_of(text: str) -> list[str]:
    """Return which codes of the test a marked text holds, however each is spelled."""
    if OPEN not in text:
        return []
    return sorted({found[1].rstrip("abcdefghijklmnopqrstuvwxyz ") for found in CODE.finditer(text)})


def readable(text: str) -> str:
    """Return a text with its markers in the form that goldens and screens have."""
    if OPEN not in text:
        return text
    return MARKER.sub(lambda found: f"<{'unique ' * (' #' in found[1])}{found[1]}>", text)


class Substitution:
    """Puts the same marker in the place of one side's generated values and of its address."""

    def __init__(
        self,
        generated: Iterable[Generated],
        own: OwnAddress = NOWHERE,
        keys: Mapping[str, str] = NO_KEYS,
    ) -> None:
        """`keys` are names for keys of objects that the test made up, as `sent_keys` has them."""
        self._own = own
        self._done: dict[int, tuple[bytes, bytes]] = {}  # by the id of what is kept with it
        self._texts = _ordered(_pairs_of(generated))
        self._bytes = (*_encoded(self._texts), *_encoded(_ordered(_pairs_of_keys(keys))))

    @property
    def made(self) -> dict[str, str]:
        """What each marker stands for, as the test sent it."""
        # The shortest comes last: what JSON and links escape is longer.
        return {new: old for old, new in self._texts if new.startswith(OPEN)}

    @classmethod
    def of(cls, transcript: Transcript, beside: Transcript | None = None) -> Substitution:
        """Return what one side's values and address are replaced by; `beside` is the other side."""
        own = address_of(transcript, beside)
        return cls(transcript.generated, own, sent_keys(transcript))

    def is_in(self, body: bytes) -> bool:
        """Whether a body may hold anything of it; a short value counts without its quotes."""
        return self._own.is_in(body) or any(holds(body, old.strip(b'"')) for old, _ in self._bytes)

    def same_body(self, ours: bytes, other: Substitution, theirs: bytes) -> bool:
        """Whether two bodies are equal with markers, this one's of `ours`, the other's of `theirs`.

        Equal bytes are not where one side names itself in them, and the other another.
        """
        if ours != theirs:
            return self.body(ours) == other.body(theirs)
        if holds_any(ours, dict.fromkeys((*self._hints, *other._hints))):
            return self.body(ours) == other.body(ours)  # near at hand
        self._done[id(ours)], other._done[id(theirs)] = (ours, ours), (theirs, theirs)
        return True

    @property
    def _hints(self) -> list[Hint]:
        """Bytes one of which is in every body that has anything of this side."""
        return [*self._own.hints_in_bytes, *((old, ()) for old, _ in self._bytes)]

    def text(self, text: str) -> str:
        """Return the text with markers."""
        return self.target(self._own.text(text))

    def target(self, text: str) -> str:
        """Return a text with markers for generated values only, as a target has no address."""
        for old, new in self._texts:
            if old in text:
                text = text.replace(old, new)
        return text

    def body(self, body: bytes) -> bytes:
        """Return the bytes with markers, in UTF-8; a body is gone through once."""
        done = self._done.get(id(body))
        if done is None:
            known = self._own.body(body)
            for old, new in self._bytes:
                if holds(known, old):
                    known = known.replace(old, new)
            done = self._done[id(body)] = body, known
        return done[1]

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the headers with markers."""
        return [(name, self.target(self._own.header(name, value))) for name, value in headers]
