"""What came between two looks: counters read by process, so that one that is away is no traffic.

A process whose counter falls, or whose start time moved, began anew: what it shows was counted
since then. One that was away and is back at a higher count went on meanwhile: what it counted is
spread over the time it was away. One seen first has counted since it began, where its start is
known and lies within the watch; otherwise it is counted from its first sight on. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_cutover.monitoring.providers.provider import ProcessCounts
from pytest_cutover.monitoring.samples import Sample

# Start times are rounded, and clocks of two machines differ by a little.
_SAME_START_S = 2.0
# One exporter that is asked again says the same, but for the last digit.
_VERY_SAME_START_S = 0.05
_ALL = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSpan:
    """What came between two looks; `whole` where every process could be asked or will be."""

    start_s: float
    end_s: float
    requests: float
    errors: float
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The traffic of a watch, and what became of the processes that counted it.

    - `restarts`: how often each process began anew; `replaced`: new ones in place of others.
    - `returns`: how often one was away and came back.
    - `backwards`: how often a counter of all processes together fell, which nobody can explain.
    - `away`: since when each process is away that may still be serving; `unseen` are those that
      no look has ever seen.
    """

    parts: tuple[TrafficSpan, ...] = ()
    processes: int = 0
    restarts: Mapping[str, int]
    replaced: int = 0
    returns: int = 0
    backwards: int = 0
    away: Mapping[str, float]
    unseen: frozenset[str] = frozenset()

    @property
    def requests(self) -> float:
        """All of them."""
        return round(sum(part.requests for part in self.parts), 3)

    @property
    def errors(self) -> float:
        """All of them."""
        return round(sum(part.errors for part in self.parts), 3)

    @property
    def unexplained(self) -> str:
        """Why a rollout does not explain the restarts; empty where it does.

        A rollout starts each process anew once.
        """
        again = {name: times for name, times in self.restarts.items() if times > 1}
        if again:
            name = max(again, key=lambda one: again[one])
            return f"{name} started anew {again[name]}×; a rollout does so once"
        total = sum(self.restarts.values()) + self.replaced
        if total > self.processes:
            return f"{total} starts of {self.processes} processes; a rollout does so once each"
        return ""


class _Ledger:
    """Adds what a process counted to the stretches of time between looks."""

    def __init__(self, looks: Sequence[Sample]) -> None:
        self.times = [one.data_s for one in looks]
        self.requests = [0.0] * max(0, len(looks) - 1)
        self.errors = [0.0] * max(0, len(looks) - 1)

    def spread(self, start_s: float, last: int, more: ProcessCounts) -> None:
        """Add counts evenly from a moment up to the look of a number."""
        first = max(0, min(bisect_right(self.times, start_s) - 1, last - 1))
        start_s = max(start_s, self.times[0])
        lengths = [
            max(0.0, self.times[one + 1] - max(self.times[one], start_s))
            for one in range(first, last)
        ]
        total = sum(lengths)
        for number, length in enumerate(lengths, start=first):
            share = length / total if total else 1 / len(lengths)
            self.requests[number] += more.requests * share
            self.errors[number] += more.errors * share


def flow_of(samples: Sequence[Sample]) -> Flow:
    """Return the traffic of a history, in the order of its looks."""
    looks = [one for one in samples if one.seen]
    ledger = _Ledger(looks)
    restarts: Counter[str] = Counter()
    returns = backwards = begun = 0
    last: dict[str, tuple[int, ProcessCounts]] = {}
    for number, look in enumerate(looks):
        for name, counts in look.counts.items():
            before = last.get(name)
            last[name] = (number, counts)
            if before is None:
                if number and _began_within(counts, looks[0]):
                    ledger.spread(counts.started_s or 0.0, number, counts)
                begun += bool(number)
                continue
            returns += number - before[0] > 1
            anew = _anew(before[1], counts)
            if anew is False:
                more = ProcessCounts(
                    counts.requests - before[1].requests, counts.errors - before[1].errors
                )
                ledger.spread(looks[before[0]].data_s, number, more)
            elif anew is None or name == _ALL:
                backwards += 1
            else:
                restarts[name] += 1
                since_s = looks[before[0]].data_s
                ledger.spread(max(since_s, counts.started_s or since_s), number, counts)
    away = {
        name: looks[last[name][0]].data_s
        for name in (looks[-1].down if looks else ())
        if name in last
    }
    gone = len([name for name in last if name not in looks[-1].counts and name not in away])
    return Flow(
        parts=tuple(_parts(looks, ledger, min(away.values(), default=float("inf")))),
        processes=len(looks[0].counts) if looks else 0,
        restarts=dict(restarts),
        replaced=min(begun, gone),
        returns=returns,
        backwards=backwards,
        away=away,
        unseen=(looks[-1].down if looks else frozenset()) - last.keys(),
    )


def _parts(looks: Sequence[Sample], ledger: _Ledger, away_s: float) -> list[TrafficSpan]:
    return [
        TrafficSpan(
            start_s=looks[number].data_s,
            end_s=looks[number + 1].data_s,
            requests=requests,
            errors=ledger.errors[number],
            whole=looks[number + 1].data_s <= away_s,
        )
        for number, requests in enumerate(ledger.requests)
    ]


def _began_within(counts: ProcessCounts, first: Sample) -> bool:
    return counts.started_s is not None and counts.started_s >= first.data_s - _SAME_START_S


def _anew(before: ProcessCounts, after: ProcessCounts) -> bool | None:
    """Whether a process began anew between two looks; None where nobody can tell."""
    known = before.started_s is not None and after.started_s is not None
    later_s = (after.started_s or 0.0) - (before.started_s or 0.0)
    if known and later_s > _SAME_START_S:
        return True
    if after.requests < before.requests:
        # One that has not begun anew and counts less has lost series of its own.
        return None if known and abs(later_s) < _VERY_SAME_START_S else True
    # Errors alone do not fall: a part of them was not found.
    return None if after.errors < before.errors else False
