"""The account of a run: what became of every place of its tests, a row for each endpoint. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.config.accepted import open_signature
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.report.model import AccountRow

_MOST_HELD = 12


def open_signatures(evidence: TestEvidence) -> tuple[str, ...]:
    """Return what somebody may waive of a test: each endpoint and reason for which it left
    places open.
    """
    return tuple(
        open_signature(endpoint, reason)
        for endpoint, fate, reason, _ in evidence.account
        if fate == Fate.OPEN
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
