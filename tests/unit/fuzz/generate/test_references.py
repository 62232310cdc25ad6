"""What an operation refers to is made first, and its answer put where it is referred to."""

from __future__ import annotations

from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.generate.links import Link
from pytest_cutover.fuzz.generate.references import Prefix, prefix_for

CUSTOMER = Call(endpoint="POST /customers", body={"name": "A"})
PRODUCT = Call(endpoint="POST /products", body={"title": "B"})
ORDER = Call(endpoint="POST /orders", body={"customer_id": "?", "product_id": "?", "state": "new"})
LINKS = [
    Link("POST /customers", "POST /orders", (("body/customer_id", "/id"),)),
    Link("POST /products", "POST /orders", (("body/product_id", "/id"),)),
    Link("POST /products", "POST /others", (("body/product_id", "/id"),)),
]
MADE = {"POST /customers": CUSTOMER, "POST /products": PRODUCT}
NEEDED = ("body/customer_id", "body/product_id")


def test_each_giver_is_asked_once_and_before_the_call() -> None:
    prefix = prefix_for("POST /orders", NEEDED, LINKS, MADE)
    case = prefix.before(Case((ORDER,)))
    assert [call.endpoint for call in case.calls] == [
        "POST /customers",
        "POST /products",
        "POST /orders",
    ]
    assert case.calls[-1].bindings == (
        Binding("body/customer_id", step=0, pointer="/id"),
        Binding("body/product_id", step=1, pointer="/id"),
    )


def test_what_nobody_gives_or_what_is_not_needed_stays() -> None:
    assert prefix_for("POST /orders", ("body/state",), LINKS, MADE) == Prefix()
    assert prefix_for("POST /orders", NEEDED, LINKS, {"POST /products": PRODUCT}).calls == (
        PRODUCT,
    )


def test_a_case_that_has_no_such_place_is_sent_by_itself() -> None:
    prefix = prefix_for("POST /orders", NEEDED, LINKS, MADE)
    bodies: tuple[object, ...] = (b"{", {"state": "new"}, {"customer_id": None, "product_id": []})
    for body in bodies:
        case = Case((Call(endpoint="POST /orders", body=body),))
        assert prefix.before(case) == case


def test_steps_of_the_case_move_behind_the_prefix() -> None:
    prefix = prefix_for("POST /orders", NEEDED, LINKS, MADE)
    later = Call(
        endpoint="GET /orders/{id}", path={"id": "0"}, bindings=(Binding("path/id", step=0),)
    )
    case = prefix.before(Case((ORDER, later)))
    assert case.calls[-1].bindings == (Binding("path/id", step=2),)
