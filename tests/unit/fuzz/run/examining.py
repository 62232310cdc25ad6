"""The examiner of generated requests, to whom one round is all that both sides ever say."""

from __future__ import annotations

from collections.abc import Collection

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides
from pytest_cutover.fuzz.run.given_out import GivenOut
from pytest_cutover.fuzz.run.triage import Examiner, Key


def examiner_of(
    one: Round, *, shared: bool | None = None, elsewhere: Collection[Key] | None = None
) -> Examiner:
    """Return an examiner to whom both sides say this whenever it asks again."""
    return Examiner(
        lambda _case: one,
        GivenOut(),
        DataOfSides(),
        rulebook=Rulebook(shared_state=shared),
        classes=lambda _call: frozenset(),
        elsewhere=elsewhere,
    )
