"""The account of a test as evidence: counts that travel, and the places that were not compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date

from pytest_cutover.compare.diff.account import MOST_OPEN, UNSTEADY, Account, Fate
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.report.model import AccountRow

# Kinds of constraint that travel with a test; the rest is summed by endpoint and fate.
_MOST_COUNTS = 60
_MOST_HELD = 12

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


def open_signature(endpoint: str, reason: str) -> str:
    """Return what somebody waives: the places of an endpoint that one reason leaves open."""
    return f"{endpoint} | open |  | {reason}"


def open_signatures(evidence: TestEvidence) -> tuple[str, ...]:
    """Return what somebody may waive of a test: each endpoint and reason for which it left
    places open.
    """
    return tuple(
        open_signature(endpoint, reason)
        for endpoint, fate, reason, _ in evidence.account
        if fate == Fate.OPEN
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


def account_rows(
    tests: Iterable[TestEvidence], waived: Collection[tuple[str, str]] = ()
) -> tuple[AccountRow, ...]:
    """Return the account of many tests, a row for each endpoint, open places first.

    `waived` are the open places that somebody accepted: (signature, test).
    """
    places: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in tests:
        for endpoint, fate, by, number in one.account:
            signature = open_signature(endpoint, by)
            agreed = fate == Fate.OPEN and (signature, one.test) in waived
            places[endpoint][str(Fate.WAIVED) if agreed else fate, by] += number
    rows = [_row(endpoint, counted) for endpoint, counted in places.items()]
    return tuple(sorted(rows, key=lambda row: (-row.open, row.endpoint)))


def _row(endpoint: str, counted: Counter[tuple[str, str]]) -> AccountRow:
    totals: Counter[str] = Counter()
    for (fate, _), number in counted.items():
        totals[fate] += number
    held = [(fate, by, n) for (fate, by), n in counted.items() if by and fate != Fate.EXACT]
    held.sort(key=lambda one: (one[0] != Fate.OPEN, one[0] != Fate.WAIVED, -one[2], one[1]))
    return AccountRow(
        endpoint=endpoint,
        exact=totals[Fate.EXACT],
        constrained=totals[Fate.CONSTRAINED],
        waived=totals[Fate.WAIVED],
        different=totals[Fate.DIFFERENT],
        open=totals[Fate.OPEN],
        held_by=tuple(f"{fate}: {by} ({n:,})" for fate, by, n in held[:_MOST_HELD]),
    )
