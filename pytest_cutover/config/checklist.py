"""`[checklist]` and `[coverage]`: the items of the cutover, and what ready-made checks need.

Here stands what can be said wrong without knowing the catalogue of items; whether an id or a check
exists is told by the checklist room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from pytest_cutover.config.command import Command, EndpointText, Json, Pattern, RequestText
from pytest_cutover.config.constraints import (
    Duration,
    OnlyTrue,
    PositiveInt,
    Statuses,
    Text,
    UrlPath,
    Words,
)
from pytest_cutover.config.datetimes import Moment
from pytest_cutover.config.monitoring import Monitoring, ProbeRequest, Switch
from pytest_cutover.core.errors import InvalidValueError

_BASELINE: Final = 'http_requests_total{side="baseline"}'


class Phase(StrEnum):
    """A phase of the cutover, as ``--cutover-phase`` names it."""

    PRE_CUTOVER = "pre-cutover"
    VALIDATION = "validation"
    SWITCH = "switch"
    MONITORING = "monitoring"
    VERIFICATION = "verification"
    ROLLBACK = "rollback"
    POST_CUTOVER = "post-cutover"

    @property
    def runs_the_suite(self) -> bool:
        """Whether both backends are compared: before traffic moves, not while it does."""
        return self in (Phase.PRE_CUTOVER, Phase.VALIDATION)


class EvidenceKind(StrEnum):
    """What may satisfy an item."""

    GATE = "gate"
    TESTS = "tests"
    CHECK = "check"
    SIGN_OFF = "sign-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSpec:
    """`[checklist.items."ID"]`: adds an item, changes a built-in one, or drops it with a reason.

    - `phase`, `group`, `title`: what is left out stays as it was; a new item needs phase and title.
    - `evidence`: ``gate``, ``tests``, ``check`` or ``sign-off``; `gates` names codes for the first
      (``["CUT101"]``), `check` a ready-made check for the third.
    - `targets`: where it is judged; by default on every target, but for what one that the run
      launched itself cannot show. Elsewhere the report lists it as not judged.
    - `signatures`: how many people must sign; `valid_for` the longest that a sign-off may hold.
    - `owner`: who sees to it, as the room of a cutover names them.
    - `drop`: true, with a `reason` that a reviewer would sign.
    """

    phase: Phase | None = None
    group: Text | None = None
    title: Text | None = None
    evidence: EvidenceKind | None = None
    gates: Words = ()
    check: Text | None = None
    targets: Words = ()
    signatures: PositiveInt | None = None
    valid_for: Duration | None = None
    owner: Text | None = None
    drop: OnlyTrue = False
    reason: Text = ""

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Yield a drop without a reason, a drop that also changes, gates and checks of another
        kind.
        """
        if table.get("drop") is True:
            if not table.get("reason"):
                yield InvalidValueError(
                    "an item is dropped with a reason only",
                    path=("reason",),
                    advice='say why nothing is lost without it: reason = "…"',
                )
            for key in sorted(set(table) - {"drop", "reason"}):
                yield InvalidValueError(
                    "an item that is dropped needs nothing else", path=(key,), advice="remove it"
                )
        for key, kind in (("gates", "gate"), ("check", "check")):
            if key in table and table.get("evidence", kind) != kind:
                yield InvalidValueError(
                    f'only for evidence = "{kind}"',
                    path=(key,),
                    advice=f'remove it, or say evidence = "{kind}"',
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`[checklist.health]`: asked `attempts` times, `interval` apart, until it answers."""

    path: UrlPath = "/api/health"
    attempts: PositiveInt = 5
    interval: Duration = 2.0
    status: Statuses = (200,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeStep(ProbeRequest):
    """One `[[checklist.smoke]]`: a request of the smoke flow, and what its answer must be.

    It may hold ``{NAME}`` for what an earlier step saved; `expect` compares values of the answer.
    """

    expect: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """`[checklist.environment]`: the variables that the candidate needs in production.

    Where they are read: a dotenv `file`, what `command` prints as ``NAME=value`` lines, or, with
    `launched = true`, the process of the candidate that this run launched. `variables` gives a
    regular expression for each, which the whole value must match. Values are never shown.
    """

    file: Text | None = None
    command: Command | None = None
    launched: OnlyTrue = False
    variables: Mapping[str, Pattern] = field(default_factory=dict)

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """None or several places to read from."""
        given = [key for key in ("file", "command", "launched") if key in table]
        if len(given) != 1:
            yield InvalidValueError(
                f"read from exactly one place; this names {' and '.join(given) or 'none'}",
                valid="file, command, launched",
                advice="keep one of them",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """`[checklist.secrets]`: a token that the candidate issues must not verify under `known`.

    `request` and `json` get the token, `token` is its JSON pointer. `known` are the secrets of
    development; ``{env:NAME}`` reads one from the environment.
    """

    request: RequestText = "POST /api/login"
    json: Json = None
    token: Text = "/token"
    known: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrations:
    """`[checklist.migrations]`: commands that exit with 0 when all is well.

    - `head`: the target's database is at the newest revision; `drift`: the models have no drift.
    - `lint`: nothing in the migrations breaks the baseline.
    - `compatible`: the baseline's suite passes on the migrated schema, and on the candidate's rows.
    """

    head: Command | None = None
    drift: Command | None = None
    lint: Command | None = None
    compatible: Command | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """`[checklist.container]`: how the candidate is built, and the baseline's image inspected."""

    build: Command | None = None
    baseline_image: Command | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logging:
    """`[checklist.logging]`: a probe request must be found in the log, and move a counter.

    The probe asks `path`, with ``{id}`` in it replaced by a unique id, which the header `header`
    carries too. It is looked for in `file`, or in what `command` prints. `counter` is a PromQL
    query of one value that the probe moves, `up` one that is 1 while the candidate is scraped.
    """

    path: UrlPath = "/api/health"
    header: Text = "X-Request-Id"
    file: Text | None = None
    command: Command | None = None
    counter: Text | None = None
    up: Text | None = None
    deadline: Duration = 60.0

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Two logs at once."""
        if "file" in table and "command" in table:
            yield InvalidValueError("the log is a file or what a command prints, not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """`[checklist.after]`: when traffic was switched, and the counter of the baseline's requests.

    Items of ``post-cutover`` are due from `switched_at` on: the first hour's after an hour, the
    first day's after a day. `baseline_requests` is a PromQL query of how many requests reached the
    baseline in the last `quiet`, `covered` one of for how many seconds of it they were recorded.

    A process that starts anew begins to count at zero, which `increase` sees through; but not the
    first request of a kind that was never counted before: such a series begins at one.
    """

    switched_at: Moment | None = None
    baseline_requests: Text = (
        f"sum(increase({_BASELINE}[{{range}}])) + "
        f"(sum(max_over_time({_BASELINE}[{{range}}]) unless {_BASELINE} offset {{range}})"
        " or vector(0))"
    )
    covered: Text = '60 * count_over_time((min(up{side="baseline"}) == 1)[{range}:1m])'
    quiet: Duration = 604800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One `[[coverage.scenarios]]`: an error that a `negative` test must show.

    `scenario` may hold ``*``; without it any negative test of the endpoint will do.
    """

    endpoint: EndpointText
    scenario: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageTable:
    """`[coverage]`: what must have been seen of the contract.

    `ignore` are ``METHOD /path STATUS`` cells that nobody can provoke, each with its reason.
    `varied` says whether a property that never varied fails the gate, or is only named.
    """

    scenarios: tuple[Scenario, ...] = ()
    ignore: Mapping[str, Text] = field(default_factory=dict)
    varied: Literal["name", "require"] = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """`[checklist]`: the items, the file of sign-offs, and what the ready-made checks need."""

    sign_offs: Text = "cutover-signoffs.toml"
    items: Mapping[str, ItemSpec] = field(default_factory=dict)
    health: Health = Health()
    smoke: tuple[SmokeStep, ...] = ()
    environment: Variables | None = None
    secrets: Rotated | None = None
    migrations: Migrations = Migrations()
    container: Container = Container()
    logging: Logging | None = None
    switch: Switch | None = None
    monitoring: Monitoring | None = None
    after: After = After()
