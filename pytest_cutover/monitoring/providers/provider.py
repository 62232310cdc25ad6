"""What every provider of metrics answers: how much of what, and when, or why it cannot say.

A provider is asked for two things of a side: the traffic so far, by the process that counted it,
and the P99 of an endpoint; and for the figures of single items. It never raises for what the other
end does; what it cannot tell is an `Absence` with a sentence, and never zero. `prometheus_provider`
and `command` are the two; a third is held to `tests/integration/monitoring/test_providers.py`,
which asks all of them the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pytest_cutover.core.errors import Mistake
from pytest_cutover.core.exchange import Side


class Absence(StrEnum):
    """Why there is no value."""

    UNREACHABLE = "unreachable"
    REFUSED = "credentials refused"
    MALFORMED = "malformed"
    SHAPE = "shape"
    EMPTY = "empty"
    NAN = "not a number"
    PARTIAL = "partial data"
    LABEL = "no such label"
    ERROR = "error"

    @property
    def is_mistake(self) -> bool:
        """Whether waiting does not help: what is asked has to be fixed."""
        return self in (Absence.MALFORMED, Absence.SHAPE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One number, or why there is none and what the other end said about it."""

    value: float | None = None
    absence: Absence | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class P99Reading:
    """A P99 in ms; `beyond` says that it is the end of the last bucket, and the truth lies above.

    Neither a value nor a message: there was no traffic.
    """

    value: float | None = None
    beyond: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class ProcessCounts:
    """What one process has counted since it began: `started_s` is since the epoch, where known."""

    requests: float
    errors: float = 0.0
    started_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficReading:
    """What a side has counted, by process; `age_s` is how old the newest number is.

    A process of the empty name stands for all of a side where nobody tells them apart. `down` are
    processes that nobody can ask now, although they may be serving. `doubt` says why there may be
    errors that are not counted; those that are counted are errors all the same.
    """

    processes: Mapping[str, ProcessCounts] = field(default_factory=dict)
    age_s: float = 0.0
    down: frozenset[str] = frozenset()
    problem: str = ""
    doubt: str = ""


class FigureName(StrEnum):
    """A number that one item of the checklist asks for."""

    COUNTER = "counter"
    UP = "up"
    BASELINE_REQUESTS = "baseline_requests"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is, and the key of the configuration that says how it is asked."""

    key: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """What is known before a watch begins.

    `mistakes` are what is asked wrongly, so that no waiting helps; `notices` what cannot be told as
    things stand, a sentence each, with what exists instead.
    """

    mistakes: Sequence[Mistake] = ()
    notices: Sequence[str] = ()


class Provider(Protocol):
    """Where the numbers come from. Open in a `with`, by `providers.opened`."""

    @property
    def looks_per_interval(self) -> int:
        """How often it is worth asking in one interval."""

    def traffic(self, side: Side, *, errors: bool = True) -> TrafficReading:
        """How many requests and errors a side has counted; the errors only where asked for."""

    def p99(self, side: Side, endpoints: Sequence[str]) -> Mapping[str, P99Reading]:
        """Return the P99 of each endpoint of a side, over the last range. Never raises."""

    def check(self, side: Side, endpoints: Sequence[str]) -> ProviderCheck:
        """Ask everything once, before anybody waits for it."""

    def figure(self, name: FigureName, *, span_s: float = 0.0) -> Figure | None:
        """Return a figure, of the last `span_s` where it has a span; None where nothing says how
        it is asked. Never raises.
        """
