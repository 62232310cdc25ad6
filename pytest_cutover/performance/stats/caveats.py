"""The sentences that say what makes a figure doubtful, and what to do about it.

Called by the rules. Imports numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pytest_cutover.core.numbers import change, number, percent
from pytest_cutover.performance.stats.clustering import TailClusters
from pytest_cutover.performance.stats.counters import EndpointTally
from pytest_cutover.performance.stats.course import Trend
from pytest_cutover.performance.stats.decision import Caveat, Note
from pytest_cutover.performance.stats.median_ratio import Gap

MOST_TO_ASK_FOR = 100_000
"""Nobody is told to take more requests than this: at 5 ms each they are a quarter of an hour."""


def too_few(total: int, more: int | None, unit: str) -> Note:
    """Say that the samples are not enough for either answer."""
    if more is None:
        return Note(
            Caveat.TOO_FEW,
            f"so far the rate stands on its limit, where no number of {unit} decides: make it "
            "faster, or move the limit",
        )
    if more > MOST_TO_ASK_FOR:
        return Note(
            Caveat.TOO_FEW,
            f"so near its limit it takes more {unit} than a budget could ever send: make it "
            "faster, or move the limit",
        )
    return Note(
        Caveat.TOO_FEW,
        f"about {total + more:,} {unit} needed: give the run a larger time budget",
    )


def bursts(clusters: TailClusters, discount: float, more: int | None) -> Note:
    """Return the samples would be enough if slow requests came one by one."""
    seen = (
        f"{clusters.requests:,} slow requests came in {clusters.clusters:,} clusters of up to "
        f"{clusters.largest}"
        if clusters.requests
        else "slow requests came in clusters on the way to the limit or in the open-loop probe"
    )
    known = more is not None and more <= MOST_TO_ASK_FOR
    then = f"about {more:,} more are needed" if known else "more will not decide it"
    return Note(
        Caveat.BURSTS,
        f"{seen}: {discount:.1f} requests count as one, {then}; find what stalls the candidate "
        "(garbage collection, a lock, a shared host) or give the run a larger time budget",
    )


def environment(baseline_rate: float, allowed: float) -> Note:
    """Say that the baseline does not keep the limit either."""
    return Note(
        Caveat.ENVIRONMENT,
        f"the baseline breaks this limit too ({percent(baseline_rate, 2)} of its requests, "
        f"{percent(allowed, 2)} allowed): judge on a quieter or faster environment, or set a "
        "limit that the backend in service keeps",
    )


def one_outlier(largest_ms: float) -> Note:
    """Return a single request beyond twice the maximum: nothing to conclude from, worth a look."""
    return Note(
        Caveat.OUTLIER,
        f"one request took {largest_ms:.0f} ms, more than twice the limit: a second one would "
        "block the switch; look at the candidate's log at that time",
    )


def outliers(slow: int, candidate: int, baseline: int, needed: int | None) -> Note:
    """Several of them, which may be the machine's."""
    then = (
        f"{needed:,} more of the candidate alone would prove a failure"
        if needed is not None
        else "on this machine more will not tell"
    )
    return Note(
        Caveat.OUTLIER,
        f"{slow} requests took more than twice the limit; over all endpoints {candidate} blocks "
        f"had such outliers of the candidate alone and {baseline} of the baseline alone, {then}: "
        "find what stalls the candidate, or judge on a quieter machine",
    )


def throttled(baseline: int, candidate: int) -> Note:
    """Somebody answered 429: on which side, and how often."""
    counts = (("baseline", baseline), ("candidate", candidate))
    who = " and ".join(f"{count:,} of the {side}'s" for side, count in counts if count)
    only = next((f", and none of the {side}'s" for side, count in counts if not count), "")
    return Note(
        Caveat.THROTTLED,
        f"throttled: {who} requests were answered 429 (too many requests){only}: a refusal is no "
        "latency; lower the request-rate cap of the target, or lift the backend's limit for this "
        "client",
    )


def gap(found: Gap, pairs: int) -> Note:
    """Say that a median may be on either side of a stretch without answers."""
    return Note(
        Caveat.GAP,
        f"median in a gap: of {pairs} pairs {percent(found.baseline_share, 0)} of the baseline's "
        f"and {percent(found.candidate_share, 0)} of the candidate's requests were faster than the "
        f"gap between {found.lower_ms:.3g} and {found.upper_ms:.3g} ms, too near to half to tell "
        f"on which side of it the {found.side}'s median is: split the workload by what makes it "
        "slow (cache hit and miss), set absolute limits, or give the run a larger time budget",
    )


def left_out(tally: EndpointTally) -> Iterator[Note]:
    """Say which pairs of an endpoint were left out: its warm-up, failures of the baseline.

    And what is in one side's times alone: the connections that it does not keep.
    """
    if tally.cold:
        yield Note(
            Caveat.WARM_UP,
            f"warm-up: the first {tally.cold} requests of each side are left out of the latencies, "
            "since one side was slow until then; they count for errors and the maximum",
        )
    if tally.dropped:
        yield Note(
            Caveat.DROPPED,
            f"{tally.dropped} of {tally.dropped + tally.candidate.kept} pairs were dropped because "
            "the baseline's request failed or was throttled: look at the baseline's log",
        )
    if tally.not_kept:
        yield Note(
            Caveat.NOT_KEPT,
            f"the candidate ended its connection after {tally.candidate.reopened} of "
            f"{2 * tally.blocks} requests and the baseline after {tally.baseline.reopened}: "
            "opening another is in its times, as it is for its users",
        )


def noise(tally: EndpointTally, limit_ratio: float) -> Note | None:
    """Two neighbours of one side differ by more than the limit, as often as not."""
    both = [math.log(b / a) for pairs in tally.same_side.values() for a, b in pairs if a and b]
    if len(both) < 4:
        return None
    factor = math.exp(float(np.median(np.abs(both))))
    if factor < limit_ratio:
        return None
    return Note(
        Caveat.NOISE,
        f"two requests of one side, one right after the other, typically differ by a factor of "
        f"{factor:.2f}, more than the limit of {limit_ratio:.2f}: quieten the machine, or make "
        "the workload longer",
    )


def at_first(over: npt.NDArray[np.bool_]) -> Note:
    """Return the last requests keep the limit; ``over`` has them in order."""
    quarter = max(1, len(over) // 4)
    return Note(
        Caveat.WARM_UP,
        f"slow at first: {int(np.sum(over[:quarter]))} of the first {quarter} requests were over "
        f"the limit and {int(np.sum(over[-quarter:]))} of the last: warm the candidate up for "
        "longer before it is measured, or give the run a larger time budget",
    )


def trend(found: Trend) -> Note:
    """One side's latency has a direction that the other's has not."""
    if found.per_pair > 0 and found.candidate_ms > 0:
        sentence = (
            f"the candidate's latency grows by {number(found.candidate_ms)} ms with each request "
            "and the baseline's does not: look for what grows with them (a list in memory, a table "
            "without an index, a log)"
        )
    else:
        sentence = (
            f"the ratio of the medians went from {number(found.first)} in the first third of the "
            f"pairs to {number(found.last)} in the last, so that one number does not describe it: "
            "warm both sides up for longer, or give the run a larger time budget"
        )
    return Note(Caveat.TREND, sentence)


def diluted(baseline_ms: float, candidate_ms: float) -> Note:
    """Say that the machine was busy: the fastest requests, in ms, differ more than the medians."""
    return Note(
        Caveat.NOISE,
        f"on this busy machine both sides waited: a tenth of the requests took no more than "
        f"{number(baseline_ms)} ms on the baseline and {number(candidate_ms)} ms on the candidate "
        f"({change(candidate_ms / baseline_ms)}), which is over the limit: measure where it is "
        "quiet",
    )


def failed(share: float) -> Note:
    """Say that the candidate is slower only if its failed requests count as slow."""
    return Note(
        Caveat.SHAPE,
        f"{percent(share, 0)} of the candidate's requests failed, and without them its median is "
        "not shown to be over the limit: the error rate judges failures; fix those first",
    )
