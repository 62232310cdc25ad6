"""The decision matrix over time: from what was seen so far to the action. Pure.

`standing` is a function of the whole history, so that the same samples always give the same answer.
A condition *holds for* a duration from its first sight until it is refuted: by the share since then
falling back, or by a stretch at the end in which so few errors came that the true rate is below the
limit with 95 % confidence. One interval without an error, at 2 % and few requests, refutes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pytest_cutover.checklist.results import (
    OPEN,
    PASS,
    ActionName,
    CheckResult,
    failed,
    passed,
    undecided,
)
from pytest_cutover.config.monitoring import ProbeKind

# One-sided 95 %.
_Z: Final = 1.645
# A single failure is a coincidence, by the matrix: monitor, no action.
_FEWEST_ERRORS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the matrix is made of; durations in seconds, already scaled."""

    window_s: float
    blind_s: float
    error_rate: float
    prepare: float
    roll_back: float
    roll_back_for_s: float
    p99_ms: Mapping[str, float]
    p99_factor: float
    p99_for_s: float
    enough_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One probe, once: `ok` is None where it could not be asked."""

    name: str
    kind: ProbeKind
    ok: bool | None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look: counters as they stand, P99 by endpoint, probes; or the `problem` in their place.

    A P99 of None is an endpoint without traffic. `age_s` is how old the counters are.
    """

    at_s: float
    requests: float | None = None
    errors: float | None = None
    p99_ms: Mapping[str, float | None] = field(default_factory=dict)
    probes: tuple[Probed, ...] = ()
    problem: str = ""
    age_s: float = 0.0

    @property
    def seen(self) -> bool:
        """Whether the counters could be read."""
        return self.requests is not None and self.errors is not None and not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What came between two looks."""

    start_s: float
    end_s: float
    requests: float
    errors: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where things stand: the action, whether watching on would change it, and why."""

    action: ActionName
    ended: bool
    reasons: tuple[str, ...]
    error_rate: CheckResult
    p99: CheckResult
    no_5xx: CheckResult
    probes: CheckResult
    requests: float = 0.0
    errors: float = 0.0
    resets: int = 0
    blind: bool = False


def standing(samples: Sequence[Sample], limits: Limits) -> Standing:
    """What the history demands. `samples` are in the order of time, the first at the beginning."""
    traffic, resets = _traffic(samples)
    requests = sum(part.requests for part in traffic)
    errors = sum(part.errors for part in traffic)
    blind_s = _blind_for(samples)
    error_rate = _error_rate(traffic, resets, samples, limits)
    latency = _latency(samples, limits)
    single = _no_5xx(errors, requests, resets)
    probes = _probes(samples)
    results = (error_rate, latency, single, probes)
    blind = blind_s >= limits.blind_s
    action = max(
        (_demanded(result) for result in results),
        key=lambda name: name.urgency,
        default=ActionName.KEEP_MONITORING,
    )
    reasons = [result.message or result.observed for result in results if result.action]
    if samples and samples[-1].problem:
        reasons.append(f"no data for {blind_s:.0f} s: {samples[-1].problem}")
        if blind and action.urgency < ActionName.INVESTIGATE.urgency:
            action = ActionName.INVESTIGATE
    elapsed = samples[-1].at_s - samples[0].at_s if samples else 0.0
    return Standing(
        action=action,
        ended=action is ActionName.ROLL_BACK or blind or elapsed >= limits.window_s,
        reasons=tuple(reasons),
        error_rate=error_rate,
        p99=latency,
        no_5xx=single,
        probes=probes,
        requests=requests,
        errors=errors,
        resets=resets,
        blind=blind,
    )


def _demanded(result: CheckResult) -> ActionName:
    return result.action or ActionName.KEEP_MONITORING


def upper_bound(errors: float, requests: float) -> float:
    """The highest true rate that so few errors are compatible with, at 95 % (Wilson, one-sided)."""
    if requests <= 0:
        return 1.0
    share = min(errors / requests, 1.0)
    z2 = _Z * _Z
    centre = share + z2 / (2 * requests)
    spread = _Z * math.sqrt(share * (1 - share) / requests + z2 / (4 * requests * requests))
    return (centre + spread) / (1 + z2 / requests)


def _traffic(samples: Sequence[Sample]) -> tuple[list[Traffic], int]:
    """What came between looks, and how often a counter went backwards."""
    parts, resets = [], 0
    for before, after in pairwise(sample for sample in samples if sample.seen):
        assert before.requests is not None
        assert before.errors is not None
        assert after.requests is not None
        assert after.errors is not None
        requests = after.requests - before.requests
        errors = after.errors - before.errors
        if requests < 0 or errors < 0:
            resets += 1
            continue
        parts.append(
            Traffic(start_s=before.at_s, end_s=after.at_s, requests=requests, errors=errors)
        )
    return parts, resets


def _blind_for(samples: Sequence[Sample]) -> float:
    """For how long there has been no data, up to now."""
    if not samples or not samples[-1].problem:
        return 0.0
    last_seen = next(
        (one.at_s - one.age_s for one in reversed(samples) if one.seen), samples[0].at_s
    )
    return samples[-1].at_s - last_seen


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


def _error_rate(
    traffic: Sequence[Traffic], resets: int, samples: Sequence[Sample], limits: Limits
) -> CheckResult:
    requests = sum(part.requests for part in traffic)
    errors = sum(part.errors for part in traffic)
    observed = _share(errors, requests)
    limit = f"below {100 * limits.error_rate:g} %"
    now_s = samples[-1].at_s if samples else 0.0
    above = _above(traffic, limits.roll_back)
    if above is not None:
        held_s = now_s - above[0]
        if held_s >= limits.roll_back_for_s:
            return failed(
                observed,
                f"5xx above {100 * limits.roll_back:g} % for {held_s:.0f} s "
                f"({_share(above[2], above[1])})",
                limit=limit,
                action=ActionName.ROLL_BACK,
            )
    preparing = _above(traffic, limits.prepare)
    if preparing is not None:
        return failed(
            observed,
            f"5xx above {100 * limits.prepare:g} % for {now_s - preparing[0]:.0f} s "
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
    limits: Limits,
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
    return f"{100 * errors / requests:.2f} % of {requests:,.0f} requests"


def _no_5xx(errors: float, requests: float, resets: int) -> CheckResult:
    if errors >= _FEWEST_ERRORS:
        return failed(f"{errors:.0f} 5xx", "5xx were answered", limit="none")
    if errors:
        return undecided("a single 5xx", "monitor, no action", action=ActionName.KEEP_MONITORING)
    if not requests or resets:
        return undecided("not known", "no requests were counted, or a counter went backwards")
    return passed(f"none in {requests:,.0f} requests", limit="none")


def _latency(samples: Sequence[Sample], limits: Limits) -> CheckResult:
    """P99 of each endpoint: far above its limit, for long or at all; else as it stands."""
    if not limits.p99_ms:
        return undecided("no limits", "[checklist.monitoring.p99_ms] has none")
    worst: CheckResult | None = None
    for endpoint, limit in limits.p99_ms.items():
        above = _above_since(samples, endpoint, limit * limits.p99_factor)
        if above is None:
            continue
        since_s, value = above
        held_s = samples[-1].at_s - since_s
        long = held_s >= limits.p99_for_s
        found = failed(
            f"{endpoint}: {value:.0f} ms",
            f"P99 of {endpoint} above {limits.p99_factor:g} × {limit:g} ms for {held_s:.0f} s",
            limit=f"{limit:g} ms",
            action=ActionName.ROLL_BACK if long else ActionName.INVESTIGATE,
        )
        if worst is None or long:
            worst = found
    return worst or _within(samples, limits)


def _above_since(
    samples: Sequence[Sample], endpoint: str, bound_ms: float
) -> tuple[float, float] | None:
    """Since when every look has been above, up to the last; None where the last is not.

    It began somewhere after the last look that was not: that is the time taken.
    """
    since, last = None, 0.0
    for sample in reversed([one for one in samples if one.seen]):
        value = sample.p99_ms.get(endpoint)
        if value is None or value <= bound_ms:
            since = sample.at_s if since is not None else None
            break
        last = last or value
        since = sample.at_s
    return None if since is None else (since, last)


def _within(samples: Sequence[Sample], limits: Limits) -> CheckResult:
    """The median over all looks: what stood most of the time."""
    seen = [one for one in samples if one.seen]
    shares: dict[str, float] = {}
    silent = []
    for endpoint, limit in limits.p99_ms.items():
        values = sorted(value for one in seen if (value := one.p99_ms.get(endpoint)) is not None)
        if values:
            shares[endpoint] = values[len(values) // 2] / limit
        else:
            silent.append(endpoint)
    over = [endpoint for endpoint, share in shares.items() if share > 1]
    if over:
        return failed(
            f"{over[0]}: {100 * shares[over[0]]:.0f} % of its limit",
            f"P99 above its limit most of the time: {', '.join(over)}",
            limit="within limits",
            action=ActionName.INVESTIGATE,
        )
    if silent:
        return undecided(
            f"no traffic on {len(silent)} of {len(limits.p99_ms)} endpoints",
            f"too little traffic to tell: {', '.join(silent)}",
        )
    worst = max(shares, key=lambda endpoint: shares[endpoint])
    return passed(f"worst is {worst} at {100 * shares[worst]:.0f} % of its limit")


def _probes(samples: Sequence[Sample]) -> CheckResult:
    every = [(one, probed) for one in samples for probed in one.probes]
    if not every:
        return undecided("no probes", "[[checklist.monitoring.probes]] has none")
    for probed in _failures(samples):
        incident = " Open an incident." if probed.kind is ProbeKind.INTEGRITY else ""
        what = {
            ProbeKind.LOGIN: "login fails",
            ProbeKind.FUNCTION: "a function that users need fails",
            ProbeKind.INTEGRITY: "data integrity is in doubt",
        }[probed.kind]
        return failed(
            f"{probed.name} failed",
            f"{what}: {probed.name}: {probed.message}.{incident}",
            limit="every probe succeeds",
            action=ActionName.ROLL_BACK,
        )
    unknown = [probed for _, probed in every if probed.ok is None]
    if unknown:
        return undecided(f"{unknown[-1].name} could not be asked", unknown[-1].message)
    names = dict.fromkeys(probed.name for _, probed in every)
    return passed(f"{len(every)} probes succeeded: {', '.join(names)}")


def _failures(samples: Sequence[Sample]) -> Iterator[Probed]:
    for sample in samples:
        yield from (probed for probed in sample.probes if probed.ok is False)


def is_healthy(found: Standing) -> bool:
    """Whether everything that is watched is as it should be."""
    results = (found.error_rate, found.p99, found.no_5xx, found.probes)
    return not found.blind and all(result.verdict is PASS for result in results)


def is_open(found: Standing) -> bool:
    """Whether something is not known."""
    results = (found.error_rate, found.p99, found.no_5xx, found.probes)
    return any(result.verdict is OPEN for result in results)
