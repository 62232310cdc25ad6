"""From gates to the one word, and to the exit status that CI understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pytest_cutover.report.measured import Series
from pytest_cutover.report.model import (
    Accepted,
    AccountRow,
    Action,
    ChecklistItem,
    ContractViolation,
    Counts,
    Coverage,
    Finding,
    Gate,
    GateVerdict,
    GeneratedOperation,
    Latency,
    LoadResult,
    NotJudged,
    RuleReport,
    StaleGolden,
    TestExchanges,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one room says about a run: its gates, and its part of the report.

    `family` is the word that ``[gate] require`` knows it by.
    """

    family: str
    gates: tuple[Gate, ...] = ()
    findings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    rules: tuple[RuleReport, ...] = ()
    stale_goldens: tuple[StaleGolden, ...] = ()
    counts: Counts | None = None
    account: tuple[AccountRow, ...] = ()
    requests: int = 0
    coverage: tuple[Coverage, ...] = ()
    generated: tuple[GeneratedOperation, ...] = ()
    latency: tuple[Latency, ...] = ()
    load: tuple[LoadResult, ...] = ()
    resources: tuple[Series, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    violations: tuple[ContractViolation, ...] = ()
    exchanges: tuple[TestExchanges, ...] = ()
    exchanges_left_out: int = 0
    not_judged: tuple[NotJudged, ...] = ()
    notes: tuple[str, ...] = ()
    action: Action | None = None


def with_requirement(part: Contribution, families: Iterable[str]) -> tuple[Gate, ...]:
    """Return the gates of a room, required only where this run requires the room's family."""
    asked = part.family in ("evidence", *families)
    return tuple(replace(gate, required=gate.required and asked) for gate in part.gates)


def decide(gates: Iterable[Gate], *, narrowed: bool, incomplete: bool = False) -> Verdict:
    """Any gate failed: NO-GO. Else any required gate open: INCONCLUSIVE. Else GO.

    A narrowed run that did not fail is PARTIAL: it never says GO, whatever it saw. Where even the
    part that was asked for was not seen (`incomplete`: no backend, a crash), it is INCONCLUSIVE.
    """
    seen = list(gates)
    if any(gate.verdict is GateVerdict.FAIL for gate in seen):
        return Verdict.NO_GO
    if narrowed and not incomplete:
        return Verdict.PARTIAL
    if incomplete or not seen:
        return Verdict.INCONCLUSIVE
    if any(gate.required and gate.verdict is GateVerdict.INCONCLUSIVE for gate in seen):
        return Verdict.INCONCLUSIVE
    return Verdict.GO


def exit_status(
    verdict: Verdict,
    *,
    gate_requested: bool,
    pytest_status: int,
    not_run: bool = False,
    only_checklist: bool = False,
) -> int:
    """Return the exit status of the run.

    `gate_requested` says whether the command line asks for the gate. pytest's own 2 to 5 stay; a
    PARTIAL with the target from the ini file keeps pytest's status, so that one test can be worked
    on. Nothing but GO turns into 0. `not_run`: tests were there, and were left out for want of a
    backend, so that "no tests collected" (5) would be wrong. `only_checklist`: the phase runs no
    suite, so that having collected none is nothing to speak of.
    """
    if pytest_status == 5 and not_run:
        return 1
    if pytest_status == 5 and only_checklist:
        pytest_status = 0
    if pytest_status not in (0, 1):
        return pytest_status
    if verdict is Verdict.GO:
        return pytest_status
    if verdict is Verdict.PARTIAL and not gate_requested:
        return pytest_status
    return 1
