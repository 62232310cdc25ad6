"""What one worker's tests made, another one knows before it compares."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.given_out import given_out_in
from pytest_cutover.compare.confirm.other_workers import OtherWorkers
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, transcript

IDS = "4f1d0a5b7c9e2f38", "8b2e6d1c3a5f7091"
CODES = new_unique("team"), new_unique("team")


def _round(ids: tuple[str, str] = IDS, codes: tuple[str, str] = CODES) -> Round:
    sides = (
        transcript(
            exchange(
                {"id": one, "number": number, "session_token": one[::-1], "owner": code},
                method="POST",
                target="/jobs",
                sent={"owner": code},
                status=201,
            ),
            side=side,
            generated=[("team", code)],
        )
        for side, one, code, number in zip(Side, ids, codes, (12, 17), strict=True)
    )
    return Round(*sides)


def test_codes_and_ids_of_another_worker_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = (OtherWorkers(tmp_path, workers=2) for _ in range(2))
    monkeypatch.setattr(os, "getpid", lambda: 4711)
    other.tell(_round())
    monkeypatch.undo()
    known = mine.heard(Correspondence())
    assert {known.translate(one) for one in (IDS[0], CODES[0])} == {IDS[1], CODES[1]}
    assert known.holds_made(f"a plan for {CODES[0]}")
    assert {known.writers.of(text) for text in (IDS[0], f"a plan for {CODES[1]}")} == {"4711"}
    assert known.writers.of(new_unique("team")) is None
    assert mine.heard(known) is known


def test_what_it_made_itself_is_its_own(tmp_path: Path) -> None:
    mine = OtherWorkers(tmp_path, workers=2)
    mine.tell(_round())
    assert mine.heard(Correspondence()).writers.of(CODES[0]) == ""


def test_no_token_and_no_number_is_written_down(tmp_path: Path) -> None:
    OtherWorkers(tmp_path, workers=2).tell(_round())
    written = [file.read_text() for file in tmp_path.iterdir()]
    assert [json.loads(text)[1:] for text in written] == [[[list(CODES)], [["id", *IDS]], []]]


def test_one_worker_writes_nothing(tmp_path: Path) -> None:
    alone = OtherWorkers(tmp_path, workers=1)
    alone.tell(_round())
    assert list(tmp_path.iterdir()) == []
    assert alone.heard(known := Correspondence()) is known


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    gone = OtherWorkers(tmp_path / "gone", workers=2)
    gone.tell(_round())
    assert gone.heard(known := Correspondence()) is known


DRAWN = [
    ["3f1d0a5b-7c9e-4f38-8b2e-6d1c3a5f7091", "9b2e6d1c-3a5f-4091-8f1d-0a5b7c9e2f38"],
    ["0c7d2b9a-51e4-4a6f-9d83-7f2e1b6c4a50", "e4a6f9d8-37f2-41b6-8a50-0c7d2b9a51e4"],
]


def _upload(*rows: tuple[str, str]) -> Round:
    """A write that answers with all files so far, in the order of the ids that a side drew."""
    sides = (
        transcript(
            exchange(
                {"files": sorted(({"id": one, "name": name} for one, name in own), key=_by_id)},
                method="POST",
                target="/files",
                sent={"name": "b.csv"},
                status=201,
            ),
            side=side,
        )
        for side, own in zip(Side, (rows[:2], rows[2:]), strict=True)
    )
    return Round(*sides)


def _by_id(row: dict[str, str]) -> str:
    return row["id"]


def test_rows_in_the_order_of_drawn_ids_are_paired_by_what_they_say() -> None:
    (a, b), (c, d) = DRAWN
    crossed = _upload((a, "a.csv"), (b, "b.csv"), (d, "a.csv"), (c, "b.csv"))
    assert sorted(given_out_in(crossed)) == [("id", a, d), ("id", b, c)]
    alike = _upload((a, "a.csv"), (b, "b.csv"), (c, "a.csv"), (d, "b.csv"))
    assert sorted(given_out_in(alike)) == [("id", a, c), ("id", b, d)]


def test_rows_of_drawn_ids_that_say_the_same_are_not_told_apart() -> None:
    (a, b), (c, d) = DRAWN
    assert given_out_in(_upload((a, "x"), (b, "x"), (c, "x"), (d, "x"))) == []
    assert len(given_out_in(_upload((a, "x"), (b, "y"), (c, "x"), (d, "z")))) == 2


def test_rows_of_counted_ids_that_say_the_same_are_paired_in_their_order() -> None:
    same = _upload(("1", "x"), ("2", "x"), ("7", "x"), ("8", "x"))
    assert sorted(given_out_in(same)) == [("id", "1", "7"), ("id", "2", "8")]


TITLES = "Ada and 1f0a5b7c9e", "Grace and 8b2e6d1c3a"


def _made_up(*names: str | int) -> Round:
    sides = (
        transcript(
            exchange({}, method="POST", target="/rows", sent={"name": one}, status=201), side=side
        )
        for side, one in zip(Side, names, strict=True)
    )
    return Round(*sides)


def test_a_name_that_another_worker_made_up_by_itself_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = (OtherWorkers(tmp_path, workers=2) for _ in range(2))
    monkeypatch.setattr(os, "getpid", lambda: 4711)
    other.tell(_made_up(*TITLES))
    other.tell(_made_up("Ann", "Bob"))
    monkeypatch.undo()
    known = mine.heard(Correspondence())
    assert known.same("name", *TITLES)
    assert not known.same("name", "Ann", "Bob")
    assert not known.same("name", TITLES[0], "Grace and 8b2e6d1c3b")
    assert not known.sent_apart


def test_an_id_that_another_worker_sent_in_a_member_is_known_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = (OtherWorkers(tmp_path, workers=2) for _ in range(2))
    monkeypatch.setattr(os, "getpid", lambda: 4711)
    other.tell(_made_up(6, 7))
    monkeypatch.undo()
    known = mine.heard(Correspondence())
    assert known.same("name", b"6", b"7")
    assert not known.same("name", b"6", b"8")
    assert not known.same("parent", b"6", b"7")
