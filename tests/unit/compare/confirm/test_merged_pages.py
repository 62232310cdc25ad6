"""Pages of one database in the order of the names that tests make up.

Whether a test's own row is on such a page, and which rows it puts off, is chance; what the page
shows is not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript
from tests.unit.compare.confirm.test_pages_of_one_database import FORMS

Row = dict[str, Any]

FAULTS: dict[str, Callable[[list[Row], int], list[Row]]] = {
    "second left out": lambda rows, size: [rows[0], *rows[2 : size + 1]],
    "two in another order": lambda rows, size: [rows[1], rows[0], *rows[2:size]],
    "another number in the last": lambda rows, size: [
        *rows[: size - 1], {**rows[size - 1], "size": 9}
    ],
    "one less": lambda rows, size: rows[: size - 1],
    "by number": lambda rows, size: sorted(rows, key=lambda row: row["id"])[:size],
    "in reverse": lambda rows, size: rows[::-1][:size],
}  # fmt: skip


def _judged(
    form: str,
    size: int,
    seed: int,
    fault: Callable[[list[Row], int], list[Row]] = lambda rows, size: rows[:size],
    *,
    shared: bool | None = True,
    as_sent: bool = False,
) -> bool:
    """Whether a test that adds a gate and lists the first by name finds nothing.

    With `as_sent` a row that was added has its members in the order in which they were sent.
    """
    source, now_s = random.Random(seed), NOON_S
    rows = [{"id": at, "name": f"seed {at:02d}", "size": at % 4} for at in range(1, 21)]

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7
        name = f"Gate {''.join(source.choices('bcdfghkmnpqrstvwxz', k=8))}"
        row = {"id": len(rows) + 1, "name": name, "size": 3}
        rows.append({"name": name, "size": 3, "id": row["id"]} if as_sent else row)
        made = exchange(row, status=201, method="POST", sent={"name": name, "size": 3})
        listed = sorted(rows, key=lambda row: str(row["name"]).casefold())
        page = fault(listed, size) if side is Side.CANDIDATE else listed[:size]
        shown = exchange(**FORMS[form](page), target="/gates", at_s=now_s)
        return transcript(made, shown, side=side, generated=[("gate", name)])

    judge = Judge(Rulebook(shared_state=shared), lambda _: None)
    found = settled(TestState(None, None), judge, asked)
    return not (found.differences or found.inconclusive or found.account.open)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [2, 3, 6])
@pytest.mark.parametrize("seed", range(4))
def test_a_page_in_the_order_of_made_up_names_is_equal(form: str, size: int, seed: int) -> None:
    assert _judged(form, size, seed)


@pytest.mark.parametrize("size", [2, 3, 6])
@pytest.mark.parametrize("seed", range(24))
def test_a_row_may_have_its_members_in_the_order_in_which_they_were_sent(
    size: int, seed: int
) -> None:
    """As json-server stores it, whose rows from the start begin with their id."""
    assert _judged("list", size, seed, shared=None, as_sent=True)


@pytest.mark.parametrize("size", [2, 3, 6])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_such_a_page_shows_is_held_where_members_have_another_order(
    size: int, fault: str
) -> None:
    assert not _judged("list", size, 1, FAULTS[fault], shared=None, as_sent=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [2, 3, 6])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_such_a_page_shows_is_held(form: str, size: int, fault: str) -> None:
    assert not _judged(form, size, 1, FAULTS[fault])


@pytest.mark.parametrize("is_other", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_name_that_all_rows_have_says_nothing_about_their_order(
    form: str, is_other: bool
) -> None:
    """The lines of one job, each with the name that the test gave to the job."""
    source = random.Random(5)

    def asked(side: Side) -> Transcript:
        name = f"Job {''.join(source.choices('bcdfghkmnpqrstvwxz', k=8))}"
        made = exchange({"state": "queued"}, status=201, method="POST", sent={"name": name})
        lines = [{"id": at, "name": name, "size": at * at} for at in (1, 2, 3)]
        if is_other and side is Side.CANDIDATE:
            lines[1:] = lines[:0:-1]
        shown = exchange(**FORMS[form](lines), target="/result")
        return transcript(made, shown, side=side, generated=[("job", name)])

    found = settled(
        TestState(None, None), Judge(Rulebook(shared_state=True), lambda _: None), asked
    )
    assert bool(found.differences) is is_other
