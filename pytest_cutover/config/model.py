"""The configuration as values: what `cutover.toml` may say, one dataclass for each table.

The field is the key, its default the default, its type the check. A field's ``metadata["key"]``
is the TOML key where that is no Python name. A static method ``mistakes_in(table)`` tells what
keys say against each other. A room that wants a table writes such a dataclass and adds one
field to `Config`; nothing else knows the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pytest_cutover.config.checklist import Checklist, CoverageTable
from pytest_cutover.config.constraints import (
    ByteCount,
    Duration,
    EndpointPattern,
    NaturalInt,
    OnlyTrue,
    Pointer,
    PositiveFloat,
    PositiveInt,
    Text,
    ToleranceValue,
    Unordered,
    Words,
)
from pytest_cutover.config.performance import Performance
from pytest_cutover.config.target import Family, Target
from pytest_cutover.core.errors import (
    InvalidValueError,
    Mistake,
    UnknownTargetError,
    did_you_mean,
)


class RuleKind(StrEnum):
    """What a parity rule does to the value under its pointer."""

    UNORDERED = "unordered"
    SAME_INSTANT = "same-instant"
    SAME_NUMBER = "same-number"
    TOLERANCE = "tolerance"
    VOLATILE = "volatile"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """`[timeouts]`, in seconds: to connect, for one read, one write, and a whole exchange."""

    connect_s: PositiveFloat = 5.0
    read_s: PositiveFloat = 30.0
    write_s: PositiveFloat = 30.0
    total_s: PositiveFloat = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLimits:
    """`[limits]`: `max_body_bytes` of a response are read, and no more."""

    max_body_bytes: ByteCount = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One `[[parity.rules]]`: where, and one of six things that hold there.

    `endpoint` may hold ``*`` for any text, `pointer` for any one token, and ``**`` for any number.

    - `unordered`: true, or the pointer of the key that tells the items apart;
    - `same_instant`, `same_number`: two spellings of one time, of one number, are equal;
    - `tolerance`: numbers may differ by so much: ``0.01``, or ``"1 %"`` of the baseline's;
    - `volatile`: ``"format"``: the value changes, its format does not;
    - `ignore`: nothing is compared; needs a `reason`.
    """

    endpoint: EndpointPattern
    pointer: Pointer
    unordered: Unordered | None = None
    same_instant: OnlyTrue = field(default=False, metadata={"key": "same-instant"})
    same_number: OnlyTrue = field(default=False, metadata={"key": "same-number"})
    tolerance: ToleranceValue | None = None
    volatile: Literal["format"] | None = None
    ignore: OnlyTrue = False
    reason: Text = ""

    @property
    def kind(self) -> RuleKind:
        """Which of the six rules this is."""
        return next(
            kind
            for kind in RuleKind
            if getattr(self, kind.value.replace("-", "_")) not in (None, False)
        )

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """None or several of the six, and an `ignore` that nobody gave a reason for."""
        given = [kind.value for kind in RuleKind if kind.value in table]
        if len(given) != 1:
            yield InvalidValueError(
                "a rule says exactly one thing; this one says "
                + (" and ".join(given) if given else "none"),
                valid=", ".join(RuleKind),
                advice="make a rule for each" if given else "add one, or remove the rule",
            )
        if "ignore" in table and "reason" not in table:
            yield InvalidValueError(
                "ignore needs a reason",
                path=("reason",),
                advice="say why nothing is lost when this value is not compared",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """`[parity]`: the file of accepted differences, the folder of goldens, the rules.

    Both paths are relative to the configuration file.
    """

    accepted: Text = "cutover-accepted.toml"
    snapshots: Text = "snapshots"
    rules: tuple[RuleSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTable:
    """`[contract]`: `path` of the OpenAPI document, from the configuration file on, or its URL."""

    path: Text = "contract/openapi.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTable:
    """`[gate]`: `require` names the families of gates without which there is no GO.

    None means parity, and each family that has a table.
    """

    require: tuple[Family, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzz:
    """`[fuzz]`: `cases` for each operation, `seconds` for all of them, and the `seed`.

    Without `seconds` a run takes two minutes, and more where the document has many operations.

    `methods` are sent although they are unusual (HEAD, TRACE, OPTIONS), or although a path of the
    schema does not offer them.
    """

    cases: PositiveInt = 100
    seconds: Duration | None = None
    seed: NaturalInt = 0
    methods: Words = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTable:
    """`[replay]`: `origins` (``https://host``) are those whose recorded requests are replayed.

    Without it they are the target's, or the site of the page that was recorded.
    """

    origins: Words = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration. A table that is absent and means a family is None.

    `source` is the file read, None without one. `root` is the folder that its paths start from.
    """

    source: Path | None = field(default=None, metadata={"key": None})
    root: Path = field(default=Path(), metadata={"key": None})
    targets: Mapping[str, Target] = field(default_factory=dict)
    timeouts: Timeouts = Timeouts()
    limits: SizeLimits = SizeLimits()
    parity: Parity = Parity()
    gate: GateTable = GateTable()
    contract: ContractTable | None = None
    performance: Performance | None = None
    fuzz: Fuzz | None = None
    replay: ReplayTable = ReplayTable()
    coverage: CoverageTable | None = None
    checklist: Checklist | None = None

    @property
    def accepted_path(self) -> Path:
        """Where the accepted differences stand."""
        return self.root / self.parity.accepted

    def accepted_path_for(self, target: Target) -> Path:
        """Where the accepted differences of a target stand; its own file, if it has one."""
        return self.root / (target.accepted or self.parity.accepted)

    @property
    def snapshots_path(self) -> Path:
        """The folder of the goldens."""
        return self.root / self.parity.snapshots

    @property
    def contract_source(self) -> str | None:
        """The path or URL of the OpenAPI document, where one is configured; it need not exist."""
        if self.contract is None:
            return None
        given = self.contract.path
        return given if given.startswith(("http://", "https://")) else str(self.root / given)

    @property
    def source_name(self) -> str:
        """The file's name as messages give it."""
        return self.source.name if self.source else "cutover.toml"

    def target(self, name: str) -> Target:
        """Return the target of that name, its variables not yet filled in.

        Raises `UnknownTargetError` with the names that there are.
        """
        if name in self.targets:
            return self.targets[name]
        advice = (
            ""
            if self.targets
            else "give --cutover-baseline URL and --cutover-candidate URL, or let "
            "`pytest-cutover init` write the file"
        )
        names = ", ".join(self.targets)
        mistake = Mistake(
            key=f"--cutover-target={name}",
            what="no target has this name" if self.targets else "there are no targets",
            valid=names,
            suggestion=did_you_mean(name, self.targets),
            advice=advice or f"choose one, or add [targets.{name}]",
        )
        raise UnknownTargetError(self.source_name, [mistake])

    def required(self, target: Target) -> tuple[Family, ...]:
        """Return the families that must be judged for this target, in the order of `Family`."""
        if target.require is not None:
            return target.require
        if self.gate.require is not None:
            return self.gate.require
        return tuple(
            family
            for family in Family
            if family is Family.PARITY or getattr(self, family.value, None) is not None
        )
