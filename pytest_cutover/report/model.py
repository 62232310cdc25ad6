"""The gate report: what gate.json holds, as frozen values.

Built by the gate room, read by every renderer in this room. Field names are the names in
gate.json; what was measured, in numbers alone, is in `measured`. Families of a room that did not
run are empty tuples. Strings may hold anything a backend sent: renderers neutralise them, builders
need not.

Times are ISO 8601 strings, dates `YYYY-MM-DD`; units stand in the names. The schema of gate.json is
generated from these types (`io.schema`). A member that is added gets a default, so that reports
written before it can be read; names and meaning of `verdict`, `target`, `phase` and of a gate's
`id`, `code` and `verdict` never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pytest_cutover.core.seen_values import SeenValues
from pytest_cutover.report.annotated import Code, Count, Day, FindingId, Moment, SeverityNumber
from pytest_cutover.report.measured import Distribution, Interval, LoadSide, Series

VERSION = 2


class Verdict(StrEnum):
    """The answer to "may we switch the traffic?"."""

    GO = "GO"
    NO_GO = "NO-GO"
    INCONCLUSIVE = "INCONCLUSIVE"
    PARTIAL = "PARTIAL"


class GateVerdict(StrEnum):
    """The answer of one gate, one latency row or one checklist item."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """One side of the target."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One rule: what was allowed, what was seen, and what that means.

    `title` is one or two words ("differences", "p99"), `place` the endpoint or file it is about,
    if there is one. `next` is the command that repeats it or repairs it. `nodeids` is cut to 50
    when written; `nodeids_total` then says how many there were (0: as many as are listed).
    `severity` is 1 (the worst) to 4, and 0 where the gate passed. Undecided gates that are so for
    one reason say the same in `because`, and are one blocker.
    """

    id: str
    code: Code
    title: str
    verdict: GateVerdict
    required: bool = True
    place: str = ""
    limit: str = ""
    observed: str = ""
    message: str = ""
    nodeids: tuple[str, ...] = ()
    nodeids_total: Count = 0
    next: str = ""
    severity: SeverityNumber = 0
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A reviewed difference. `days_left` is negative once expired; `matched` counts occurrences.

    `change` and `values` are what it is bound to besides its signature. `unused` says that a full
    run had nothing for it. `place` is where it stands in its file: ``3``, or ``3.2`` for the second
    member of the third decision.
    """

    signature: str
    scope: tuple[str, ...]
    reason: str
    approver: str
    expires: Day
    days_left: int
    matched: Count = 0
    change: str = ""
    values: tuple[tuple[str, str], ...] = ()
    unused: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class BothSides:
    """Two texts, one for each side: the commands to repeat it, or the bodies it was found in."""

    baseline: str
    candidate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All differences with one signature: one cause, `occurrences` times.

    `id` is 8 hex digits of the signature; it names no scenario and no run, so that it is the same
    in the next run. `code` is that of the gate it counts for. `baseline` and `candidate` are the
    two values of the smallest example, as text; `context` the two bodies around them, if known.
    `change` says it in a few words: "number → string". `accepted` is the entry that covers it.
    `values` are the pairs seen, None where the signature says all that is to be reviewed.
    `severity` is 1 (wrong, lost, refused, let in, less secure) to 4 (something was added).
    `explanation` is a change of the candidate's answers that was undone where the difference was
    found, and then it was gone; empty where none was proven.
    """

    id: FindingId
    code: Code
    signature: str
    endpoint: str
    kind: str
    pointer: str
    change: str
    baseline: str
    candidate: str
    occurrences: Count
    nodeids: tuple[str, ...] = ()
    nodeids_total: Count = 0
    unstable: bool = False
    accepted: Accepted | None = None
    reproduce: BothSides | None = None
    context: BothSides | None = None
    values: SeenValues | None = None
    severity: SeverityNumber = 0
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePair:
    """One exchange of a test, both sides, as a golden writes it: ids and times are symbols.

    A candidate's request that is the baseline's is empty. Texts are cut to where they differ, and
    say so.
    """

    endpoint: str
    request: BothSides
    response: BothSides
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestExchanges:
    """What both sides said in a test that differs or is undecided, in the order of its requests.

    `test` is the node id without the side, `why` what it was kept for. `left_out` counts the
    exchanges that are not shown.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    test: str
    verdict: GateVerdict
    why: str
    pairs: tuple[ExchangePair, ...]
    left_out: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractViolation:
    """What the candidate answered and the contract does not allow; `where` as ``body/lot_type``."""

    endpoint: str
    status: int
    where: str
    message: str
    nodeids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Findings that nobody accepted and one change in the candidate explains: each is in one cause.

    `explanation` is what was proven of every finding at each of its occurrences; a cause without is
    one finding, and has its id. `findings` are ids, the worst first, `severity` is that of the
    worst. `accepted` is the entry that holds for others of the same explanation: the accepted cause
    grew. `violations` of the contract and failed `assertions` (tests) are told beside it: they are
    what follows from it. `suggestion` is a rule or a profile for the configuration, where that
    fits better than an accepted difference.
    """

    id: FindingId
    title: str
    severity: SeverityNumber
    findings: tuple[FindingId, ...]
    endpoints: tuple[str, ...]
    tests: Count
    occurrences: Count
    explanation: str = ""
    accepted: Accepted | None = None
    violations: tuple[str, ...] = ()
    assertions: Count = 0
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyLimits:
    """Upper bounds for the candidate; None where none is configured."""

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    p50_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """One endpoint measured on both sides. `noise` is the baseline against itself, a ratio."""

    endpoint: str
    verdict: GateVerdict
    source: str = "benchmark"
    baseline: Distribution | None = None
    candidate: Distribution | None = None
    p50_ratio: Interval | None = None
    noise: Interval | None = None
    limits: LatencyLimits = LatencyLimits()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """Both sides under the same load; `endpoint` is empty for the whole mix."""

    users: Count
    verdict: GateVerdict
    endpoint: str = ""
    baseline: LoadSide | None = None
    candidate: LoadSide | None = None
    p50_ratio: Interval | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """What became of every place that was observed at one endpoint, counted.

    `held_by` are the commonest constraints, waivers and reasons for being open, each with its fate
    and how many places: "constrained: <uuid4> (12)".
    """

    endpoint: str
    exact: Count = 0
    constrained: Count = 0
    waived: Count = 0
    different: Count = 0
    open: Count = 0
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One cell of the matrix: how many tests saw this status at this endpoint.

    `baseline` and `candidate` count those that saw it on that side; `nodeids` are the first few.
    """

    endpoint: str
    status: str
    documented: bool
    tests: Count
    scenarios: tuple[str, ...] = ()
    baseline: Count = 0
    candidate: Count = 0
    nodeids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedOperation:
    """How far generated requests came at one operation, by the answers of the baseline.

    `differing` counts the requests that the candidate answered differently. `left_out` says why
    none was sent, or not all of them.
    """

    endpoint: str
    sent: Count = 0
    succeeded: Count = 0
    refused: Count = 0
    differing: Count = 0
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One item of the checklist and what proves it: a gate's result, a check, or a signature.

    `unasked` says why nobody was asked ("not judged here", "not due yet"): such an item has no
    answer, whatever its `verdict`.
    """

    id: str
    title: str
    phase: str
    verdict: GateVerdict
    group: str = ""
    required: bool = True
    evidence: str = ""
    signed_by: str = ""
    signed_at: str = ""
    next: str = ""
    unasked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """A parity rule and what it did. `vacuous`: no mutation of the value would be caught."""

    endpoint: str
    pointer: str
    rule: str
    matched: Count
    vacuous: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A gate that this target cannot judge, and why."""

    title: str
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleGolden:
    """A golden that the live baseline no longer agrees with."""

    nodeid: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many tests became evidence, and what became of the others.

    `both_sides` counts tests, not items: a test that ran on both backends is one. `unrecorded`
    are compared live because no golden exists; `stale` have a golden the baseline disagrees with.
    """

    both_sides: Count = 0
    passed: Count = 0
    failed: Count = 0
    skipped: Count = 0
    unrecorded: Count = 0
    stale: Count = 0
    one_side: Count = 0
    no_request: Count = 0
    deselected: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChange:
    """One accepted difference or golden: "added", "changed", "re-recorded" or "removed"."""

    what: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderReview:
    """What this pull request itself changed in the evidence: the first thing to look at.

    `unknown` says why it could not be told; the lists are then empty.
    """

    accepted: tuple[EvidenceChange, ...] = ()
    goldens: tuple[EvidenceChange, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do next. Without a command the renderers take the first blocker's `next`.

    `name` is what the checklist demands: ``switch``, ``hold``, ``keep monitoring``,
    ``investigate``, ``prepare rollback`` or ``roll back``; empty where no checklist was judged.
    """

    command: str
    sentence: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerRow:
    """One reason for not switching, in the order in which every page tells them.

    `gate` is the id of a gate, `cause` that of what it failed for, `finding` the worst finding of
    that; both empty for a gate without findings. `others` are gates that this line tells as well:
    undecided for the same reason, or failed by what follows from the cause.
    """

    gate: str
    severity: SeverityNumber
    finding: str = ""
    cause: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a run decided. The verdict is derived by the gate room and only shown here.

    `requests` counts what compared tests asked of the candidate.
    """

    version: int = VERSION
    verdict: Verdict
    target: str
    phase: str
    started: Moment
    finished: Moment
    baseline: BackendInfo
    candidate: BackendInfo
    gates: tuple[Gate, ...]
    findings: tuple[Finding, ...]
    latency: tuple[Latency, ...] = ()
    load: tuple[LoadResult, ...] = ()
    resources: tuple[Series, ...] = ()
    account: tuple[AccountRow, ...] = ()
    requests: Count = 0
    coverage: tuple[Coverage, ...] = ()
    generated: tuple[GeneratedOperation, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    rules: tuple[RuleReport, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    stale_goldens: tuple[StaleGolden, ...] = ()
    tests: Counts = Counts()
    environment: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    action: Action | None = None
    under_review: UnderReview | None = None
    blockers: tuple[BlockerRow, ...] = ()
    causes: tuple[Cause, ...] = ()
    violations: tuple[ContractViolation, ...] = ()
    narrowed: str = ""  # how the run was made smaller than the suite
    exchanges: tuple[TestExchanges, ...] = ()  # of tests that differ or are undecided
    exchanges_left_out: Count = 0  # such tests whose exchanges are not shown
    remembered: tuple[Finding, ...] = ()  # pending since an earlier run, and not asked in this one
