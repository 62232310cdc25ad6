"""A page of the newest entries without ids or codes, in two databases that nobody named: the times
that writes were answered with say whose rows they are.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

ATOM = (("Content-Type", "application/atom+xml"),)
TITLES = ("one", "two", "three")


def _judged(size: int, told_to: str, *, databases: int = 2, fault: str = "") -> Judged:
    """Each round makes three entries and reads a feed of the newest ones, and how long it took."""
    chance = random.Random(size)
    seeds = [("old", f"2024-05-01T12:00:{second:02d}+00:00") for second in range(12)]
    rows = [seeds.copy() if databases == 1 else [] for _ in range(databases)]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        own = rows[0 if side is Side.BASELINE else -1]
        writes = []
        for title in TITLES:
            now_s += 0.4 + 2 * chance.random()
            at = datetime.fromtimestamp(now_s, UTC).isoformat(timespec=told_to)
            own.append((title, at))
            made = {"title": title, "updated": at}
            writes.append(
                exchange(
                    made,
                    method="POST",
                    target="/rows",
                    sent={"title": title},
                    status=201,
                    at_s=now_s,
                )
            )
        shown = own[::-1][:size]
        if side is Side.CANDIDATE and fault == "foreign":
            shown = [row for row in own if row[0] != "three"][::-1][:size]
        if side is Side.CANDIDATE and fault == "one less":
            shown = shown[:-1]
        entries = "".join(
            f"<entry><title>{title}</title><updated>{at}</updated></entry>" for title, at in shown
        )
        feed = f"<feed><took>{chance.randrange(100, 999)}</took>{entries}</feed>"
        read = exchange(body=feed.encode(), headers=ATOM, target="/feed", at_s=now_s)
        return transcript(*writes, read, side=side)

    judge = Judge(Rulebook(shared_state=None), lambda _: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("told_to", ["seconds", "milliseconds"])
@pytest.mark.parametrize("size", [4, 5, 7, 10])
def test_a_page_of_two_databases_is_no_page_of_other_rows(size: int, told_to: str) -> None:
    assert _judged(size, told_to).differences == ()


@pytest.mark.parametrize("fault", ["foreign", "one less"])
@pytest.mark.parametrize("databases", [1, 2])
def test_a_page_without_a_row_is_a_difference(databases: int, fault: str) -> None:
    assert _judged(5, "milliseconds", databases=databases, fault=fault).differences != ()


def test_a_page_of_shared_data_is_equal() -> None:
    assert _judged(5, "milliseconds", databases=1).differences == ()
