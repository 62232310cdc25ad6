"""May the baseline be retired: nobody has asked it anything for a week, by its own counter."""

from __future__ import annotations

from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.monitoring.providers.opened import provider_of
from pytest_cutover.monitoring.providers.provider import FigureName
from pytest_cutover.monitoring.queries import value_of

# What a week of scrapes may lack at its beginning.
_COVERED_SHARE = 0.98


def no_traffic(context: Context) -> CheckResult:
    """No request reached the baseline in the last `quiet`, all of which was recorded."""
    monitoring = context.table.monitoring
    if monitoring is None:
        return undecided("not configured", "[checklist.monitoring] says where the numbers are")
    quiet_s = context.table.after.quiet * context.scale
    hours = f"{quiet_s / 3600:.1f} h"
    source = context.config.source_name
    with provider_of(context, monitoring) as provider:
        requests = provider.figure(FigureName.BASELINE_REQUESTS, span_s=quiet_s)
        covered = provider.figure(FigureName.COVERED, span_s=quiet_s)
    seen = value_of(requests, source=source)
    recorded_s = value_of(covered, source=source)
    if seen is not None and seen >= 0.5:
        return failed(
            f"{seen:.0f} requests in the last {quiet_s / 3600:.0f} h",
            "somebody still uses the baseline: its log says who",
            limit="0",
        )
    if covered is None and seen is not None:
        return undecided(
            f"no request in the last {hours}, as far as was recorded",
            "nothing says that all of it was: [checklist.monitoring.commands] covered prints for "
            "how many seconds since {since}; or sign for this item",
        )
    if seen is None or recorded_s is None:
        said = " ".join(one.reading.message for one in (requests, covered) if one is not None)
        return undecided("no data", f"the baseline's counter cannot be read: {said.strip()}")
    if recorded_s < quiet_s * _COVERED_SHARE:
        return undecided(
            f"recorded for {recorded_s / 3600:.1f} h",
            f"{hours} without a request have to be on record",
        )
    return passed(f"no request in the last {hours}", limit="0")
