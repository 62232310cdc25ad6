"""What the team has agreed to, said a second time and by hand, from the migration's own page.

`cutover-accepted.toml` says which tests an entry covers; here stands what must be true of a
recorded exchange for a difference to be due. An entry that somebody widens covers a test without
such an exchange, and each entry is widened here to see that this is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pytest_cutover.compare.diff.responses import compare_responses
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedResponse
from tests.reference.test_agreements import (
    ACCEPTED,
    PROFILES,
    RULES,
    by_signature,
    goldens,
    scenarios,
    spoken,
    with_tree,
)

__all__ = ["scenarios"]
Due = Callable[[NormalizedExchange], bool]

LOGIN, LOTS, DECISIONS = "POST /api/login", "POST /api/lots", "POST /api/qc-decisions"
TRACEABILITY = "GET /api/traceability/{lot_code}"
FIELDS = {
    LOTS: {
        "lot_code",
        "lot_type",
        "production_run_id",
        "weight_kg",
        "temperature_c",
        "metadata",
    },
    DECISIONS: {
        "lot_id",
        "qc_gate_id",
        "decision",
        "notes",
        "temperature_c",
        "digital_signature",
    },
}
JWT = "token 100 → jwt HS256 {exp,iat,jti,sub}"
NOT_OFFERED = {
    "/api/health": ["POST", "DELETE"],
    "/api/login": ["GET"],
    "/api/lots": ["GET", "HEAD", "DELETE"],
    "/api/qc-decisions": ["PUT"],
    "/api/traceability/{lot_code}": ["PATCH"],
}
UNKNOWN = [
    "GET /{unknown}",
    "GET /api/{unknown}",
    "GET /api/health/{unknown}",
    "POST /api/{unknown}",
]


def answered(*statuses: int) -> Due:
    return lambda seen: seen.response is not None and seen.response.status in statuses


def with_an_unknown_field(seen: NormalizedExchange) -> bool:
    sent: Any = spoken(seen.request.body.tree)
    return answered(201)(seen) and bool(set(sent) - FIELDS[seen.endpoint])


def agreed() -> dict[str, Due]:
    """Each signature that was agreed to, and the exchanges in which it is due."""
    table: dict[str, Due] = {}
    for endpoint in (LOGIN, LOTS, DECISIONS, TRACEABILITY):
        table[f"{endpoint} | status |  | 400 → 422"] = answered(400)
    for endpoint in (LOTS, DECISIONS):
        table[f"{endpoint} | status |  | 201 → 422"] = with_an_unknown_field
    table[f"{DECISIONS} | status |  | 404 → 422"] = lambda _seen: False  # of generated ones only
    for endpoint, status in {
        LOGIN: 401,
        LOTS: 409,
        DECISIONS: 404,
        TRACEABILITY: 404,
        **dict.fromkeys(UNKNOWN, 404),
    }.items():
        table[f"{endpoint} | missing | /error | string → absent"] = answered(status)
        table[f"{endpoint} | added | /detail | absent → string"] = answered(status)
    for path, methods in NOT_OFFERED.items():
        for method in methods:
            table[f"{method} {path} | status |  | 404 → 405"] = answered(404)
    head = f"HEAD {TRACEABILITY.removeprefix('GET ')}"
    table[f"{head} | header-value | /headers/content-length | length → length"] = answered(404)
    table[f"{LOGIN} | format | /token | {JWT}"] = answered(200)
    table[f"{LOGIN} | header-value | /headers/set-cookie/flowviz_session | {JWT}"] = answered(200)
    return table


def generated(signature: str) -> set[str]:
    """The generated requests in which a difference is due, as scopes name them."""
    endpoint, kind, _, change = signature.split(" | ")
    if endpoint in UNKNOWN or endpoint.startswith("HEAD") or change == "404 → 405":
        return set()
    of_status = {"400 → 422": "[invalid]", "201 → 422": "[unknown field]"}
    tag = of_status.get(change, "[unknown field]") if kind == "status" else ""
    return {f"fuzz::{endpoint}{tag}"}


AGREED = agreed()
# What protocol cases alone show, over all operations, is held by the tests of generated requests.
OF_THE_SUITE = [entry for entry in ACCEPTED.entries if not entry.signature.startswith("* |")]
entries = pytest.mark.parametrize("entry", OF_THE_SUITE, ids=by_signature)


def endpoint_of(entry: Entry) -> str:
    return entry.signature.partition(" | ")[0]


def covered(entry: Entry, scenarios: dict[str, str | None]) -> dict[str, list[NormalizedExchange]]:
    """What an entry covers at its endpoint: tests with their exchanges, and generated requests."""
    endpoint = endpoint_of(entry)
    found = {
        test: [seen for seen in golden.exchanges if seen.endpoint == endpoint]
        for test, golden in goldens().items()
        if test in scenarios and entry.in_scope(test, scenarios[test])
    }
    cases = (f"fuzz::{endpoint}{tag}" for tag in ("", "[invalid]", "[unknown field]"))
    fuzz: dict[str, list[NormalizedExchange]] = {
        case: [] for case in cases if entry.in_scope(case, None)
    }
    return {test: seen for test, seen in found.items() if seen} | fuzz


def without_cause(entry: Entry, scenarios: dict[str, str | None]) -> list[str]:
    """What an entry covers although nobody agreed that anything differs there."""
    due = AGREED.get(entry.signature)
    if due is None:
        return [entry.signature]
    allowed = generated(entry.signature)
    return [
        test
        for test, exchanges in covered(entry, scenarios).items()
        if test not in allowed and not any(due(seen) for seen in exchanges)
    ]


@entries
def test_an_entry_covers_what_was_agreed_and_no_more(
    entry: Entry, scenarios: dict[str, str | None]
) -> None:
    assert without_cause(entry, scenarios) == []


def test_all_that_was_agreed_is_there() -> None:
    assert {entry.signature for entry in OF_THE_SUITE} == set(AGREED)


# Widening it by hand ------------------------------------------------------------------------------


def widened(entry: Entry) -> Iterator[Entry]:
    """The entry with each of its scopes as it may be widened in a hurry."""
    for at, pattern in enumerate(entry.scope):
        wider = {"*", pattern.partition("[")[0] + "*", pattern.partition(": ")[0] + "*"}
        wider |= {pattern.partition(" ")[0] + "*", pattern.rpartition("/")[0] + "/*"}
        for one in sorted(wider - {pattern}):
            yield replace(entry, scope=(*entry.scope[:at], one, *entry.scope[at + 1 :]))


@entries
def test_a_wider_scope_is_noticed(entry: Entry, scenarios: dict[str, str | None]) -> None:
    narrow = set(covered(entry, scenarios))
    wider = [one for one in widened(entry) if set(covered(one, scenarios)) - narrow]
    assert wider, "not even * covers more"
    due = {one.scope for one in wider if all_due(one, scenarios)}
    assert {one.scope for one in wider if not without_cause(one, scenarios)} == due
    assert any("*" in one.scope and without_cause(one, scenarios) for one in wider)


def all_due(entry: Entry, scenarios: dict[str, str | None]) -> bool:
    """Whether a wider scope reaches only what was agreed to, so that nothing is to be noticed."""
    due, allowed = AGREED[entry.signature], generated(entry.signature)
    reached = covered(entry, scenarios).items()
    return all(any(map(due, seen)) or test in allowed for test, seen in reached)


@entries
def test_another_signature_is_noticed_and_covers_nothing(entry: Entry) -> None:
    endpoint, kind, pointer, change = entry.signature.split(" | ")
    before, _, after = change.partition(" → ")
    wider = {
        f"* | {kind} | {pointer} | {change}",
        f"{endpoint.partition(' ')[0]} * | {kind} | {pointer} | {change}",
        f"{endpoint} | * | {pointer} | {change}",
        f"{endpoint} | {kind} | {pointer.rpartition('/')[0]}/* | {change}",
        f"{endpoint} | {kind} | {pointer} | {before} → *",
        f"{endpoint} | {kind} | {pointer} | * → {after}",
        f"{endpoint} | {kind} | {pointer} | *",
        "*",
    }
    test = entry.scope[0].replace("*", "x")
    assert entry.in_scope(test, None)
    for signature in wider:
        other = replace(entry, signature=signature)
        assert without_cause(other, {}) == [signature]
        covering = AcceptedDifferences((other,)).covering(
            entry.signature, test, None, entry.expires
        )
        assert covering is None


# What a wider entry would hide --------------------------------------------------------------------


def as_agreed(entry: Entry, answer: NormalizedResponse) -> NormalizedResponse | None:
    """The answer with what the entry is about done to it; None where it cannot be done."""
    _, kind, pointer, change = entry.signature.split(" | ")
    before, _, after = change.partition(" → ")
    tree: Any = answer.body.tree
    if kind == "status":
        return replace(answer, status=int(after)) if answer.status == int(before) else None
    if kind in ("missing", "added"):
        if not isinstance(tree, dict) or "error" not in tree:
            return None
        rest = {key: value for key, value in tree.items() if key != "error"}
        return with_tree(answer, {**rest, "detail": tree["error"]})
    assert isinstance(answer.headers, dict)
    if pointer == "/headers/content-length":
        length = answer.headers.get("content-length")
        longer = {**answer.headers, "content-length": "999"}
        return replace(answer, headers=longer) if length else None
    return None  # the token: no answer but that to a login has one


def hidden(entry: Entry, scenarios: dict[str, str | None]) -> set[str]:
    """The tests in which an entry like this hides what the file as it is reports."""
    wide = replace(entry, scope=("*",))
    found = set()
    for test, exchanges in covered(wide, scenarios).items():
        for seen in exchanges:
            assert seen.response is not None
            plain = replace(
                seen.response,
                headers=spoken(seen.response.headers),
                body=replace(seen.response.body, tree=spoken(seen.response.body.tree)),
            )
            wrong = as_agreed(entry, plain)
            if wrong is None:
                continue
            scope, active = Scope(0, seen.endpoint, Excerpts(())), RULES.at(seen.endpoint)
            differences = compare_responses(
                scope, seen.response, plain, wrong, active, PROFILES
            ).differences
            for one in differences:
                as_it_is, wider = (
                    Acceptance(entries, entry.expires, str).key_for(one, test, scenarios[test])
                    for entries in (ACCEPTED, AcceptedDifferences((wide,)))
                )
                if wider and not as_it_is:
                    found.add(test)
    return found


# Of these nothing else in the suite could differ so: no other recorded answer of the endpoint has
# the status, or the member, that changes.
NOTHING_ELSE = ("400 → 422", "404 → 405", JWT)


@entries
def test_a_wider_entry_would_hide_a_mistake(entry: Entry, scenarios: dict[str, str | None]) -> None:
    nothing_else = entry.signature.endswith(NOTHING_ELSE) or endpoint_of(entry) in UNKNOWN
    assert bool(hidden(entry, scenarios)) != nothing_else
