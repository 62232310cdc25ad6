"""`[checklist.switch]` and `[checklist.monitoring]`: who answers, and how it is watched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pytest_cutover.config.command import Command, EndpointText, Json, Pattern, RequestText
from pytest_cutover.config.constraints import (
    Duration,
    NaturalInt,
    PositiveFloat,
    PositiveInt,
    Share,
    Statuses,
    Text,
    Url,
    UrlPath,
    Verify,
    falling,
)
from pytest_cutover.config.datetimes import Moment
from pytest_cutover.core.errors import InvalidValueError

_SIDE: Final = 'side="{side}"'


class ProbeKind(StrEnum):
    """What it means when a probe fails; each is a reason to roll back at once."""

    LOGIN = "login"
    FUNCTION = "function"
    INTEGRITY = "integrity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """`[checklist.switch.fingerprint]`: how to tell from an answer who gave it.

    `path` is asked; the answer's status line, headers and body are one text, and exactly one of the
    two patterns must be found in it.
    """

    path: UrlPath
    baseline: Pattern
    candidate: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """A request that a table of the configuration describes, and the answer it must have.

    `request`, `json` and `headers` may hold ``{unique:LABEL}``, a code that is new in every run.
    `save` takes values out of the answer by JSON pointer.
    """

    name: Text
    request: RequestText
    json: Json = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    status: Statuses = (200,)
    save: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalWrite(ProbeRequest):
    """One `[[checklist.switch.writes]]`: what users write while a rehearsal moves the traffic.

    `status` acknowledges it. `read`, a GET that holds what was saved, must then answer 200 on the
    baseline, after the rehearsal: what was acknowledged is there, whoever stored it.
    """

    status: Statuses = (201,)
    read: RequestText

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Yield a read that writes."""
        read = table.get("read")
        if isinstance(read, str) and not read.startswith("GET "):
            yield InvalidValueError(
                "what was written is read with GET", value=read, path=("read",), valid="GET /path"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """`[checklist.switch]`: where users come in, and the team's own commands.

    - `url`: the address that users have, in front of both sides.
    - `to_candidate`, `to_baseline`: the commands that move the traffic; `test` checks the
      proxy's configuration before either runs. They run only on a target with `switch = true`.
    - `at`: when it is planned, a time with its offset; nothing waits for it, everybody sees it.
    - `confirmed`: a command that exits with 0 once the logs confirm the switch.
    - `settle`: how long the old side may go on answering after its command has ended.
    - `rate`: requests per second during a rehearsal; `lost`: how many of them may be lost.
    - `writes`: what every fifth of them writes, on a target with `writes = true`.
    """

    url: Url
    fingerprint: Fingerprint
    at: Moment | None = None
    to_candidate: Command | None = None
    to_baseline: Command | None = None
    test: Command | None = None
    confirmed: Command | None = None
    settle: Duration = 10.0
    rate: PositiveFloat = 100.0
    lost: NaturalInt = 0
    writes: tuple[RehearsalWrite, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSpec:
    """One `[[checklist.monitoring.probes]]`: what a user would do, read-only, again and again.

    Either a `request` to the users' address, with the `status` its answer must have and the values
    that it must hold (`expect`, by JSON pointer), or a `command` that exits with 0 when all is
    well. With `compare = true` it is held to the baseline's answer, as tests are; what departs is
    looked into, and only a status or a value that is not as expected says to roll back. Only a
    `login` may POST on a target without `writes = true`.
    """

    name: Text
    kind: ProbeKind = ProbeKind.FUNCTION
    request: RequestText | None = None
    json: Json = None
    status: Statuses = (200,)
    expect: Mapping[str, Json] = field(default_factory=dict)
    compare: bool = False
    command: Command | None = None

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Neither or both of request and command; a comparison of something that writes."""
        if ("request" in table) == ("command" in table):
            yield InvalidValueError("a probe has a request or a command, exactly one of them")
        request = table.get("request")
        if (
            table.get("compare") is True
            and isinstance(request, str)
            and not request.startswith("GET ")
        ):
            yield InvalidValueError(
                "only GET is compared: anything else might write twice", path=("compare",)
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """`[checklist.monitoring.queries]`: PromQL of one value each.

    ``{side}``, ``{endpoint}`` and ``{range}`` are filled in. `requests` and `errors` are counters,
    not rates: they also tell how much traffic there was, and whether a process started anew.
    Where nothing matches `errors`, that is zero only if every series of the requests has the label
    by which errors are told; `or vector(0)` is read as if it were not there.
    `age_s` is how old the newest sample is, by Prometheus' own clock.
    """

    requests: Text = f"sum(http_requests_total{{{_SIDE}}})"
    errors: Text = f'sum(http_requests_total{{{_SIDE},status=~"5.."}})'
    p99_ms: Text = (
        "1000 * histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket"
        f'{{{_SIDE},endpoint="{{endpoint}}"}}[{{range}}])))'
    )
    age_s: Text = f"time() - max(timestamp(http_requests_total{{{_SIDE}}}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCommands:
    """`[checklist.monitoring.commands]`: what prints the numbers where there is no Prometheus.

    Each prints a number, or ``{"value": …, "time": …}``. ``{side}``, ``{endpoint}``, ``{since}``
    (epoch seconds), ``{seconds}`` (since then) and ``{range}`` (seconds) are filled in. `requests`
    and `errors` count everything since ``{since}``; `p99_ms` is that of an endpoint over the range.

    Three are asked by items alone: `counter` is what the probe of ``[checklist.logging]`` moves,
    `up` is 1 while the candidate is watched, and `covered` for how many seconds since ``{since}``
    the baseline's requests were recorded, before it may be retired.
    """

    requests: Command
    errors: Command
    p99_ms: Command | None = None
    counter: Command | None = None
    up: Command | None = None
    covered: Command | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """`[checklist.monitoring]`: what is watched after the switch, for how long, and the limits.

    - `prometheus`: its URL, with a path where it has one; `commands` where there is none.
    - `headers`, `username` and `password` for it may hold ``{env:NAME}``; `verify` is as that of a
      backend: whether certificates are verified, or the file of a private authority.
    - `interval`: its scrape interval; `range`: of the rates in queries. Neither is scaled.
    - `window`: how long is watched; `blind`: after how long without data it is given up.
    - `normal`: how long the error rate must have been normal after a rollback.
    - `error_rate`: must stay below; above `error_rate_prepare` a rollback is prepared; above
      `error_rate_roll_back` for `error_rate_for` it is time to roll back.
    - `p99_ms`: limits for each endpoint, where ``[performance.endpoints]`` has none.
    - `p99_factor` times its limit for `p99_for`: time to roll back.
    - `min_requests`: with fewer a low error rate says nothing; by default 3 / `error_rate`.
    """

    prometheus: Url | None = None
    commands: MetricCommands | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    username: Text | None = None
    password: Text | None = field(default=None, repr=False)
    verify: Verify = True
    interval: Duration = 15.0
    range: Duration = 60.0
    window: Duration = 900.0
    blind: Duration = 60.0
    normal: Duration = 300.0
    error_rate: Share = 0.001
    error_rate_prepare: Share = 0.005
    error_rate_roll_back: Share = 0.01
    error_rate_for: Duration = 300.0
    p99_ms: Mapping[EndpointText, PositiveFloat] = field(default_factory=dict)
    p99_factor: PositiveFloat = 2.0
    p99_for: Duration = 600.0
    min_requests: PositiveInt | None = None
    queries: Queries = Queries()
    probes: tuple[ProbeSpec, ...] = ()

    @property
    def enough_requests(self) -> int:
        """How many requests without an error make `error_rate` believable (rule of three)."""
        return self.min_requests or math.ceil(3 / self.error_rate)

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """No provider or two, half a login, and limits that contradict each other."""
        if ("prometheus" in table) == ("commands" in table):
            yield InvalidValueError(
                "the numbers come from prometheus or from commands, exactly one of them",
                advice="name one: prometheus = URL, or [checklist.monitoring.commands]",
            )
        if ("username" in table) != ("password" in table):
            half = "username" if "username" in table else "password"
            yield InvalidValueError("username and password go together", path=(half,), valid="both")
        yield from falling(table, ("error_rate", "error_rate_prepare", "error_rate_roll_back"))
