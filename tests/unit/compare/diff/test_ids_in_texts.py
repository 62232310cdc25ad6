"""A number in a sentence may be an id of each side's own database: it is left open, not accused."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.diff.ids_in_texts import MAY_BE_IDS
from pytest_cutover.compare.diff.transcripts import Comparison
from tests.unit.compare.building import brief, exchange, judged, transcript

NAMES = ("gate", "door", "fence")


def said(first: int, *, text: str = "Thing {} ({}) is open") -> Any:
    """A test that makes a thing and reads sentences of those before it."""
    made = {"id": first + len(NAMES), "name": "plain"}
    log = [text.format(first + at, name) for at, name in enumerate(NAMES)]
    return transcript(
        exchange(made, status=201, method="POST", endpoint="POST /things", sent={"name": "plain"}),
        exchange({"log": log}, endpoint="GET /log"),
    )


def compared(base: Any, cand: Any, *, shared_state: bool = False) -> Comparison:
    return judged(base, cand, shared_state=shared_state)


@pytest.mark.parametrize("text", ["Thing {} ({}) is open", "#{} {}", "{1}-{0}"])
def test_a_sentence_with_a_number_as_far_apart_as_the_ids_is_left_open(text: str) -> None:
    found = compared(said(41, text=text), said(1, text=text))
    assert brief(found.differences) == []
    assert {place.reason for place in found.account.open} == {MAY_BE_IDS}


@pytest.mark.parametrize(
    "other",
    [
        said(1, text="Thing {} ({}) is shut"),
        said(2, text="Thing 9{} ({}) is open"),
        said(1, text="Thing 0{} ({}) is open"),
        said(1, text="{} things, {} is open"),
    ],
)
def test_any_other_sentence_is_a_difference(other: Any) -> None:
    assert compared(said(41), other).differences


def test_a_number_of_another_row_is_a_difference() -> None:
    wrong = {"log": [f"Thing {1 + (at + 1) % 3} ({name}) is open" for at, name in enumerate(NAMES)]}
    first = said(1).exchanges[0]
    other = transcript(first, exchange(wrong, endpoint="GET /log"))
    assert brief(compared(said(41), other).differences) != []


@pytest.mark.parametrize("text", ["{}", "1.{} {}", "{}% of {}"])
def test_a_number_that_is_no_id_is_a_difference(text: str) -> None:
    assert compared(said(41, text=text), said(1, text=text)).differences


def test_a_step_of_one_is_the_mistake_of_a_count() -> None:
    assert compared(said(2), said(1)).differences


def test_on_shared_data_a_sentence_is_one_text() -> None:
    assert compared(said(41), said(1), shared_state=True).differences
