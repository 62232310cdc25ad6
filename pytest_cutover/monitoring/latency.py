"""P99 by endpoint over time: far above its limit, for how long, or most of the time. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pytest_cutover.checklist.results import ActionName, CheckResult, failed, passed, undecided
from pytest_cutover.core.numbers import percent
from pytest_cutover.monitoring.samples import Sample, TriggerLimits


def latency_of(samples: Sequence[Sample], limits: TriggerLimits) -> CheckResult:
    """P99 of each endpoint: far above its limit, for long or at all; else as it stands."""
    if not limits.p99_ms:
        return undecided("no limits", "none is configured: add [checklist.monitoring.p99_ms]")
    worst: CheckResult | None = None
    for endpoint, limit in limits.p99_ms.items():
        above = far_above(samples, endpoint, limit * limits.p99_factor)
        if above is None:
            continue
        since_s, until_s, value = above
        held_s = until_s - since_s
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


def far_above(
    samples: Sequence[Sample], endpoint: str, bound_ms: float
) -> tuple[float, float, float] | None:
    """Since and until when every look has been above, up to the last; None where that is not.

    It began somewhere after the scrape of the last look that was not: that is the time taken. A
    look that cannot tell neither ends it nor makes it longer.
    """
    since, until, last = None, 0.0, 0.0
    for sample in reversed([one for one in samples if one.seen]):
        value = _look(sample, endpoint, bound_ms)
        if value == math.inf:
            continue
        if value is None or value <= bound_ms:
            since = sample.data_s if since is not None else None
            break
        if since is None:
            until, last = sample.at_s, value
        since = sample.data_s
    return None if since is None else (since, until, last)


def _within(samples: Sequence[Sample], limits: TriggerLimits) -> CheckResult:
    """Return the median over all looks: what stood most of the time.

    A look that cannot tell counts for neither answer: below the limit passes only where that would
    be the median even if every such look had been above it.
    """
    seen = [one for one in samples if one.seen]
    if not seen:
        return undecided("not known", "no data")
    shares: dict[str, float] = {}
    over, silent, unknown = [], [], {}
    for endpoint, limit in limits.p99_ms.items():
        looks = [_look(one, endpoint, limit) for one in seen]
        values = sorted(look for look in looks if look is not None)
        if not values or _silent_for(seen, looks) >= max(limits.blind_s, limits.window_s / 2):
            silent.append(endpoint)
            if not values:
                continue
        known = [value for value in values if value < math.inf]
        unclear = len(values) - len(known)
        if _median([0.0] * unclear + known) > limit:
            over.append(endpoint)
        elif _median(values) > limit:
            unknown[endpoint] = _why_unknown(seen, endpoint)
        else:
            shares[endpoint] = _median(values) / limit
            continue
        shares[endpoint] = _median(known or [limit]) / limit
    if over:
        return failed(
            f"{over[0]}: {percent(shares[over[0]], 0)} of its limit",
            f"P99 above its limit most of the time: {', '.join(over)}",
            limit="within limits",
            action=ActionName.INVESTIGATE,
        )
    late = {one: _unknown_for(seen, one, limit) for one, limit in limits.p99_ms.items()}
    # A gap that closes is forgiven; of one that has not, nobody knows what is in it.
    unknown |= {one: _why_unknown(seen, one) for one, for_s in late.items() if for_s > 0}
    if unknown:
        endpoint = max(unknown, key=lambda one: late[one])
        mostly = late[endpoint] == 0 and seen[-1].at_s - seen[0].at_s >= limits.blind_s
        blind = mostly or late[endpoint] >= limits.blind_s
        return undecided(
            f"{endpoint}: P99 not known",
            f"P99 of {endpoint}: {unknown[endpoint]}; its limit is {limits.p99_ms[endpoint]:g} ms",
            action=ActionName.INVESTIGATE if blind else None,
        )
    if silent:
        return undecided(
            f"no traffic on {len(silent)} of {len(limits.p99_ms)} endpoints",
            f"too little traffic to tell: {', '.join(silent)}",
        )
    worst = max(shares, key=lambda endpoint: shares[endpoint])
    return passed(f"worst is {worst} at {percent(shares[worst], 0)} of its limit")


def _look(sample: Sample, endpoint: str, limit: float) -> float | None:
    """Return what a look says: a P99 in ms, infinite where nobody can tell, None without
    traffic.
    """
    value = sample.p99_ms.get(endpoint)
    if value is None:
        return math.inf if endpoint in sample.p99_unknown else None
    if endpoint not in sample.p99_beyond:
        return value
    # It is above the value: where that is the limit, the limit is broken.
    return math.inf if value < limit else math.nextafter(value, math.inf)


def _silent_for(seen: Sequence[Sample], looks: Sequence[float | None]) -> float:
    """For how long there has been no traffic, up to now: what hangs is in no histogram."""
    last = next(
        (one.data_s for one, look in zip(seen[::-1], looks[::-1], strict=True) if look is not None),
        seen[0].data_s,
    )
    return seen[-1].at_s - last


def _unknown_for(seen: Sequence[Sample], endpoint: str, limit: float) -> float:
    """For how long nobody has been able to tell: since the scrape of the last look that could."""
    since: float | None = None
    for sample in reversed(seen):
        if _look(sample, endpoint, limit) != math.inf:
            since = sample.data_s if since is not None else None
            break
        since = sample.data_s
    return 0.0 if since is None else seen[-1].at_s - since


def _median(ordered: Sequence[float]) -> float:
    return ordered[len(ordered) // 2]


def _why_unknown(seen: Sequence[Sample], endpoint: str) -> str:
    for sample in reversed(seen):
        value = sample.p99_ms.get(endpoint)
        if value is not None and endpoint in sample.p99_beyond:
            return (
                f"above {value:g} ms, the last bucket, and how far nobody can tell: give the "
                "histogram a bucket above the limit"
            )
        if endpoint in sample.p99_unknown:
            return sample.p99_unknown[endpoint]
    return "not known"
