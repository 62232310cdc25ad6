"""Rows that are stored at once come back in an order that races: the baseline shows it itself."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

SENT = [{"_id": f"post{number}", "height": number} for number in range(4)]
RACED, IN_ORDER, EXCHANGED = (0, 1, 3, 2), (0, 1, 2, 3), (0, 1, 3, 2)


def answered(order: tuple[int, ...], revisions: tuple[int, ...]) -> list[dict[str, Any]]:
    """The documents in an order, each with its own revision or that of another one."""
    hashes = [hashlib.md5(f"height {one}".encode()).hexdigest() for one in revisions]
    return [{"ok": True, "id": f"post{at}", "rev": f"1-{hashes[at]}"} for at in order]


def judged(
    baseline: list[tuple[int, ...]], revisions: tuple[int, ...] = IN_ORDER, *, is_write: bool = True
) -> Judged:
    """What comes of a baseline that answers in these orders, then in order, as the candidate."""
    orders = iter(baseline)

    def asked(side: Side) -> Transcript:
        order = next(orders, IN_ORDER) if side is Side.BASELINE else IN_ORDER
        rows = answered(order, IN_ORDER if side is Side.BASELINE else revisions)
        if is_write:
            one = exchange(
                rows, method="POST", target="/garden/docs", status=201, sent={"docs": SENT}
            )
        else:
            one = exchange(rows, target="/garden/docs")
        return transcript(one, side=side, session_started_s=NOON_S - 30)

    judge = Judge(Rulebook(shared_state=False), lambda _: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("is_write", [True, False])
def test_rows_that_the_baseline_answers_in_any_order(is_write: bool) -> None:
    """A row with one id and one hash on both sides is one row, wherever it stands."""
    found = judged([RACED], is_write=is_write)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


@pytest.mark.parametrize("baseline", [[RACED], [IN_ORDER, RACED], []])
def test_a_revision_of_another_document_is_found(baseline: list[tuple[int, ...]]) -> None:
    """`post2` was sent to both sides: no database gave it out, and none calls it `post3`."""
    found = judged(baseline, EXCHANGED)
    assert {one.pointer.rpartition("/")[2] for one in found.differences} >= {"rev"}


def test_an_id_that_the_test_sent_is_held_by_the_name_of_the_answer() -> None:
    """It is sent as `_id` and answered as `id`."""
    sent = {"_id": "post2"}

    def asked(side: Side) -> Transcript:
        number = "post2" if side is Side.BASELINE else "post3"
        one = exchange({"id": number}, method="POST", target="/docs", status=201, sent=sent)
        return transcript(one, side=side)

    judge = Judge(Rulebook(shared_state=False), lambda _: None)
    found = settled(TestState(None, None), judge, asked)
    assert [one.pointer for one in found.differences] == ["/id"]
