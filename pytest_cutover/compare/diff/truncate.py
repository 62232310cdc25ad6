"""A value as a reader of a finding sees it: short, printable, and without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from msgspec import Raw

from pytest_cutover.backends.redaction.secret_texts import assigned
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.notation import printable, write_text
from pytest_cutover.compare.noise.texts.text_tokens import shared_beginning
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    Literal,
    ObjectPattern,
    Placeholder,
    Template,
)
from pytest_cutover.normalize.strict_json import read_json
from pytest_cutover.normalize.substitution import MARKER

LIMIT = 200
HIDDEN_ALIKE = "another value, hidden alike"
# A text up to this length is shown whole.
SHORT = 180
_BEFORE, _AFTER = 60, 110
_MARGIN = 100
_WHOLE = 1_000_000
# Of signs that are shown as they are, and that begin no marker, symbol or assignment.
_PLAIN = re.compile(r"[ \w.,:;/@+()-]*+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Window:
    """What is shown of a text; `note` says where it is from, `hidden` that a secret departs."""

    text: str
    note: str
    hidden: bool

    def __str__(self) -> str:
        return f"{self.text} ({self.note})" if self.note else self.text


def _told_apart(one: _Window, other: _Window) -> tuple[str, str]:
    """Both windows as text, with a word where they look the same."""
    if one.text != other.text:
        return str(one), str(other)
    if one.hidden or other.hidden:
        word = HIDDEN_ALIKE
    else:
        word = "not the same: what differs is not visible"
    note = f"{other.note}; {word}" if other.note else word
    return str(one), str(replace(other, note=note))


def _may_look_alike(sign: str, other: str) -> bool:
    """Whether two signs that differ are printed as they are, and are not both of ASCII."""
    if not sign or not other or (sign.isascii() and other.isascii()):
        return False
    return printable(sign) == sign and printable(other) == other


def _code_point(sign: str) -> str:
    return f"U+{ord(sign):04X}"


class Excerpts:
    """Makes excerpts in which the secrets of a comparison are symbols."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted((s for s in secrets if s), key=lambda s: (-len(s), s))
        self._margin = _MARGIN + 2 * max(map(len, self._secrets), default=0)

    def of(self, value: Any) -> str:
        """Return the value as JSON text of at most 200 characters."""
        text = self._scrub(_json_text(value, [4 * LIMIT], self._scrub))
        return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"

    def whole(self, value: Any) -> str:
        """Return a scalar to its last sign: a text without quotes, a number as it is spelled."""
        if isinstance(value, str):
            return printable_text(self._scrub(value))
        return _json_text(value, [_WHOLE], self._scrub)

    def pair(self, base: Any, cand: Any) -> tuple[str, str]:
        """Both values where they differ first; what is shown of them is never the same."""
        if isinstance(base, str) and isinstance(cand, str):
            if base != cand and self._is_shown_as_it_is(base) and self._is_shown_as_it_is(cand):
                return f'"{base}"', f'"{cand}"'
            at = shared_beginning(base, cand)
            return self.around(base, cand, at, at)
        shown = self.of(base), self.of(cand)
        if shown[0] != shown[1]:
            return shown
        texts = [_json_text(value, [_WHOLE], self._scrub) for value in (base, cand)]
        at = shared_beginning(*texts)
        windows = [self._window(text, at) for text in texts]
        return _told_apart(windows[0], windows[1])

    def around(self, base: str, cand: str, base_at: int, cand_at: int) -> tuple[str, str]:
        """Two texts around the places at which they depart from each other."""
        one, other = self._window(base, base_at), self._window(cand, cand_at)
        signs = base[base_at : base_at + 1], cand[cand_at : cand_at + 1]
        if not (one.hidden or other.hidden) and _may_look_alike(*signs):
            # Letters of two scripts may look the same.
            one, other = (
                replace(window, note=f"{window.note} {_code_point(sign)}".lstrip())
                for window, sign in zip((one, other), signs, strict=True)
            )
        return _told_apart(one, other)

    def _window(self, text: str, at: int) -> _Window:
        """Return the text around a place, whole where it is short; a secret is shown as what it
        is.
        """
        start, end = (0, len(text)) if len(text) <= SHORT else (at - _BEFORE, at + _AFTER)
        start, end = max(0, start), min(len(text), end)
        spans = self._spans(text, start, end)
        hidden = any(first <= at < last and label for first, last, label in spans)
        for first, last, _ in spans:
            if first < start < last:
                start = first
            if first < end < last:
                end = last
        shown: list[str] = []
        position = start
        for first, last, label in spans:
            if label and start <= first and last <= end:
                shown += [printable_text(text[position:first]), label]
                position = last
        shown.append(printable_text(text[position:end]))
        quoted = json.dumps("".join(shown), ensure_ascii=False).replace("\\\\u", "\\u")[1:-1]
        note = "" if (start, end) == (0, len(text)) else f"character {at + 1} of {len(text)}"
        dots = "…" if start else "", "…" if end < len(text) else ""
        return _Window(f'"{dots[0]}{quoted}{dots[1]}"', note, hidden)

    def _is_shown_as_it_is(self, text: str) -> bool:
        if len(text) > SHORT or _PLAIN.fullmatch(text) is None:
            return False
        return not self._secrets or not any(secret in text for secret in self._secrets)

    def _spans(self, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """Return what must not be cut near a window: secrets with their labels, and markers
        without.
        """
        low, high = max(0, start - self._margin), min(len(text), end + self._margin)
        near = text[low:high]
        found = [(low + m.start(), low + m.end(), "") for m in MARKER.finditer(near)]
        found += [(low + first, low + last, "<secret>") for first, last in assigned(near)]
        for secret in self._secrets:
            at = near.find(secret)
            while at >= 0:
                label = f"<secret {formats.format_of(secret)}>"
                found.append((low + at, low + at + len(secret), label))
                at = near.find(secret, at + len(secret))
        joined: list[tuple[int, int, str]] = []
        for first, last, label in sorted(found):
            if joined and first < joined[-1][1]:
                before = joined[-1]
                joined[-1] = (before[0], max(before[1], last), before[2] or label)
            else:
                joined.append((first, last, label))
        return joined

    def _scrub(self, text: str) -> str:
        for secret in self._secrets:
            for spelling in _spellings(secret):
                if spelling in text:
                    text = text.replace(spelling, f"<secret {formats.format_of(secret)}>")
        return text


@lru_cache(maxsize=8192)
def _spellings(secret: str) -> tuple[str, ...]:
    """Return how a secret stands in text and in JSON; a run knows hundreds, and looks for each."""
    quoted = json.dumps(secret)[1:-1]
    return (secret,) if quoted == secret else (secret, quoted)


def _json_text(value: Any, budget: list[int], scrub: Callable[[str], str]) -> str:
    """JSON text; a long value ends where the budget of characters does, never inside a secret."""
    if budget[0] <= 0:
        return "…"
    if isinstance(value, str | Placeholder | Template):
        text = scrub(value) if isinstance(value, str) else write_text(value)
        shown = text[: budget[0] * 4]
        quoted = json.dumps(printable_text(shown), ensure_ascii=False)
        budget[0] -= len(quoted)
        return quoted.replace("\\\\u", "\\u")
    if isinstance(value, dict | ObjectPattern):
        members = value.members if isinstance(value, ObjectPattern) else value
        return _joined(
            "{}", ((f"{_key(scrub(k))}: ", v) for k, v in members.items()), budget, scrub
        )
    if isinstance(value, list | ArrayPattern):
        items = value.items if isinstance(value, ArrayPattern) else value
        return _joined("[]", (("", item) for item in items), budget, scrub)
    if isinstance(value, Raw):
        return _json_text(read_json(bytes(value)).tree, budget, scrub)
    if isinstance(value, ArrayOf):
        return _joined("[]", [("each ", value.item)], budget, scrub)
    budget[0] -= 5
    if isinstance(value, bytes):
        return value.decode()
    return "any" if isinstance(value, Literal) else json.dumps(value)


def _key(name: str) -> str:
    return json.dumps(printable_text(name), ensure_ascii=False).replace("\\\\u", "\\u")


def printable_text(text: str) -> str:
    """Text with markers in readable form and nothing invisible."""
    shown = write_text(text)
    return printable(shown.replace("\\<", "<").replace("\\\\", "\\"))


def _joined(
    brackets: str,
    members: Iterable[tuple[str, Any]],
    budget: list[int],
    scrub: Callable[[str], str],
) -> str:
    parts = []
    for prefix, item in members:
        budget[0] -= len(prefix) + 2
        parts.append(prefix + _json_text(item, budget, scrub))
        if budget[0] <= 0:
            break
    return brackets[0] + ", ".join(parts) + brackets[1]
