"""Bytes with volatile pieces: holes of a known length between literal runs. Pure.

Two recordings of as many bytes that differ in some places give an `ArrayPattern` of base64 runs and
of placeholders (``<19 digits>``, ``<16 bytes>``). A hole spans the whole word or number in which
the recordings differ, so that a clock whose last digits alone moved is one hole; bytes that are
equal by chance inside of what is random are part of it. Everything else is literal, in its place.

Recordings of different lengths have no places: the whole is `Placeholder(("string",))`, to which
nothing is held but that there is something.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from pytest_cutover.normalize.matchers import ArrayPattern, Pattern, Placeholder

ANYTHING = Placeholder(("string",))
# Of four random bytes, all are equal by chance once in four thousand million times.
_SHORTEST_LITERAL_BYTES = 4
_WORD = re.compile(rb"[0-9A-Za-z]+")
_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e]*")
_HOLE = re.compile(r"(\d+) (digits|bytes)")
_SHOWN_BEFORE, _SHOWN = 40, 120


@dataclass(frozen=True, slots=True)
class Departure:
    """Where bytes depart from what they are held to, and both sides around that place."""

    at: int
    baseline: str
    candidate: str


def learn(one: Pattern, other: Pattern, earlier: Pattern = None) -> Pattern:
    """Return what two recordings (base64) have in common; holes of an `earlier` recording stay
    holes.
    """
    left, right = _decoded(one), _decoded(other)
    if left is None or right is None or len(left) != len(right):
        return ANYTHING
    holes = _holes(left, right)
    known = _layout(earlier)
    if known is not None and sum(size for _, size, _ in known) == len(left):
        at = 0
        for literal, size, _ in known:
            if literal is None:
                holes.append((at, at + size))
            at += size
        holes = _merged(sorted(holes), left, right)
    if not holes:
        return one
    parts: list[Pattern] = []
    at = 0
    for start, end in holes:
        if start > at:
            parts.append(base64.b64encode(left[at:start]).decode())
        digits = left[start:end].isdigit() and right[start:end].isdigit()
        parts.append(Placeholder((f"{end - start} {'digits' if digits else 'bytes'}",)))
        at = end
    if at < len(left):
        parts.append(base64.b64encode(left[at:]).decode())
    return ArrayPattern(tuple(parts))


def departure(mask: Pattern, base: Pattern, cand: Pattern) -> Departure | None:
    """Where the candidate's bytes depart: from the mask, or without one from the baseline's.

    A mask that the baseline itself does not follow is stale and says nothing.
    """
    found = _decoded(cand)
    if found is None or base in (cand, ANYTHING) or mask == ANYTHING:
        return None
    layout = _layout(mask) if isinstance(mask, ArrayPattern) else None
    shown = _layout(base)
    if shown is None:
        return None
    live = shown[0][0] if len(shown) == 1 else None
    if layout is None or (live is not None and _first_departing(layout, live) is not None):
        layout = shown
    at = _first_departing(layout, found)
    if at is None:
        return None
    before = live if live is not None else _hidden(shown)
    return Departure(at, _window(before, at), _window(found, at))


def _hidden(layout: _Layout) -> bytes:
    """Return the bytes of a recording, with marks in the place of what is volatile."""
    return b"".join(b"?" * size if literal is None else literal for literal, size, _ in layout)


_Layout = list[tuple[bytes | None, int, bool]]  # literal bytes or none, how many, digits only


def _first_departing(layout: _Layout, found: bytes) -> int | None:
    at = 0
    for literal, size, digits in layout:
        piece = found[at : at + size]
        if literal is not None and piece != literal:
            pairs = zip(piece, literal, strict=False)
            same = next((i for i, (x, y) in enumerate(pairs) if x != y), len(piece))
            return at + same
        if len(piece) < size or (digits and not piece.isdigit()):
            return at
        at += size
    return None if at == len(found) else at


def _layout(value: Any) -> _Layout | None:
    if isinstance(value, str):
        known = _decoded(value)
        return None if known is None else [(known, len(known), False)]
    if not isinstance(value, ArrayPattern):
        return None
    layout: _Layout = []
    for part in value.items:
        if isinstance(part, Placeholder):
            hole = _HOLE.fullmatch(part.formats[0])
            if hole is None:
                return None
            layout.append((None, int(hole[1]), hole[2] == "digits"))
        else:
            literal = _decoded(part)
            if literal is None:
                return None
            layout.append((literal, len(literal), False))
    return layout


def _decoded(value: Any) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None


def _holes(left: bytes, right: bytes) -> list[tuple[int, int]]:
    """Return the spans in which two runs of bytes differ, widened to whole words and numbers."""
    if left == right:
        return []
    apart = int.from_bytes(left, "big") ^ int.from_bytes(right, "big")
    differing = apart.to_bytes(len(left), "big")
    spans = [found.span() for found in re.finditer(rb"[^\0]+", differing)]
    words = [
        word.span()
        for word in _WORD.finditer(left)
        if differing.count(0, *word.span()) < word.end() - word.start()
    ]
    words += [
        word.span()
        for word in _WORD.finditer(right)
        if differing.count(0, *word.span()) < word.end() - word.start()
    ]
    return _merged(sorted(spans + words), left, right)


def _merged(spans: list[tuple[int, int]], left: bytes, right: bytes) -> list[tuple[int, int]]:
    """Return spans that touch or overlap as one, and those with little between that is not text."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and _belongs(merged[-1][0], merged[-1][1], start, end, left, right):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _belongs(first: int, last: int, start: int, end: int, left: bytes, right: bytes) -> bool:
    if start <= last:
        return True
    if start - last >= _SHORTEST_LITERAL_BYTES:
        return False
    near = max(first, last - 16), min(end, start + 16)
    return not all(_PRINTABLE.fullmatch(side, *near) for side in (left, right))


def _window(content: bytes, at: int) -> str:
    """Return the bytes around a place, those that are no text as escapes."""
    start = max(0, at - _SHOWN_BEFORE)
    shown = "".join(
        chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"
        for byte in content[start : start + _SHOWN]
    )
    return f"{len(content)} bytes, at {at}: {'…' if start else ''}{shown}"
