"""A body that is held to types alone is open; a list by chance accuses nobody."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.responses import LOOSE
from pytest_cutover.core.exchange import Side
from tests.unit.compare.building import exchange, judged, transcript

WORDS = ("alpha", "beta", "gamma delta", "eta theta", "iota", "kappa lambda", "mu nu", "xi omikron")


def _words(round_: int, varying: int, steady: int) -> dict[str, str]:
    words = {str(n): WORDS[(n + round_) % len(WORDS)] for n in range(varying)}
    return words | {f"steady {n}": "the same" for n in range(steady)}


@pytest.mark.parametrize(
    ("varying", "steady", "is_open"),
    [(4, 0, True), (5, 4, True), (4, 4, False), (3, 0, False), (0, 9, False)],
)
def test_a_body_of_which_most_values_vary_without_a_format_is_open(
    varying: int, steady: int, is_open: bool
) -> None:
    first, again, other = (transcript(exchange(_words(n, varying, steady))) for n in (1, 2, 3))
    found = judged(first, other, again=again)
    assert not found.differences
    assert ([LOOSE] if is_open else []) == [one.reason for one in found.account.open]


def test_what_the_test_made_up_is_known_though_most_of_the_answer_repeats_it() -> None:
    first, again, other = (
        transcript(exchange({"id": 17, **(sent := _words(n, 5, 0))}, method="POST", sent=sent))
        for n in (1, 2, 3)
    )
    found = judged(first, other, again=again)
    assert not found.differences
    assert not found.account.open


def _rounds(answer: Any) -> TestState:
    case = TestState(None, None)
    for number in range(4):
        sides = (
            transcript(exchange(answer(random.Random(f"{side} {number}"))), side=side)
            for side in (Side.BASELINE, Side.CANDIDATE)
        )
        case.rounds.append(Round(*sides))
    return case


def test_a_list_of_other_rows_in_each_round_is_a_baseline_that_disagrees_with_itself() -> None:
    def drawn(chance: random.Random) -> list[dict[str, str]]:
        return [{"a": chance.choice(WORDS), "b": chance.choice(WORDS)} for _ in range(20)]

    found = Judge(Rulebook(), lambda _: None).live(_rounds(drawn))
    assert found.inconclusive
    assert "does not agree with itself" in found.inconclusive
