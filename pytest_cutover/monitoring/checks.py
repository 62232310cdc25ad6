"""The monitoring phase as checks: one watch, of which each item takes its part; and every check.

`READY_MADE` is what the checklist is given to run: its own checks, and those that look at metrics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pytest_cutover.checklist.checks import CHECKS
from pytest_cutover.checklist.context import CheckFunction, Context
from pytest_cutover.checklist.results import OPEN, PASS, ActionName, CheckResult, undecided
from pytest_cutover.config.checklist import Phase
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.counters import candidate_answers
from pytest_cutover.monitoring.decision import TriggerState
from pytest_cutover.monitoring.observability import logging
from pytest_cutover.monitoring.retirement import no_traffic
from pytest_cutover.monitoring.watch import Watch, limits_of

_NOT_CONFIGURED = "[checklist.monitoring] says where the numbers are"


def error_rate(context: Context) -> CheckResult:
    """Judge the candidate's error rate over the window."""
    return _part(context, "error_rate")


def p99(context: Context) -> CheckResult:
    """Judge the candidate's P99 by endpoint over the window."""
    return _part(context, "p99")


def no_5xx(context: Context) -> CheckResult:
    """No 5xx at all in the window; a single one is monitored."""
    return _part(context, "no_5xx")


def probes(context: Context) -> CheckResult:
    """Check that what users do works, again and again through the window."""
    return _part(context, "probes")


def normal(context: Context) -> CheckResult:
    """Check that the error rate was normal for 5 minutes: of the baseline after a rollback."""
    table = context.table.monitoring
    if table is None:
        return undecided("not configured", _NOT_CONFIGURED)
    side = Side.BASELINE if context.plan.phase == Phase.ROLLBACK else Side.CANDIDATE
    limits = limits_of(context, table, window_s=table.normal)
    # Five minutes are not long: that the rate is far from a trigger is what they can show.
    limits = replace(limits, enough_requests=math.ceil(3 / table.error_rate_prepare))
    found = Watch(context, table, side, limits).run(probing=False)
    result = found.error_rate
    observed = f"{side}: {result.observed} in {limits.window_s:.0f} s"
    if found.blind:
        return undecided(observed, found.reasons[-1])
    return replace(result, observed=observed, action=_calmer(result.action, context))


def _calmer(action: ActionName | None, context: Context) -> ActionName | None:
    """After a rollback there is nothing left to roll back to."""
    if context.plan.phase == Phase.ROLLBACK and action is not None:
        return ActionName.INVESTIGATE
    return action


def watched(context: Context) -> TriggerState | None:
    """Return the one watch of this run; None where nothing is configured."""
    table = context.table.monitoring
    if table is None:
        return None
    if "watch" not in context.shared:
        limits = limits_of(context, table)
        context.shared["watch"] = Watch(context, table, Side.CANDIDATE, limits).run()
    found: TriggerState = context.shared["watch"]
    return found


def _part(context: Context, name: str) -> CheckResult:
    found = watched(context)
    if found is None:
        return undecided("not configured", _NOT_CONFIGURED)
    result: CheckResult = getattr(found, name)
    if found.blind and name != "probes" and result.verdict is PASS:
        result = replace(result, verdict=OPEN, message=found.reasons[-1])
    if result.verdict is OPEN and result.action is None:
        result = replace(result, action=ActionName.INVESTIGATE)
    return result


READY_MADE: Final[Mapping[str, CheckFunction]] = {
    **CHECKS,
    "logging": logging,
    "switch.candidate-answers": candidate_answers,
    "monitoring.error-rate": error_rate,
    "monitoring.p99": p99,
    "monitoring.no-5xx": no_5xx,
    "monitoring.probes": probes,
    "monitoring.normal": normal,
    "after.no-traffic": no_traffic,
}
"""Every check there is, by the name that items use."""
