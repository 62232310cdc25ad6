"""The account of a test as evidence: counts that travel, and the places that were not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from pytest_cutover.compare.diff.account import MOST_OPEN, UNSTEADY, Account
from pytest_cutover.config.accepted import AcceptedDifferences, open_signature
from pytest_cutover.core.evidence import TestEvidence

# Kinds of constraint that travel with a test; the rest is summed by endpoint and fate.
_MOST_COUNTS = 48

Count = tuple[str, str, str, int]  # endpoint, fate, held by, places


def counts_of(account: Account) -> tuple[Count, ...]:
    """Return the counts of an account, the largest first, in at most some 4 KB."""
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
    """Return the first open places: endpoint, pointer, reason."""
    return tuple(
        (one.endpoint, scrub(one.pointer), scrub(one.reason))
        for one in list(account.open)[:MOST_OPEN]
    )


def wavers_as_agreed(
    account: Account, accepted: AcceptedDifferences, evidence: TestEvidence, today: date
) -> bool:
    """Return whether somebody agreed that the baseline wavers wherever it does."""
    wavering = {one.endpoint for one in account.open if one.reason == UNSTEADY}
    return bool(wavering) and all(
        accepted.covering(
            open_signature(endpoint, UNSTEADY), evidence.test, evidence.scenario, today
        )
        for endpoint in wavering
    )
