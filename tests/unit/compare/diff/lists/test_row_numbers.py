"""Tables whose rows are numbered, striped or summed up, of shared data that grows between sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = tuple[str, int]  # a name and a number


def page(rows: list[Row]) -> tuple[str, str]:
    cells = "".join(
        f'<tr class="{("even", "odd")[at % 2]}"><td>{at + 1}.</td><td>{name}</td><td>{n}</td></tr>'
        for at, (name, n) in enumerate(rows[::-1])
    )
    return "text/html", f"<html><body><table><tbody>{cells}</tbody></table></body></html>"


def sheet(rows: list[Row]) -> tuple[str, str]:
    lines = "".join(f"{at},{name},{n}\n" for at, (name, n) in enumerate(rows[::-1], 1))
    return "text/csv", f"no,name,qty\n{lines}Total,,{sum(n for _, n in rows)}\n"


Write = Callable[[list[Row]], tuple[str, str]]


def judged(write: Write, fault: Callable[[str], str]) -> Judged:
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=True), lambda _: None)
    rows, now_s = [("Seed 1", 5), ("Seed 2", 11), ("Seed 3", 17), ("Seed 4", 23)], NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7
        code = new_unique("ROW")
        rows.append((code, 7))
        made = exchange({"name": code}, status=201, method="POST", sent={"name": code}, at_s=now_s)
        kind, text = write(rows)
        if side is Side.CANDIDATE:
            text = fault(text)
        shown = exchange(body=text.encode(), headers=[("Content-Type", kind)], at_s=now_s)
        return transcript(made, shown, side=side, generated=[("ROW", code)])

    return settled(state, judge, asked)


@pytest.mark.parametrize("write", [page, sheet])
def test_a_table_that_grows_keeps_what_its_rows_say_of_their_places(write: Write) -> None:
    found = judged(write, lambda text: text)
    assert found.differences == ()
    assert (found.account.open, found.inconclusive) == ({}, None)


def first(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("write", "fault"),
    [
        pytest.param(page, first("even", "odd"), id="stripe"),
        pytest.param(page, first("<td>2.<", "<td>3.<"), id="number"),
        pytest.param(page, lambda text: text.replace(".</td>", ")</td>"), id="form-of-a-number"),
        pytest.param(page, first("<td>11<", "<td>12<"), id="value"),
        pytest.param(page, first("Seed 2", "Seed 9"), id="name"),
        pytest.param(sheet, first(",11\n", ",12\n"), id="value-in-a-sheet"),
        pytest.param(sheet, first("Seed 2", "Seed 9"), id="name-in-a-sheet"),
        pytest.param(sheet, lambda text: text[: text.index("Total")], id="no-total"),
        pytest.param(
            sheet,
            lambda text: f"{text.rpartition(',')[0]},{int(text.split(',')[-1]) - 7}\n",
            id="total-of-the-rows-of-the-baseline",
        ),
    ],
)
def test_a_table_is_held_to_its_numbers_and_to_its_sum(
    write: Write, fault: Callable[[str], str]
) -> None:
    assert judged(write, fault).differences
