"""Differences accepted as somebody would accept them, and what of others that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.evidence.binding import binding_of
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry

TODAY = date(2030, 1, 15)


def accepted(differences: Sequence[Difference]) -> Acceptance:
    """An entry for each difference, in the test `t`."""
    nothing, entries = Acceptance(AcceptedDifferences(), TODAY, str), []
    for one in differences:
        bound = binding_of(
            kind=str(one.kind),
            change=one.change,
            explanation=nothing.explain(one),
            seen=nothing.seen([one]),
        )
        assert bound is not None
        entries.append(
            Entry(signature=one.signature, scope=("t",), reason="agreed", approver="Mira",
                  expires=TODAY, change=bound.change, values=bound.values)
        )  # fmt: skip
    return Acceptance(AcceptedDifferences(tuple(entries)), TODAY, str)


def left(acceptance: Acceptance, differences: Sequence[Difference]) -> list[Difference]:
    """What no entry covers."""
    return [one for one in differences if acceptance.key_for(one, "t", None) is None]
