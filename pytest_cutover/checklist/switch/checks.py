"""The switch as checks: who answers, what confirms it, and the rehearsal."""

from __future__ import annotations

from pytest_cutover.backends.http import library as http
from pytest_cutover.checklist.commands import checked
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.checklist.switch.fingerprint import who_answers
from pytest_cutover.checklist.switch.rehearsal import rehearse
from pytest_cutover.config.monitoring import Switch
from pytest_cutover.core.exchange import Side
from pytest_cutover.report.phase_words import ActionName

# Enough that a balancer which still knows both sides shows it: 2^-20 that it does not.
_ASKED = 20
_NOT_CONFIGURED = "[checklist.switch] says where users come in, and how to tell the sides apart"


def baseline_answers(context: Context) -> CheckResult:
    """Every one of twenty answers at the users' address is the baseline's."""
    return unless_alike(context) or answers(context, Side.BASELINE)


def unless_alike(context: Context) -> CheckResult | None:
    """Why the fingerprint cannot be asked; None where it can."""
    table = context.table.switch
    if table is None:
        return undecided("not configured", _NOT_CONFIGURED)
    return _tells_apart(context, table)


def answers(context: Context, wanted: Side) -> CheckResult:
    """Ask twenty times at the users' address: every answer must be the wanted side's."""
    table = context.table.switch
    assert table is not None
    counts: dict[Side | None, int] = {}
    for _ in range(_ASKED):
        try:
            # A new connection each time: a kept one sticks to the side that it began with.
            with context.public_client(table.url, writes=False) as client:
                side = who_answers(client, table.fingerprint)
        except http.TransportError as error:
            return failed(
                f"nobody answers: {type(error).__name__}",
                f"GET {table.fingerprint.path} at the users' address was not answered",
                action=ActionName.ROLL_BACK if wanted is Side.CANDIDATE else None,
            )
        counts[side] = counts.get(side, 0) + 1
    said = ", ".join(f"{count} by {side or 'nobody known'}" for side, count in counts.items())
    if set(counts) == {wanted}:
        return passed(f"{_ASKED} of {_ASKED} answers by the {wanted}")
    command = table.to_candidate if wanted is Side.CANDIDATE else table.to_baseline
    stayed = set(counts) == {wanted.other} and command is not None
    return failed(
        f"{_ASKED} answers: {said}",
        "the traffic has not been moved yet" if stayed else "",
        limit=f"all by the {wanted}",
        next=command.shown if stayed and command is not None else "",
    )


def _tells_apart(context: Context, table: Switch) -> CheckResult | None:
    """Ask both sides directly: a fingerprint that cannot tell the two apart tells nothing."""
    for side in Side:
        if side in context.session.problems:
            continue
        try:
            with context.client(side) as client:
                found = who_answers(client, table.fingerprint)
        except http.TransportError:
            continue
        if found is not side:
            return undecided(
                "the fingerprint does not tell the sides apart",
                f"the {side}, asked directly, looks like {found or 'neither'}; mend the patterns "
                "of [checklist.switch.fingerprint]",
            )
    return None


def confirmed(context: Context) -> CheckResult:
    """Check that the team's own command finds the switch in the logs."""
    table = context.table.switch
    if table is None or table.confirmed is None:
        return undecided("not configured", "[checklist.switch] confirmed is the command")
    return checked(table.confirmed, context, what="logs")


def rehearsal(context: Context) -> CheckResult:
    """There and back for real, under load; only on a target that consents, never in production."""
    table, target = context.table.switch, context.plan.target
    if table is None or table.to_candidate is None or table.to_baseline is None:
        return undecided(
            "not configured", "[checklist.switch] to_candidate and to_baseline are the commands"
        )
    if target.production:
        return undecided(
            "not rehearsed in production",
            "production is only looked at; rehearse on staging and sign for it here",
        )
    if not target.switch:
        return undecided(
            "no consent",
            f"set `switch = true` in [targets.{target.name}] if its traffic may be moved",
        )
    problem = _tells_apart(context, table)
    return problem or rehearse(context, table)
