"""What one change of the candidate explains is one cause; what follows from it stands beside."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.codes import CODES
from pytest_cutover.gate.causes.explanations import confirmed
from pytest_cutover.gate.order import ordered
from pytest_cutover.gate.verdict import decide
from pytest_cutover.report import summary
from pytest_cutover.report.model import (
    Cause,
    ContractViolation,
    Finding,
    Gate,
    GateVerdict,
    Report,
    Verdict,
)
from tests.unit.report.reports import ACCEPTED, FULL, WEIGHT

FAIL, OPEN, PASS = GateVerdict.FAIL, GateVerdict.INCONCLUSIVE, GateVerdict.PASS
DIFFERENCES = Gate(id="parity.differences", code="CUT101", title="differences", verdict=FAIL)
KINDS = ("value", "status", "missing", "type", "format", "added", "header-added")

explanations = st.sampled_from(("", "", "renamed: a → b", "scaled: total ×100", "case: state"))


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Findings as a run has them: several endpoints and kinds, some explained, some accepted."""
    count = draw(st.integers(0, 12))
    return [
        replace(
            WEIGHT,
            id=f"{number:08x}",
            signature=str(number),
            endpoint=f"GET /{draw(st.sampled_from('abc'))}",
            kind=draw(st.sampled_from(KINDS)),
            occurrences=draw(st.integers(1, 9)),
            explanation=draw(explanations),
            accepted=draw(st.sampled_from((None, None, ACCEPTED))),
        )
        for number in range(count)
    ]


def report(found: list[Finding], *gates: Gate) -> Report:
    pending = any(one.accepted is None for one in found)
    differences = replace(DIFFERENCES, verdict=FAIL if pending else PASS)
    every = (differences, *gates)
    verdict = decide(every, narrowed=False)
    return ordered(replace(FULL, verdict=verdict, gates=every, findings=tuple(found)), CODES)


@given(findings())
def test_each_pending_finding_is_in_one_cause(found: list[Finding]) -> None:
    told = report(found)

    members = [one for cause in told.causes for one in cause.findings]
    assert sorted(members) == sorted(one.id for one in found if one.accepted is None)
    for cause in told.causes:
        mine = [one for one in told.findings if one.id in cause.findings]
        assert cause.severity == min(one.severity for one in mine)
        assert {one.explanation for one in mine} == {cause.explanation}
        assert len(mine) == 1 or cause.explanation
        assert cause.occurrences == sum(one.occurrences for one in mine)


@given(findings(), st.randoms())
def test_one_finding_more_removes_no_cause_and_lowers_none(
    found: list[Finding], chance: Random
) -> None:
    pending = [one for one in found if one.accepted is None]
    left_out = chance.choice(pending) if pending else None
    fewer = {one.id: one for one in report([one for one in found if one is not left_out]).causes}
    more = {one.id: one for one in report(found).causes}

    assert fewer.keys() <= more.keys()
    for name, cause in fewer.items():
        assert more[name].severity <= cause.severity
        assert set(cause.findings) <= set(more[name].findings)


@given(findings())
def test_the_verdict_and_the_counts_are_the_same_without_causes(found: list[Finding]) -> None:
    with_causes = report(found)
    without = report([replace(one, explanation="") for one in found])

    assert with_causes.verdict == without.verdict
    assert [(one.id, one.verdict, one.severity) for one in with_causes.gates] == [
        (one.id, one.verdict, one.severity) for one in without.gates
    ]
    assert {one.id for one in with_causes.findings} == {one.id for one in without.findings}


@given(findings())
def test_no_blocker_stands_above_a_worse_one(found: list[Finding]) -> None:
    rows = report(found).blockers

    assert all(one.severity <= other.severity for one, other in pairwise(rows))


def test_a_cause_over_endpoints_is_one_line_that_names_their_number() -> None:
    found = [
        replace(WEIGHT, id=f"0000000{n}", endpoint=f"GET /{n}", explanation="renamed: a → b")
        for n in range(3)
    ]

    (blocker,) = summary.blockers(report(found))

    assert blocker.cause is not None
    assert ("3 endpoints", "renamed: a → b   3 findings, 36× in 2 tests") == (
        blocker.place,
        blocker.seen,
    )


def test_a_cause_of_which_a_part_was_accepted_stands_first_among_its_equals_and_says_so() -> None:
    agreed = replace(WEIGHT, id="a", explanation="renamed: a → b", accepted=ACCEPTED)
    grown = replace(agreed, id="b", accepted=None, endpoint="GET /new", occurrences=1)
    wide = replace(WEIGHT, id="c", occurrences=90)

    found = report([wide, agreed, grown]).causes

    assert [("b",), ("c",)] == [one.findings for one in found]
    assert [ACCEPTED, None] == [one.accepted for one in found]


def violation(where: str, message: str, status: int = 200) -> ContractViolation:
    return ContractViolation(
        endpoint=WEIGHT.endpoint,
        status=status,
        where=where,
        message=message,
        nodeids=WEIGHT.nodeids,
    )


CONTRACT = Gate(id="contract.candidate", code="CUT404", title="contract", verdict=FAIL)


def told_with(finding: Finding, *violations: ContractViolation) -> tuple[tuple[str, ...], Cause]:
    """The gates that have a line of their own, and the cause of the finding."""
    every = (DIFFERENCES, CONTRACT)
    found = ordered(
        replace(
            FULL,
            verdict=Verdict.NO_GO,
            gates=every,
            findings=(finding,),
            violations=violations,
        ),
        CODES,
    )
    (cause,) = found.causes
    return tuple(row.gate for row in found.blockers), cause


def test_what_breaks_the_contract_at_the_place_of_a_finding_is_told_beside_it() -> None:
    for finding, broken in (
        (WEIGHT, violation("body/weight_kg", 'type: str is not "number"')),
        (
            replace(WEIGHT, kind="missing", pointer="/user/email"),
            violation("body/user", "'email' is a required property"),
        ),
        (
            replace(WEIGHT, kind="body-kind", pointer=""),
            violation("content type", "text/html, documented is application/json"),
        ),
        (
            replace(WEIGHT, kind="header-missing", pointer="/headers/location"),
            violation("header Location", "missing"),
        ),
        (
            replace(WEIGHT, kind="status", pointer="", change="201 → 299"),
            violation("status", "not documented; documented are 201, 400", 299),
        ),
    ):
        rows, cause = told_with(finding, broken)
        assert rows == (DIFFERENCES.id,), broken
        assert len(cause.violations) == 1


def test_what_breaks_the_contract_elsewhere_has_a_line_of_its_own() -> None:
    elsewhere = replace(
        violation("body/weight_kg", "type"), nodeids=("tests/test_other.py::test_x[candidate]",)
    )
    for finding, broken in (
        (WEIGHT, violation("body/lot_type", "enum")),
        (WEIGHT, elsewhere),
        (WEIGHT, replace(violation("body/weight_kg", "type"), endpoint="GET /else")),
        (
            replace(WEIGHT, kind="missing", pointer="/user/email"),
            violation("body/user", "'name' is a required property"),
        ),
        (
            replace(WEIGHT, kind="status", pointer="", change="201 → 299"),
            violation("status", "not documented", 298),
        ),
    ):
        rows, cause = told_with(finding, broken)
        assert set(rows) == {DIFFERENCES.id, CONTRACT.id}, broken
        assert cause.violations == ()


def test_an_accepted_difference_explains_no_violation_of_the_contract() -> None:
    found = ordered(
        replace(
            FULL,
            verdict=Verdict.NO_GO,
            gates=(CONTRACT,),
            findings=(replace(WEIGHT, accepted=ACCEPTED),),
            violations=(violation("body/weight_kg", "type"),),
        ),
        CODES,
    )

    assert [CONTRACT.id] == [row.gate for row in found.blockers]


def test_a_failed_assertion_stands_beside_the_cause_of_its_test() -> None:
    assertions = Gate(
        id="parity.assertions",
        code="CUT109",
        title="assertions",
        verdict=FAIL,
        nodeids=WEIGHT.nodeids[:1],
    )
    alone = replace(assertions, nodeids=(*assertions.nodeids, "tests/test_x.py::test_y[candidate]"))

    (row,) = report([WEIGHT], assertions).blockers
    rows = report([WEIGHT], alone).blockers

    assert (DIFFERENCES.id, ("parity.assertions",)) == (row.gate, row.others)
    (blocker,) = summary.blockers(report([WEIGHT], assertions))
    assert blocker.seen == '/weight_kg  500.5 → "500.5"   12× in 2 tests, 1 failed assertion'
    assert ["parity.assertions", DIFFERENCES.id] == [row.gate for row in rows]


def test_gates_that_are_open_for_one_reason_are_one_line() -> None:
    noisy = [
        Gate(
            id=f"performance.p99 {n}",
            code="CUT201",
            title="p99",
            verdict=OPEN,
            place=f"GET /{n}",
            because="this machine is too slow or too busy",
        )
        for n in range(13)
    ]
    other = Gate(id="silent", code="CUT302", title="backend", verdict=OPEN)

    found = ordered(
        replace(FULL, verdict=Verdict.INCONCLUSIVE, gates=(*noisy, other), findings=()), CODES
    )

    silent, busy = summary.blockers(found)
    assert silent.gate.id == "silent"
    assert busy.place == "13 gates"
    assert busy.seen.startswith("this machine is too slow or too busy: GET /0, GET /1")
    assert busy.seen.endswith("and 9 more")


def test_what_is_alike_somewhere_explains_nothing_elsewhere() -> None:
    told = {
        "header: vary is missing": ("vary",),
        "error status: 400 → 422, {error} → {detail}": ("400",),
        "protocol: HTTP/1.1 → HTTP/1.0": ("protocol",),
        "error status of POST: 404 → 422": ("POST 404",),
    }
    for explanation, alike in told.items():
        one = replace(WEIGHT, explanation=explanation)
        assert confirmed([one], ("etag", "404")) == (one,)
        assert confirmed([one], alike) == (replace(one, explanation=""),)
        assert confirmed([one], (), WEIGHT.nodeids[:1]) == (replace(one, explanation=""),)

    cast = replace(WEIGHT, explanation="cast: vary number → string")
    assert confirmed([cast], ("vary", "cast")) == (cast,)
