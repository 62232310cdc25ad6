"""Which id, time and code of one side is which of the other, by what writes gave out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Generated, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.given_out import GivenOut

ONE, OTHER = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def _transcript(
    side: Side, answer: Any, sent: str, codes: tuple[str, ...], method: str
) -> Transcript:
    exchange = Exchange(
        endpoint=f"{method} /items",
        request=Request(method, "/items", (), sent.encode()),
        response=Response(201, (), json.dumps(answer).encode()),
    )
    made = tuple(Generated("name", code) for code in codes)
    return Transcript(test="fuzz", side=side, exchanges=(exchange,), generated=made)


def _round(
    ours: Any, theirs: Any, *, sent: str = "", codes: tuple[str, ...] = (), method: str = "POST"
) -> Round:
    return Round(
        _transcript(Side.BASELINE, ours, sent, codes[:1], method),
        _transcript(Side.CANDIDATE, theirs, sent, codes[1:], method),
    )


def test_ids_times_and_codes_of_a_write_correspond_later() -> None:
    given = GivenOut()
    given.learn(
        _round(
            {"id": ONE, "number": 7, "row_id": 7, "at": "2026-01-01T10:00:00Z", "name": "x BCDF2"},
            {
                "id": OTHER,
                "number": 8,
                "row_id": 9,
                "at": "2026-01-01T10:00:01Z",
                "name": "x GHJK3",
            },
            codes=("BCDF2", "GHJK3"),
        )
    )
    known = given.known(_round({"rows": [ONE, 7, "2026-01-01T10:00:00Z", "x BCDF2"]}, {}))
    assert known.same("item_id", ONE, OTHER)
    assert known.same("at", "2026-01-01T10:00:00Z", "2026-01-01T10:00:01Z")
    assert known.same("name", "x BCDF2", "x GHJK3")
    assert known.same("row_id", b"7", b"9")
    assert not known.same("number", b"7", b"8")
    assert not known.same("at", "2026-01-01T10:00:00Z", "2026-01-01T10:00:02Z")


@pytest.mark.parametrize(
    "wrong",
    [
        _round({"id": ONE}, {"id": OTHER}, method="GET"),  # nothing is given out
        _round({"supplier_id": ONE}, {"supplier_id": OTHER}, sent=f'{{"supplier_id": "{ONE}"}}'),
        _round({"at": "2026-01-01T10:00:00Z"}, {"at": "2026-01-01T10:00:00.123Z"}),
        _round({"token": ONE}, {"token": OTHER}),
    ],
)
def test_what_was_sent_or_has_another_form_is_no_pair(wrong: Round) -> None:
    given = GivenOut()
    given.learn(wrong)
    known = given.known(wrong)
    assert not known.strong
    assert not known.weak


def test_workers_tell_each_other(tmp_path: Path) -> None:
    shared = tmp_path / "given"
    one, other = GivenOut(shared), GivenOut(shared)
    one.learn(_round({"id": ONE}, {"id": OTHER}))
    assert other.known(_round({"id": ONE}, {})).same("id", ONE, OTHER)
    with shared.open("ab") as file:
        file.write(b'[[], [["id", ')  # another one is writing
    assert other.known(_round({"id": ONE}, {})).same("id", ONE, OTHER)


def test_a_time_that_one_side_moved_by_hours_is_no_time_of_the_write() -> None:
    """The client's own time, shown without its offset by one side, was taken for a creation."""
    given = GivenOut()
    given.learn(
        _round(
            {"at": "2024-06-30T10:00:00Z"},
            {"at": "2024-06-30T12:00:00Z"},
            sent='{"at": "2024-06-30T12:00:00+02:00"}',
        )
    )
    known = given.known(_round({"at": "2024-06-30T10:00:00Z"}, {}))
    assert not known.same("at", "2024-06-30T10:00:00Z", "2024-06-30T12:00:00Z")


def test_numbers_stand_for_one_another_among_things_of_one_kind() -> None:
    given = GivenOut()
    given.learn(_round({"id": 7}, {"id": 9}))
    assert given.partners("7", ("item",)) == ("9",)
    assert given.partners("7", ("order",)) == ()
    assert given.partners("7") == ("9",)


def test_numbers_that_another_worker_was_given_are_known_too(tmp_path: Path) -> None:
    shared = tmp_path / "given"
    GivenOut(shared).learn(_round({"id": 7}, {"id": 9}))
    other = GivenOut(shared)
    assert other.partners("7", ("item",)) == ("9",)


def test_a_list_in_another_order_makes_no_value_stand_for_another() -> None:
    given = GivenOut()
    lines = [{"item_id": ONE}, {"item_id": OTHER}]
    given.learn(_round({"id": 7, "lines": lines}, {"id": 7, "lines": lines[::-1]}))
    assert given.partners(ONE) == ()
