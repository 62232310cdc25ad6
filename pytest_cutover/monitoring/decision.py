"""The decision matrix over time: from what was seen so far to the action. Pure.

`standing` is a function of the whole history, so that the same samples always give the same answer.
A condition *holds for* a duration from its first sight until it is refuted: by the share since then
falling back, or by a stretch at the end in which so few errors came that the true rate is below the
limit with 95 % confidence. One interval without an error, at 2 % and few requests, refutes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_cutover.checklist.results import (
    ActionName,
    CheckResult,
    failed,
    passed,
    undecided,
)
from pytest_cutover.config.monitoring import ProbeKind
from pytest_cutover.monitoring.error_rate import error_rate as rate_of
from pytest_cutover.monitoring.error_rate import no_5xx
from pytest_cutover.monitoring.latency import latency_of
from pytest_cutover.monitoring.samples import (
    SHAPE_ALONE,
    ProbeResult,
    Sample,
    TriggerLimits,
    blind_for,
    jumped_s,
)
from pytest_cutover.monitoring.traffic import Flow, flow_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerState:
    """Where things stand: the action, whether watching on would change it, and why."""

    action: ActionName
    ended: bool
    reasons: tuple[str, ...]
    error_rate: CheckResult
    p99: CheckResult
    no_5xx: CheckResult
    probes: CheckResult
    flow: Flow
    blind: bool = False
    certain: bool = True


def standing(samples: Sequence[Sample], limits: TriggerLimits) -> TriggerState:
    """Return what the history demands. `samples` are in the order of time, the first at the
    beginning.
    """
    flow = flow_of(samples)
    blind_s = blind_for(samples)
    error_rate = rate_of(flow, samples, limits)
    latency = latency_of(samples, limits)
    single = no_5xx(flow, samples)
    probes = _probes(samples)
    results = (error_rate, latency, single, probes)
    certain = bool(samples) and samples[-1].seen
    elapsed = samples[-1].at_s - samples[0].at_s if samples else 0.0
    blind = blind_s >= limits.blind_s or abs(jumped_s(samples)) >= limits.blind_s
    over = blind or elapsed >= limits.window_s
    action = max(
        (_demanded(result) for result in results),
        key=lambda name: name.urgency,
        default=ActionName.KEEP_MONITORING,
    )
    reasons = [result.message or result.observed for result in results if result.action]
    if not certain:
        missing = samples[-1].problem if samples else "nothing was asked yet"
        reasons.append(f"no data for {blind_s:.0f} s: {missing}")
    # Who can ask nothing is never told to keep the traffic where it is.
    if (blind or not certain) and action.urgency < ActionName.INVESTIGATE.urgency:
        action = ActionName.INVESTIGATE if over else ActionName.HOLD
    return TriggerState(
        action=action,
        ended=action is ActionName.ROLL_BACK or over,
        reasons=tuple(reasons),
        error_rate=error_rate,
        p99=latency,
        no_5xx=single,
        probes=probes,
        flow=flow,
        blind=blind,
        certain=certain,
    )


def _demanded(result: CheckResult) -> ActionName:
    return result.action or ActionName.KEEP_MONITORING


def _probes(samples: Sequence[Sample]) -> CheckResult:
    every = [(one, probed) for one in samples for probed in one.probes]
    if not every:
        return undecided("no probes", "none is configured: add [[checklist.monitoring.probes]]")
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
    departed = [probed for _, probed in every if probed.departure]
    if departed:
        last = departed[-1]
        return failed(
            f"{last.name} departs from the baseline",
            f"{last.name}: {last.departure} ({last.held})",
            limit="as the baseline answers",
            action=ActionName.INVESTIGATE,
        )
    unknown = [probed for _, probed in every if probed.ok is None]
    if unknown:
        return undecided(f"{unknown[-1].name} could not be asked", unknown[-1].message)
    names = dict.fromkeys(probed.name for _, probed in every)
    weak = dict.fromkeys(probed.name for _, probed in every if probed.held == SHAPE_ALONE)
    held = f"; {', '.join(weak)}: {SHAPE_ALONE}" if weak else ""
    return passed(
        f"{len(every)} probe{'s' * (len(every) != 1)} succeeded: {', '.join(names)}{held}"
    )


def _failures(samples: Sequence[Sample]) -> Iterator[ProbeResult]:
    for sample in samples:
        yield from (probed for probed in sample.probes if probed.ok is False)
