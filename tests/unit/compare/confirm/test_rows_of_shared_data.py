"""Rows without ids and codes, of titles that are always the same, on data that both sides share."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = dict[str, str]
Faulty = Callable[[list[Row]], list[Row]]  # of rows that are sorted, the newest first


def _json(rows: list[Row], took: int) -> str:
    return json.dumps({"took": took, "rows": rows})


def _csv(rows: list[Row], _took: int) -> str:
    return "title,at\n" + "".join(f"{row['title']},{row['at']}\n" for row in rows)


def _atom(rows: list[Row], took: int) -> str:
    entries = "".join(
        f"<entry><title>{row['title']}</title><at>{row['at']}</at></entry>" for row in rows
    )
    return f"<feed><took>{took}</took>{entries}</feed>"


FORMS = {"application/json": _json, "text/csv": _csv, "application/atom+xml": _atom}
FAULTS: dict[str, Faulty] = {
    "all twice": lambda rows: [row for row in rows for _ in range(2)],
    "the newest twice": lambda rows: [rows[0], *rows],
    "its own is missing": lambda rows: rows[1:],
    "the other side's is missing": lambda rows: [*rows[:3], *rows[4:]],
    "an old one is missing": lambda rows: [*rows[:-2], rows[-1]],
    "a stranger": lambda rows: [rows[0], {**rows[5], "title": "stranger"}, *rows[1:]],
    "another time": lambda rows: [rows[0], rows[0] | {"at": "2024-05-01T12:00:00Z"}, *rows[1:]],
    "in reverse": lambda rows: rows[::-1],
    "the other side's is renamed": lambda rows: [*rows[:3], rows[3] | {"title": "foo"}, *rows[4:]],
}


def _judged(
    kind: str, title: str, faulty: Faulty, *, newest_first: bool, size: int | None = None
) -> Judged:
    chance = random.Random(3)
    rows = [{"title": f"old {n}", "at": f"2026-01-0{n + 1}T12:00:00Z"} for n in range(9)]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        writes = []
        for name in ("one", "two", "three"):
            now_s += 0.2 + chance.random()
            at = datetime.fromtimestamp(now_s, UTC).isoformat(timespec="milliseconds")
            row = {"title": title or name, "at": at.replace("+00:00", "Z")}
            rows.append(row)
            sent = {"title": row["title"]}
            writes.append(
                exchange(row, method="POST", target="/rows", sent=sent, status=201, at_s=now_s)
            )
        shown = rows[::-1][:size]
        if side is Side.CANDIDATE:
            shown = faulty(shown)
        body = FORMS[kind](shown if newest_first else shown[::-1], chance.randrange(100, 999))
        read = exchange(
            body=body.encode(), headers=(("Content-Type", kind),), target="/rows", at_s=now_s
        )
        return transcript(*writes, read, side=side)

    judge = Judge(Rulebook(shared_state=None), lambda _: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("title", ["", "abc"])
@pytest.mark.parametrize("kind", FORMS)
def test_rows_that_both_sides_wrote_are_equal(kind: str, title: str, newest_first: bool) -> None:
    found = _judged(kind, title, lambda rows: rows, newest_first=newest_first)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("kind", FORMS)
def test_rows_that_one_side_shows_otherwise_are_found(
    kind: str, newest_first: bool, fault: str
) -> None:
    for title in ("", "abc"):
        assert _judged(kind, title, FAULTS[fault], newest_first=newest_first).differences != ()


@pytest.mark.parametrize("size", [5, 7, 10])
@pytest.mark.parametrize("title", ["", "abc"])
@pytest.mark.parametrize("kind", FORMS)
def test_a_page_of_the_newest_rows(kind: str, title: str, size: int) -> None:
    found = _judged(kind, title, lambda rows: rows, newest_first=True, size=size)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})
    for fault in ("the newest twice", "its own is missing", "another time", "in reverse"):
        faulty = FAULTS[fault]
        assert _judged(kind, title, faulty, newest_first=True, size=size).differences != ()
