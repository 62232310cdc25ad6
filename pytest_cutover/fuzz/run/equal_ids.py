"""Whether ids at a place are those of rows that both sides have: seen in equal answers. Pure.

Where nothing was written nobody knows whether the two sides share their data. An id that both gave
to one row, and the candidate to another one here, is no id of its own database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core import json_pointer

_MOST_KEPT: Final = 3
_LARGEST: Final = 20_000


class EqualIds:
    """A few equal answers of each operation."""

    def __init__(self) -> None:
        self._known: dict[str, list[bytes]] = {}

    def keep(self, one: Round) -> None:
        """Take down the equal answers of a round."""
        for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False):
            if ours.response is None or theirs.response is None:
                continue
            body = ours.response.body
            known = self._known.setdefault(ours.endpoint, [])
            fits = len(known) < _MOST_KEPT and len(body) <= _LARGEST
            if fits and body == theirs.response.body and body not in known:
                known.append(body)

    def are_in(self, one: Round, endpoint: str, pointer: str) -> bool:
        """Return whether the candidate shows an id of an equal answer at a place, ``*`` for each
        item of a list.
        """
        tokens = json_pointer.parse(pointer)
        known = {
            value
            for body in self._known.get(endpoint, ())
            for value in _values(_parsed(body), tokens)
        }
        shown = (
            value
            for exchange in one.candidate.exchanges
            if exchange.endpoint == endpoint and exchange.response is not None
            for value in _values(_parsed(exchange.response.body), tokens)
        )
        return not known.isdisjoint(shown)


def _values(node: Any, tokens: Sequence[str]) -> Iterator[str | int]:
    if not tokens:
        if isinstance(node, str | int) and not isinstance(node, bool):
            yield node
    elif isinstance(node, list):
        for index, item in enumerate(node):
            if tokens[0] in ("*", str(index)):
                yield from _values(item, tokens[1:])
    elif isinstance(node, dict) and tokens[0] in node:
        yield from _values(node[tokens[0]], tokens[1:])


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
