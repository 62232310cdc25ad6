"""P99 by endpoint over time: far above its limit, for how long, or most of the time. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_cutover.checklist.results import ActionName, CheckResult, failed, passed, undecided
from pytest_cutover.core.numbers import percent
from pytest_cutover.monitoring.samples import Sample, TriggerLimits, last_seen_s


def latency_of(samples: Sequence[Sample], limits: TriggerLimits) -> CheckResult:
    """P99 of each endpoint: far above its limit, for long or at all; else as it stands."""
    if not limits.p99_ms:
        return undecided("no limits", "[checklist.monitoring.p99_ms] has none")
    worst: CheckResult | None = None
    for endpoint, limit in limits.p99_ms.items():
        above = _above_since(samples, endpoint, limit * limits.p99_factor)
        if above is None:
            continue
        since_s, value = above
        held_s = last_seen_s(samples) - since_s
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

    It began somewhere after the scrape of the last look that was not: that is the time taken.
    """
    since, last = None, 0.0
    for sample in reversed([one for one in samples if one.seen]):
        value = sample.p99_ms.get(endpoint)
        if value is None or value <= bound_ms:
            since = sample.data_s if since is not None else None
            break
        last = last or value
        since = sample.data_s
    return None if since is None else (since, last)


def _within(samples: Sequence[Sample], limits: TriggerLimits) -> CheckResult:
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
            f"{over[0]}: {percent(shares[over[0]], 0)} of its limit",
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
    return passed(f"worst is {worst} at {percent(shares[worst], 0)} of its limit")
