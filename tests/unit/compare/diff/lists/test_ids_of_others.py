"""A row of shared data with the id of another: numbers of an earlier test excuse nothing there."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, transcript

QUOTES = [{"id": n, "text": text} for n, text in enumerate(("One", "Two", "Three"), start=1)]


def _known(one: int, other: int) -> Correspondence:
    """What is known after a test that was given a key, of another table, on each side."""

    def made(number: int) -> Transcript:
        key = {"id": number, "name": "app"}
        return transcript(
            exchange(key, method="POST", target="/keys", status=201, sent={"name": "app"})
        )

    ours = made(one)
    return compare(ours, made(other), golden=learn(ours, made(one + 90))).values


def _found(rows: list[dict[str, Any]], known: Correspondence) -> list[tuple[str, str]]:
    ours, theirs = (transcript(exchange(each, target="/quotes")) for each in (QUOTES, rows))
    context = RoundContext(known=known)
    found = compare(ours, theirs, golden=learn(ours, ours), context=context)
    return brief(found.differences)


def test_a_row_with_the_id_of_another_is_told_whatever_was_given_out_before() -> None:
    wrong = [{**QUOTES[0], "id": 2}, *QUOTES[1:]]
    assert ("identity", "/0/id") in _found(wrong, _known(1, 2))


@pytest.mark.parametrize("pair", [(1, 2), (2, 3), (7, 8)])
def test_the_rows_as_they_are_not_accused(pair: tuple[int, int]) -> None:
    assert _found(QUOTES, _known(*pair)) == []


def test_nor_is_a_row_that_each_side_made_for_itself() -> None:
    assert _found([{**QUOTES[0], "id": 9}, *QUOTES[1:]], _known(1, 9)) == []
