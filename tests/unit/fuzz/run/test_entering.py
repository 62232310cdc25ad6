"""What lets a request in is learned of a baseline that has states: paid first, then shipped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.generate.cases import CaseGenerator
from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation, generatable
from pytest_cutover.fuzz.run.case_sender import earlier
from pytest_cutover.fuzz.run.entering import Entering
from pytest_cutover.openapi.read import read

PATH = "/orders/{order_id}"
ID = [{"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}]
DONE = {"responses": {"200": {"description": "ok"}}}
ITEM = {"type": "object", "required": ["item"], "properties": {"item": {"type": "string"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "orders", "version": "1"},
    "paths": {
        f"{PATH}/deliver": {"post": {"parameters": ID, **DONE}},
        f"{PATH}/pay": {"post": {"parameters": ID, **DONE}},
        f"{PATH}/ship": {"post": {"parameters": ID, **DONE}},
        PATH: {"get": {"parameters": ID, **DONE}, "delete": {"parameters": ID, **DONE}},
        "/orders": {
            "post": {"requestBody": {"content": {"application/json": {"schema": ITEM}}}, **DONE}
        },
    },
}
BEFORE = {"pay": "open", "ship": "pay", "deliver": "ship"}


class _Orders:
    """A baseline whose orders are paid, then shipped, then delivered; `in_order` says whether."""

    have_own_data = True

    def __init__(self, *, in_order: bool = True) -> None:
        self.states: dict[str, str] = {}
        self.asked = 0
        self._in_order = in_order

    def learned(self, case: Case) -> Transcript:
        exchanges: list[Exchange] = []
        for call in case.calls:
            values = {
                one: value
                for one in call.bindings
                if one.step is not None and (value := earlier(exchanges, one)) is not None
            }
            sent = call.with_values(values)
            self.asked += 1
            status, body = self._answer(sent)
            answer = Response(status, (), json.dumps(body).encode())
            exchanges.append(
                Exchange(Request(call.method, sent.target()), answer, endpoint=call.endpoint)
            )
        return Transcript("", Side.BASELINE, tuple(exchanges))

    def _answer(self, call: Call) -> tuple[int, Any]:
        order = call.path.get("order_id", "")
        action = call.template.rpartition("/")[2]
        if not order:
            order = str(500 + len(self.states))
            self.states[order] = "open"
            return 200, {"id": int(order)}
        if order not in self.states:
            return 404, {}
        if action in BEFORE and self._in_order and self.states[order] != BEFORE[action]:
            return 409, {}
        if action in BEFORE:
            self.states[order] = action
        return 200, {"id": int(order)}


class _Run:
    def __init__(self) -> None:
        self._known: dict[str, CaseGenerator] = {}

    def why_not(self, _method: str) -> str:
        return ""

    def generator(self, operation: FuzzOperation) -> CaseGenerator:
        return self._known.setdefault(operation.endpoint, CaseGenerator(operation, seed=0))


@pytest.fixture
def document() -> FuzzDocument:
    return generatable(read(DOCUMENT, "orders"))


def _sent(document: FuzzDocument, orders: _Orders, endpoint: str) -> list[str]:
    """Return the endpoints of a case of an operation, once all is known."""
    entering = Entering(document, _Run(), orders)
    operation = document.by_endpoint(endpoint)
    assert operation is not None
    call = entering.valid_call(operation)
    assert call is not None
    case = entering.before(operation, Case((call,)))
    assert orders.learned(case).exchanges[-1].response == Response(200, (), b'{"id": %d}' % (
        499 + len(orders.states)
    ))  # fmt: skip
    return [one.endpoint for one in case.calls]


def test_what_must_have_happened_before_is_done_to_the_thing_first(document: FuzzDocument) -> None:
    sent = _sent(document, _Orders(), f"POST {PATH}/deliver")
    assert sent == [
        "POST /orders", f"POST {PATH}/pay", f"POST {PATH}/ship", f"POST {PATH}/deliver",
    ]  # fmt: skip


def test_nothing_is_done_before_where_nothing_needs_it(document: FuzzDocument) -> None:
    orders = _Orders(in_order=False)
    assert _sent(document, orders, f"POST {PATH}/ship") == ["POST /orders", f"POST {PATH}/ship"]


def test_an_id_that_nobody_has_is_asked_for_alone(document: FuzzDocument) -> None:
    entering = Entering(document, _Run(), _Orders())
    operation = document.by_endpoint(f"POST {PATH}/ship")
    assert operation is not None
    assert [len(one.calls) for one in entering.of_nobody(operation)] == [1]


@pytest.mark.parametrize(
    ("origin", "alone"), [("probe", 0), ("neighbour", 0), ("coverage", 2), ("random", 2)]
)
def test_a_body_with_one_place_varied_has_an_id_that_exists(origin: str, alone: int) -> None:
    """A price of 0 that is let in now is said with 201, and not with 404 for another reason."""
    body = {"requestBody": {"content": {"application/json": {"schema": ITEM}}}}
    paths = {**DOCUMENT["paths"], PATH: {"put": {"parameters": ID, **body, **DONE}}}
    document = generatable(read({**DOCUMENT, "paths": paths}, "orders"))
    operation = document.by_endpoint(f"PUT {PATH}")
    assert operation is not None
    call = Call(endpoint=operation.endpoint, path={"order_id": "7"}, body={"item": "a"})
    cases = Entering(document, _Run(), _Orders()).all_before(
        operation, (Case((call,), origin) for _ in range(12))
    )
    assert [len(one.calls) for one in cases].count(1) == alone
