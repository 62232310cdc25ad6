"""Each explanation is proven: what it says, undone on the candidate's answer, leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.evidence.explaining import alike, explanation_of
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.compare.verdict.findings import upheld
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.core.seen_values import SeenValues
from tests.unit.compare.building import JSON_HEADERS, exchange, judged, transcript

ACCEPTANCE = Acceptance(AcceptedDifferences(), date(2030, 1, 15), str)

Json = Any
Headers = tuple[tuple[str, str], ...]


def explanations(
    before: Json,
    after: Json,
    *,
    status: int = 200,
    became: int | None = None,
    endpoint: str = "GET /orders",
    headers: tuple[Headers, Headers] = (JSON_HEADERS, JSON_HEADERS),
) -> list[str]:
    """What explains each difference between two answers."""
    one = transcript(exchange(before, status=status, endpoint=endpoint, headers=headers[0]))
    other = transcript(
        exchange(after, status=became or status, endpoint=endpoint, headers=headers[1])
    )
    return [ACCEPTANCE.explain(found) for found in judged(one, other).differences]


@dataclass(frozen=True)
class Drift:
    """A change of one member, and what undoes it."""

    explained: str
    change: Callable[[Json], Json]
    undo: Callable[[Json], Json]
    value: Json = "Anna Berg"


def renamed(old: str, new: str) -> Callable[[Json], Json]:
    return lambda row: {(new if key == old else key): value for key, value in row.items()}


def member(change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    return lambda row: row | {"total": change(row["total"])}


DRIFTS = [
    Drift("renamed: total → sum_all", renamed("total", "sum_all"), renamed("sum_all", "total")),
    Drift("naming: lowercase → PascalCase", renamed("total", "Total"), renamed("Total", "total")),
    Drift("wrapped in: data", lambda row: {"data": row, "ok": True}, lambda row: row["data"]),
    Drift("cast: total number → string", member(str), member(int), 1250),
    Drift("scaled: total ×100", member(lambda v: v * 100), member(lambda v: v // 100), 1254),
    Drift("scaled: total ÷1000", member(lambda v: v // 1000), member(lambda v: v * 1000), 123000),
    Drift("letter-case: total upper case", member(str.upper), member(str.title)),
    Drift("letter-case: total lower case", member(str.lower), member(str.title)),
    Drift(
        "precision: total 1 → 2 decimals",
        member(lambda v: v + "0"),
        member(lambda v: v[:-1]),
        "12.5",
    ),
    Drift(
        "escaping: total HTML-escaped",
        member(lambda v: v.replace("&", "&amp;")),
        member(lambda v: v.replace("&amp;", "&")),
        "Berg & Sons",
    ),
    Drift(
        "re-encoded: total timestamp ms Z → timestamp s Z",
        member(lambda v: v.replace(".000Z", "Z")),
        member(lambda v: v.replace("Z", ".000Z")),
        "2026-02-02T16:54:27.000Z",
    ),
]  # fmt: skip


def row(drift: Drift) -> Json:
    return {"code": "A-7", "total": drift.value, "note": None}


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: str(drift.explained))
def test_what_explains_a_difference_leaves_nothing_of_it_when_it_is_undone(drift: Drift) -> None:
    before = row(drift)
    after = drift.change(before)

    assert set(explanations(before, after)) == {drift.explained}
    assert explanations(before, drift.undo(after)) == []


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: str(drift.explained))
def test_it_is_told_in_the_same_words_at_other_endpoints_and_in_each_row(drift: Drift) -> None:
    before = row(drift)
    after = drift.change(before)

    elsewhere = explanations({"rows": [before]}, {"rows": [after]}, endpoint="GET /reports")
    assert set(elsewhere) == {drift.explained}


@given(st.sampled_from(DRIFTS), st.sampled_from(DRIFTS))
def test_two_drifts_of_one_name_share_no_explanation(one: Drift, other: Drift) -> None:
    told = [
        set(explanations(row(drift), drift.change(row(drift)), endpoint=endpoint))
        for drift, endpoint in ((one, "GET /orders"), (other, "GET /bills"))
    ]

    assert told[0].isdisjoint(told[1]) == (one.explained != other.explained)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"total": 1250}, {"total": 9999}),
        ({"total": "ten"}, {"total": "99999.99 wrong"}),
        ({"name": "Anna"}, {"title": "Otto"}),
        ({"a": None}, {"b": None}),
        ({"a": True, "c": 1}, {"b": True, "d": 1}),
        ({"a": "Anna", "b": "Anna"}, {"c": "Anna"}),
        ({"a": "Anna"}, {"b": "Anna", "c": "Anna"}),
        ({"total": 1250}, {"total": "1251"}),
        ({"a": "Anna", "b": "Otto"}, {"data": {"a": "Anna", "b": "Ottp"}}),
        ({"data": {"a": "Anna"}, "count": 9}, {"a": "Anna"}),
    ],
)
def test_what_was_not_proven_is_not_explained(before: Json, after: Json) -> None:
    assert set(explanations(before, after)) <= {""}


def test_a_list_that_was_wrapped_and_one_that_was_taken_out() -> None:
    rows = [{"code": "A-7"}, {"code": "A-8"}]

    assert explanations(rows, {"items": rows, "count": 2}) == ["wrapped in: items"]
    assert explanations({"items": rows}, rows) == ["taken out of: items"]


def test_an_error_that_says_the_same_in_another_form_is_one_change() -> None:
    before = {"error": "lot_code already exists"}
    after = {"detail": "lot_code already exists", "title": "Conflict", "status": 409}

    told = explanations(before, after, status=409)

    assert set(told) == {"error format: {error} → {detail, status, title}"}
    assert len(told) == 4
    # In an answer that succeeded a member more may be a leak.
    assert "" in explanations(before, after)
    # Another text is another error, whatever its form.
    assert set(explanations(before, after | {"detail": "not yours"}, status=409)) == {""}


def test_refusals_that_differ_alike_are_told_alike_and_a_valid_request_refused_is_not() -> None:
    before, after = {"error": "required"}, {"detail": [{"loc": ["body"]}]}
    told = explanations(before, after, status=400, became=422)

    assert told == ["error status: 400 → 422, {error} → {detail}"]
    assert explanations({"id": 1}, after, status=201, became=422) == [""]
    assert explanations(before, {"id": 1}, status=401, became=200) == [""]


def header(name: str, value: str | None) -> Headers:
    return JSON_HEADERS if value is None else (*JSON_HEADERS, (name, value))


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("X-Powered-By", "Express", None, "header: x-powered-by is missing"),
        ("X-Process-Time", None, "0.1", "header: x-process-time is added"),
        ("Vary", "Origin", "Accept", "header: vary origin → accept"),
        ("Location", "/a", None, ""),
        ("ETag", None, '"a"', ""),
    ],
)
def test_a_header_is_told_by_its_name_unless_a_handler_sets_it(
    name: str, before: str | None, after: str | None, expected: str
) -> None:
    both = header(name, before), header(name, after)

    assert explanations({"a": 1}, {"a": 1}, headers=both) == [expected]


def test_the_protocol_is_told_once() -> None:
    one = exchange({"a": 1})
    assert one.response is not None
    other = replace(one, response=replace(one.response, http_version="HTTP/1.0"))

    found = judged(transcript(one), transcript(other)).differences

    assert [explanation_of(each, ()) for each in found] == ["protocol: HTTP/1.1 → HTTP/1.0"]


def test_a_factor_that_one_small_number_shows_may_be_chance() -> None:
    chance = SeenValues((("1", "10"),), transformations=("×10",))
    told = "scaled: count ×10"

    assert upheld(told, chance) == ""
    assert upheld(told, replace(chance, pairs=(("1", "10"), ("7", "70")))) == told
    assert upheld("cast: count number → string", chance) == "cast: count number → string"


def test_what_both_sides_do_alike_is_told_for_the_whole_run() -> None:
    equal = exchange({"error": "no"}, status=404, headers=header("Vary", "Origin"))
    one, other = (
        exchange({"a": 1}, headers=header("X-Frame-Options", value)) for value in ("DENY", "ALLOW")
    )
    baseline, candidate = transcript(equal, one), transcript(equal, other)

    found = alike(baseline, candidate, judged(baseline, candidate).differences)

    assert found == ("404", "content-type", "protocol", "vary")


def test_every_null_left_out_is_one_change_and_one_that_is_lost_is_not() -> None:
    before = {"a": None, "b": None, "c": "kept"}

    assert explanations(before, {"c": "kept"}) == ["nulls: left out"] * 2
    assert explanations(before, {"b": None, "c": "kept"}) == [""]
    assert explanations({"a": None, "c": 1}, {"c": 1}) == [""]


def test_an_answer_without_content_and_the_body_it_has_now_are_one_change() -> None:
    empty, full = exchange(body=b"", status=204, headers=()), exchange({"deleted": True})

    found = judged(transcript(empty), transcript(full)).differences

    told = {str(one.kind): ACCEPTANCE.explain(one) for one in found}
    assert told["status"] == told["body-kind"] == "content: GET /api/lots 204 → 200"
    assert explanations({"a": 1}, {"a": 1}, status=201, became=200) == [""]
