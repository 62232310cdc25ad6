"""How the baseline departed from itself in a test, in keys that other tests are held to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.truncate import HIDDEN_ALIKE
from pytest_cutover.compare.evidence.differences import shown_text
from pytest_cutover.compare.evidence.signatures import finding_id

_MOST = 200


def keys_of(departures: Iterable[Difference], scrub: Callable[[str], str]) -> tuple[str, ...]:
    """How a baseline departed from itself, as evidence: signatures, and digests of two values."""
    keys: set[str] = set()
    for one in departures:
        signature = scrub(one.signature)
        values = (scrub(shown_text(one.baseline)), scrub(shown_text(one.candidate)))
        keys.update((signature, of_any_method(signature)))
        if HIDDEN_ALIKE not in values[1]:
            keys.add(with_values(signature, *values))
    return tuple(sorted(keys))[:_MOST]


def of_any_method(signature: str) -> str:
    """Return a signature for all that answers with one thing: what wavers in one, does in all."""
    return signature.partition(" ")[2]


def with_values(signature: str, *values: str) -> str:
    """Return the key of a signature with the values of both sides."""
    return finding_id("\0".join((signature, *values)))
