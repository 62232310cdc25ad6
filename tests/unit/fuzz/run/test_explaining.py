"""What explains the differences of generated requests, and where nothing does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.core.seen_values import SeenValues
from pytest_cutover.fuzz.generate.case import ABSENT, Call, Case
from pytest_cutover.fuzz.run.explaining import (
    Explainer,
    Members,
    Stored,
    explained_together,
    rounded,
    settled,
)
from pytest_cutover.fuzz.run.refusals import members_of, refused_alike
from pytest_cutover.report.model import Finding

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
    beside: tuple[Difference, ...] = (),
    change: str = "a → b",
) -> str:
    endpoint = case.calls[exchange].endpoint
    found = Difference(exchange, endpoint, kind, pointer, change, *values)
    explainer = Explainer(lambda _endpoint: members or Members(), stored or Stored())
    return explainer.of(case, found, one.baseline, one.candidate, odd, beside)


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
    assert list(refused_alike(alike)) == ["POST 404", "/items 404"]


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


def test_a_list_that_was_stored_in_another_order_is_told_by_the_write() -> None:
    ours, theirs = {"id": 1, "lines": [1, 2]}, {"id": 1, "lines": [2, 1]}
    made, read = (
        _round((POST, (201, ours), (201, theirs))),
        _round((GET, (200, [ours]), (200, [theirs]))),
    )
    stored = Stored()
    stored.learn(made)
    said = _told(_case((POST, {})), made, Kind.ORDER, "/lines", stored=stored)
    assert said == "stored: lines a → b by POST /items"
    assert _told(_case((GET, None)), read, Kind.ORDER, "/0/lines", stored=stored) == said


def test_one_value_for_another_in_a_member_that_operations_share() -> None:
    shared = Members(shared=lambda _status, _tokens: "/components/schemas/Item/properties/kg")
    made = _round((POST, (201, {"id": 1, "kg": "0.000"}), (201, {"id": 1, "kg": None})))
    case, values = _case((POST, {})), ('"0.000"', "null")
    said = _told(case, made, Kind.TYPE, "/kg", values=values, members=shared)
    assert said == 'mapped: Item.kg "0.000" → null'
    # true and false are too few to say that it is one change.
    assert _told(case, made, Kind.VALUE, "/kg", values=("true", "false"), members=shared) == ""


def test_times_of_two_writes_that_are_written_otherwise_are_one_change_with_those_of_one() -> None:
    shared = Members(shared=lambda _status, _tokens: "/components/schemas/Item/properties/at")
    times = ("2026-11-26T13:55:33.067Z", "2026-11-26T13:55:33.074000Z")
    listed = _round((GET, (200, [{"id": 1, "at": times[0]}]), (200, [{"id": 1, "at": times[1]}])))
    said = _told(
        _case((GET, None)), listed, Kind.VALUE, "/0/at", values=times, members=shared,
        change="timestamp ms Z → timestamp us Z",
    )  # fmt: skip
    assert said == "re-encoded: at timestamp ms Z → timestamp us Z"


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
    assert said == "asked by: GET /items with limit=…&offset=…"
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


def test_codes_of_one_pattern_are_one_kind_of_text_whatever_they_are_called() -> None:
    said = [
        settled([f"let in: {name} (pattern ^[A-Z]$)"], _case((POST, {name: "a"})))
        for name in ("code", "ship_to")
    ]
    assert said == ['let in: a text of pattern ^[A-Z]$, "a"'] * 2


FORM = b"""--b\r
Content-Disposition: form-data; name="file"; filename="f"\r
Content-Type: text/plain\r
\r
x\r
--b\r
Content-Disposition: form-data; name="title"\r
\r
aaa\r
--b--\r
"""


def test_a_member_of_a_form_is_named_as_one_of_json_is() -> None:
    call = Call(endpoint=POST, body=FORM, content_type="multipart/form-data; boundary=b")
    answers: tuple[Answer, ...] = ((201, {"id": 1}), (404, {"error": {"fields": []}}))
    for before in answers:
        one = _round((POST, before, _refusal("title")))
        said = _told(Case((call,)), one, Kind.STATUS, members=Members({"title": "maxLength 3"}))
        assert said == "refused: title (maxLength 3)"
    assert dict(members_of(call)) == {"file": "x", "title": "aaa"}


def test_a_refusal_that_lists_what_is_wrong_is_not_the_one_that_lists_nothing() -> None:
    """A name that is refused before the item is looked for was told as another status of all."""
    case = _case((POST, {"name": "a"}))
    one = _round((POST, (404, {"error": {"fields": []}}), _refusal("other")))
    assert _told(case, one, Kind.STATUS) == ""


def test_rows_of_a_table_follow_from_what_separates_them() -> None:
    separated = Difference(0, GET, Kind.VALUE, "/delimiter", "text → text", '","', '";"')
    case, one = _case((GET, ABSENT)), _round((GET, (200, {}), (200, {})))
    for pointer in ("/delimiter", "/rows/0/a"):
        said = _told(case, one, Kind.VALUE, pointer, beside=(separated,))
        assert said == f'delimiter: "," → ";" of {GET}'
    assert _told(case, one, Kind.VALUE, "/headers/x", beside=(separated,)) == ""


def test_a_preflight_that_is_let_in_is_what_the_header_says() -> None:
    one = _round(("OPTIONS /items", (400, {}), (200, {})))
    (other,) = one.candidate.exchanges
    assert other.response is not None
    allowed = replace(other.response, headers=(("Access-Control-Allow-Origin", "*"),))
    told = replace(one.candidate, exchanges=(replace(other, response=allowed),))
    case = _case(("OPTIONS /items", ABSENT))
    said = _told(case, Round(one.baseline, told), Kind.STATUS, odd="a preflight")
    assert said == "header: access-control-allow-origin is added"
    assert _told(case, one, Kind.STATUS, odd="a preflight") == "odd request: a preflight is no 400"


def _finding(explanation: str, pairs: tuple[tuple[str, str], ...] = (), **said: Any) -> Finding:
    values = SeenValues(pairs) if pairs else None
    known = {"endpoint": POST, "kind": "value", "pointer": "/price", "change": "text → text"}
    return Finding(
        id="1", code="CUT110", signature="", baseline="", candidate="", occurrences=1, nodeids=(),
        explanation=explanation, values=values, **{**known, **said},
    )  # fmt: skip


def test_one_number_is_rounded_as_its_member_is_elsewhere() -> None:
    many = _finding("rounded: price to 1 decimals", (("0.25", "0.2"), ("0.37", "0.3")))
    once = _finding("mapped: price", (("0.01", "0.0"),))
    other = _finding("mapped: price", (("0.01", "7.5"),))
    named = _finding("mapped: weight", (("0.01", "0.0"),), pointer="/weight")
    said = [one.explanation for one in explained_together([once, other, named, many], ())]
    assert said == [many.explanation, "mapped: price", "mapped: weight", many.explanation]
    assert explained_together([once], ()) == [once]


def test_a_status_that_not_every_request_of_a_method_has_is_that_of_a_path() -> None:
    given = _finding("error status of POST: 422 → 400", kind="status", pointer="")
    assert explained_together([given], {"GET 422"}) == [given]
    (told,) = explained_together([given], {"POST 422"})
    assert told.explanation == "error status of /items: 422 → 400"


def test_what_is_equal_as_a_number_speaks_for_no_rounding_and_against_none() -> None:
    assert rounded([("0.25", "0.2"), ("1.00", "1.0"), ("0.37", "0.3")], "/price") == (
        "rounded: price to 1 decimals"
    )
    assert rounded([("1.00", "1.0"), ("2.00", "2.0")], "/price") == ""


def test_one_number_is_one_however_it_is_sent() -> None:
    said = {
        settled(["refused: kg (maximum 1000.0)"], _case((POST, {"kg": value})))
        for value in (1000, 1000.0, "1000", "1000.00")
    }
    assert said == {"refused: kg (maximum 1000.0), 1000"}
