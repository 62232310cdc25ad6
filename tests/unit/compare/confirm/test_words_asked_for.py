"""A list of words of which a test asks one after the other: its order is its own difference."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import exchange, settled, transcript

ZONES = ["berlin", "kolkata", "lima", "utc"]


def judged(theirs: list[str], *, shared: bool) -> Judged:
    """Ask for the list, then for each thing in it, of which both sides say the same."""

    def asked(side: Side) -> Transcript:
        zones = theirs if side is Side.CANDIDATE else ZONES
        each = [
            exchange({"state": "known"}, target=f"/zones/{zone}", endpoint="GET /zones/{zone}")
            for zone in zones
        ]
        return transcript(exchange(zones, target="/zones"), *each, side=side)

    judge = Judge(Rulebook(shared_state=shared), lambda _: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("shared", [True, False])
def test_a_list_in_reverse_is_found_though_each_is_asked_for_next(shared: bool) -> None:
    found = judged(ZONES[::-1], shared=shared)
    assert ("GET /zones", "") in {(one.endpoint, one.pointer) for one in found.differences}


@pytest.mark.parametrize("shared", [True, False])
def test_and_in_one_order_is_equal(shared: bool) -> None:
    found = judged(ZONES, shared=shared)
    assert found.differences == ()
    assert found.account.open == {}
