"""Who is counting: after a switch the new side's counter moves, and the old side's stands still.

A fingerprint tells who answers *us*. A connection that an old worker of the proxy keeps, a second
proxy, a name that still resolves to the old address: there the old side goes on serving others, and
its own counter is what shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import PASS, CheckResult, failed, passed, undecided
from pytest_cutover.checklist.switch.checks import answers, unless_alike
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.opened import provider_of
from pytest_cutover.monitoring.providers.provider import Provider
from pytest_cutover.monitoring.queries import LATE_INTERVALS

_NO_PROMETHEUS = "[checklist.monitoring] says where the counters of both sides are"
_LOOKS_PER_INTERVAL = 4


@dataclass(frozen=True, slots=True)
class _Counts:
    """Both counters, each scraped after the moment it was asked for; `lacking` says why not."""

    baseline: float = 0.0
    candidate: float = 0.0
    lacking: str = ""

    def of(self, side: Side) -> float:
        return self.baseline if side is Side.BASELINE else self.candidate


def candidate_answers(context: Context) -> CheckResult:
    """Every one of twenty answers at the users' address is the candidate's, and so are the counts.

    The candidate's own counter moves; the baseline's does not.
    """
    return unless_alike(context) or counted(
        context, Side.CANDIDATE, lambda: answers(context, Side.CANDIDATE)
    )


def counted(context: Context, wanted: Side, asking: Callable[[], CheckResult]) -> CheckResult:
    """`asking` sends requests to the users' address; both counters are read around it.

    Passes where the wanted side's counter moved and the other's did not. The other side has
    `[checklist.switch] settle` to finish what it is at. Without Prometheus the fingerprint is all
    there is: in production that decides nothing.
    """
    monitoring, switch = context.table.monitoring, context.table.switch
    assert switch is not None
    if monitoring is None:
        result = asking()
        if context.plan.target.production and result.verdict is PASS:
            return undecided(f"{result.observed}; counters not known", _NO_PROMETHEUS)
        return result
    deadline = time.monotonic() + switch.settle * context.scale
    with provider_of(context, monitoring) as provider:
        wrong = [one for side in Side for one in provider.check(side, ()).mistakes]
        if wrong:
            raise MistakesError(context.config.source_name, wrong)
        while True:
            before = _scraped(provider, monitoring)
            result = asking()
            if result.verdict is not PASS:
                return result
            after = _scraped(provider, monitoring)
            found = _judged(wanted, before, after, result.observed)
            if found.verdict is PASS or time.monotonic() >= deadline:
                return found


def _judged(wanted: Side, before: _Counts, after: _Counts, observed: str) -> CheckResult:
    lacking = before.lacking or after.lacking
    if lacking:
        return undecided(f"{observed}; counters not known", lacking)
    moved = {side: after.of(side) - before.of(side) for side in Side}
    if any(more < 0 for more in moved.values()):
        return undecided(
            f"{observed}; a counter went backwards", "a process started anew between two looks"
        )
    old = wanted.other
    said = f"{observed}; counted {moved[wanted]:.0f} by the {wanted}, {moved[old]:.0f} by the {old}"
    limit = f"the {wanted}'s counter moves, the {old}'s does not"
    if moved[old]:
        why = (
            f"somebody still asks the {old}: a kept connection, a second proxy, an old address; "
            "probes of the platform are to be left out of [checklist.monitoring.queries] requests"
        )
        return failed(said, why, limit=limit)
    if not moved[wanted]:
        why = f"the {wanted} answered, and its counter stands still: [checklist.monitoring.queries]"
        return undecided(said, why)
    return passed(said, limit=limit)


def _scraped(provider: Provider, table: Monitoring) -> _Counts:
    """Both counters, once each has been scraped after now."""
    started_s = time.monotonic()
    values: dict[Side, float] = {}
    lacking = ""
    while len(values) < len(Side):
        for side in Side:
            if side in values:
                continue
            asked_s = time.monotonic()
            counted = provider.traffic(side, errors=False)
            if counted.problem:
                lacking = f"the counter of the {side} cannot be read: {counted.problem}"
            elif asked_s - counted.age_s < started_s:
                lacking = f"nothing was scraped of the {side} since it was asked"
            elif counted.down:
                lacking = f"{', '.join(sorted(counted.down))} of the {side} cannot be scraped"
            else:
                values[side] = sum(one.requests for one in counted.processes.values())
        if len(values) < len(Side):
            if time.monotonic() - started_s > LATE_INTERVALS * table.interval:
                return _Counts(lacking=lacking)
            time.sleep(table.interval / _LOOKS_PER_INTERVAL)
    return _Counts(values[Side.BASELINE], values[Side.CANDIDATE])
