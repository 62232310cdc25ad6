"""What the learner needs to know of a recording besides its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.encoded import Marked, as_it_is
from pytest_cutover.normalize.normalized import NormalizedExchange
from pytest_cutover.normalize.substitution import Substitution


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the learner needs to know of a recording besides the values."""

    session_started_s: float
    secrets: frozenset[str]
    sent: frozenset[str]
    credentials: frozenset[str] = frozenset()
    marked: Marked = as_it_is

    @classmethod
    def of(
        cls,
        transcript: Transcript,
        seen: tuple[NormalizedExchange, ...],
        substitution: Substitution,
    ) -> RecordingFacts:
        """Return the facts of one transcript. `sent`: values that a request held before any
        response; `marked` puts the markers into a document that stands in a text.
        """
        sent: set[str] = set()
        given: set[str] = set()
        for index, exchange in enumerate(seen):
            pieces = set(_texts(exchange.request.target)) | set(_texts(exchange.request.body.tree))
            pieces |= set(_texts(exchange.request.headers))
            sent |= pieces - given
            is_last = index == len(seen) - 1  # nothing is sent after it
            if exchange.response is not None and not is_last:
                given |= set(_texts(exchange.response.body.tree))
                given |= set(_texts(exchange.response.headers))
        return cls(
            transcript.session_started_s,
            transcript.secrets,
            frozenset(sent),
            transcript.credentials,
            substitution.body,
        )


_PIECE = re.compile(r"[^\s/?&=;,\"'<>()]+")


def _texts(tree: Any) -> Iterator[str]:
    """Every string of a tree, and every piece of it that could be a value of its own."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
            yield from _PIECE.findall(node[:10_000])
        elif isinstance(node, dict):
            pending += node.values()
        elif isinstance(node, list):
            pending += node
