"""What was agreed holds for what was reviewed: its equal is covered, its neighbour is pending."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pytest_cutover.cli.binding import binding_of
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.compare.verdict.findings import findings_of
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from tests.unit.compare.building import JSON_HEADERS, exchange, judged, transcript

TODAY = utc_today()
NOBODY = Acceptance(AcceptedDifferences(), TODAY, str)


def differences(before: Any, after: Any, endpoint: str = "GET /orders") -> tuple[Difference, ...]:
    """The differences of two answers: (status, document, headers) each."""
    one, other = (
        transcript(
            exchange(said[1], status=said[0], endpoint=endpoint, headers=(*JSON_HEADERS, *said[2]))
        )
        for said in (before, after)
    )
    return judged(one, other).differences


def agreed(before: Any, after: Any, **more: Any) -> Acceptance:
    """Acceptance of all that differs between two answers, as `accept` binds it."""
    evidence = tuple(
        DifferenceEvidence(
            signature=one.signature,
            endpoint=one.endpoint,
            kind=str(one.kind),
            pointer=one.pointer,
            change=one.change,
            baseline=one.baseline or "",
            candidate=one.candidate or "",
            values=NOBODY.seen([one]),
            explanation=NOBODY.explain(one),
        )
        for one in differences(before, after)
    )
    test = TestEvidence(nodeid="t", test="t", side="candidate", marker="x", differences=evidence)
    entries = []
    for one in findings_of([test], {}, {}):
        change, values = binding_of(one)
        common = {"scope": ("t",), "reason": "r", "approver": "a"} | {"expires": TODAY} | more
        entries.append(Entry(signature=one.signature, change=change, values=values, **common))
    assert entries
    return Acceptance(AcceptedDifferences(tuple(entries)), TODAY, str)


def pending(
    acceptance: Acceptance, before: Any, after: Any, test: str = "t", endpoint: str = "GET /orders"
) -> list[str]:
    return [
        one.signature
        for one in differences(before, after, endpoint)
        if acceptance.key_for(one, test, None) is None
    ]


def body(document: Any, status: int = 200, **headers: str) -> tuple[int, Any, Any]:
    return status, document, tuple((k.replace("_", "-"), v) for k, v in headers.items())


VARIANTS = {
    "header": (
        (body(1, X_Region="eu-1"), body(1, X_Region="EU-1")),
        (body(1, X_Region="us-2"), body(1, X_Region="US-2")),
        (body(1, X_Region="eu-1"), body(1, X_Region="us-1")),
    ),
    "status of two successes": (
        (body({"id": 7001}, 201), body({"id": 7001}, 200)),
        (body({"id": 7002}, 201), body({"id": 7002}, 200)),
        (body({"id": 7001}, 201), body({"id": 9999}, 200)),
    ),
    "refusals": (
        (body({"error": "no"}, 400), body({"detail": []}, 422)),
        (body({"error": "odd"}, 400), body({"detail": [1]}, 422)),
        (body({"error": "no"}, 400), body({"trace": "at line 1"}, 422)),
    ),
    "status alone of another class": (
        (body({"id": 7001, "state": "open"}, 404), body({"id": 7001, "state": "open"}, 200)),
        (body({"id": 7001, "state": "open"}, 404), body({"id": 7001, "state": "open"}, 200)),
        (body({"id": 7001, "state": "open"}, 404), body({"id": 7001, "state": "held"}, 200)),
    ),
    "status alone, and a header": (
        (body({"error": "no"}, 400), body({"error": "no"}, 409)),
        (body({"error": "odd"}, 400), body({"error": "odd"}, 409)),
        (body({"error": "no"}, 400), body({"error": "no"}, 409, Content_Language="de")),
    ),
    "status alone, and another text": (
        (body({"error": "no"}, 400), body({"error": "no"}, 409)),
        (body({"error": "no"}, 400), body({"error": "no"}, 409)),
        (body({"error": "no"}, 400), body({"error": "yes"}, 409)),
    ),
    "answer of another class": (
        (body({"error": "unknown"}, 404), body({"id": 7, "at": "2026-02-02T16:54:27Z"}, 200)),
        (body({"error": "unknown"}, 404), body({"id": 8, "at": "2026-03-04T10:11:12Z"}, 200)),
        (body({"error": "unknown"}, 404), body({"id": 7, "at": "soon"}, 200)),
    ),
    "answer of another class, a member of it": (
        (body({"error": "unknown"}, 404), body({"total": 0, "items": []}, 200)),
        (body({"error": "unknown"}, 404), body({"total": 0, "items": []}, 200)),
        (body({"error": "unknown"}, 404), body({"total": 3, "items": []}, 200)),
    ),
    "refusals in another form, to the same": (
        (body({"error": "no"}, 400), body({"detail": [{"loc": "a"}]}, 422)),
        (body({"error": "odd"}, 400), body({"detail": [{"loc": "b"}]}, 422)),
        (body({"error": "no"}, 400), body({"detail": [{"loc": "b"}]}, 422)),
    ),
    "object to text": (
        (body({"owner": {"name": "Ana", "id": 7}}), body({"owner": "Ana (7)"})),
        (body({"owner": {"name": "Ana", "id": 7}}), body({"owner": "Ana (7)"})),
        (body({"owner": {"name": "Ana", "id": 7}}), body({"owner": "nobody"})),
    ),
    "null to object": (
        (body({"owner": None}), body({"owner": {"name": "Ana"}})),
        (body({"owner": None}), body({"owner": {"name": "Ana"}})),
        (body({"owner": None}), body({"owner": {"name": "root", "secret": "x"}})),
    ),
    "scale": (
        (body({"total": 1250}), body({"total": 125000})),
        (body({"total": 3199}), body({"total": 319900})),
        (body({"total": 3199}), body({"total": 31990})),
    ),
    "padded": (
        (body({"price": "12.5"}), body({"price": "12.50"})),
        (body({"price": "99.1"}), body({"price": "99.10"})),
        (body({"price": "99.1"}), body({"price": "99.00"})),
    ),
    "cast": (
        (body({"weight": 500}), body({"weight": "500"})),
        (body({"weight": 731}), body({"weight": "731"})),
        (body({"weight": 731}), body({"weight": "73"})),
    ),
    "rows": (
        (body([{"n": 1250}, {"n": 4711}]), body([{"n": 125000}, {"n": 471100}])),
        (body([{"n": 3199}]), body([{"n": 319900}])),
        (body([{"n": 1250}, {"n": 4711}]), body([{"n": 125000}, {"n": 4711000}])),
    ),
    "time zone": (
        (body({"at": "2026-02-02T16:54:27Z"}), body({"at": "2026-02-02T16:54:27+00:00"})),
        (body({"at": "2026-03-04T10:11:12Z"}), body({"at": "2026-03-04T10:11:12+00:00"})),
        (body({"at": "2026-03-04T10:11:12Z"}), body({"at": "2026-03-04T10:11:12+02:00"})),
    ),
    "time of day": (
        (body({"at": "2026-02-02T16:54:27Z"}), body({"at": "2026-02-02T16:54:27.000Z"})),
        (body({"at": "2026-03-04T10:11:12Z"}), body({"at": "2026-03-04T10:11:12.000Z"})),
        (body({"at": "2026-03-04T10:11:12Z"}), body({"at": "2026-03-04T11:11:12.000Z"})),
    ),
    "letter case": (
        (body({"state": "PASS"}), body({"state": "pass"})),
        (body({"state": "FAIL"}), body({"state": "fail"})),
        (body({"state": "FAIL"}), body({"state": "pass"})),
    ),
    "text": (
        (body({"state": "waiting"}), body({"state": "pending"})),
        (body({"state": "waiting"}), body({"state": "pending"})),
        (body({"state": "waiting"}), body({"state": "lost"})),
    ),
    "renamed": (
        (body({"error": "unknown lot"}, 404), body({"detail": "unknown lot"}, 404)),
        (body({"error": "unknown user"}, 404), body({"detail": "unknown user"}, 404)),
        (body({"error": "unknown lot"}, 404), body({"detail": "Traceback: db"}, 404)),
    ),
    "wrapped": (
        (body([{"n": 1250}]), body({"items": [{"n": 1250}]})),
        (body([{"n": 3199}]), body({"items": [{"n": 3199}]})),
        (body([{"n": 3199}]), body({"items": []})),
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_was_agreed_holds_for_its_equal_and_not_for_its_neighbour(name: str) -> None:
    reviewed, equal, harmful = VARIANTS[name]
    acceptance = agreed(*reviewed)

    assert pending(acceptance, *reviewed) == []
    assert pending(acceptance, *equal) == []
    assert pending(acceptance, *harmful) != []


@pytest.mark.parametrize("name", VARIANTS)
def test_it_holds_neither_elsewhere_nor_for_ever(name: str) -> None:
    reviewed = VARIANTS[name][0]
    found = [one.signature for one in differences(*reviewed)]

    assert pending(agreed(*reviewed), *reviewed, test="another") == found
    assert pending(agreed(*reviewed), *reviewed, endpoint="GET /bills") != []
    yesterday = TODAY - timedelta(days=1)
    assert pending(agreed(*reviewed, expires=yesterday), *reviewed) == found
