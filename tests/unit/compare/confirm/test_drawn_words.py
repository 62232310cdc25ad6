"""A word that the candidate says and the baseline never draws is not passed by its type."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.drawn_words import NEVER_DRAWN, ROUNDS_OF_CHANCE
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side
from tests.unit.compare.building import exchange, transcript

WORDS = ("sunny", "rainy", "windy")
Draw = Callable[[random.Random], str]


def _few(chance: random.Random) -> str:
    return chance.choice(WORDS)


def _asked(
    baseline: Draw, candidate: Draw, seed: int, shown: Callable[[str], Any]
) -> tuple[Judged, int]:
    case = TestState(None, None)
    judge = Judge(Rulebook(), lambda _difference: None)
    while True:
        pairs = []
        for side, draw in ((Side.BASELINE, baseline), (Side.CANDIDATE, candidate)):
            chance = random.Random(f"{seed} {side} {len(case.rounds)}")
            pairs.append(transcript(exchange(shown(draw(chance))), side=side))
        case.rounds.append(Round(*pairs))
        judged = judge.live(case)
        if not judge.wants_round(case, judged):
            return judged, len(case.rounds)


SHOWN: dict[str, Callable[[str], Any]] = {
    "member": lambda word: {"id": 4, "weather": word},
    "item": lambda word: {"days": ["monday", word]},
    "sentence": lambda word: {"forecast": f"It is {word} in Basel today, the 4th."},
}


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("seed", range(6))
def test_a_fourth_word_is_open_or_a_difference(seed: int, shown: str) -> None:
    judged, rounds = _asked(_few, lambda _: "foggy", seed, SHOWN[shown])
    assert judged.differences or [one.reason for one in judged.account.open] == [NEVER_DRAWN]
    assert rounds <= ROUNDS_OF_CHANCE


@pytest.mark.parametrize("shown", SHOWN)
def test_the_same_words_are_none(shown: str) -> None:
    found = [_asked(_few, _few, seed, SHOWN[shown]) for seed in range(100)]
    open_, accused = (
        [judged for judged, _ in found if getattr(judged.account, "open", None)],
        [judged for judged, _ in found if judged.differences],
    )
    assert len(open_) <= 2
    assert len(accused) <= 3
    assert sum(rounds for _, rounds in found) < 6 * len(found)


def test_words_that_are_others_each_time_are_asked_for_no_longer_than_others() -> None:
    def free(chance: random.Random) -> str:
        return "".join(chance.choice("abcdefghij") for _ in range(7))

    found = [_asked(free, free, seed, SHOWN["member"]) for seed in range(20)]
    assert all(not judged.account.open and not judged.differences for judged, _ in found)
    assert max(rounds for _, rounds in found) <= 4
