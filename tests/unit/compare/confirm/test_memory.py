"""No round of a test is learned from or compared twice under the same noise."""

from __future__ import annotations

from itertools import count
from typing import Any

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.memory import Memory
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import NO_RULES
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript

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
