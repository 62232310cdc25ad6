"""An entry that somebody reviewed, as the report shows it."""

from __future__ import annotations

from datetime import date

from pytest_cutover.config.accepted import Entry
from pytest_cutover.report.model import Accepted


def shown_entry(entry: Entry, *, today: date, matched: int, unused: bool = False) -> Accepted:
    """The entry with the days it has left, and how many times it covered something."""
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
    )
