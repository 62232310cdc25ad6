"""Ids that a test sends in headers of its own, which answers give back: a correlation id, a trace.

Such a header is no part of what is asked, and its value is another one on each side and in each
round. But where the baseline's answer holds the id that the baseline was sent, the candidate's has
to hold the one that it was sent. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.texts.text_tokens import UUID
from pytest_cutover.core.exchange import Exchange

# Each side's own, or of the client: `accept` and `content-` begin more of them.
_OF_THE_CLIENT: Final = ("authorization", "proxy-authorization", "cookie", "host", "user-agent")
_ID: Final = re.compile(rf"{UUID}|[A-Za-z0-9]{{11,}}")


def sent_beside(
    baseline: Sequence[Exchange], candidate: Sequence[Exchange], ours: int, theirs: int
) -> dict[str, str]:
    """Return the ids in the headers of two requests that differ, by those of the baseline's."""
    left, right = _ids(baseline[ours]), _ids(candidate[theirs])
    return {
        one: other
        for name, ids in left.items()
        if len(ids) == len(right.get(name, ()))
        for one, other in zip(ids, right[name], strict=True)
        if one != other and _has_identity(one) and _has_identity(other)
    }


def _ids(exchange: Exchange) -> dict[str, list[str]]:
    return {
        name.lower(): _ID.findall(value)
        for name, value in exchange.request.headers
        if not name.lower().startswith((*_OF_THE_CLIENT, "accept", "content-"))
    }


def _has_identity(text: str) -> bool:
    return formats.has_identity(formats.format_of(text))
