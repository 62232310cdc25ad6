"""How much each change matters: for every kind, change and pair of statuses there is an answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from pytest_cutover.codes import CODES
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.core.codes import Severity
from pytest_cutover.core.exchange import FailureKind
from pytest_cutover.gate.severity import of_change, of_finding, of_gate
from pytest_cutover.report.model import Gate, GateVerdict
from tests.unit.report.reports import WEIGHT

FORMS = (
    "text", "string", "empty", "null", "object", "array", "number", "integer", "decimal 2",
    "exponent", "boolean", "absent", "uuid4", "jwt HS256 {sub}", "timestamp ms Z", "NaN", "sound",
    "truncated", "duplicate key", "HTTP/1.1", "json", "html", "length", "chunked", "",
)  # fmt: skip
PLACES = (
    "", "/total", "/rows/*/token", "/headers/location", "/headers/set-cookie/sid",
    "/headers/set-cookie/sid/secure", "/headers/cache-control", "/headers/x-process-time",
    "/headers/access-control-allow-origin", "/headers",
)  # fmt: skip
VALUES = ((), (("a", "b"),), (("https://a/", "http://a/"),), (("", ""), ("no-store", "public")))


def test_every_kind_change_and_place_has_a_severity() -> None:
    seen = {
        of_change(kind, place, f"{before} → {after}", values)
        for kind, before, after, place, values in product(Kind, FORMS, FORMS, PLACES, VALUES)
    }

    assert seen == set(Severity)


def test_what_is_unknown_is_not_played_down() -> None:
    assert Severity.HARM is of_change("something new", "/total", "a → b")
    assert Severity.HARM is of_change("status", "", "an odd change")


@pytest.mark.parametrize("before", range(100, 600))
def test_every_pair_of_statuses_has_a_severity(before: int) -> None:
    for after in range(100, 600):
        found = of_change("status", "", f"{before} → {after}")
        is_refused = before // 100 == 2 and after // 100 in (4, 5)
        is_let_in = before // 100 == 4 and after // 100 == 2
        is_worst = is_refused or is_let_in or after // 100 == 5
        assert (Severity.HARM if is_worst else Severity.BREAK) is found, (before, after)


def test_a_generated_request_is_named_behind_its_change() -> None:
    assert Severity.HARM is of_change("status", "", "200 → 500 (a wrong type)")


@pytest.mark.parametrize("failure", FailureKind)
def test_no_answer_is_the_worst(failure: FailureKind) -> None:
    assert Severity.HARM is of_change("wire", "", f"answer → {failure}")


def test_a_gate_of_an_unknown_code_is_not_played_down() -> None:
    gate = Gate(id="parity", code="CUT999", title="", verdict=GateVerdict.FAIL)

    assert Severity.HARM is of_gate(gate, CODES)


WORST = [
    ("value", "/total", "text → text", ()),
    ("identity", "/lot_id", "the same → another", ()),
    ("length", "/rows", "shorter", ()),
    ("wire", "", "whole → truncated", ()),
    ("wire", "/decision", "sound → duplicate key", ()),
    ("wire", "/ratio", "number → NaN", ()),
    ("missing", "/headers/set-cookie/sid/httponly", "boolean → absent", ()),
    ("missing", "/headers/set-cookie/sid/secure", "boolean → absent", ()),
    ("value", "/headers/set-cookie/sid/samesite", "text → text", (("lax", "none"),)),
    ("added", "/headers/set-cookie/sid/domain", "absent → string", (("", ".shop.example"),)),
    ("header-missing", "/headers/set-cookie/sid", "object → absent", ()),
    ("header-value", "/headers/set-cookie/locale", "text → text", (("de", "en"),)),
    ("header-missing", "/headers/www-authenticate", "string → absent", ()),
    ("header-missing", "/headers/access-control-allow-origin", "string → absent", ()),
    ("header-added", "/headers/access-control-allow-origin", "absent → string", (("", "*"),)),
    ("header-missing", "/headers/strict-transport-security", "string → absent", ()),
    ("header-value", "/headers/cache-control", "text → text", (("no-store", "private"),)),
    ("header-value", "/headers/cache-control", "text → text", (("max-age=60", "max-age=600"),)),
    ("header-added", "/headers/cache-control", "absent → string", (("", "public, max-age=9"),)),
    ("header-value", "/headers/content-security-policy", "text → text", (("a", "b"),)),
    ("header-value", "/headers/location", "text → text", (("https://s/a", "http://s/a"),)),
    ("header-value", "/headers/link", "text → text", (("<https://s/a>", "<http://s/a>"),)),
    ("added", "/user/password_hash", "absent → string", (("", "$2b$10$abc"),)),
    ("added", "/user", "absent → object", (("", '{"name": "Otto", "apiKey": "k"}'),)),
    ("added", "/note", "absent → string", (("", "<secret jwt #1>"),)),
    ("added", "/k", "absent → string", (("", "q8Zr4T1xW9uB3nM6pL0v"),)),
    ("header-added", "/headers/set-cookie/session_id", "absent → object", ()),
]
BENIGN_TWINS = [
    (2, "missing", "/phase_id", "null → absent", ()),
    (2, "type", "/weight", "number → string", ()),
    (2, "body-kind", "", "json → html", ()),
    (2, "status", "", "404 → 405", ()),
    (2, "header-missing", "/headers/location", "string → absent", ()),
    (2, "header-value", "/headers/location", "text → text", (("https://s/a", "https://s/b"),)),
    (2, "header-missing", "/headers/retry-after", "string → absent", ()),
    (2, "missing", "/headers/set-cookie/sid/max-age", "string → absent", ()),
    (2, "wire", "/decision", "duplicate key → sound", ()),
    (3, "format", "/created_at", "timestamp ms Z → timestamp s Z", ()),
    (3, "scale", "/price", "1 → 2 decimals", ()),
    (3, "order", "/tags", "order → another", ()),
    (3, "wire", "/weight", "integer → decimal 1", ()),
    (3, "wire", "", "HTTP/1.1 → HTTP/1.0", ()),
    (3, "header-value", "/headers/content-type", "text → text", (("a; charset=utf-8", "a"),)),
    (3, "header-missing", "/headers/x-powered-by", "string → absent", ()),
    (3, "header-value", "/headers/cache-control", "text → text", (("private", "no-store"),)),
    (3, "header-value", "/headers/cache-control", "text → text", (("max-age=60", "max-age=6"),)),
    (
        3,
        "header-value",
        "/headers/strict-transport-security",
        "text → text",
        (("max-age=60", "max-age=600; includeSubDomains"),),
    ),
    (3, "value", "/headers/set-cookie/sid/samesite", "text → text", (("lax", "strict"),)),
    (3, "header-value", "/headers/set-cookie/sid", "token 100 → jwt HS256 {sub}", ()),
    (4, "added", "/updated_at", "absent → string", (("", "2026-11-26T03:48:26.803Z"),)),
    (4, "added", "/owner_id", "absent → string", (("", "5b492664-dd81-4648-b480-20f5c1e740c2"),)),
    (4, "added", "/user/name", "absent → string", (("", "Otto Auditor"),)),
    (4, "header-added", "/headers/x-process-time", "absent → string", (("", "0.0021"),)),
    (4, "header-added", "/headers/cache-control", "absent → string", (("", "no-store"),)),
    (4, "header-added", "/headers/set-cookie/locale", "absent → object", ()),
    (4, "added", "/headers/set-cookie/sid/secure", "absent → boolean", (("", "true"),)),
]


@pytest.mark.parametrize(("kind", "place", "change", "values"), WORST)
def test_harm_is_the_worst(
    kind: str, place: str, change: str, values: tuple[tuple[str, str], ...]
) -> None:
    assert Severity.HARM is of_change(kind, place, change, values)


@pytest.mark.parametrize(("expected", "kind", "place", "change", "values"), BENIGN_TWINS)
def test_what_only_resembles_harm_is_none(
    expected: int, kind: str, place: str, change: str, values: tuple[tuple[str, str], ...]
) -> None:
    assert expected == of_change(kind, place, change, values)


def test_a_finding_is_judged_by_the_values_it_shows() -> None:
    header = replace(
        WEIGHT,
        kind="header-value",
        pointer="/headers/cache-control",
        change="text → text",
        baseline='"no-store"',
        candidate='"no-store, private"',
    )

    assert Severity.FORM is of_finding(header)
    assert Severity.HARM is of_finding(replace(header, candidate='"public"'))


def test_a_gate_is_as_grave_as_the_worst_of_its_findings() -> None:
    gate = Gate(id="parity", code="CUT101", title="differences", verdict=GateVerdict.FAIL)
    added = replace(WEIGHT, kind="added", change="absent → string", candidate="1")

    assert Severity.BREAK is of_gate(gate, CODES, [added, WEIGHT])
    assert Severity.ADDITION is of_gate(gate, CODES, [added])
    assert Severity.HARM is of_gate(gate, CODES)


def test_an_item_of_the_checklist_that_does_not_answer_is_worse_than_one_nobody_signed() -> None:
    health = Gate(
        id="checklist.environment.health", code="CUT401", title="", verdict=GateVerdict.FAIL
    )

    assert Severity.HARM is of_gate(health, CODES)
    assert Severity.BREAK is of_gate(replace(health, id="checklist.rollback.drill"), CODES)
    assert Severity.FORM is of_gate(replace(health, id="checklist.x", code="CUT409"), CODES)
