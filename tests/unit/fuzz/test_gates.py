"""What generated cases say of what they could not see: behind an agreed write, or a limit."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from pytest_cutover.core.evidence import DifferenceEvidence
from pytest_cutover.fuzz.gates import contribution
from pytest_cutover.fuzz.generate.payload import OPERATION, Reached, Shown, Told
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report.model import Accepted, GateVerdict

ENTRY = "POST /lots | status |  | 201 → 422"
AGREED = Accepted(
    signature=ENTRY,
    scope=("fuzz",),
    reason="agreed",
    approver="a team",
    expires=datetime.date(2099, 1, 1).isoformat(),
    days_left=99,
    matched=1,
)


def told(*, followed: int, accepted: str | None) -> Told:
    """Return what an operation told of which candidates refuse the write."""
    seen = DifferenceEvidence(
        signature=ENTRY,
        endpoint="POST /lots",
        kind="status",
        pointer="",
        change="201 → 422",
        baseline="201",
        candidate="422",
        accepted=accepted,
    )
    shown = Shown(observed=seen, request="", test="fuzz::POST /lots", occurrences=1)
    return Told(
        nodeid="fuzz::POST /lots",
        endpoint="POST /lots",
        kind=OPERATION,
        wanted=4,
        compared=4,
        followed=followed,
        findings=(shown,),
        operations={"POST /lots": Reached(4, 4, 0)},
    )


def contributed(*items: Told) -> Contribution:
    return contribution(
        items,
        accepted={ENTRY: AGREED},
        examples={},
        left_out={},
        redirecting=(),
        entered_by_tests=(),
        waived=lambda _signature, _test: False,
        seed=1,
        again=lambda name: name,
    )


@pytest.mark.parametrize(
    ("followed", "accepted", "verdict"),
    [
        (2, None, GateVerdict.PASS),  # the write is a finding: the run is a NO-GO as it is
        (2, ENTRY, GateVerdict.INCONCLUSIVE),
        (0, ENTRY, GateVerdict.PASS),
    ],
)
def test_what_an_agreed_write_hides_is_open(
    followed: int, accepted: str | None, verdict: GateVerdict
) -> None:
    found = contributed(told(followed=followed, accepted=accepted))
    gates = {gate.id: gate for gate in found.gates}
    assert gates["fuzz.cases"].verdict is verdict
    assert ("agreed to" in gates["fuzz.cases"].message) is (verdict is GateVerdict.INCONCLUSIVE)
    differences = GateVerdict.FAIL if accepted is None else GateVerdict.PASS
    assert gates["fuzz.differences"].verdict is differences


@pytest.mark.parametrize("limited", [("GET /lots",), ()])
def test_a_limit_that_was_waited_for_is_not_judged(limited: tuple[str, ...]) -> None:
    item = replace(told(followed=0, accepted=ENTRY), limited=limited)
    titles = [one.title for one in contributed(item).not_judged]
    expected = "whether the candidate limits the rate, as the baseline does at GET /lots"
    assert titles == ([expected] if limited else [])
