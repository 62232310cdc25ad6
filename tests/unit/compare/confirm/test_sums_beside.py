"""A total of amounts that each side's test drew is the sum of its rows, and else another number."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, exchange, settled, transcript

Rows = Sequence[tuple[str, int, int]]  # name, number, price
Total = Callable[[Rows], Any]


def _sum(rows: Rows) -> int:
    return sum(price for _, _, price in rows)


def _json(rows: Rows, total: Any) -> dict[str, Any]:
    members = [{"name": n, "number": c, "price": p} for n, c, p in rows]
    return {"document": {"rows": members, "summary": {"total": total}}, "headers": JSON_HEADERS}


def _sentence(rows: Rows, total: Any) -> dict[str, Any]:
    members = [{"name": n, "number": c, "price": p} for n, c, p in rows]
    return {"document": {"rows": members, "note": f"{total} EUR in all"}, "headers": JSON_HEADERS}


def _csv(rows: Rows, total: Any) -> dict[str, Any]:
    lines = "".join(f"{n},{c},{p}\n" for n, c, p in rows)
    body = f"name,number,price\n{lines}total,,{total}\n".encode()
    return {"body": body, "headers": (("Content-Type", "text/csv"),)}


def _xml(rows: Rows, total: Any) -> dict[str, Any]:
    lines = "".join(
        f"<row><name>{n}</name><number>{c}</number><price>{p}</price></row>" for n, c, p in rows
    )
    body = f"<rows>{lines}<total>{total}</total></rows>".encode()
    return {"body": body, "headers": (("Content-Type", "application/xml"),)}


FORMS = {"json": _json, "sentence": _sentence, "csv": _csv, "xml": _xml}
TOTALS: dict[str, Total] = {
    "sum": _sum,
    "mean": lambda rows: f"{_sum(rows) / len(rows):.2f}",
    "products": lambda rows: sum(c * p for _, c, p in rows),
}
FAULTS: dict[str, Total] = {
    "without the last": lambda rows: _sum(rows[:-1]),
    "one more": lambda rows: _sum(rows) + 1,
    "of the first": lambda rows: rows[0][2],
    "none": lambda rows: rows[0][2] - rows[0][2],
}


def judged(form: str, total: Total, fault: Total | None = None) -> Judged:
    """A test that makes three rows of drawn amounts, on data of each side's own, and lists them."""
    drawn = random.Random(7)

    def asked(side: Side) -> Transcript:
        rows = [(f"row {n}", drawn.randrange(2, 9), drawn.randrange(100, 9000)) for n in range(3)]
        made = [
            exchange(
                {"ok": True},
                method="POST",
                target="/rows",
                sent={"name": name, "number": number, "price": price},
                status=201,
            )
            for name, number, price in rows
        ]
        tell = fault if fault is not None and side is Side.CANDIDATE else total
        listed = exchange(**FORMS[form](rows, tell(rows)), target="/rows")
        return transcript(*made, listed, side=side)

    # What each side was asked first stays: the rows of an earlier test are no others in a round.
    first = {side: asked(side) for side in Side}
    return settled(TestState(None, None), JUDGE, first.__getitem__)


JUDGE = Judge(Rulebook(shared_state=False), lambda _: None)


@pytest.mark.parametrize("total", TOTALS)
@pytest.mark.parametrize("form", FORMS)
def test_a_total_of_drawn_amounts_is_held_to_its_rows(form: str, total: str) -> None:
    found = judged(form, TOTALS[total])
    assert (found.differences, found.inconclusive) == ((), None)
    assert found.account.open == {}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("form", FORMS)
def test_a_total_that_is_not_that_of_its_rows_is_a_difference(form: str, fault: str) -> None:
    assert judged(form, _sum, FAULTS[fault]).differences


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize(("ours", "theirs"), [(8, 9), (8, 0), (100_000, 100_001)])
def test_a_column_that_is_alike_in_all_rows_is_no_sum_of_itself(
    ours: int, theirs: int, shared: bool
) -> None:
    """The mean of the other rows is then each row's own number."""

    def asked(side: Side) -> Transcript:
        count = ours if side is Side.BASELINE else theirs
        facets = [{"value": name, "count": count} for name in ("map", "place", "story")]
        return transcript(exchange({"hits": [], "facets": {"kind": facets}}), side=side)

    book = Rulebook(shared_state=shared)
    found = settled(TestState(None, None), Judge(book, lambda _: None), asked)
    assert {one.pointer for one in found.differences} == {
        f"/facets/kind/{at}/count" for at in range(3)
    }


def test_a_total_of_rows_that_differ_themselves_is_a_difference_of_its_own() -> None:
    """Whoever accepts rows without an amount has not accepted that their total is none."""

    def asked(side: Side) -> Transcript:
        prices = [24.5, 82.25] if side is Side.BASELINE else [0, 0]
        rows = [{"name": name, "price": price} for name, price in zip("ab", prices, strict=True)]
        return transcript(exchange({"rows": rows, "total": sum(prices)}), side=side)

    found = settled(TestState(None, None), JUDGE, asked)
    assert "/total" in {one.pointer for one in found.differences}
