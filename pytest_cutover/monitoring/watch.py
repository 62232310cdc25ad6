"""Looking again and again until the window is over, or a trigger fires."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from pytest_cutover.checklist.actions import action_to_take
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.endpoint import normalise
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.core.exchange import Exchange, Side
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.gate.artifacts import scrubbed
from pytest_cutover.monitoring.decision import TriggerState, standing
from pytest_cutover.monitoring.probes import Prober
from pytest_cutover.monitoring.progress import (
    SideView,
    line,
    live_points,
    live_probes,
    live_side,
    live_triggers,
)
from pytest_cutover.monitoring.providers.opened import provider_of
from pytest_cutover.monitoring.providers.provider import ProcessCounts, Provider
from pytest_cutover.monitoring.queries import LATE_INTERVALS
from pytest_cutover.monitoring.samples import ProbeResult, Sample, TriggerLimits, blind_for
from pytest_cutover.report.live import Live, LiveState, live_path, write_live

# Two clocks of one machine that drift apart by more between two looks: one was set, or it slept.
_JUMP_S: Final = 2.0
_PROBES_PER_INTERVAL: Final = 2
# A probe takes its time, and while it does nobody writes.
_SILENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """What durations are taken from, and what days are; a test has clocks of its own."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


def limits_of(
    context: Context, table: Monitoring, *, window_s: float | None = None
) -> TriggerLimits:
    """Return the limits of a run, its durations scaled. P99 limits are those of the performance
    gate.
    """
    scale = context.scale
    performance = context.config.performance
    p99 = dict(table.p99_ms)
    for endpoint, own in (performance.endpoints if performance else {}).items():
        if own.p99_ms is not None:
            p99[str(endpoint)] = own.p99_ms
    return TriggerLimits(
        window_s=(table.window if window_s is None else window_s) * scale,
        blind_s=max(table.blind * scale, LATE_INTERVALS * table.interval),
        error_rate=table.error_rate,
        prepare=table.error_rate_prepare,
        roll_back=table.error_rate_roll_back,
        roll_back_for_s=table.error_rate_for * scale,
        p99_ms={normalise(endpoint): limit for endpoint, limit in p99.items()},
        p99_factor=table.p99_factor,
        p99_for_s=table.p99_for * scale,
        enough_requests=table.enough_requests,
    )


class Watch:
    """One side, watched through one provider; the other is looked at beside it.

    Only the watched side decides. `run` looks until it has ended.
    """

    def __init__(
        self,
        context: Context,
        table: Monitoring,
        side: Side,
        limits: TriggerLimits,
        clocks: Clocks = Clocks(),
    ) -> None:
        self._context = context
        self._table = table
        self._side = side
        self._limits = limits
        self._clocks = clocks
        self._provider: Provider
        self._began_s = self._began_epoch_s = 0.0
        self._probe_next_s = -math.inf
        self._live = live_path(
            context.plan.report_dir, context.plan.target.name, str(context.plan.phase)
        )
        self.samples: list[Sample] = []
        self.others: list[Sample] = []

    def run(self, *, probing: bool = True) -> TriggerState:
        """Look in every interval until the standing has ended; return how it stands.

        Raises MistakesError for what is asked wrongly, so that no waiting would help.
        """
        url = self._context.table.switch.url if self._context.table.switch else None
        with ExitStack() as stack:
            self._provider = stack.enter_context(provider_of(self._context, self._table))
            prober = None
            if probing:
                public, heard = None, list[Exchange]()
                if url:
                    # Logging in is a POST that writes nothing; the prober refuses the others.
                    client = self._context.public_client(url, writes=True, heard=heard)
                    public = stack.enter_context(client)
                prober = Prober(self._context, public, heard)
            self._check()
            return self._looking(prober)

    def _check(self) -> None:
        """Tell at once what cannot be told; raise what is asked wrongly."""
        found = self._provider.check(self._side, tuple(self._limits.p99_ms))
        if found.mistakes:
            raise MistakesError(self._context.config.source_name, list(found.mistakes))
        for notice in found.notices:
            said = f"cutover: {self._side}: cannot tell as yet: {notice}"
            self._context.say(one_line(said))

    def _looking(self, prober: Prober | None) -> TriggerState:
        clocks, interval_s = self._clocks, self._table.interval
        self._began_s = next_s = clocks.monotonic()
        self._began_epoch_s = clocks.wall()
        jump_base_s = self._began_epoch_s - self._began_s
        said_s, said = -interval_s, ""
        found: TriggerState | None = None
        try:
            while True:
                apart_s = clocks.wall() - clocks.monotonic()
                jump_s = apart_s - jump_base_s if abs(apart_s - jump_base_s) > _JUMP_S else 0.0
                if jump_s:
                    jump_base_s = apart_s
                self.samples.append(self.look(prober, jump_s=jump_s))
                found = standing(self.samples, self._limits)
                now_s = self.samples[-1].at_s
                if found.ended or found.action != said or now_s - said_s >= interval_s:
                    self._look_at_the_other()
                    shown = one_line(self._line(found))
                    self._context.say(shown)
                    said_s, said = now_s, found.action
                    self._write(found, shown, LiveState.ENDED if found.ended else None)
                if found.ended:
                    return found
                pause_s = interval_s / self._provider.looks_per_interval
                next_s = max(next_s + pause_s, clocks.monotonic())
                clocks.sleep(max(0.0, next_s - clocks.monotonic()))
        except BaseException:
            if found is not None and not found.ended:
                self._write(found, self._line(found), LiveState.INTERRUPTED)
            raise

    def look(self, prober: Prober | None, *, jump_s: float = 0.0) -> Sample:
        """One sample of the watched side, with its probes."""
        now_s = self._clocks.monotonic()
        probes: tuple[ProbeResult, ...] = ()
        if prober is not None and now_s >= self._probe_next_s:
            # Numbers are looked at more often: a probe is a user's request, and may log in.
            self._probe_next_s = now_s + self._table.interval / _PROBES_PER_INTERVAL
            probes = prober.ask(self._table.probes)
        sample = replace(self._numbers(self._side), probes=probes)
        if not jump_s:
            return sample
        problem = f"the clock of this machine jumped by {jump_s:+.0f} s, or it slept"
        return replace(sample, jump_s=jump_s, problem=problem)

    def _look_at_the_other(self) -> None:
        """Ask the other side too, for the line and for live.json; it decides nothing."""
        last = self.samples[-1]
        if last.problem:  # Who could not be asked just now is not waited for twice.
            self.others.append(Sample(at_s=last.at_s, problem=last.problem))
        else:
            self.others.append(self._numbers(self._side.other))

    def _numbers(self, side: Side) -> Sample:
        at_s = self._clocks.monotonic() - self._began_s
        traffic = self._provider.traffic(side)
        problem = traffic.problem
        if not problem and traffic.age_s > LATE_INTERVALS * self._table.interval:
            problem = f"the newest sample is {traffic.age_s:.0f} s old: the numbers lag"
        if problem:
            return Sample(at_s=at_s, problem=problem)
        p99 = self._provider.p99(side, tuple(self._limits.p99_ms))
        return Sample(
            at_s=at_s,
            counts={name: self._in_watch(one) for name, one in traffic.processes.items()},
            down=traffic.down,
            doubt=traffic.doubt,
            p99_ms={endpoint: one.value for endpoint, one in p99.items()},
            p99_unknown={endpoint: one.message for endpoint, one in p99.items() if one.message},
            p99_beyond=frozenset(endpoint for endpoint, one in p99.items() if one.beyond),
            age_s=traffic.age_s,
        )

    def _in_watch(self, counts: ProcessCounts) -> ProcessCounts:
        """Return the same with its start in seconds of this watch."""
        if counts.started_s is None:
            return counts
        return replace(counts, started_s=counts.started_s - self._began_epoch_s)

    def _views(self) -> tuple[SideView, SideView]:
        recent_s = max(self._table.range, 2 * self._table.interval)
        return (
            SideView.of(self._side, self.samples, recent_s),
            SideView.of(self._side.other, self.others, recent_s),
        )

    def _line(self, found: TriggerState) -> str:
        return line(found, *self._views(), self._limits)

    def _write(self, found: TriggerState, shown: str, state: LiveState | None) -> None:
        """Rewrite live.json. Who cannot read it is told nothing; the watch goes on."""
        plan, watched, other = self._context.plan, *self._views()
        sides = {view.side: live_side(view) for view in (watched, other)}
        live = Live(
            target=plan.target.name,
            phase=str(plan.phase),
            run_id=plan.run_id,
            state=state or LiveState.WATCHING,
            started=_moment(self._began_epoch_s),
            updated=_moment(self._clocks.wall()),
            stale_after_s=LATE_INTERVALS * self._table.interval + _SILENCE_S,
            elapsed_s=self.samples[-1].at_s,
            window_s=self._limits.window_s,
            time_scale=self._context.scale,
            watched=str(self._side),
            action=action_to_take(
                found.action, plan.phase, plan.target.name, self._context.table.switch
            ),
            certain=found.certain,
            blind_s=blind_for(self.samples),
            reasons=found.reasons,
            line=shown,
            baseline=sides[Side.BASELINE],
            candidate=sides[Side.CANDIDATE],
            triggers=live_triggers(found, watched, self._limits),
            probes=live_probes(self.samples),
            points=live_points(watched, self._limits),
        )
        with suppress(OSError):
            write_live(self._live, scrubbed(live, self._context.scrub))


def _moment(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds")
