"""An entry that somebody reviewed, as the report shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pytest_cutover.config.accepted import Entry
from pytest_cutover.report.model import Accepted


def shown_entry(entry: Entry, *, today: date, matched: int, unused: bool = False) -> Accepted:
    """Return the entry with the days it has left, and how many times it covered something."""
    return Accepted(
        signature=entry.signature,
        scope=entry.scope,
        reason=entry.reason,
        approver=entry.approver,
        expires=entry.expires.isoformat(),
        days_left=entry.days_left(today),
        matched=matched,
        change=entry.change,
        values=entry.values,
        unused=unused,
        place=entry.place,
    )


def decisions(entries: Iterable[Accepted]) -> int:
    """How many decisions the entries are: members of one count once."""
    numbers = [entry.place.partition(".")[0] for entry in entries]
    return len(set(numbers) - {""}) + numbers.count("")


def matched_words(entry: Accepted) -> str:
    """How often it covered something; else whether the run could have shown anything for it."""
    if entry.matched:
        return f"{entry.matched:,}×"
    return "matches nothing" if entry.unused else "not exercised in this run"
