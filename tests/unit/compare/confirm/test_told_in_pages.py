"""Totals and counts beside a list that grows, in the forms in which pages and exports show them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

Rows = list[tuple[str, int]]
SEEDED: Rows = [("oak", 5), ("elm", 9), ("fir", 4)]


def cells(rows: Rows) -> str:
    return "".join(f"<tr><td>{name}</td><td>{price}.50</td></tr>" for name, price in rows)


# A kind of body, and what it says of rows, their number and their sum.
FORMS: dict[str, tuple[str, Callable[[Rows, int, int], str]]] = {
    "foot of a table": (
        "text/html",
        lambda rows, n, s: (
            f"<table><tbody>{cells(rows)}</tbody><tfoot><tr><td>Total</td>"
            f"<td>{s + n / 2:.2f}</td></tr></tfoot></table>"
        ),
    ),
    "sentence of a page": (
        "text/html",
        lambda rows, n, s: f"<table>{cells(rows)}</table><p>Total: {s + n / 2:.2f} EUR</p>",
    ),
    "count in a page": (
        "text/html",
        lambda rows, n, _: f"<p>Showing {n} trees</p><table>{cells(rows)}</table>",
    ),
    "amounts with a currency": (
        "application/json",
        lambda rows, _, s: json.dumps(
            {
                "rows": [{"name": one, "price": {"value": p, "in": "EUR"}} for one, p in rows],
                "total": {"value": s, "in": "EUR"},
            }
        ),
    ),
    "rows as lists": (
        "application/json",
        lambda rows, _, s: json.dumps({"rows": rows, "total": s}),
    ),
    "last line of a text": (
        "text/plain",
        lambda rows, _, s: "".join(f"{name} {price}\n" for name, price in rows) + f"total {s}\n",
    ),
}


def heard(form: str, *, recorded: bool, fault: bool = False) -> Judged:
    """Add a row and read all, on two databases; the candidate's number is off with a fault."""
    kind, write = FORMS[form]
    sides = {side: list(SEEDED) for side in Side}

    def asked(side: Side) -> Transcript:
        rows, code = sides[side], new_unique("T")
        rows.append((code, 3 + len(rows) * len(rows)))
        number, total = len(rows), sum(price for _, price in rows)
        if fault and side is Side.CANDIDATE:
            number, total = number - 1, total - 7
        made = exchange({"ok": True}, status=201, method="POST", sent={"name": code})
        body = write(rows, number, total).encode()
        read = exchange(body=body, headers=[("Content-Type", kind)])
        return transcript(made, read, side=side, generated=[("T", code)])

    golden = None
    if recorded:
        golden = load(dump(learn(asked(Side.BASELINE), asked(Side.BASELINE))))
        sides = {side: list(SEEDED) for side in Side}
        sides[Side.CANDIDATE].append(("ash", 6))
        sides[Side.BASELINE].append(("ash", 6))
    state = TestState(golden, None)
    return settled(state, Judge(Rulebook(shared_state=False), lambda _: None), asked)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_number_in_a_page_that_tells_of_its_rows_has_to_be_true(
    form: str, recorded: bool
) -> None:
    found = heard(form, recorded=recorded, fault=True)
    in_sight = form != "last line of a text"  # the rest of it is held to lines that grew
    assert found.differences or (not in_sight and (found.inconclusive or found.account.open))


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_and_one_that_is_true_is_equal(form: str, recorded: bool) -> None:
    found = heard(form, recorded=recorded)
    assert (found.differences, found.account.open, found.inconclusive) == ((), {}, None)
