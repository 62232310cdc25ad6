"""The error rate over time: above a limit, for how long, and when that is refuted. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pytest_cutover.checklist.results import ActionName, CheckResult, failed, passed, undecided
from pytest_cutover.core.numbers import percent
from pytest_cutover.monitoring.samples import Sample, TriggerLimits, jumped_s, last_seen_s
from pytest_cutover.monitoring.traffic import Flow, TrafficSpan

# One-sided 95 %.
_Z: Final = 1.645
# A single failure is a coincidence, by the matrix: monitor, no action.
_FEWEST_ERRORS: Final = 2


@dataclass(frozen=True, slots=True)
class Held:
    """Since when a rate has been above a limit, with requests and errors since."""

    since_s: float
    requests: float
    errors: float


def upper_bound(errors: float, requests: float) -> float:
    """Return the highest true rate that so few errors are compatible with, at 95 % (Wilson,
    one-sided).
    """
    if requests <= 0:
        return 1.0
    share = min(errors / requests, 1.0)
    z2 = _Z * _Z
    centre = share + z2 / (2 * requests)
    spread = _Z * math.sqrt(share * (1 - share) / requests + z2 / (4 * requests * requests))
    return (centre + spread) / (1 + z2 / requests)


def above(traffic: Sequence[TrafficSpan], limit: float) -> Held | None:
    """Since when the error rate has been above `limit`, more than one error; None where it is not.

    While a process is away the others neither refute it nor thin it out: what it answers nobody
    knows.
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
    whole = [part for part in since if part.whole]
    for parts in (since, whole):
        requests = sum(part.requests for part in parts)
        errors = sum(part.errors for part in parts)
        if errors >= _FEWEST_ERRORS and errors > limit * requests:
            return Held(since[0].start_s, requests, errors)
    return None


def _refuted(since: Sequence[TrafficSpan], limit: float) -> bool:
    requests = errors = 0.0
    for part in reversed(since):
        if not part.whole:
            return False
        requests += part.requests
        errors += part.errors
        if requests and upper_bound(errors, requests) < limit:
            return True
    return False


def error_rate(flow: Flow, samples: Sequence[Sample], limits: TriggerLimits) -> CheckResult:
    """Above which of the limits the error rate is, and whether for long enough to act on."""
    requests, errors = flow.requests, flow.errors
    observed = f"{_share(errors, requests)}{_processes(flow)}"
    limit = f"below {percent(limits.error_rate)}"
    now_s = last_seen_s(samples)
    held = above(flow.parts, limits.roll_back)
    if held is not None and now_s - held.since_s >= limits.roll_back_for_s:
        return failed(
            observed,
            f"5xx above {percent(limits.roll_back)} for {now_s - held.since_s:.0f} s "
            f"({_share(held.errors, held.requests)})",
            limit=limit,
            action=ActionName.ROLL_BACK,
        )
    preparing = above(flow.parts, limits.prepare)
    if preparing is not None:
        return failed(
            observed,
            f"5xx above {percent(limits.prepare)} for {now_s - preparing.since_s:.0f} s "
            f"({_share(preparing.errors, preparing.requests)})",
            limit=limit,
            action=ActionName.PREPARE_ROLLBACK,
        )
    whole = [part for part in flow.parts if part.whole]
    for parts in (flow.parts, whole):
        seen = sum(part.errors for part in parts)
        if seen >= max(_FEWEST_ERRORS, limits.error_rate * sum(part.requests for part in parts)):
            said = "5xx above the limit"
            return failed(observed, said, limit=limit, action=ActionName.INVESTIGATE)
    why = _cannot_tell(flow, samples, limits)
    if why is None:
        return passed(observed, limit=limit)
    action = ActionName.INVESTIGATE if why.investigate else None
    return undecided(observed, why.message, action=action)


@dataclass(frozen=True, slots=True)
class _Why:
    """Why no error rate to speak of says nothing, and whether somebody has to look."""

    message: str
    investigate: bool = False


def _cannot_tell(flow: Flow, samples: Sequence[Sample], limits: TriggerLimits) -> _Why | None:
    """Why a low rate is not known to be one; None where it is."""
    if samples and not samples[-1].seen:
        return _Why(f"no data: {_missing(samples)}")
    if doubt := _doubt(samples):
        return _Why(doubt, investigate=True)
    if flow.away:
        name, since_s = min(flow.away.items(), key=lambda one: one[1])
        away_s = samples[-1].at_s - since_s
        said = (
            f"{len(flow.away)} of {flow.processes} processes cannot be asked: {name} for "
            f"{away_s:.0f} s, and what it answers nobody knows"
        )
        return _Why(said, investigate=away_s >= limits.blind_s)
    if flow.unseen:
        said = (
            f"{', '.join(sorted(flow.unseen))} cannot be scraped, and no look has seen it: what "
            "it answers nobody knows"
        )
        return _Why(said, investigate=samples[-1].at_s - samples[0].at_s >= limits.blind_s)
    if flow.backwards:
        said = (
            f"a counter went backwards {flow.backwards}×: a process started anew, or one is not "
            "counted; without a label such as instance nobody can tell which"
        )
        return _Why(said, investigate=True)
    if flow.unexplained:
        return _Why(flow.unexplained, investigate=True)
    jump_s = jumped_s(samples)
    if jump_s:
        said = f"the clock of this machine jumped by {jump_s:+.0f} s, or it slept: watch again"
        return _Why(said, investigate=True)
    if flow.requests < limits.enough_requests:
        return _Why(
            f"too little traffic to tell: {flow.requests:.0f} requests, "
            f"{limits.enough_requests} needed"
        )
    return None


def _doubt(samples: Sequence[Sample]) -> str:
    return next((one.doubt for one in reversed(samples) if one.doubt), "")


def _missing(samples: Sequence[Sample]) -> str:
    return next((one.problem for one in reversed(samples) if one.problem), "")


def _share(errors: float, requests: float) -> str:
    if requests <= 0:
        return "no requests"
    return f"{percent(errors / requests, 2)} of {requests:,.0f} requests"


def _processes(flow: Flow) -> str:
    """Return what became of the processes, where something did."""
    starts = sum(flow.restarts.values()) + flow.replaced
    told = [
        f"{starts} started anew" if starts else "",
        f"away and back {flow.returns}×" if flow.returns else "",
    ]
    said = ", ".join(one for one in told if one)
    return f", {said}" if said else ""


def no_5xx(flow: Flow, samples: Sequence[Sample]) -> CheckResult:
    """Whether there was none at all; a single one is monitored."""
    if flow.errors >= _FEWEST_ERRORS:
        return failed(f"{flow.errors:.0f} 5xx", "5xx were answered", limit="0")
    if flow.errors:
        return undecided("a single 5xx", "monitor, no action", action=ActionName.KEEP_MONITORING)
    if samples and not samples[-1].seen:
        return undecided("not known", f"no data: {_missing(samples)}")
    if doubt := _doubt(samples):
        return undecided("not known", doubt)
    if not flow.requests or flow.backwards:
        return undecided("not known", "no requests were counted, or a counter went backwards")
    if flow.away or flow.unseen:
        silent = ", ".join(sorted({*flow.away, *flow.unseen}))
        return undecided("not known", f"{silent} cannot be asked")
    return passed(f"none in {flow.requests:,.0f} requests", limit="0")
