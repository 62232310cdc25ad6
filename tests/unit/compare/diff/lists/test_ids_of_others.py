"""A row of shared data with the id of another: numbers of an earlier test excuse nothing there."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
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


def _account(iban: str) -> dict[str, str]:
    return {"name": new_unique("acc"), "iban": iban}


def test_a_code_of_a_row_of_an_earlier_test_is_the_one_that_it_was_given() -> None:
    def opened(row: dict[str, str], side: Side = Side.BASELINE) -> Transcript:
        made = exchange(row, method="POST", target="/accounts", sent={"name": row["name"]})
        return transcript(made, generated=[("acc", row["name"])], side=side)

    ours, theirs = _account("DE5512345678901234567"), _account("DE7398765432109876543")
    golden = learn(opened(ours), opened(_account("DE8111111222223333344")))
    settings: dict[str, Any] = {"golden": golden, "shared_state": False}
    first = compare(opened(ours), opened(theirs, Side.CANDIDATE), **settings)

    def listed(row: dict[str, str]) -> list[tuple[str, str]]:
        one = transcript(exchange([ours], target="/accounts"))
        other = transcript(exchange([row], target="/accounts"), side=Side.CANDIDATE)
        context = RoundContext(known=first.values.carried())
        golden = learn(one, one)
        return brief(compare(one, other, context, golden=golden, shared_state=False).differences)

    assert listed(theirs) == []
    assert listed({**theirs, "iban": "DE7398765432109876544"}) == [("identity", "/0/iban")]


def test_nor_is_a_row_that_each_side_made_for_itself() -> None:
    assert _found([{**QUOTES[0], "id": 9}, *QUOTES[1:]], _known(1, 9)) == []
