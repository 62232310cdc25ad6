"""The account of a test as evidence: counts that travel, and the places that were not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pytest_cutover.compare.diff.account import MOST_OPEN, Account, Fate
from pytest_cutover.core.evidence import TestEvidence

# Kinds of constraint that travel with a test; the rest is summed by endpoint and fate.
_MOST_COUNTS = 60

Count = tuple[str, str, str, int]  # endpoint, fate, held by, places


def counts_of(account: Account) -> tuple[Count, ...]:
    """The counts of an account, the largest first, in at most some 4 KB."""
    ordered = sorted(account.places.items(), key=lambda pair: (-pair[1], pair[0]))
    found = [(endpoint, str(fate), by, n) for (endpoint, fate, by), n in ordered[:_MOST_COUNTS]]
    rest: Counter[tuple[str, str]] = Counter()
    for (endpoint, fate, _), number in ordered[_MOST_COUNTS:]:
        rest[endpoint, str(fate)] += number
    found += [(endpoint, fate, "", number) for (endpoint, fate), number in sorted(rest.items())]
    return tuple(found)


def open_places_of(
    account: Account, scrub: Callable[[str], str]
) -> tuple[tuple[str, str, str], ...]:
    """The first open places: endpoint, pointer, reason."""
    return tuple(
        (one.endpoint, scrub(one.pointer), scrub(one.reason))
        for one in list(account.open)[:MOST_OPEN]
    )


def open_signatures(evidence: TestEvidence) -> tuple[str, ...]:
    """What somebody may waive of a test: each endpoint and reason for which it left places open."""
    return tuple(
        f"{endpoint} | open |  | {reason}"
        for endpoint, fate, reason, _ in evidence.account
        if fate == Fate.OPEN
    )
