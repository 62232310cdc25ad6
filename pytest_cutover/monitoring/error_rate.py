"""The error rate over time: above a limit, for how long, and when that is refuted. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pytest_cutover.checklist.results import ActionName, CheckResult, failed, passed, undecided
from pytest_cutover.core.numbers import percent
from pytest_cutover.monitoring.samples import Sample, Traffic, TriggerLimits, last_seen_s

# One-sided 95 %.
_Z: Final = 1.645
# A single failure is a coincidence, by the matrix: monitor, no action.
_FEWEST_ERRORS: Final = 2


def upper_bound(errors: float, requests: float) -> float:
    """The highest true rate that so few errors are compatible with, at 95 % (Wilson, one-sided)."""
    if requests <= 0:
        return 1.0
    share = min(errors / requests, 1.0)
    z2 = _Z * _Z
    centre = share + z2 / (2 * requests)
    spread = _Z * math.sqrt(share * (1 - share) / requests + z2 / (4 * requests * requests))
    return (centre + spread) / (1 + z2 / requests)


def held_since(traffic: Sequence[Traffic], limit: float) -> tuple[float, float, float] | None:
    """Since when the error rate may have been above `limit`, with requests and errors since.

    None where it never was, or has been refuted since.
    """
    first: int | None = None
    for index, part in enumerate(traffic):
        if first is None:
            if part.requests > 0 and part.errors / part.requests > limit:
                first = index
        elif _refuted(traffic[first : index + 1], limit):
            first = None
    if first is None:
        return None
    since = traffic[first:]
    return (
        since[0].start_s,
        sum(one.requests for one in since),
        sum(one.errors for one in since),
    )


def _above(traffic: Sequence[Traffic], limit: float) -> tuple[float, float, float] | None:
    """As `held_since`, where the share since then is above the limit and no single error."""
    held = held_since(traffic, limit)
    if held is None or held[2] < _FEWEST_ERRORS or held[2] <= limit * held[1]:
        return None
    return held


def _refuted(since: Sequence[Traffic], limit: float) -> bool:
    requests = errors = 0.0
    for part in reversed(since):
        requests += part.requests
        errors += part.errors
        if requests and upper_bound(errors, requests) < limit:
            return True
    return False


def error_rate(
    traffic: Sequence[Traffic], resets: int, samples: Sequence[Sample], limits: TriggerLimits
) -> CheckResult:
    """Above which of the limits the error rate is, and whether for long enough to act on."""
    requests = sum(part.requests for part in traffic)
    errors = sum(part.errors for part in traffic)
    observed = _share(errors, requests)
    limit = f"below {percent(limits.error_rate)}"
    now_s = last_seen_s(samples)
    above = _above(traffic, limits.roll_back)
    if above is not None:
        held_s = now_s - above[0]
        if held_s >= limits.roll_back_for_s:
            return failed(
                observed,
                f"5xx above {percent(limits.roll_back)} for {held_s:.0f} s "
                f"({_share(above[2], above[1])})",
                limit=limit,
                action=ActionName.ROLL_BACK,
            )
    preparing = _above(traffic, limits.prepare)
    if preparing is not None:
        return failed(
            observed,
            f"5xx above {percent(limits.prepare)} for {now_s - preparing[0]:.0f} s "
            f"({_share(preparing[2], preparing[1])})",
            limit=limit,
            action=ActionName.PREPARE_ROLLBACK,
        )
    if errors >= _FEWEST_ERRORS and errors >= limits.error_rate * requests:
        return failed(observed, "5xx above the limit", limit=limit, action=ActionName.INVESTIGATE)
    return _calm(observed, requests, resets, samples, limits, limit)


def _calm(
    observed: str,
    requests: float,
    resets: int,
    samples: Sequence[Sample],
    limits: TriggerLimits,
    limit: str,
) -> CheckResult:
    """No error rate to speak of; whether that says anything."""
    missing = next((one.problem for one in reversed(samples) if one.problem), "")
    if missing and samples[-1].problem:
        return undecided(observed, f"no data: {missing}")
    if resets:
        return undecided(
            observed,
            f"a counter went backwards {resets}×: a process started anew",
            action=ActionName.INVESTIGATE,
        )
    if requests < limits.enough_requests:
        return undecided(
            observed,
            f"too little traffic to tell: {requests:.0f} requests, {limits.enough_requests} needed",
        )
    return passed(observed, limit=limit)


def _share(errors: float, requests: float) -> str:
    if requests <= 0:
        return "no requests"
    return f"{percent(errors / requests, 2)} of {requests:,.0f} requests"


def no_5xx(errors: float, requests: float, resets: int) -> CheckResult:
    """Whether there was none at all; a single one is monitored."""
    if errors >= _FEWEST_ERRORS:
        return failed(f"{errors:.0f} 5xx", "5xx were answered", limit="none")
    if errors:
        return undecided("a single 5xx", "monitor, no action", action=ActionName.KEEP_MONITORING)
    if not requests or resets:
        return undecided("not known", "no requests were counted, or a counter went backwards")
    return passed(f"none in {requests:,.0f} requests", limit="none")
