"""What a recording writes to the baseline, sent to the candidate too where each has its own data.

Otherwise the next gate would find rows on the baseline that the candidate lacks. The candidate is
asked in the same order and as often, unreported and unjudged, and nothing of it is written down.
"""

from __future__ import annotations

import pytest

from pytest_cutover.backends.session import Session
from pytest_cutover.compare.confirm.pytest_rerun import run_item
from pytest_cutover.compare.confirm.test_state import TestState
from pytest_cutover.compare.confirm.twin_rounds import wrote
from pytest_cutover.core.exchange import Side, Transcript


def is_mirrored(session: Session, item: pytest.Item, heard: Transcript) -> bool:
    """Return whether a test that was recorded is sent to the candidate: it wrote, nobody says that
    both sides have the same data, and no snapshot would be taken of the candidate.
    """
    return (
        session.plan.target.shared_state is not True
        and Side.CANDIDATE not in session.problems
        and wrote(heard)
        and "snapshot" not in getattr(item, "fixturenames", ())
    )


def mirror(
    session: Session, item: pytest.Item, following: pytest.Item | None, case: TestState
) -> None:
    """Run a recorded test on the candidate, and forget what it said.

    Fixtures of wider scope that `following`, another item, uses too stay.
    """
    heard = case.baseline, case.baseline_failed, case.last
    evidence = list(item.user_properties)
    try:
        with session.mirroring():
            run_item(item, following)
    finally:
        case.baseline, case.baseline_failed, case.last = heard
        item.user_properties[:] = evidence
