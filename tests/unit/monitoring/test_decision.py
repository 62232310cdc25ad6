"""The decision matrix over time, second by second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pytest_cutover.checklist.results import ActionName
from pytest_cutover.config.monitoring import ProbeKind
from pytest_cutover.monitoring.decision import TriggerState, standing
from pytest_cutover.monitoring.error_rate import upper_bound
from pytest_cutover.monitoring.providers.provider import ProcessCounts
from pytest_cutover.monitoring.samples import ProbeResult, Sample, TriggerLimits
from pytest_cutover.report.model import GateVerdict

LIMITS = TriggerLimits(
    window_s=900,
    blind_s=60,
    error_rate=0.001,
    prepare=0.005,
    roll_back=0.01,
    roll_back_for_s=300,
    p99_ms={"POST /api/lots": 200},
    p99_factor=2,
    p99_for_s=600,
    enough_requests=3000,
)
EVERY_S = 15
FINE = (ProbeResult(name="log in", kind=ProbeKind.LOGIN, ok=True),)


def counts(requests: float, errors: float, name: str = "one") -> dict[str, ProcessCounts]:
    """What one process has counted."""
    return {name: ProcessCounts(requests, errors)}


def history(
    errors: Sequence[float], *, requests: float = 1500, p99_ms: Sequence[float | None] | float = 50
) -> list[Sample]:
    """One look more than there are intervals; so many requests and errors in each."""
    looks = [Sample(at_s=0, counts=counts(0, 0), p99_ms=_p99(p99_ms, 0), probes=FINE)]
    for number, more in enumerate(errors, start=1):
        before = looks[-1].counts["one"]
        looks.append(
            Sample(
                at_s=number * EVERY_S,
                counts=counts(before.requests + requests, before.errors + more),
                p99_ms=_p99(p99_ms, number),
                probes=FINE,
            )
        )
    return looks


def _p99(values: Sequence[float | None] | float, number: int) -> dict[str, float | None]:
    value = values if isinstance(values, int | float) else values[min(number, len(values) - 1)]
    return {"POST /api/lots": value}


def fired_at(looks: list[Sample], action: ActionName) -> float | None:
    """When a person at the terminal would first have been told so."""
    for number in range(1, len(looks) + 1):
        if standing(looks[:number], LIMITS).action is action:
            return looks[number - 1].at_s
    return None


def is_healthy(found: TriggerState) -> bool:
    results = (found.error_rate, found.p99, found.no_5xx, found.probes)
    return not found.blind and all(result.verdict is GateVerdict.PASS for result in results)


def test_a_quiet_quarter_of_an_hour_is_healthy() -> None:
    found = standing(history([0] * 60), LIMITS)

    assert is_healthy(found)
    assert (found.action, found.ended) == (ActionName.KEEP_MONITORING, True)
    assert found.error_rate.observed == "0.00 % of 90,000 requests"


def test_a_single_5xx_is_monitored() -> None:
    found = standing(history([0, 1, *[0] * 58]), LIMITS)

    assert found.action is ActionName.KEEP_MONITORING
    assert found.error_rate.verdict == "pass"
    assert found.no_5xx.message == "monitor, no action"


def test_two_percent_roll_back_after_five_minutes_and_not_before() -> None:
    looks = history([0] * 4 + [30] * 30)

    assert fired_at(looks, ActionName.PREPARE_ROLLBACK) == 75
    assert fired_at(looks, ActionName.ROLL_BACK) == 60 + 300
    assert "5xx above 1 % for 300 s" in standing(looks[:25], LIMITS).reasons[0]


def test_a_burst_that_is_over_does_not_roll_back_five_minutes_later() -> None:
    # All of it within 15 seconds; averaged over five minutes it would still be above 1 %.
    looks = history([1500, *[0] * 59])

    assert fired_at(looks, ActionName.ROLL_BACK) is None
    found = standing(looks, LIMITS)
    assert found.action is ActionName.INVESTIGATE
    assert found.error_rate.message == "5xx above the limit"


def test_a_quiet_interval_among_few_requests_refutes_nothing() -> None:
    # 2 % of 50 requests: every third interval has no error at all.
    looks = history([1, 2, 0] * 12, requests=50)

    assert fired_at(looks, ActionName.ROLL_BACK) == 300


def scraped_late(looks: list[Sample], age_s: float) -> list[Sample]:
    """The same counters, seen so long after they were scraped."""
    return [replace(one, age_s=age_s) for one in looks]


def test_a_condition_holds_from_the_last_clean_scrape_not_from_the_look_at_it() -> None:
    errors = history([0] * 4 + [30] * 30)
    slow = history([0] * 60, p99_ms=[50] * 5 + [450] * 60)

    assert fired_at(errors, ActionName.ROLL_BACK) == 60 + 300
    assert fired_at(scraped_late(errors, 15), ActionName.ROLL_BACK) == 60 + 300 - EVERY_S
    assert fired_at(slow, ActionName.ROLL_BACK) == 60 + 600
    assert fired_at(scraped_late(slow, 15), ActionName.ROLL_BACK) == 60 + 600 - EVERY_S


@pytest.mark.parametrize(
    ("errors", "p99_ms"), [([0] * 4 + [30] * 19, 50), ([0] * 23, [50, 450])], ids=["5xx", "P99"]
)
def test_what_nobody_sees_does_not_go_on_holding(errors: list[float], p99_ms: Any) -> None:
    looks = history(errors, p99_ms=p99_ms)
    seen_s = looks[-1].at_s
    assert standing(looks, LIMITS).action is not ActionName.ROLL_BACK
    looks += [
        Sample(at_s=seen_s + EVERY_S * number, problem="no answer", probes=FINE)
        for number in range(1, 40)
    ]

    assert standing(looks, LIMITS).action is not ActionName.ROLL_BACK
    assert standing(looks, LIMITS).blind


def test_errors_that_nobody_counts_are_investigated_and_hide_none_that_are_counted() -> None:
    doubted = [replace(one, doubt="9 answers were 503") for one in history([0] * 20)]
    found = standing(doubted, LIMITS)
    assert (found.error_rate.verdict, found.no_5xx.verdict) == ("inconclusive", "inconclusive")
    assert found.action is ActionName.INVESTIGATE
    assert "9 answers were 503" in found.reasons[0]

    erring = [replace(one, doubt="9 answers were 503") for one in history([30] * 30)]
    assert fired_at(erring, ActionName.ROLL_BACK) == 300


def test_0_7_percent_prepares_a_rollback() -> None:
    assert standing(history([10] * 20), LIMITS).action is ActionName.PREPARE_ROLLBACK


def test_0_3_percent_is_investigated() -> None:
    assert standing(history([4] * 60), LIMITS).action is ActionName.INVESTIGATE


def test_too_little_traffic_is_not_health() -> None:
    found = standing(history([0] * 60, requests=10), LIMITS)

    assert found.error_rate.verdict == "inconclusive"
    assert found.error_rate.message == "too little traffic to tell: 600 requests, 3000 needed"


def test_a_sum_that_goes_backwards_is_not_health() -> None:
    looks = [
        replace(one, counts=counts(one.counts["one"].requests, 0, "")) for one in history([0] * 60)
    ]
    looks[30:] = [
        replace(one, counts=counts(one.counts[""].requests - 40_000, 0, "")) for one in looks[30:]
    ]
    found = standing(looks, LIMITS)

    assert found.flow.backwards == 1
    assert found.error_rate.verdict == "inconclusive"
    assert found.action is ActionName.INVESTIGATE


def test_p99_above_twice_its_limit_is_investigated_and_rolls_back_after_ten_minutes() -> None:
    looks = history([0] * 60, p99_ms=[50] * 5 + [450] * 60)

    assert fired_at(looks, ActionName.INVESTIGATE) == 75
    assert fired_at(looks, ActionName.ROLL_BACK) == 60 + 600


def test_p99_that_comes_down_in_between_starts_anew() -> None:
    looks = history([0] * 60, p99_ms=[450] * 35 + [300] + [450] * 24)

    assert fired_at(looks, ActionName.ROLL_BACK) is None


def test_p99_above_its_limit_most_of_the_time_is_investigated() -> None:
    found = standing(history([0] * 60, p99_ms=250), LIMITS)

    assert (found.p99.verdict, found.action) == ("fail", ActionName.INVESTIGATE)


def test_an_endpoint_without_traffic_is_not_within_its_limit() -> None:
    found = standing(history([0] * 60, p99_ms=[None]), LIMITS)

    assert found.p99.verdict == "inconclusive"
    assert "too little traffic to tell: POST /api/lots" in found.p99.message


def telling(looks: list[Sample], **more: Any) -> list[Sample]:
    """The same looks, of which this is known besides."""
    return [replace(one, **more) for one in looks]


BEYOND = frozenset({"POST /api/lots"})


@pytest.mark.parametrize(
    ("last_ms", "verdict"), [(150, "inconclusive"), (200, "fail"), (250, "fail")]
)
def test_a_p99_beyond_the_last_bucket_never_passes(last_ms: float, verdict: str) -> None:
    looks = history([0] * 60, p99_ms=last_ms)
    found = standing(telling(looks, p99_beyond=BEYOND), LIMITS)

    assert found.p99.verdict == verdict
    if verdict == "inconclusive":
        assert "above 150 ms, the last bucket" in found.p99.message
        assert standing(looks, LIMITS).p99.verdict == "pass"


def test_a_histogram_that_vanishes_is_not_within_its_limit_but_a_gap_is_forgiven() -> None:
    gone = {"POST /api/lots": "no series matches"}
    looks = history([0] * 60, p99_ms=[50] * 10 + [None] * 51)
    vanished = looks[:10] + telling(looks[10:], p99_unknown=gone)
    assert standing(vanished, LIMITS).p99.verdict == "inconclusive"
    assert "no series matches" in standing(vanished, LIMITS).p99.message

    looks = history([0] * 60)
    gap = looks[:10] + telling(looks[10:15], p99_ms={"POST /api/lots": None}, p99_unknown=gone)
    assert standing(gap + looks[15:], LIMITS).p99.verdict == "pass"


def test_a_look_that_cannot_tell_does_not_delay_a_rollback() -> None:
    looks = history([0] * 60, p99_ms=[50] * 5 + [450] * 60)
    gone = {"POST /api/lots": "no series matches"}
    looks[20] = replace(looks[20], p99_ms={"POST /api/lots": None}, p99_unknown=gone)

    assert fired_at(looks, ActionName.ROLL_BACK) == 60 + 600


@pytest.mark.parametrize("kind", list(ProbeKind))
def test_a_probe_that_fails_rolls_back_at_once(kind: ProbeKind) -> None:
    looks = history([0] * 2)
    failing = ProbeResult(name="it", kind=kind, ok=False, message="answered 401")
    looks.append(Sample(at_s=45, counts=counts(9000, 0), probes=(failing,)))
    found = standing(looks, LIMITS)

    assert (found.action, found.ended) == (ActionName.ROLL_BACK, True)
    assert ("Open an incident" in found.reasons[0]) is (kind is ProbeKind.INTEGRITY)


def test_a_probe_that_cannot_be_asked_decides_nothing() -> None:
    looks = history([0] * 60)
    unknown = ProbeResult(name="it", kind=ProbeKind.FUNCTION, ok=None, message="no address")
    looks.append(Sample(at_s=901, counts=counts(91_000, 0), probes=(unknown,)))

    assert standing(looks, LIMITS).probes.verdict == "inconclusive"


def blind(looks: list[Sample], **more: Any) -> list[Sample]:
    start = looks[-1].at_s
    problem = "Prometheus does not answer"
    return looks + [
        Sample(at_s=start + number * EVERY_S, problem=problem, **more) for number in range(1, 8)
    ]


def test_without_data_for_a_minute_it_is_given_up_and_investigated() -> None:
    looks = blind(history([0] * 20))

    assert fired_at(looks, ActionName.INVESTIGATE) == 300 + 60
    found = standing(looks[:-3], LIMITS)
    assert (found.blind, found.ended) == (True, True)
    assert found.reasons == ("no data for 60 s: Prometheus does not answer",)


def test_a_gap_that_closes_is_forgiven() -> None:
    looks = history([0] * 60)
    looks[20] = Sample(at_s=300, problem="Prometheus does not answer", probes=FINE)

    assert is_healthy(standing(looks, LIMITS))


def test_without_any_data_from_the_start_nothing_is_known() -> None:
    looks = [Sample(at_s=number * 15.0, problem="metrics are missing") for number in range(6)]
    found = standing(looks, LIMITS)

    assert found.blind
    assert found.error_rate.verdict == "inconclusive"


def test_the_upper_bound_is_the_rule_of_three_where_nothing_failed() -> None:
    assert upper_bound(0, 3000) == pytest.approx(2.706 / 3002.7, rel=0.01)
    assert upper_bound(0, 0) == 1.0
    assert upper_bound(10, 100) > 0.1
