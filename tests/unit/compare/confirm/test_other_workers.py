"""What one worker's tests made, another one knows before it compares."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
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
    assert [json.loads(text)[1:] for text in written] == [[[list(CODES)], [["id", *IDS]]]]


def test_one_worker_writes_nothing(tmp_path: Path) -> None:
    alone = OtherWorkers(tmp_path, workers=1)
    alone.tell(_round())
    assert list(tmp_path.iterdir()) == []
    assert alone.heard(known := Correspondence()) is known


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    gone = OtherWorkers(tmp_path / "gone", workers=2)
    gone.tell(_round())
    assert gone.heard(known := Correspondence()) is known
