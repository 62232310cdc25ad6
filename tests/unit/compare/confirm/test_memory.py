"""No round of a test is learned from or compared twice under the same noise."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round, departures, judge
from pytest_cutover.compare.confirm.memory import Memory
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.model import learn, without_ids_of_the_run
from pytest_cutover.compare.noise.rules import NO_RULES
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from tests.unit.compare.building import Plant

_NUMBER = count()


def said(body: str, side: Side = Side.BASELINE) -> Transcript:
    """Return a test of one request that was answered so."""
    at_s = 1e9 + next(_NUMBER)
    answer = Response(200, (("Content-Type", "application/json"),), body.encode())
    request = Request("GET", "/lots", (("Host", "127.0.0.1:3000"),))
    one = Exchange(request, answer, "GET /lots", None, at_s, at_s + 0.1)
    return Transcript("tests/test_lots.py::test_lots", side, (one,))


class Counting(Rulebook):
    """A rulebook that counts how often it is asked to compare two transcripts."""

    asked: list[tuple[Transcript, Transcript]] = []  # noqa: RUF012 - of one test

    def under(self, golden: Any) -> Any:
        """Return the comparison, counted."""
        compare = super().under(golden)

        def compared(one: Transcript, other: Transcript, *more: Any, **options: Any) -> Comparison:
            self.asked.append((one, other))
            return compare(one, other, *more, **options)

        return compared


def test_a_steady_difference_of_four_rounds_is_compared_once_a_round() -> None:
    Counting.asked.clear()
    judge, case = Judge(Counting(), lambda _: None), TestState(None, None)
    for _ in range(4):
        case.rounds.append(Round(said('{"a": 1}'), said('{"a": 2}', Side.CANDIDATE)))
        judged = judge.live(case)
    assert [(one.kind, one.pointer) for one in judged.differences] == [("value", "/a")]
    between = [pair for pair in Counting.asked if pair[1].side is Side.CANDIDATE]
    assert len(between) == 4
    assert len(Counting.asked) - len(between) == 3


def test_what_the_other_rounds_have_a_say_in_is_compared_beside_each_of_them() -> None:
    Counting.asked.clear()
    judge, case = Judge(Counting(), lambda _: None), TestState(None, None)
    rows = [f'{{"name": "{name}"}}' for name in "abcdefg"]
    for size in range(2, 5):  # a list that grows by one row between the sides of each round
        ours, theirs = (f"[{','.join(rows[: size + n])}]" for n in (0, 1))
        case.rounds.append(Round(said(ours), said(theirs, Side.CANDIDATE)))
        judge.live(case)
    between = [pair for pair in Counting.asked if pair[1].side is Side.CANDIDATE]
    assert len(between) > 3


def test_noise_that_a_round_adds_to_is_compared_under_again() -> None:
    memory, first = Memory(), said('{"a": 1, "b": "x"}')
    one = memory.learn(first, said('{"a": 1, "b": "x"}'), None, NO_RULES)
    assert memory.learn(first, said('{"a": 1, "b": "x"}'), one, NO_RULES) is one
    more = memory.learn(first, said('{"a": 2, "b": "x"}'), one, NO_RULES)
    assert more != one
    assert more == learn(first, said('{"a": 2, "b": "x"}'), earlier=one)


def test_equal_answers_are_equal_without_learning_anything() -> None:
    judge, case = Judge(Rulebook(), lambda _: None), TestState(None, None)
    case.rounds.append(Round(said('{"a": 1}'), said('{"a": 1}', Side.CANDIDATE)))
    judged = judge.live(case)
    assert not judged.differences
    assert judged.account.open == {}


@pytest.mark.parametrize("way", ["nothing", "text", "id", "swap", "fewer"])
def test_what_is_kept_of_large_answers_changes_nothing_that_is_said(way: str) -> None:
    plants = count(1)

    def rows(departing: str = "") -> str:
        plant = Plant(next(plants))
        table = [{"n": n, "batch": plant.uuid(), "text": "x" * 400} for n in range(20)]
        if departing == "text":
            table[3]["text"] = "another"
        elif departing == "id":
            table[3]["batch"] = "another"
        elif departing == "swap":
            table[3], table[4] = table[4], table[3]
        elif departing == "fewer":
            table.pop(3)
        return json.dumps(table)

    rounds = [Round(said(rows()), said(rows(way), Side.CANDIDATE)) for _ in range(4)]
    judge_, case = Judge(Rulebook(), lambda _: None), TestState(None, None)
    for number, one in enumerate(rounds, 1):
        case.rounds.append(one)
        judged = judge_.live(case)
        heard = [each.baseline for each in rounds[:number]]
        golden = learn(heard[0], heard[min(number, 2) - 1])
        for later in heard[2:]:
            golden = learn(heard[0], later, earlier=golden)
        alone = judge(rounds[:number], Rulebook().under(golden))
        assert replace(judged, first=None) == alone
        assert bool(judged.differences) == (way != "nothing" or number == 1)
    once = without_ids_of_the_run(learn(heard[0], heard[0]))
    assert judge_.departed(case) == departures(heard, Rulebook().under(once))
