"""What HEAD says of a length, where each side has rows of its own: held to what GET says. Pure."""

from __future__ import annotations

from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.core.exchange import Transcript

# What ids of another length make of a list, where GET was not asked or does not say.
_LONGER_BY: Final = 0.1


def is_length_of_own_rows(found: Difference, one: Round) -> bool:
    """Return whether another length that HEAD tells is that of each side's own rows.

    Where the same case asked GET before, and the baseline tells the same length for both, the
    candidate must too. Otherwise the lengths are about alike.
    """
    if found.pointer != "/headers/content-length" or not found.endpoint.startswith("HEAD "):
        return False
    ours, theirs = _lengths(one.baseline, found.exchange), _lengths(one.candidate, found.exchange)
    if ours is not None and theirs is not None and ours[0] == ours[1]:
        return theirs[0] == theirs[1]
    told = [str(value).strip('"') for value in (found.baseline, found.candidate)]
    if not all(length.isdigit() for length in told):
        return False
    shorter, longer = sorted(map(int, told))
    return shorter > 0 and longer - shorter <= longer * _LONGER_BY


def _lengths(transcript: Transcript, index: int) -> tuple[int, int] | None:
    """Return what HEAD and the GET before it said; None where either says nothing."""
    if index >= len(transcript.exchanges):
        return None
    head = transcript.exchanges[index]
    for before in reversed(transcript.exchanges[:index]):
        if before.request.method == "GET" and before.request.target == head.request.target:
            told = [
                exchange.response.header("content-length") if exchange.response else None
                for exchange in (head, before)
            ]
            first, second = (int(one) if one and one.isdigit() else None for one in told)
            return None if first is None or second is None else (first, second)
    return None
