"""How a watch stands: one line for the terminal, the parts of live.json for others. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pytest_cutover.checklist.results import ActionName
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.numbers import UNKNOWN, number, percent
from pytest_cutover.monitoring.decision import TriggerState
from pytest_cutover.monitoring.samples import Sample, TriggerLimits
from pytest_cutover.monitoring.traffic import Flow, flow_of
from pytest_cutover.monitoring.triggers import Trigger, triggers
from pytest_cutover.report.live import LivePoint, LiveProbe, LiveSide, LiveTrigger

_MOST_POINTS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One side as it is watched: its looks, and what came between them.

    A rate is that of the last `recent_s` seconds: between two scrapes there is none.
    """

    side: Side
    samples: Sequence[Sample]
    flow: Flow
    recent_s: float

    @classmethod
    def of(cls, side: Side, samples: Sequence[Sample], recent_s: float) -> SideView:
        """Return the view of a history."""
        return cls(side=side, samples=samples, flow=flow_of(samples), recent_s=recent_s)

    @property
    def known(self) -> bool:
        """Whether the last look could read it."""
        return bool(self.samples) and self.samples[-1].seen

    @property
    def rates(self) -> tuple[float | None, float | None]:
        """Requests per second and the share of errors among them, of late; None for unknown."""
        if not self.known or not self.flow.parts:
            return None, None
        end_s = self.flow.parts[-1].end_s
        late = [part for part in self.flow.parts if part.start_s >= end_s - self.recent_s - 0.001]
        late = late or list(self.flow.parts[-1:])
        seconds = end_s - late[0].start_s
        requests = sum(part.requests for part in late)
        errors = sum(part.errors for part in late)
        return requests / seconds if seconds > 0 else None, errors / requests if requests else None

    def p99_ms(self) -> dict[str, float]:
        """Return what is known of the P99 of each endpoint."""
        seen = self.samples[-1].p99_ms if self.known else {}
        return {endpoint: value for endpoint, value in seen.items() if value is not None}

    def p99_text(self, endpoint: str) -> str:
        """Return a P99 with its unit; a dash where there is none."""
        value = self.p99_ms().get(endpoint)
        if value is None:
            return UNKNOWN
        beyond = self.known and endpoint in self.samples[-1].p99_beyond
        return f"{'above ' if beyond else ''}{number(value)} ms"


def line(found: TriggerState, watched: SideView, other: SideView, limits: TriggerLimits) -> str:
    """One line: both sides' rates and P99, the action, why, and what is next to act."""
    now_s = watched.samples[-1].at_s
    endpoint = _worst(watched, limits.p99_ms)
    shown = [_side(watched, endpoint, limits.p99_ms), _side(other, endpoint, {})]
    reasons = [*found.reasons, *_next(triggers(found.flow, watched.samples, limits))]
    why = f" ({'; '.join(reasons)})" if reasons else ""
    blank = not found.certain and found.action is ActionName.HOLD
    return (
        f"cutover: {clock(now_s)} of {clock(limits.window_s)}  {' · '.join(shown)}, "
        f"{found.probes.observed} → {'cannot tell' if blank else found.action}{why}"
    )


def clock(seconds: float) -> str:
    """Return a duration as minutes and seconds."""
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def live_side(view: SideView) -> LiveSide:
    """Return a side for live.json."""
    per_s, share = view.rates
    last = view.samples[-1] if view.samples else None
    return LiveSide(
        requests=view.flow.requests if view.known else None,
        errors=view.flow.errors if view.known else None,
        requests_per_s=per_s,
        error_rate=share,
        p99_ms=view.p99_ms(),
        p99_beyond=tuple(sorted(last.p99_beyond)) if last is not None else (),
        instances=len(last.counts) if last is not None and last.seen else None,
        problem=last.problem if last is not None else "",
    )


def live_triggers(
    found: TriggerState, watched: SideView, limits: TriggerLimits
) -> tuple[LiveTrigger, ...]:
    """Return the conditions that hold, for live.json."""
    return tuple(
        LiveTrigger(
            condition=one.condition,
            action=str(one.action),
            held_s=one.held_s,
            needed_s=one.needed_s,
            acts_in_s=one.left_s,
        )
        for one in triggers(found.flow, watched.samples, limits)
    )


def live_probes(samples: Sequence[Sample]) -> tuple[LiveProbe, ...]:
    """How each probe answered last, and how often it has failed."""
    found: dict[str, LiveProbe] = {}
    for sample in samples:
        for probe in sample.probes:
            before = found.get(probe.name)
            failures = (before.failures if before else 0) + (probe.ok is False)
            found[probe.name] = LiveProbe(
                name=probe.name, ok=probe.ok, message=probe.message, failures=failures
            )
    return tuple(found.values())


def live_points(watched: SideView, limits: TriggerLimits) -> tuple[LivePoint, ...]:
    """Return the last looks, for a chart; a look that could read nothing is a gap."""
    parts = {part.end_s: part for part in watched.flow.parts}
    points = []
    for sample in watched.samples[-_MOST_POINTS:]:
        part = parts.get(sample.data_s) if sample.seen else None
        length_s = part.end_s - part.start_s if part is not None else 0.0
        shares = [
            value / limits.p99_ms[endpoint]
            for endpoint, value in sample.p99_ms.items()
            if value is not None and endpoint in limits.p99_ms
        ]
        points.append(
            LivePoint(
                at_s=sample.at_s,
                requests_per_s=part.requests / length_s if part and length_s else None,
                error_rate=part.errors / part.requests if part and part.requests else None,
                p99_share=max(shares) if sample.seen and shares else None,
            )
        )
    return tuple(points)


def _worst(view: SideView, limits_ms: Mapping[str, float]) -> str:
    """Return the endpoint whose P99 is nearest to its limit, or the first."""
    known = view.p99_ms()
    shares = {one: known[one] / limit for one, limit in limits_ms.items() if one in known}
    return max(shares, key=lambda one: shares[one]) if shares else next(iter(limits_ms), "")


def _side(view: SideView, endpoint: str, limits_ms: Mapping[str, float]) -> str:
    if not view.known:
        return f"{view.side}: no data"
    per_s, share = view.rates
    told = [
        f"{view.side} {number(per_s)}/s",
        f"5xx {UNKNOWN if share is None else percent(share, 2)}",
    ]
    if endpoint:
        limit = f" of {limits_ms[endpoint]:g} ({endpoint})" if endpoint in limits_ms else ""
        told.append(f"p99 {view.p99_text(endpoint)}{limit}")
    return ", ".join(told)


def _next(holding: Sequence[Trigger]) -> list[str]:
    """Return what is next to act, if what holds goes on."""
    waiting = [one for one in holding if one.left_s > 0]
    return [f"{waiting[0].action} in {clock(waiting[0].left_s)} if it holds"] if waiting else []
