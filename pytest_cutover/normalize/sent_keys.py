"""Ids that a test makes up and sends, where answers have them as keys: results by reference.

`uuid4()` in a request is another one in each run and on each side, and an object that is keyed by
it has other members each time. Which entry is which says the request: the first that was sent on
one side stands for the first on the other. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.byte_search import holds

_LONGEST_BODY: Final = 65_536  # bytes of a request that are looked into
_MOST: Final = 100  # ids of one test
_IN_BODY: Final = re.compile(rb'"([A-Za-z0-9_.-]{8,64})"')
_IN_TARGET: Final = re.compile(r"(?<=[/=,])[A-Za-z0-9_.-]{8,64}(?=[/?&,;#]|$)")
# As `uuid4().hex[:8]` has it, with anything before and behind, and as tokens of 64 signs have it;
# digits alone are a day, or the number of an article.
_HEX: Final = re.compile(
    r"(?=.*[A-Za-z]).*(?:(?=[a-f]*[0-9])[0-9a-f]{8}|(?=[A-F]*[0-9])[0-9A-F]{8}).*"
)
_MIXED: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9_-]{10,}")


def sent_keys(transcript: Transcript) -> dict[str, str]:
    """Return the ids that the test made up and that are a key in some answer, each with the name
    that it has on either side: its number among all that were sent.
    """
    answers = [one.response.body if one.response else b"" for one in transcript.exchanges]
    found: dict[str, str] = {}
    seen: set[str] = set()
    for index, exchange in enumerate(transcript.exchanges):
        for value in _sent(exchange):
            if value in seen or len(seen) >= _MOST:
                continue
            seen.add(value)
            keys = [b'"%s"%s' % (value.encode(), end) for end in (b":", b" :")]
            is_given = any(holds(body, value.encode()) for body in answers[:index])
            if not is_given and any(holds(body, *keys) for body in answers[index:]):
                found[value] = f"sent #{len(seen)}"
    return found


def _sent(exchange: Exchange) -> Iterator[str]:
    target, body = exchange.request.target, exchange.request.body
    pieces = _IN_TARGET.findall(target)
    if len(body) <= _LONGEST_BODY:
        pieces += [piece.decode() for piece in _IN_BODY.findall(body)]
    return (piece for piece in pieces if _HEX.fullmatch(piece) or _MIXED.fullmatch(piece))
