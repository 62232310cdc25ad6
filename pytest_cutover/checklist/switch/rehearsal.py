"""Moving the traffic there and back with the team's own commands, under load."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pytest_cutover.backends.http import library as http
from pytest_cutover.checklist.commands import Ran, run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.checklist.switch.load import CLOSED, UserTraffic
from pytest_cutover.checklist.switch.timeline import Moved, arrived, moved
from pytest_cutover.config.command import Command
from pytest_cutover.config.monitoring import RehearsalWrite, Switch
from pytest_cutover.core.exchange import Side

_BEFORE_S = 1.0
_LOOK_S = 0.2
_KEPT_ALIVE = (
    ". nginx closes kept-alive connections as it reloads, and no client may send a POST twice: "
    "say `keepalive_timeout 0;` in front of the users for as long as traffic is moved, or, from "
    "nginx 1.27.4 on, `keepalive_min_timeout`"
)


def rehearse(context: Context, table: Switch) -> CheckResult:
    """There and back, and the baseline answers at the end. The caller has seen to consent."""
    assert table.to_candidate is not None
    assert table.to_baseline is not None
    moves: list[Moved] = []
    with UserTraffic(table, context).running() as load:
        time.sleep(_BEFORE_S)
        for to, command in (
            (Side.CANDIDATE, table.to_candidate),
            (Side.BASELINE, table.to_baseline),
        ):
            time.sleep(_BEFORE_S)
            found = move(context, table, load, to, command)
            if isinstance(found, CheckResult):
                _back(context, table, load, moves)
                return found
            moves.append(found)
            if not found.arrived:
                _back(context, table, load, moves)
                break
    return _judged(context, table, moves, load)


def _judged(
    context: Context, table: Switch, moves: Sequence[Moved], load: UserTraffic
) -> CheckResult:
    """Return what the moves and the writes come to; the traffic is back where it began."""
    said = "; ".join(str(one) for one in moves)
    stuck = [one for one in moves if not one.arrived]
    lost = sum(one.lost for one in moves)
    if stuck:
        return failed(
            said, f"after {table.settle:g} s the {stuck[0].to.other} still answered", limit="all"
        )
    if lost > table.lost:
        why = next(one.why_lost for one in moves if one.lost)
        advice = _KEPT_ALIVE if CLOSED in why else ""
        return failed(said, f"the first was lost: {why}{advice}", limit=f"{table.lost} lost")
    limit = f"{table.lost} lost"
    if not table.writes:
        return passed(f"{said}; reads only: no writes are configured", limit=limit)
    if not context.plan.target.may_write:
        return passed(f"{said}; reads only: this target has no `writes = true`", limit=limit)
    if load.refused or not load.saved:
        why = load.refused or "none was sent"
        return undecided(f"{said}; {len(load.saved)} writes acknowledged", f"of others: {why}")
    gone = unreadable(context, load.saved)
    said = f"{said}; {len(load.saved)} writes acknowledged, {len(gone)} not readable afterwards"
    if gone:
        return failed(said, context.scrub(f"on the baseline: {gone[0]}"), limit="every one of them")
    return passed(said, limit=limit)


def unreadable(context: Context, saved: Sequence[tuple[RehearsalWrite, str]]) -> list[str]:
    """Return what was acknowledged, and the baseline does not give it back; one line for each."""
    gone = []
    with context.client(Side.BASELINE) as client:
        for write, path in saved:
            try:
                status = client.get(path).status_code
            except http.TransportError as error:
                gone.append(f"{write.name}: GET {path}: {type(error).__name__}")
            else:
                if status != 200:
                    gone.append(f"{write.name}: GET {path} answers {status}")
    return gone


def move(
    context: Context, table: Switch, load: UserTraffic, to: Side, command: Command
) -> Moved | CheckResult:
    """Test the proxy's configuration, run one command, and wait until the old side is silent."""
    before = load.taken()
    if not any(one.side is to.other for one in before):
        return undecided(
            f"the {to.other} was not answering before", "a move starts from the other side"
        )
    if table.test is not None:
        tested = run(table.test, context)
        if not tested.succeeded:
            return _unfinished("configuration test", tested)
    started_s = time.monotonic()
    ran = run(command, context)
    if not ran.succeeded:
        return _unfinished(f"command to the {to}", ran)
    answers = [*before, *load.taken()]
    after = len(answers)
    deadline = time.monotonic() + table.settle
    while time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        answers += load.taken()
        if arrived(answers[after:], to):
            break
    return moved(answers, to, started_s)


def _unfinished(what: str, ran: Ran) -> CheckResult:
    """Tell a command that said no, which has failed, from one that hung or did not start."""
    if ran.problem:
        return undecided(f"{what}: {ran.problem}", ran.tail, next=ran.shown)
    return failed(f"{what}: status {ran.status}", ran.tail, next=ran.shown)


def _back(context: Context, table: Switch, load: UserTraffic, moves: Sequence[Moved]) -> None:
    """Whatever went wrong, the traffic is to end where it began."""
    if table.to_baseline is not None and not (moves and moves[-1].to is Side.BASELINE):
        run(table.to_baseline, context)
    load.taken()
