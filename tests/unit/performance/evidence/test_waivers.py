"""A limit that is raised until a day: when it holds, and what it raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pytest_cutover.config.accepted import Entry
from pytest_cutover.config.performance import EndpointLimits, Performance
from pytest_cutover.core.endpoint import parse
from pytest_cutover.performance.evidence.waivers import (
    Waiver,
    by_own_limit,
    limit_of,
    raised,
    waivers_of,
)
from pytest_cutover.performance.measure.markers import Measuring
from pytest_cutover.performance.stats.decision import (
    Decision,
    Estimate,
    PerformanceRule,
    RuleVerdict,
)

TODAY = date(2026, 11, 23)
LOTS = "POST /api/lots"
SETTINGS = Performance(
    error_rate=0.001, endpoints={parse(LOTS): EndpointLimits(p50_ms=20, p99_ms=200, max_ms=400)}
)
MEASURING = Measuring(((LOTS, "t.py::test_lots"),), ("t.py::test_load",))
ENTRY = Entry(
    signature=f"{LOTS} | p99_ms |  | 200 → 350",
    scope=("t.py::test_lots",),
    reason="the audit log has no queue yet",
    approver="Mira Ek",
    expires=date(2026, 12, 3),
    number=1,
)


def only(entry: Entry, today: date = TODAY) -> Waiver:
    (found,) = waivers_of([entry], SETTINGS, MEASURING, today=today)
    return found


def limits(*entries: Entry) -> EndpointLimits:
    waivers = waivers_of(entries, SETTINGS, MEASURING, today=TODAY)
    return raised(SETTINGS, waivers).endpoints[parse(LOTS)]


def test_a_waiver_raises_its_limit_and_no_other() -> None:
    assert only(ENTRY).holds
    # Load has no P99 of its own: it keeps the one that it had.
    expected = EndpointLimits(p50_ms=20, p99_ms=350, max_ms=400, load_p99_ms=200)
    assert limits(ENTRY) == expected


def test_of_load_the_limit_that_it_borrowed_is_raised_alone() -> None:
    signature = f"{LOTS} | load_p99_ms |  | 200 → 900"
    entry = replace(ENTRY, signature=signature, scope=("t.py::test_load",))
    assert limits(entry) == EndpointLimits(p50_ms=20, p99_ms=200, max_ms=400, load_p99_ms=900)


@pytest.mark.parametrize(
    ("signature", "key", "expected"),
    [
        ("all endpoints | error_rate |  | 0.001 → 0.004", "error_rate", 0.004),
        ("all endpoints | p50_regression |  | 0.5 → 0.9", "p50_regression", 0.9),
    ],
)
def test_a_general_limit_is_raised_for_all(signature: str, key: str, expected: float) -> None:
    waivers = waivers_of([replace(ENTRY, signature=signature)], SETTINGS, MEASURING, today=TODAY)
    assert limit_of(raised(SETTINGS, waivers), "all endpoints", key) == expected


def test_a_regression_of_one_endpoint_is_raised_where_the_general_one_holds() -> None:
    entry = replace(ENTRY, signature=f"{LOTS} | p50_regression |  | 0.5 → 0.9")
    assert limits(entry).p50_regression == 0.9
    assert SETTINGS.p50_regression == 0.5


def test_on_the_day_after_its_last_it_raises_nothing() -> None:
    assert only(ENTRY, date(2026, 12, 3)).holds
    late = only(ENTRY, date(2026, 12, 4))
    assert (late.expired, late.holds) == (True, False)
    assert raised(SETTINGS, [late]) == SETTINGS


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"signature": f"{LOTS} | p99_ms |  | 250 → 350"}, "the limit is 200 now, and not 250"),
        ({"signature": f"{LOTS} | p99_ms |  | 200 → 150"}, "150 is not above the limit"),
        ({"signature": f"{LOTS} | p95_ms |  | 80 → 150"}, "has no limit p95_ms"),
        ({"signature": "GET /other | p99_ms |  | 200 → 350"}, "GET /other has no limit p99_ms"),
        ({"signature": f"{LOTS} | p99_ms |  | more"}, "two numbers"),
        ({"signature": f"{LOTS} | p99_ms"}, "two numbers"),
        ({"signature": "somewhere | p99_ms |  | 200 → 350"}, "METHOD /path"),
        ({"scope": ("t.py::test_other",)}, "no test of its scope measures it"),
    ],
)
def test_an_entry_that_is_about_nothing_says_why(changed: dict[str, object], why: str) -> None:
    found = only(replace(ENTRY, **changed))  # type: ignore[arg-type]
    assert why in found.why_not
    assert raised(SETTINGS, [found]) == SETTINGS


def test_an_accepted_difference_is_no_waiver() -> None:
    entry = replace(ENTRY, signature=f"{LOTS} | status |  | 400 → 422")
    assert waivers_of([entry], SETTINGS, MEASURING, today=TODAY) == ()


def decision(
    rule: PerformanceRule, limit: float, observed: Estimate, endpoint: str = LOTS
) -> Decision:
    return Decision(
        rule=rule,
        endpoint=endpoint,
        verdict=RuleVerdict.PASS,
        limit=limit,
        unit="ms",
        observed=observed,
        samples=1000,
        more_samples_needed=0,
    )


@pytest.mark.parametrize(
    ("observed", "verdict"),
    [
        (Estimate(250, 210, 300), RuleVerdict.FAIL),
        (Estimate(220, 190, 300), RuleVerdict.INCONCLUSIVE),
        (Estimate(150, 120, 200), RuleVerdict.PASS),
    ],
)
def test_the_bounds_tell_what_would_be_without_it(observed: Estimate, verdict: RuleVerdict) -> None:
    seen = decision(PerformanceRule.P99, 350, observed)
    assert only(ENTRY).about(seen, loaded=False)
    assert not only(ENTRY).about(seen, loaded=True)
    own = by_own_limit(seen, only(ENTRY))
    assert (own.limit, own.verdict) == (200, verdict)


def test_a_maximum_and_a_ratio_are_told_in_the_unit_of_their_rule() -> None:
    highest = only(replace(ENTRY, signature=f"{LOTS} | max_ms |  | 400 → 600"))
    seen = decision(PerformanceRule.MAXIMUM, 600, Estimate(900, 900, float("inf")))
    assert highest.about(seen, loaded=False)
    assert by_own_limit(seen, highest).limit == 400
    slower = only(replace(ENTRY, signature=f"{LOTS} | p50_regression |  | 0.5 → 0.9"))
    ratio = decision(PerformanceRule.P50_RATIO, 1.9, Estimate(1.7, 1.6, 1.8))
    assert slower.about(ratio, loaded=False)
    assert by_own_limit(ratio, slower).verdict is RuleVerdict.FAIL


def test_a_general_regression_does_not_claim_an_endpoint_with_its_own() -> None:
    general = only(replace(ENTRY, signature="all endpoints | p50_regression |  | 0.5 → 0.9"))
    own = decision(PerformanceRule.P50_RATIO, 1.2, Estimate(1.1, 1.0, 1.2))
    assert not general.about(own, loaded=False)
    load = decision(PerformanceRule.LOAD, 1.9, Estimate(1.1, 1.0, 1.2), endpoint="100 users")
    assert general.about(load, loaded=True)
