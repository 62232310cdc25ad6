"""A number at the edge of a rounding that is another one now and then, on the candidate alone."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import exchange, settled, transcript


@pytest.mark.parametrize(
    ("odd", "seldom", "says"),
    [
        (89.9, (3, 7), "inconclusive"),
        (89.9, (1, 2, 3, 5, 6, 8, 9), "differs"),  # of twelve: more often than by chance
        (89.8, (3, 7), "differs"),  # two units
        (89, (3, 7), "differs"),
        (90.0, (), ""),
    ],
)
def test_what_is_left_of_90_seconds(odd: float, seldom: tuple[int, ...], says: str) -> None:
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)

    def asked(side: Side) -> Transcript:
        is_odd = side is Side.CANDIDATE and len(state.rounds) in (0, *seldom)
        return transcript(exchange({"left_s": odd if is_odd and seldom else 90.0}), side=side)

    found = settled(state, judge, asked)
    told = "differs" if found.differences else "inconclusive" if found.inconclusive else ""
    assert told == says
