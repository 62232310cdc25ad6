"""What a cause is called: one line that says what the candidate does, without a count."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_cutover.report.model import Finding


def title_of(members: Sequence[Finding]) -> str:
    """The title of a cause: its explanation, or how its one finding changed."""
    first = members[0]
    if first.explanation:
        return first.explanation
    return f"{first.pointer or first.kind}  {first.change}"
