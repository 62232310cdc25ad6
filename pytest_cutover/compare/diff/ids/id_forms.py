"""What a text may be by its form: an id that is long enough for itself, a code, a link. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_cutover.compare.noise import clock, formats

_WORD = re.compile(r"([\w-]+)")
_INSIDE = re.compile(r"[\-.+=~_]")
_SHORTEST_STRONG = 11  # characters of a token of 64 bits


def is_strong(value: str) -> bool:
    """Whether a value names one thing wherever it stands: it has 64 bits or more."""
    if len(value) < _SHORTEST_STRONG or " " in value or ":" in value:
        return False
    return formats.has_identity(formats.format_of(value))


def is_code(value: Any) -> bool:
    """Whether a value is a code that somebody gave out, or a time in a number; no word or count."""
    if isinstance(value, bytes):
        return len(value) >= clock.SHORTEST_NUMBER
    return isinstance(value, str) and len(value) >= 4 and any(map(str.isdigit, value))


def are_alike_but_for(pairs: Mapping[str, str], left: str, right: str) -> bool:
    """Whether two texts are one but for words that stand for each other (``no lot 45``)."""
    ours, theirs = (_WORD.split(text) if pairs else [] for text in (left, right))
    return len(ours) == len(theirs) > 1 and all(
        one == other or pairs.get(one) == other for one, other in zip(ours, theirs, strict=True)
    )


def is_link(value: str) -> bool:
    """Whether a value is a path or an address."""
    return value.startswith("/") or "://" in value or "\ufdd0origin" in value


def pieces(text: str) -> Iterator[str]:
    """Yield the words of a text, and the parts of those that have some."""
    for piece in re.findall(r"[\w\-.+=~]+", text):
        yield piece
        parts = _INSIDE.split(piece)
        if len(parts) > 1:
            yield from parts
