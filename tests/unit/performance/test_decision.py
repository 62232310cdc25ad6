"""Waivers and strictness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pytest_cutover.performance.decision import (
    UNKNOWN,
    Decision,
    Doubt,
    Rule,
    Strictness,
    Verdict,
    Waiver,
    waived,
)

TODAY = date(2026, 11, 23)
FAILED = Decision(
    rule=Rule.P99,
    endpoint="POST /api/login",
    verdict=Verdict.FAIL,
    limit=300,
    unit="ms",
    observed=UNKNOWN,
    samples=2000,
    sample_unit="requests",
    more_samples_needed=0,
)
WAIVER = Waiver("POST /api/login", Rule.P99, "bcrypt cost raised", "ana", date(2026, 12, 3))


def test_a_waiver_turns_a_fail_into_a_pass_that_says_so() -> None:
    decision = waived(FAILED, (WAIVER,), today=TODAY)
    assert (decision.verdict, decision.waived_by) == (Verdict.PASS, WAIVER)
    assert "accepted until 2026-12-03 by ana: bcrypt cost raised" in decision.notes[-1].sentence


def test_an_expired_waiver_is_told_and_changes_nothing() -> None:
    decision = waived(FAILED, (WAIVER,), today=date(2026, 12, 4))
    assert decision.verdict == Verdict.FAIL
    assert decision.has(Doubt.WAIVER)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.INCONCLUSIVE])
def test_a_waiver_of_nothing_is_told_and_changes_nothing(verdict: Verdict) -> None:
    decision = waived(replace(FAILED, verdict=verdict), (WAIVER,), today=TODAY)
    assert verdict == decision.verdict
    assert decision.has(Doubt.WAIVER)


def test_a_waiver_of_another_rule_or_endpoint_is_none() -> None:
    others = (replace(WAIVER, rule=Rule.P50), replace(WAIVER, endpoint="GET /api/health"))
    assert waived(FAILED, others, today=TODAY) == FAILED


@pytest.mark.parametrize(("gates", "alpha"), [(0, 0.05), (1, 0.0), (1, 1.0)])
def test_levels_that_decide_everything_or_nothing_are_refused(gates: int, alpha: float) -> None:
    with pytest.raises(ValueError, match="strictness"):
        Strictness(gates=gates, alpha=alpha)
