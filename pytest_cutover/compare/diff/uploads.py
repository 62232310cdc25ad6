"""Whether an answer is what its own side was sent before: an upload that comes back. Pure.

A test that makes a file by itself, with a new name inside, gets other bytes back on each side.
Where both sides give back, byte by byte, what the same earlier request held for each, nothing
departs, whatever the bytes are; where the baseline alone does, nothing is known of the others.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from pytest_cutover.core.exchange import Exchange

# Shorter contents stand in too many requests by chance.
SHORTEST_BYTES: Final = 16


class SentAs(StrEnum):
    """How a request held a content."""

    BODY = "the body"
    PART = "a part of a form"
    BASE64 = "a base64 text"


class GivenBack(StrEnum):
    """Which sides answer with what they were sent."""

    BY_NONE = ""
    BY_BOTH = "what the test sent before"
    BY_BASELINE = "what was sent → something else"


def sent_before(
    baseline: Sequence[Exchange], candidate: Sequence[Exchange], ours: int, theirs: int
) -> GivenBack:
    """Return whether two answers are what one earlier request held, for each side its own.

    `ours` and `theirs` are the places of the two exchanges.
    """
    one, other = baseline[ours].response, candidate[theirs].response
    if one is None or other is None or len(one.body) < SHORTEST_BYTES:
        return GivenBack.BY_NONE
    left = _requests_with(baseline[:ours], one.body)
    if not left:
        return GivenBack.BY_NONE
    is_long = len(other.body) >= SHORTEST_BYTES
    right = _requests_with(candidate[:theirs], other.body) if is_long else set()
    return GivenBack.BY_BOTH if left & right else GivenBack.BY_BASELINE


def _requests_with(exchanges: Sequence[Exchange], content: bytes) -> set[tuple[int, str, SentAs]]:
    """Return the requests that held a content: how many of their endpoint came before, and how."""
    found: set[tuple[int, str, SentAs]] = set()
    seen: dict[str, int] = {}
    for each in exchanges:
        turn = seen[each.endpoint] = seen.get(each.endpoint, -1) + 1
        for how in _held(each.request.body, content):
            found.add((turn, each.endpoint, how))
    return found


def _held(body: bytes, content: bytes) -> list[SentAs]:
    if len(body) < len(content):
        return []
    if body == content:
        return [SentAs.BODY]
    if b"\r\n\r\n" + content + b"\r\n--" in body:
        return [SentAs.PART]
    if len(body) * 3 >= len(content) * 4 and base64.b64encode(content) in body:
        return [SentAs.BASE64]
    return []
