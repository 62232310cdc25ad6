"""Links below the address that was asked for lead to the thing that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

PAGE = (
    "<html><body><h1>Order</h1><a href='/orders/{0}/items'>Items</a>"
    "<form action='/orders/{1}/pay' method='post'><button>Pay</button></form></body></html>"
)
HTML = (("Content-Type", "text/html"),)


def asked(number: int, linked: int) -> Transcript:
    made = exchange({"id": number}, status=201, method="POST", target="/orders", sent={"n": 1})
    body = PAGE.format(number, linked).encode()
    target, endpoint = f"/orders/{number}", "GET /orders/{id}"
    return transcript(made, exchange(body=body, headers=HTML, target=target, endpoint=endpoint))


def found(base: Transcript, cand: Transcript, again: Transcript, *, shared: bool) -> Any:
    return brief(judged(base, cand, again=again, shared_state=shared).differences)


@pytest.mark.parametrize("shared", [False, True])
def test_a_form_is_sent_to_the_order_of_its_page(shared: bool) -> None:
    def beside(linked: int) -> Any:
        return found(asked(7, 7), asked(70, linked), asked(8, 8), shared=shared)

    assert beside(70) == []
    assert [kind for kind, _ in beside(71)] == ["identity"]


def test_a_form_of_an_order_that_has_one_number_on_both_sides() -> None:
    assert found(asked(7, 7), asked(7, 7), asked(8, 8), shared=False) == []
    assert found(asked(7, 7), asked(7, 9), asked(8, 8), shared=False) != []


BACK = ["/login?next=%2Forders%2F{}", "/login?lang=de&next=/orders/{}/items%3Fpage=1#top"]
PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "a page": lambda link: {"body": f"<p>Order</p><a href='{link}'>Log in</a>".encode(),
                            "headers": HTML},
    "a member": lambda link: {"document": {"login": link}},
    "a redirect": lambda link: {"body": b"", "status": 302, "headers": [("Location", link)]},
}  # fmt: skip


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("link", BACK)
@pytest.mark.parametrize("place", PLACES)
def test_a_login_leads_back_to_what_was_asked_for(place: str, link: str, shared: bool) -> None:
    def side(first: int, linked: int) -> Transcript:
        made = [
            exchange({"id": one}, status=201, method="POST", target="/orders", sent={"n": one})
            for one in (first, first + 1)
        ]
        answer = PLACES[place](link.format(linked))
        target, endpoint = f"/orders/{first + 1}", "GET /orders/{id}"
        return transcript(*made, exchange(target=target, endpoint=endpoint, **answer))

    def beside(linked: int) -> Any:
        return found(side(7, 8), side(70, linked), side(9, 10), shared=shared)

    assert beside(71) == []
    assert [kind for kind, _ in beside(70)] == ["identity"]


def test_what_leads_to_a_neighbour_may_lead_to_any() -> None:
    def side(number: int, linked: int) -> Transcript:
        made = exchange({"id": number}, status=201, method="POST", target="/orders", sent={"n": 1})
        document = {"login": f"/login?next=%2Forders%2F{linked}"}
        target, endpoint = f"/orders/{number}", "GET /orders/{id}"
        return transcript(made, exchange(document, target=target, endpoint=endpoint))

    assert found(side(7, 6), side(70, 3), side(8, 7), shared=False) == []


@pytest.mark.parametrize("shared", [False, True])
def test_what_is_paid_leads_to_its_own_receipt(shared: bool) -> None:
    def side(number: int, linked: int) -> Transcript:
        made = exchange({"id": number}, status=201, method="POST", target="/orders", sent={"n": 1})
        paid = exchange(
            body=b"",
            status=303,
            headers=[("Location", f"/orders/{linked}/receipt")],
            method="POST",
            target=f"/orders/{number}/pay",
            endpoint="POST /orders/{id}/pay",
        )
        return transcript(made, paid)

    assert found(side(7, 7), side(70, 70), side(8, 8), shared=shared) == []
    assert found(side(7, 7), side(70, 71), side(8, 8), shared=shared) != []
