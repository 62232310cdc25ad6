"""Waivers: a limit that somebody raised until a day, in the form of an accepted difference.

    [[accepted]]
    signature = "POST /api/lots | p99_ms |  | 200 → 350"
    scope = ["tests/perf/test_endpoints.py::test_create_lot"]
    reason = "the audit log is written in the request until it has its queue"
    approver = "Mira Ek <mira@example.com>"
    expires = 2030-12-03

The endpoint, or ``all endpoints``; the key of ``[performance]`` or of the endpoint's table; the
limit there, and the one that holds instead. Where the limit was changed since, nobody has agreed to
that. An expired one raises nothing. Pure; called by the plugin before it measures, and by the gate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pytest_cutover.config.accepted import Entry
from pytest_cutover.config.performance import EVERYWHERE, EndpointLimits, Performance
from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import InvalidValueError
from pytest_cutover.performance.measure.markers import Measuring
from pytest_cutover.performance.stats.decision import Decision, PerformanceRule, RuleVerdict

_FIRST = {"load_p50_ms": "p50_ms", "load_p99_ms": "p99_ms"}
"""Without a limit of its own load has this one."""
_OF_LOAD = (*_FIRST, "memory_bytes_per_request")
_RULES = {
    "p50_ms": {PerformanceRule.P50},
    "p95_ms": {PerformanceRule.P95},
    "p99_ms": {PerformanceRule.P99},
    "max_ms": {PerformanceRule.MAXIMUM},
    "load_p50_ms": {PerformanceRule.P50},
    "load_p99_ms": {PerformanceRule.P99},
    "p50_regression": {PerformanceRule.P50_RATIO, PerformanceRule.LOAD},
    "error_rate": {PerformanceRule.ERRORS},
    "memory_bytes_per_request": {PerformanceRule.MEMORY},
}


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry. ``why_not`` says why it raises nothing; empty where it holds."""

    entry: Entry
    today: date
    endpoint: str
    key: str
    own: float = math.nan
    raised: float = math.nan
    why_not: str = ""

    @property
    def expired(self) -> bool:
        """Whether its last day is over."""
        return self.entry.expired(self.today)

    @property
    def holds(self) -> bool:
        """Whether the raised limit is the one that is judged by."""
        return not self.expired and not self.why_not

    def about(self, decision: Decision, *, loaded: bool) -> bool:
        """Whether a decision was made by the raised limit."""
        if not self.holds or decision.rule not in _RULES[self.key]:
            return False
        if decision.rule in (PerformanceRule.P50, PerformanceRule.P99) and loaded is not (
            self.key in _FIRST
        ):
            return False
        if self.endpoint not in (EVERYWHERE, decision.endpoint):
            return False
        # An endpoint may have a limit of its own beside the general one.
        return math.isclose(decision.limit, _as_judged(decision.rule, self.raised))


def _as_judged(rule: PerformanceRule, limit: float) -> float:
    """Return a limit of the configuration in the unit of its decision."""
    if rule in (PerformanceRule.P50_RATIO, PerformanceRule.LOAD):
        return 1 + limit
    return limit


def waivers_of(
    entries: Iterable[Entry], settings: Performance, measuring: Measuring, *, today: date
) -> tuple[Waiver, ...]:
    """Return the entries that are about limits, and whether they hold."""
    return tuple(_waiver(one, settings, measuring, today) for one in entries if one.of_limit)


def _waiver(entry: Entry, settings: Performance, measuring: Measuring, today: date) -> Waiver:
    endpoint, key, _, change = (*entry.signature.split(" | "), "", "", "")[:4]
    found = Waiver(entry, today, endpoint, key)
    try:
        own, raised = (float(part) for part in change.split("→"))
        found = replace(found, endpoint=_name(endpoint), own=own, raised=raised)
        there = limit_of(settings, found.endpoint, key)
    except (ValueError, InvalidValueError):
        why = "expected `METHOD /path | p99_ms |  | 200 → 350`: two numbers, the limit's first"
        return replace(found, why_not=why)
    if there is None:
        return replace(found, why_not=f"{found.endpoint} has no limit {key}")
    if not math.isclose(there, own):
        return replace(found, why_not=f"the limit is {there:g} now, and not {own:g}")
    if not raised > own or not math.isfinite(raised):
        return replace(found, why_not=f"{raised:g} is not above the limit of {own:g}")
    if not any(entry.in_scope(test, None) for test in _tests(measuring, found.endpoint, key)):
        return replace(found, why_not="no test of its scope measures it")
    return found


def _tests(measuring: Measuring, endpoint: str, key: str) -> Sequence[str]:
    """Return the tests that a limit is about."""
    if key in _OF_LOAD:
        return measuring.of_load
    return measuring.everywhere if endpoint == EVERYWHERE else measuring.of(endpoint)


def _name(text: str) -> str:
    return EVERYWHERE if text == EVERYWHERE else str(parse(text))


def limit_of(settings: Performance, endpoint: str, key: str) -> float | None:
    """Return the limit that stands in the configuration; None where there is none."""
    if endpoint == EVERYWHERE:
        found: float | None = getattr(settings, key, None)
        return found
    own = settings.endpoints.get(parse(endpoint), EndpointLimits())
    found = getattr(own, key, None)
    if found is None and key in _FIRST:
        found = getattr(own, _FIRST[key])
    return settings.p50_regression if found is None and key == "p50_regression" else found


def raised(settings: Performance, waivers: Iterable[Waiver]) -> Performance:
    """Return the limits by which a run is judged."""
    endpoints: dict[Endpoint, EndpointLimits] = dict(settings.endpoints)
    general: dict[str, float] = {}
    for one in waivers:
        if not one.holds:
            continue
        if one.endpoint == EVERYWHERE:
            general[one.key] = one.raised
            continue
        known = parse(one.endpoint)
        limits = endpoints.get(known, EndpointLimits())
        # What load borrows from the other limit is not waived with it.
        borrowed = {
            load: getattr(limits, first)
            for load, first in _FIRST.items()
            if first == one.key and getattr(limits, load) is None
        }
        endpoints[known] = replace(limits, **{**borrowed, one.key: one.raised})
    return replace(settings, endpoints=endpoints, **general)  # type: ignore[arg-type]


def by_own_limit(decision: Decision, waiver: Waiver) -> Decision:
    """Return what a decision would be by the limit that was waived: its bounds exclude what is
    decided.
    """
    own, seen = _as_judged(decision.rule, waiver.own), decision.observed
    largest = decision.rule is PerformanceRule.MAXIMUM
    beyond = 2 * own if largest else own
    if (seen.estimate if largest else seen.upper) <= beyond:
        verdict = RuleVerdict.PASS
    else:
        verdict = RuleVerdict.FAIL if seen.lower > beyond else RuleVerdict.INCONCLUSIVE
    return replace(decision, limit=own, verdict=verdict)
