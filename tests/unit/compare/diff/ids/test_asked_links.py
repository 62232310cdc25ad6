"""Links below the address that was asked for lead to the thing that it names."""

from __future__ import annotations

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
