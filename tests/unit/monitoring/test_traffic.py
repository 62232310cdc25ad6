"""Counters by process: who is away is no traffic, and changes nothing of what is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_cutover.checklist.results import ActionName
from pytest_cutover.config.monitoring import ProbeKind
from pytest_cutover.monitoring.decision import standing
from pytest_cutover.monitoring.providers.provider import ProcessCounts
from pytest_cutover.monitoring.samples import ProbeResult, Sample, TriggerLimits
from pytest_cutover.monitoring.traffic import flow_of
from pytest_cutover.report.model import GateVerdict

LIMITS = TriggerLimits(
    window_s=900,
    blind_s=60,
    error_rate=0.001,
    prepare=0.005,
    roll_back=0.01,
    roll_back_for_s=300,
    p99_ms={"GET /x": 200},
    p99_factor=2,
    p99_for_s=600,
    enough_requests=3000,
)
EVERY_S = 15
FINE = (ProbeResult(name="log in", kind=ProbeKind.LOGIN, ok=True),)

Count = Callable[[int], ProcessCounts | None]


def watched(processes: Mapping[str, Count], looks: int = 61) -> list[Sample]:
    """What each process shows at each look; None is one that cannot be scraped."""
    found, seen = [], set[str]()
    for number in range(looks):
        counts = {name: one for name, count in processes.items() if (one := count(number))}
        found.append(
            Sample(
                at_s=number * EVERY_S,
                counts=counts,
                down=frozenset(seen - counts.keys()),
                p99_ms={"GET /x": 50.0},
                probes=FINE,
            )
        )
        seen |= counts.keys()
    return found


def steady(requests: float, errors: float = 0, *, start: float = 0) -> Count:
    """So many in each interval, on top of what it had counted before."""
    return lambda number: ProcessCounts(start + requests * number, errors * number)


def but(count: Count, *away: int) -> Count:
    """The same, which cannot be scraped at some looks."""
    return lambda number: None if number in away else count(number)


def rolled_back_at(looks: Sequence[Sample]) -> float | None:
    for number in range(1, len(looks) + 1):
        if standing(looks[:number], LIMITS).action is ActionName.ROLL_BACK:
            return looks[number - 1].at_s
    return None


def test_one_that_goes_and_comes_back_is_no_traffic_and_is_counted() -> None:
    small, large = steady(100), steady(100, start=5_000_000)
    flow = flow_of(watched({"a": small, "b": but(large, 10, 11, 30)}))

    assert (flow.requests, flow.errors) == (2 * 60 * 100, 0)
    assert (flow.returns, flow.backwards, dict(flow.restarts), dict(flow.away)) == (2, 0, {}, {})
    assert {round(part.requests) for part in flow.parts} == {200}


@pytest.mark.parametrize(
    "away",
    [(), (12,), (12, 13, 14), tuple(range(6, 60, 4))],
    ids=["never", "once", "45 s", "often"],
)
@pytest.mark.parametrize("erring", ["small", "large"])
def test_a_scrape_that_fails_neither_delays_nor_prevents_a_rollback(
    away: tuple[int, ...], erring: str
) -> None:
    # 2 % of all requests, by either of them; the one that is away has counted millions.
    small = steady(200, 0 if erring == "large" else 8)
    large = steady(200, 8 if erring == "large" else 0, start=5_000_000)
    looks = watched({"small": small, "large": but(large, *away)})

    assert rolled_back_at(looks) == 300


def test_while_the_one_that_errs_is_away_the_others_refute_nothing() -> None:
    looks = watched({"fine": steady(2000), "errs": but(steady(2000, 80), *range(15, 60))}, 20)

    assert standing(looks[:15], LIMITS).action is ActionName.PREPARE_ROLLBACK
    assert standing(looks, LIMITS).action is ActionName.PREPARE_ROLLBACK


def test_a_rolling_restart_does_not_cost_the_go() -> None:
    def restarted(at: int) -> Count:
        return lambda number: ProcessCounts(
            500 * (number - at if number >= at else number + 9000), 0
        )

    looks = watched({name: restarted(at) for name, at in (("a", 10), ("b", 20), ("c", 30))})
    found = standing(looks, LIMITS)

    assert found.error_rate.verdict is GateVerdict.PASS
    assert "3 started anew" in found.error_rate.observed
    assert found.action is ActionName.KEEP_MONITORING


def test_pods_that_replace_others_do_not_either() -> None:
    old = {name: but(steady(500, start=9000), *range(at, 99)) for name, at in (("a", 9), ("b", 19))}
    new = {
        name: (
            lambda number, at=at: (
                ProcessCounts(500 * (number - at), 0, at * 15.0) if number > at else None
            )
        )
        for name, at in (("c", 8), ("d", 18))
    }
    looks = [replace(one, down=frozenset()) for one in watched({**old, **new})]
    found = standing(looks, LIMITS)

    assert (found.flow.replaced, found.flow.unexplained) == (2, "")
    assert found.error_rate.verdict is GateVerdict.PASS
    # Both have counted since they began.
    assert found.flow.requests == pytest.approx(500 * (8 + 18 + 52 + 42))


def test_more_restarts_than_a_rollout_explains_are_investigated() -> None:
    again = {"a": lambda number: ProcessCounts(500 * (number % 20), 0), "b": steady(500)}
    found = standing(watched(again), LIMITS)

    assert found.action is ActionName.INVESTIGATE
    assert found.error_rate.message == "a started anew 3×; a rollout does so once"


def test_a_restart_between_two_looks_is_known_by_its_start_time() -> None:
    def fast(number: int) -> ProcessCounts:
        return (
            ProcessCounts(100, 0, -500.0)
            if number < 5
            else ProcessCounts(900 * (number - 4), 0, 75.0)
        )

    flow = flow_of(watched({"a": fast}, 10))

    assert dict(flow.restarts) == {"a": 1}
    assert flow.requests == 900 * 5


def test_the_errors_of_a_process_that_began_in_the_window_count_from_its_start() -> None:
    began = lambda number: ProcessCounts(400, 40, 60.0) if number >= 8 else None  # noqa: E731
    flow = flow_of(watched({"a": steady(100), "b": began}, 12))

    assert flow.errors == 40


@pytest.mark.parametrize("started_s", [None, -5000.0])
def test_one_seen_first_whose_start_is_not_known_or_long_ago_counts_from_then(
    started_s: float | None,
) -> None:
    late = lambda number: ProcessCounts(5e6 + number, 0, started_s) if number >= 8 else None  # noqa: E731

    assert flow_of(watched({"a": steady(100), "b": late}, 12)).requests == 1100 + 3


def test_one_that_stays_away_is_investigated_and_never_healthy() -> None:
    looks = watched({"a": steady(500), "b": but(steady(500), *range(40, 99))})

    assert standing(looks[:43], LIMITS).action is ActionName.KEEP_MONITORING
    found = standing(looks, LIMITS)
    assert (found.error_rate.verdict, found.no_5xx.verdict) == ("inconclusive", "inconclusive")
    assert found.action is ActionName.INVESTIGATE
    assert "1 of 2 processes cannot be asked: b for 315 s" in found.error_rate.message


def test_errors_that_vanish_are_no_restart_and_no_good_news() -> None:
    vanishing = lambda number: ProcessCounts(9e5 + 500 * number, 0 if number > 20 else 90)  # noqa: E731
    found = standing(watched({"a": vanishing}), LIMITS)

    assert found.flow.requests == 500 * 59
    assert found.action is ActionName.INVESTIGATE


def test_a_clock_that_jumps_cannot_tell() -> None:
    looks = watched({"a": steady(500)})
    looks[30] = replace(looks[30], problem="the clock jumped", jump_s=-40.0)
    found = standing(looks, LIMITS)

    assert found.error_rate.verdict is GateVerdict.INCONCLUSIVE
    assert "the clock of this machine jumped by -40 s, or it slept" in found.error_rate.message
    looks[30] = replace(looks[30], jump_s=4000.0)
    assert standing(looks[:31], LIMITS).ended


counts = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 12)), min_size=8, max_size=24)


def _histories(
    processes: list[list[tuple[int, int]]], away: list[set[int]], blank: set[int]
) -> tuple[list[Sample], list[Sample]]:
    """The same history with everything seen, and with some of it not."""
    length = min(len(one) for one in processes)

    def counted(increments: list[tuple[int, int]]) -> Count:
        def at(number: int) -> ProcessCounts:
            past = increments[:number]
            requests = sum(max(one) for one in past)
            return ProcessCounts(10_000 + requests, sum(min(one) for one in past))

        return at

    every = {str(index): counted(one) for index, one in enumerate(processes)}
    some = {name: but(one, *(away[int(name)] - {0})) for name, one in every.items()}
    whole, part = watched(every, length), watched(some, length)
    part = [
        replace(one, counts={}, problem="no answer") if number in blank or not one.counts else one
        for number, one in enumerate(part)
    ]
    return whole, part


@settings(max_examples=200, deadline=None)
@example([[(0, 0)] * 5 + [(0, 1)] + [(0, 0)] * 2], [set(), set(), set()], {1, 2, 7}, 8)
@given(
    st.lists(counts, min_size=1, max_size=3),
    st.lists(st.sets(st.integers(1, 23)), min_size=3, max_size=3),
    st.sets(st.integers(1, 23)),
    st.integers(8, 24),
)
def test_no_absence_of_data_improves_an_action(
    processes: list[list[tuple[int, int]]], away: list[set[int]], blank: set[int], until: int
) -> None:
    whole, part = _histories(processes, away, blank)
    seen, unseen = standing(whole[:until], LIMITS), standing(part[:until], LIMITS)
    demanded = (ActionName.ROLL_BACK, ActionName.PREPARE_ROLLBACK, ActionName.INVESTIGATE)

    # What was last seen is seen in both: what was missing in between improves nothing.
    if part[:until][-1].counts.keys() == whole[:until][-1].counts.keys() and 0 not in blank:
        if seen.error_rate.verdict is GateVerdict.FAIL:
            assert unseen.error_rate.verdict is GateVerdict.FAIL
        if seen.error_rate.verdict is GateVerdict.INCONCLUSIVE:
            assert unseen.error_rate.verdict is not GateVerdict.PASS
        if seen.no_5xx.verdict is GateVerdict.FAIL:
            assert unseen.no_5xx.verdict is GateVerdict.FAIL
    else:
        # What is missing now is never good: not a pass, and never "keep" where there is nothing.
        assert unseen.error_rate.verdict is not GateVerdict.PASS
        assert unseen.no_5xx.verdict is not GateVerdict.PASS
        if not unseen.certain:
            assert unseen.action in (*demanded, ActionName.HOLD)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=4, max_size=60),
    st.integers(1, 8),
    st.booleans(),
)
def test_the_next_look_never_calms_by_showing_less(
    increments: list[tuple[int, int]], missing: int, everything: bool
) -> None:
    def counted(number: int) -> ProcessCounts:
        past = increments[:number]
        return ProcessCounts(sum(max(one) * 10 for one in past), sum(min(one) for one in past))

    looks = watched({"a": counted, "b": steady(50)}, len(increments))
    before = standing(looks, LIMITS)
    last = looks[-1]
    for number in range(1, missing + 1):
        at_s = last.at_s + number * EVERY_S
        if everything:
            looks.append(Sample(at_s=at_s, problem="no answer", probes=FINE))
        else:
            more = ProcessCounts(last.counts["b"].requests + 50 * number, 0)
            looks.append(replace(last, at_s=at_s, counts={"b": more}, down=frozenset({"a"})))
        after = standing(looks, LIMITS)
        assert after.action.urgency >= before.action.urgency
        assert after.error_rate.verdict is not GateVerdict.PASS


def test_while_nothing_can_be_asked_nobody_is_told_to_keep_anything() -> None:
    looks = watched({"a": steady(500)}, 20)
    assert standing(looks, LIMITS).action is ActionName.KEEP_MONITORING
    looks.append(Sample(at_s=looks[-1].at_s + 1, problem="no answer", probes=FINE))
    found = standing(looks, LIMITS)

    assert (found.action, found.certain, found.ended) == (ActionName.HOLD, False, False)
    assert found.reasons == ("no data for 1 s: no answer",)


def test_a_window_that_ends_without_data_is_investigated() -> None:
    looks = watched({"a": steady(500)}, 60)
    looks.append(Sample(at_s=900, problem="no answer", probes=FINE))

    assert (standing(looks, LIMITS).action, standing(looks, LIMITS).ended) == (
        ActionName.INVESTIGATE,
        True,
    )


def test_one_that_was_never_seen_is_no_good_news() -> None:
    looks = [replace(one, down=frozenset({"b"})) for one in watched({"a": steady(500)})]
    found = standing(looks, LIMITS)

    assert (found.error_rate.verdict, found.no_5xx.verdict) == ("inconclusive", "inconclusive")
    assert found.action is ActionName.INVESTIGATE
    assert "b cannot be scraped, and no look has seen it" in found.error_rate.message
    # What is seen goes on deciding: a burst that is over is refuted.
    assert all(part.whole for part in found.flow.parts)


def test_a_p99_that_nobody_can_tell_for_a_minute_is_investigated() -> None:
    looks = watched({"a": steady(500)}, 40)
    assert standing(looks, LIMITS).p99.verdict is GateVerdict.PASS
    last = [
        replace(one, p99_ms={"GET /x": None}, p99_unknown={"GET /x": "no series"})
        for one in looks[-4:]
    ]
    found = standing([*looks[:-4], *last], LIMITS)

    assert (found.p99.verdict, found.action) == ("inconclusive", ActionName.INVESTIGATE)
    found = standing([*looks[:-3], *last[1:]], LIMITS)
    assert (found.p99.verdict, found.action) == ("inconclusive", ActionName.KEEP_MONITORING)
    closed = [*looks[:-4], *last, replace(looks[-1], at_s=600)]
    assert standing(closed, LIMITS).p99.verdict is GateVerdict.PASS


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([40.0, 40.0, 190.0, 190.0, 210.0, 450.0, None]),
            st.sampled_from([True, True, True, True, False]),
        ),
        min_size=3,
        max_size=20,
    ),
    st.lists(st.sampled_from([190.0, 450.0]), max_size=2),
    st.booleans(),
)
def test_a_p99_that_nobody_can_tell_never_improves_a_verdict(
    shown: list[tuple[float | None, bool]], last: list[float], beyond: bool
) -> None:
    shown = [*shown, *((value, False) for value in last)]
    values = [value for value, _ in shown]
    missing = {number for number, (_, told) in enumerate(shown) if not told}
    looks = [
        replace(one, p99_ms={"GET /x": value})
        for one, value in zip(watched({"a": steady(500)}, len(values)), values, strict=True)
    ]
    more: dict[str, Any] = {"p99_ms": {"GET /x": None}, "p99_unknown": {"GET /x": "no series"}}
    if beyond:
        more = {"p99_ms": {"GET /x": 30.0}, "p99_beyond": frozenset({"GET /x"})}
    part = [
        replace(one, **more) if number in missing and one.p99_ms["GET /x"] is not None else one
        for number, one in enumerate(looks)
    ]
    seen, unseen = standing(looks, LIMITS).p99, standing(part, LIMITS).p99

    assert seen.verdict is GateVerdict.PASS or unseen.verdict is not GateVerdict.PASS


@pytest.mark.parametrize(("started_s", "restarts"), [(-500.0, 0), (None, 1)])
def test_series_that_vanish_from_a_process_that_goes_on_are_no_restart(
    started_s: float | None, restarts: int
) -> None:
    """Idle series that an exporter drops: what is left was counted long ago, errors too."""
    looks = watched({"a": lambda n: ProcessCounts(50_000 + 500 * n, 400, started_s)}, 20)
    rest = ProcessCounts(20_000, 400, started_s)
    looks.append(replace(looks[-1], at_s=looks[-1].at_s + EVERY_S, counts={"a": rest}))
    found = standing(looks, LIMITS)

    assert sum(found.flow.restarts.values()) == restarts
    if not restarts:
        assert found.action is ActionName.INVESTIGATE
        assert found.error_rate.verdict is not GateVerdict.PASS
        assert found.flow.errors == 0


def test_an_endpoint_that_hangs_has_no_p99_and_does_not_pass() -> None:
    """What is never answered is in no histogram; one of few requests is silent now and then."""
    looks = [replace(one, p99_ms={"GET /x": 50.0}) for one in watched({"a": steady(500)}, 60)]

    def silent(which: range) -> list[Sample]:
        return [
            replace(one, p99_ms={"GET /x": None}) if number in which else one
            for number, one in enumerate(looks)
        ]

    assert standing(silent(range(20, 61)), LIMITS).p99.verdict is GateVerdict.INCONCLUSIVE
    assert standing(silent(range(20, 40)), LIMITS).p99.verdict is GateVerdict.PASS
    assert standing(silent(range(50, 61)), LIMITS).p99.verdict is GateVerdict.PASS
