"""`[performance]`: the limits, per endpoint and under load. Zero and negative ones are mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pytest_cutover.config.constraints import (
    Duration,
    HostAndPort,
    PositiveFloat,
    PositiveInt,
    Share,
    Text,
    falling,
)
from pytest_cutover.core.endpoint import Endpoint, normalise
from pytest_cutover.core.errors import InvalidValueError

EVERYWHERE = "all endpoints"
"""What a waiver names instead of an endpoint for a limit of ``[performance]`` itself."""
WAIVABLE = frozenset(
    {
        *("p50_ms", "p95_ms", "p99_ms", "max_ms", "load_p50_ms", "load_p99_ms"),
        *("p50_regression", "error_rate", "memory_bytes_per_request"),
    }
)
"""The limits that may be raised until a day, as an entry of the accepted differences."""

DEFAULT_BUDGET_S = 180.0
_EXTENDED = 2.5
"""So many requests more decide what has one mode at 100 ms each; see benchmarks/README.md."""
_RISING = ("p50_ms", "p95_ms", "p99_ms", "max_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLimits:
    """`[performance.endpoints."METHOD /path"]`: limits for the candidate, in milliseconds.

    `load_p50_ms` and `load_p99_ms` hold under load, where it deserves limits of its own; without
    them `p50_ms` and `p99_ms` do. `p50_regression` and `p50_floor_ms` override the general ones.
    """

    p50_ms: PositiveFloat | None = None
    p95_ms: PositiveFloat | None = None
    p99_ms: PositiveFloat | None = None
    max_ms: PositiveFloat | None = None
    load_p50_ms: PositiveFloat | None = None
    load_p99_ms: PositiveFloat | None = None
    p50_regression: PositiveFloat | None = None
    p50_floor_ms: PositiveFloat | None = None

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Name limits that contradict each other."""
        for order in (_RISING, ("load_p50_ms", "load_p99_ms")):
            yield from falling(table, order)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTable:
    """`[performance.load]`: how locust loads the two sides.

    - `users`: how many at once; where it is absent, `users` of ``[performance]``.
    - `duration`: of the whole load, seconds or ``"30s"``.
    - `slice`: of one side's turn, seconds or ``"5s"``.
    - `patience`: how long locust may take to start, and each of its turns may be late.
    - `processes`: locust workers on this machine.
    - `locustfile`: relative to the configuration file.
    - `master`: ``host:port`` of a locust master with workers elsewhere.
    """

    users: PositiveInt | None = None
    duration: Duration = 60.0
    slice: Duration = 4.0
    patience: Duration = 40.0
    processes: PositiveInt = 1
    locustfile: Text | None = None
    master: HostAndPort | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """`[performance]`.

    - `p50_regression`: 0.5 allows the candidate's median to be 50 % above the baseline's.
    - `p50_floor_ms`: where both medians are below, a regression has no practical meaning.
    - `error_rate`: the share of failed requests that must not be reached, pooled.
    - `users`: how many at once must show no degradation.
    - `memory_bytes_per_request`: the growth of resident memory that must not be reached.
    - `budget_s`: seconds for all sampling of a run.
    - `budget_most_s`: how long it may go on where a latency is undecided that so much would decide;
      2.5 times the budget where neither is set, and no longer where a budget is.
    - `raw_samples`: write every latency to `samples.csv.gz` beside the report.
    """

    p50_regression: PositiveFloat = 0.5
    p50_floor_ms: PositiveFloat = 1.0
    error_rate: Share = 0.001
    users: PositiveInt = 100
    memory_bytes_per_request: PositiveFloat = 100.0
    budget_s: Duration = DEFAULT_BUDGET_S
    budget_most_s: Duration | None = None
    raw_samples: bool = False
    endpoints: Mapping[Endpoint, EndpointLimits] = field(default_factory=dict)
    load: LoadTable | None = None

    @property
    def longest_s(self) -> float:
        """How many seconds the sampling of a run may take in all."""
        if self.budget_most_s is not None:
            return max(self.budget_s, self.budget_most_s)
        # Who set a budget has said how long a run may take.
        return self.budget_s * (_EXTENDED if self.budget_s == DEFAULT_BUDGET_S else 1)

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Name endpoints that are the same one in two spellings, and an end before the budget's."""
        yield from falling(table, ("budget_s", "budget_most_s"))
        endpoints = table.get("endpoints")
        seen: dict[str, str] = {}
        for text in endpoints if isinstance(endpoints, dict) else ():
            try:
                normal = normalise(text)
            except InvalidValueError:
                continue  # Told where the key is read.
            if normal in seen:
                yield InvalidValueError(
                    f"the same endpoint as {seen[normal]!r}",
                    path=("endpoints", text),
                    advice="put the limits into one table",
                )
            seen[normal] = text
