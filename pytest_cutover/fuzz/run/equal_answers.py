"""Answers of the same bytes, under headers that were compared before: nothing is left to compare.

Most generated requests are refused, with the same few bytes each time. Such answers are compared as
any the first time; after that only what may differ from one answer to the next is looked at. Pure.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Response

Key = tuple[object, ...]
_MOST_KNOWN: Final = 10_000


class EqualAnswers:
    """What was compared and is equal: by operation, status and the headers of both sides."""

    def __init__(self) -> None:
        self._known: set[Key] = set()

    def key_of(self, one: Round) -> Key | None:
        """Return what such a round has besides its bodies; None where those are not the same."""
        ours, theirs = one.baseline.exchanges, one.candidate.exchanges
        if len(ours) != len(theirs):
            return None
        parts = [_part(left, right) for left, right in zip(ours, theirs, strict=True)]
        return None if None in parts else tuple(parts)

    def is_known(self, key: Key | None) -> bool:
        """Return whether a round like this was compared and is equal."""
        return key is not None and key in self._known

    def keep(self, key: Key | None) -> None:
        """Take down that a round was compared and is equal."""
        if key is not None and len(self._known) < _MOST_KNOWN:
            self._known.add(key)


def _part(left: Exchange, right: Exchange) -> Key | None:
    one, other = left.response, right.response
    if one is None or other is None or left.failure or right.failure:
        return None
    whole = left.whole and right.whole
    if not whole or one.status != other.status or one.body != other.body:
        return None
    # Equal bytes that name the one side are another link on the other.
    for exchange in (left, right):
        address = urlsplit(exchange.request.base_url).netloc.encode()
        if address and address in one.body:
            return None
    lengths = one.header("content-length"), other.header("content-length")
    dull = {"date"} | ({"content-length"} if lengths[0] == lengths[1] else set())
    versions = one.http_version, other.http_version
    return left.endpoint, one.status, versions, _headers(one, dull), _headers(other, dull)


def _headers(response: Response, dull: set[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers, those that are different each time by their names alone."""
    return tuple(
        (name.lower(), "" if name.lower() in dull else value) for name, value in response.headers
    )
