"""A row that the baseline made, as the candidate shows it on the same data: held to what it was.

The list is a page of the newest orders, with one more in each round and on each side.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

Row = dict[str, Any]
PAGE = 5
LONG = 10


class Shop:
    """Orders on one database; the candidate shows the newest of the baseline with a fault."""

    def __init__(
        self,
        fault: Callable[[Row], Any],
        *,
        later: Callable[[Row], Any],
        order: Callable[[list[Row]], list[Row]] = lambda rows: rows,
        customer: str = "",
        page: int = PAGE,
        of_both: bool = False,
    ) -> None:
        self._page, self._of_both = page, of_both
        self._fault, self._later, self._order_of, self._customer = fault, later, order, customer
        self._orders = [self._order(number, f"steady {number}") for number in range(1, 14)]

    @staticmethod
    def _order(number: int, customer: str) -> Row:
        items = [{"product": 5, "quantity": 2}, {"product": 8, "quantity": 1}]
        return {"id": number, "customer": customer, "status": "placed", "items": items}

    def asked(self, side: Side) -> Transcript:
        """Order something, and list the newest; what is done later is seen by the next one."""
        code = self._customer or new_unique("customer")
        order = self._order(len(self._orders) + 1, code)
        self._orders.append(order)
        shown = deepcopy(self._orders[: -self._page - 1 : -1])
        if side is Side.CANDIDATE:
            self._fault(shown[1])
        if side is Side.CANDIDATE or self._of_both:
            shown = self._order_of(shown)
        made = exchange(order, method="POST", target="/orders", status=201, sent={"customer": code})
        listed = exchange({"data": shown}, target="/orders")
        self._later(order)
        generated = [] if self._customer else [("customer", code)]
        return transcript(made, listed, side=side, generated=generated)


def _said(shop: Shop) -> list[tuple[str, str]]:
    judge = Judge(Rulebook(shared_state=True), lambda _: None)
    found = settled(TestState(None, None), judge, shop.asked)
    assert not found.account.open
    return sorted({(str(one.kind), one.pointer) for one in found.differences})


def _nothing(_row: Row) -> None:
    pass


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda row: row["items"].pop(), [("length", "/data/1/items")]),
        (lambda row: row["items"].reverse(), [("order", "/data/1/items")]),
        (lambda row: row["items"][0].update(quantity=3), [("value", "/data/1/items/0/quantity")]),
        (lambda row: row.update(status="lost"), [("value", "/data/1/status")]),
    ],
    ids=["item lost", "items reversed", "quantity", "status"],
)
def test_a_row_that_stood_still_before_and_afterwards_is_held_to_all_it_said(
    fault: Callable[[Row], Any], expected: list[tuple[str, str]]
) -> None:
    assert _said(Shop(fault, later=_nothing)) == expected


def test_the_same_row_shown_as_it_was_is_not_accused() -> None:
    assert _said(Shop(_nothing, later=_nothing)) == []


@pytest.mark.parametrize(
    "later",
    [
        lambda row: row.update(status="cancelled"),
        lambda row: row["items"].pop(),
        lambda row: row.update(customer=row["customer"].upper()),
    ],
    ids=["status", "items", "customer"],
)
def test_a_row_that_the_baseline_changed_after_it_listed_it_is_not_accused(
    later: Callable[[Row], Any],
) -> None:
    assert _said(Shop(_nothing, later=later)) == []


@pytest.mark.parametrize(
    "order",
    [
        lambda rows: [rows[1], rows[0], *rows[2:]],
        lambda rows: [*rows[:-2], rows[-1], rows[-2]],
        lambda rows: rows[::-1],
        lambda rows: [*rows[1:], rows[0]],
        lambda rows: [*rows[1:4], rows[0], *rows[4:]],
    ],
    ids=["newest", "oldest", "reversed", "own last", "own further down"],
)
@pytest.mark.parametrize("customer", ["ana", ""], ids=["no code", "code"])
def test_many_rows_that_are_sorted_by_their_numbers_are_so_on_the_candidate(
    order: Callable[[list[Row]], list[Row]], customer: str
) -> None:
    shop = Shop(_nothing, later=_nothing, order=order, customer=customer, page=LONG)
    assert ("order", "/data") in _said(shop)


@pytest.mark.parametrize("customer", ["ana", ""], ids=["no code", "code"])
def test_and_sorted_alike_they_are_not_accused(customer: str) -> None:
    assert _said(Shop(_nothing, later=_nothing, customer=customer, page=LONG)) == []


def test_nor_where_the_baseline_sorts_by_what_chance_made() -> None:
    def by_name(rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: str(row["customer"]))

    shop = Shop(_nothing, later=_nothing, order=by_name, of_both=True, page=99)
    assert _said(shop) == []
