"""Which value of an identity is right, and which place is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_cutover.compare.diff.identity import Observation, confusions
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts

ANSWER = Scope(0, "GET /lots", Excerpts(frozenset()))
REQUEST = replace(ANSWER, in_request=True)


def seen(*values: str, number: int = 1, scope: Scope = ANSWER) -> list[Observation]:
    return [Observation(number, value, scope, (place,)) for place, value in enumerate(values)]


def told(observations: list[Observation]) -> list[tuple[tuple[object, ...], str | None]]:
    return [(one.observation.path, one.expected) for one in confusions(observations)]


@pytest.mark.parametrize("values", [("a",), ("a", "a", "a")])
def test_one_value_everywhere_is_no_confusion(values: tuple[str, ...]) -> None:
    assert told(seen(*values)) == []


def test_of_a_tie_the_first_is_right() -> None:
    """What an answer gave out is repeated by those that follow, not the other way round."""
    assert told(seen("a", "b")) == [((1,), "a")]
    assert told(seen("a", "a", "b", "b")) == [((2,), "a"), ((3,), "a")]


def test_of_many_the_majority_is_right_though_it_came_later() -> None:
    assert told(seen("a", "b", "b")) == [((0,), "b")]


def test_two_identities_that_became_one_are_told_once_at_the_later() -> None:
    assert told(seen("a") + seen("a", number=2)) == [((0,), None)]


def test_a_request_repeats_what_an_answer_said_and_is_not_blamed() -> None:
    assert told(seen("a", "a") + seen("b", scope=REQUEST)) == []


def of_run(*pairs: tuple[str, str], number: int = 1) -> list[Observation]:
    """Values of the candidate beside those of the baseline."""
    return [
        Observation(number, value, ANSWER, (number, place), base)
        for place, (base, value) in enumerate(pairs)
    ]


def test_what_is_one_value_on_the_baseline_too_is_no_confusion() -> None:
    assert told(of_run(("x", "a")) + of_run(("x", "a"), number=2)) == []
    assert told(of_run(("x", "a")) + of_run(("y", "a"), number=2)) == [((2, 0), None)]


def test_what_is_two_values_on_the_baseline_too_is_no_confusion() -> None:
    assert told(of_run(("x", "a"), ("y", "b"))) == []
    assert told(of_run(("x", "a"), ("x", "b"))) == [((1, 1), "a")]
