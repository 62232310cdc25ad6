"""May the baseline be retired: nobody has asked it anything for a week, by its own counter."""

from __future__ import annotations

from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.monitoring.providers.opened import prometheus_of
from pytest_cutover.monitoring.providers.prometheus_provider import mistake_of

# What a week of scrapes may lack at its beginning.
_COVERED_SHARE = 0.98


def no_traffic(context: Context) -> CheckResult:
    """No request reached the baseline in the last `quiet`, all of which was recorded."""
    monitoring, after = context.table.monitoring, context.table.after
    if monitoring is None:
        return undecided("not configured", "[checklist.monitoring] says where Prometheus is")
    if monitoring.prometheus is None:
        return undecided(
            "not known",
            "a week on record is asked of Prometheus; mark a test for this item, or sign for it",
        )
    quiet_s = after.quiet * context.scale
    span = f"{max(1, round(quiet_s))}s"
    with prometheus_of(context, monitoring) as prometheus:
        readings = {
            name: prometheus.value(getattr(after, name).replace("{range}", span))
            for name in ("baseline_requests", "covered")
        }
    wrong = [
        mistake
        for name, reading in readings.items()
        if (mistake := mistake_of(f"checklist.after.{name}", reading)) is not None
    ]
    if wrong:
        raise MistakesError(context.config.source_name, wrong)
    requests, covered = readings["baseline_requests"], readings["covered"]
    if requests.value is None or covered.value is None:
        said = requests.message or covered.message
        return undecided("no data", f"the baseline's counter cannot be read: {said}")
    if covered.value < quiet_s * _COVERED_SHARE:
        return undecided(
            f"recorded for {covered.value / 3600:.1f} h",
            f"{quiet_s / 3600:.1f} h without a request have to be on record",
        )
    if requests.value >= 0.5:
        return failed(
            f"{requests.value:.0f} requests in the last {quiet_s / 3600:.0f} h",
            "somebody still uses the baseline: its log says who",
            limit="0",
        )
    return passed(f"no request in the last {quiet_s / 3600:.1f} h", limit="0")
