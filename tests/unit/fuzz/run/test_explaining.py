"""What explains the differences of generated requests, and where nothing does."""

from __future__ import annotations

import json
from typing import Any

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.run.explaining import (
    Explainer,
    Members,
    Stored,
    refused_alike,
    rounded,
    settled,
)

POST, GET, PATCH = "POST /items", "GET /items", "PATCH /items/{id}"
Answer = tuple[int, Any]


def _exchange(endpoint: str, answer: Answer) -> Exchange:
    status, body = answer
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = (("Content-Type", "text/html" if isinstance(body, bytes) else "application/json"),)
    return Exchange(
        Request(endpoint.partition(" ")[0], "/items"), Response(status, kind, raw), endpoint
    )


def _round(*answers: tuple[str, Answer, Answer]) -> Round:
    ours = tuple(_exchange(endpoint, left) for endpoint, left, _ in answers)
    theirs = tuple(_exchange(endpoint, right) for endpoint, _, right in answers)
    return Round(
        Transcript("fuzz", Side.BASELINE, ours), Transcript("fuzz", Side.CANDIDATE, theirs)
    )


def _case(*calls: tuple[str, Any]) -> Case:
    return Case(tuple(Call(endpoint=endpoint, body=body) for endpoint, body in calls))


def _told(
    case: Case,
    one: Round,
    kind: Kind,
    pointer: str = "",
    *,
    values: tuple[str, str] = ("", ""),
    members: Members | None = None,
    stored: Stored | None = None,
    exchange: int = 0,
    odd: str = "",
) -> str:
    endpoint = case.calls[exchange].endpoint
    found = Difference(exchange, endpoint, kind, pointer, "a → b", *values)
    explainer = Explainer(lambda _endpoint: members or Members(), stored or Stored())
    return explainer.of(case, found, one.baseline, one.candidate, odd)


def _refusal(*fields: str) -> Answer:
    return 422, {"error": {"fields": [f"body.{name}" for name in fields]}}


def test_a_member_that_one_side_alone_refuses_is_named_with_its_bounds() -> None:
    case = _case((POST, {"name": "a" * 80, "price": 1}))
    one = _round((POST, (201, {"id": 1}), _refusal("name")))
    bounds = Members({"name": "maxLength 80"})
    said = _told(case, one, Kind.STATUS, members=bounds)
    assert said == "refused: name (maxLength 80)"
    assert settled([said], case) == "refused: name (maxLength 80), 80 long"
    # The same where the request is refused for something else on both sides.
    both = _round((POST, _refusal("price"), _refusal("price", "name")))
    assert _told(case, both, Kind.LENGTH, "/error/fields", members=bounds) == said


def test_a_member_without_bounds_is_that_of_its_own_operation() -> None:
    case = _case((POST, {"name": "a"}))
    one = _round((POST, (201, {}), _refusal("name")))
    assert _told(case, one, Kind.STATUS) == "refused: name of POST /items"


def test_another_status_of_a_refusal_is_one_change_of_a_method_where_the_form_is_one() -> None:
    case = _case((POST, {"name": "a"}))
    one = _round((POST, (404, {"error": {"code": "a"}}), (422, {"error": {"code": "b"}})))
    assert _told(case, one, Kind.STATUS) == "error status of POST: 404 → 422"
    other = _round((POST, (404, {"error": {"code": "a"}}), (422, {"detail": "b"})))
    assert _told(case, other, Kind.STATUS) == ""
    alike = _round((POST, (404, {}), (404, {})), (GET, (200, {}), (200, {})))
    assert list(refused_alike(alike)) == ["POST 404"]


def test_what_is_let_in_is_named_by_who_refuses_it() -> None:
    case = _case((POST, {"price": 0}))
    one = _round((POST, _refusal("price"), (201, {"id": 1})))
    assert _told(case, one, Kind.STATUS, members=Members({"price": "minimum 1"})).startswith(
        "let in: price"
    )


def test_two_members_or_none_prove_nothing() -> None:
    case = _case((POST, {"price": 0, "name": ""}))
    two = _round((POST, (201, {}), _refusal("price", "name")))
    none = _round((POST, (201, {}), (422, {"error": "invalid"})))
    assert _told(case, two, Kind.STATUS) == _told(case, none, Kind.STATUS) == ""


def test_what_reads_show_of_a_row_that_a_write_stored_otherwise_follows_from_it() -> None:
    made = _round((POST, (201, {"id": 7, "on": True}), (201, {"id": 9, "on": False})))
    stored = Stored()
    stored.learn(made)
    case = _case((GET, None))
    rows = ([{"id": 1, "on": True}, {"id": 7, "on": True}],)
    other = [{"id": 1, "on": True}, {"id": 9, "on": False}]
    listed = _round((GET, (200, rows[0]), (200, other)))
    values = ("true", "false")
    write = _told(_case((POST, {})), made, Kind.VALUE, "/on", values=values, stored=stored)
    assert write == "stored: on a → b by POST /items"
    assert _told(case, listed, Kind.VALUE, "/1/on", values=values, stored=stored) == write
    # A row that nobody wrote here is a difference of its own.
    assert _told(case, listed, Kind.VALUE, "/0/on", values=values, stored=stored) == ""


def test_one_value_for_another_in_a_member_that_operations_share() -> None:
    shared = Members(shared=lambda _status, _tokens: "/components/schemas/Item/properties/kg")
    made = _round((POST, (201, {"id": 1, "kg": "0.000"}), (201, {"id": 1, "kg": None})))
    case, values = _case((POST, {})), ('"0.000"', "null")
    said = _told(case, made, Kind.TYPE, "/kg", values=values, members=shared)
    assert said == 'mapped: Item.kg "0.000" → null'
    # true and false are too few to say that it is one change.
    assert _told(case, made, Kind.VALUE, "/kg", values=("true", "false"), members=shared) == ""


def test_null_that_keeps_what_was_there() -> None:
    case = _case((POST, {"mail": "a"}), (PATCH, {"mail": None}))
    one = _round(
        (POST, (201, {"id": 1, "mail": "a"}), (201, {"id": 1, "mail": "a"})),
        (PATCH, (200, {"id": 1, "mail": None}), (200, {"id": 1, "mail": "a"})),
    )
    said = _told(case, one, Kind.TYPE, "/mail", values=("null", '"a"'), exchange=1)
    assert said == "kept: PATCH /items/{id} keeps what null is for"
    # Another value than the one that was there is none that was kept.
    other = _round(
        (POST, (201, {"id": 1, "mail": "b"}), (201, {"id": 1, "mail": "b"})),
        (PATCH, (200, {"id": 1, "mail": None}), (200, {"id": 1, "mail": "a"})),
    )
    assert _told(case, other, Kind.TYPE, "/mail", values=("null", '"a"'), exchange=1) == ""


def test_one_page_for_every_refusal_is_one_change_and_two_pages_are_two() -> None:
    case = _case((GET, None))
    first = _round((GET, (404, {}), (404, b"<h1>gone</h1>")))
    other = _round((GET, (404, {}), (404, b"<h1>lost</h1>")))
    said = {_told(case, one, Kind.BODY_KIND) for one in (first, first, other)}
    assert len(said) == 2
    assert all(text.startswith("error page: 404") for text in said)


def test_what_is_odd_is_all_that_makes_the_sides_part() -> None:
    case = _case((GET, None))
    served = _round((GET, (404, {}), (200, {})))
    assert _told(case, served, Kind.STATUS, odd="HEAD") == "odd request: HEAD is no 404"
    refused = _round((GET, (404, {}), (404, {})))
    assert _told(case, refused, Kind.HEADER_MISSING, "/headers/allow", odd="HEAD") == ""


def test_one_oddity_is_one_change_whatever_is_answered_then() -> None:
    case = _case((POST, {}))
    statuses = ((201, 422), (401, 422), (409, 422))
    rounds = [_round((POST, (one, {}), (other, {}))) for one, other in statuses]
    said = {_told(case, one, Kind.STATUS, odd="a body with a mark") for one in rounds}
    assert said == {"odd request: a body with a mark is refused, 422"}


def test_another_envelope_of_a_refusal_is_one_change_with_all_its_members() -> None:
    case = _case((GET, None))
    one = _round((GET, (404, {"error": {"code": "a"}}), (404, {"detail": "Not Found"})))
    gone = _told(case, one, Kind.MISSING, "/error")
    assert gone == "error format: {error} → {detail}, 404"
    assert _told(case, one, Kind.ADDED, "/detail") == gone
    part = _round((GET, (404, {"error": 1, "code": 2}), (404, {"detail": 1, "code": 2})))
    assert _told(case, part, Kind.MISSING, "/error") == ""


def test_what_is_asked_for_comes_before_what_a_value_may_be_taken_for() -> None:
    case = Case((Call(endpoint=GET, query=(("limit", "1"), ("offset", "1"))),))
    said = settled(["mapped: a"], case, shrunk=True)
    assert said == "asked by: GET /items with limit=1&offset=1"
    assert settled(["refused: limit"], case, shrunk=True).startswith("refused: limit")


def test_fewer_decimals_are_one_change_where_more_than_one_value_says_so() -> None:
    assert rounded([("0.01", "0.00"), ("4.25", "4.3")], "/price") == "rounded: price to 1 decimals"
    assert rounded([("0.01", "0.00")], "/price") == ""
    assert rounded([("4.25", "4.3"), ("1.11", "1.9")], "/price") == ""
    assert rounded([("4.2", "4.2"), ("1.11", "1.1")], "/price") == ""


def test_occurrences_that_say_different_things_are_explained_by_none() -> None:
    case = _case((POST, {}))
    assert settled(["stored: a", "stored: b"], case) == ""
    assert settled(["stored: a", ""], case) == ""


def test_the_one_value_of_a_query_explains_what_is_gone_without_it() -> None:
    case = Case((Call(endpoint=GET, query=(("sort", "-name"),)),))
    assert settled([""], case, shrunk=True) == "asked by: GET /items with sort=-name"
    assert settled([""], case) == ""
