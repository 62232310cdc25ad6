"""What an operation refers to is asked for first, and its answer put where it is referred to."""

from __future__ import annotations

import pytest

from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.generate.references import (
    Offer,
    Prefix,
    Source,
    Want,
    is_meant,
    may_give,
    offers_in,
    resource_of,
    wants_of,
)

CUSTOMERS = Case((Call(endpoint="GET /customers"),))
PRODUCT = Case((CUSTOMERS.calls[0], Call(endpoint="POST /products", body={"owner_id": "?"})))
ORDER = Call(
    endpoint="POST /orders",
    body={"customer_id": "?", "lines": [{"product_id": "?"}], "state": "new"},
)
ROWS = (Source(CUSTOMERS, "/0/id"), Source(CUSTOMERS, "/1/id"))
PREFIX = Prefix(
    {
        "body/customer_id": (Want("body/customer_id", "customer_id"), ROWS),
        "body/lines/*/product_id": (
            Want("body/lines/*/product_id", "product_id"),
            (Source(PRODUCT, "/id"),),
        ),
    }
)


def test_each_giver_is_asked_once_and_before_the_call() -> None:
    case = PREFIX.before(Case((ORDER,)), "POST /orders")
    assert [call.endpoint for call in case.calls] == [
        "GET /customers",
        "GET /customers",  # what makes a product has a wish of its own
        "POST /products",
        "POST /orders",
    ]
    assert case.calls[-1].bindings == (
        Binding("body/customer_id", step=0, pointer="/0/id"),
        Binding("body/lines/0/product_id", step=2, pointer="/id"),
    )


def test_two_places_of_one_kind_get_two_rows_and_every_turn_another() -> None:
    both = Prefix({f"body/{name}": (Want(f"body/{name}", name), ROWS) for name in ("from", "to")})
    call = Call(endpoint="POST /moves", body={"from": "?", "to": "?"})
    for turn, pointers in ((0, ["/0/id", "/1/id"]), (1, ["/1/id", "/0/id"])):
        case = both.before(Case((call,)), "POST /moves", turn=turn)
        assert [one.pointer for one in case.calls[-1].bindings] == pointers


@pytest.mark.parametrize("body", [b"{", {"state": "new"}, {"customer_id": None, "lines": []}])
def test_a_case_that_has_no_such_place_is_sent_by_itself(body: object) -> None:
    case = Case((Call(endpoint="POST /orders", body=body),))
    assert PREFIX.before(case, "POST /orders") == case


def test_a_value_that_is_wrong_on_purpose_stays() -> None:
    want = Want("body/ship_to", "ship_to", pattern="^[A-Z]-[0-9]{2}$")
    prefix = Prefix({"body/ship_to": (want, ROWS)})
    for value, calls in (("A-00", 2), ("a-00", 1)):
        case = Case((Call(endpoint="POST /orders", body={"ship_to": value}),))
        assert len(prefix.before(case, "POST /orders").calls) == calls
    path = Prefix({"path/id": (Want("path/id", "id"), ROWS)})
    wrong = Case((Call(endpoint="GET /orders/{id}", path={"id": "x"}, rest_valid=False),))
    assert path.before(wrong, "GET /orders/{id}") == wrong


def test_steps_of_the_case_move_behind_the_prefix() -> None:
    later = Call(
        endpoint="GET /orders/{id}", path={"id": "0"}, bindings=(Binding("path/id", step=0),)
    )
    case = PREFIX.before(Case((ORDER, later)), "POST /orders")
    assert case.calls[-1].bindings == (Binding("path/id", step=3),)


@pytest.mark.parametrize(
    ("want", "giver", "offer", "pattern"),
    [
        (Want("body/customer_id", "customer_id"), "customer", "id", ""),
        (Want("body/customerId", "customerId"), "customer", "id", ""),
        (Want("path/lot_code", "lot_code"), "lot", "lot_code", ""),
        (Want("path/id", "id", resource="order"), "order", "id", ""),
        (Want("path/code", "code", resource="location"), "location", "code", ""),
        (Want("body/customer", "customer"), "customer", "id", ""),
        (Want("body/tag_ids/*", "tag_ids"), "tag", "id", ""),
        (Want("body/customerUuids/*", "customerUuids"), "customer", "uuid", ""),
        (Want("header/X-Workspace-Id", "Workspace-Id"), "workspace", "id", ""),
        (Want("body/ship_to", "ship_to", pattern="^[A-Z]$"), "location", "code", "^[A-Z]$"),
        (Want("body/home_code", "home_code", pattern="^[A-Z]$"), "location", "code", "^[A-Z]$"),
    ],
)
def test_names_and_patterns_tell_who_gives_what(
    want: Want, giver: str, offer: str, pattern: str
) -> None:
    assert is_meant(want, Offer("/x", offer), giver=giver, pattern=pattern)
    assert may_give(want, giver=giver, members={offer: pattern})


@pytest.mark.parametrize(
    ("want", "giver", "offer"),
    [
        (Want("body/weight_kg", "weight_kg"), "item", "weight_kg"),  # a value, and no name
        (Want("body/code", "code", own="location"), "location", "code"),  # its own
        (Want("body/parent_id", "parent_id"), "customer", "id"),
        (Want("body/name", "name"), "customer", "name"),
        (Want("path/id", "id", resource="order"), "customer", "id"),
    ],
)
def test_what_names_nothing_or_something_else_is_not_taken(
    want: Want, giver: str, offer: str
) -> None:
    assert not is_meant(want, Offer("/x", offer), giver=giver, pattern="")


def test_rows_of_lists_and_members_of_members_are_offers() -> None:
    answer = {"total": 2, "items": [{"id": 1, "tags": ["a"]}, {"id": 2}], "owner": {"id": True}}
    assert [one.pointer for one in offers_in(answer)] == [
        "/total",
        "/items/0/id",
        "/items/0/tags/0",
        "/items/1/id",
    ]


def test_places_know_their_form_and_the_path_before_them() -> None:
    schema = {"properties": {"lines": {"items": {"properties": {"at": {"pattern": "^x$"}}}}}}
    call = Call(
        endpoint="PUT /api/categories/{id}", path={"id": "1"}, body={"lines": [{"at": "x"}]}
    )
    found = wants_of([call], schema)
    assert found["path/id"].resource == resource_of("/categories") == "category"
    assert found["body/lines/*/at"].pattern == "^x$"


def test_an_id_in_an_object_and_in_a_header_says_of_what() -> None:
    body = {"customer": {"id": 5}, "lines": [{"product": {"id": 6}, "id": 7}]}
    headers = (("X-Workspace-Id", "w"), ("X-Trace", "t"))
    call = Call(endpoint="POST /orders", headers=headers, body=body)
    told = {place: want.name for place, want in wants_of([call], {}).items()}
    assert told == {
        "header/X-Workspace-Id": "Workspace-Id",
        "body/customer/id": "customer_id",
        "body/lines/*/product/id": "product_id",
        "body/lines/*/id": "id",
    }
