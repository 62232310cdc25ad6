"""What each kind of evidence says about an item: gates, tests, checks and people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pytest_cutover.checklist.item import Item
from pytest_cutover.checklist.items import Items
from pytest_cutover.checklist.results import FAIL, OPEN, PASS, CheckResult, ItemTest
from pytest_cutover.checklist.signoffs import SignOff
from pytest_cutover.config.checklist import EvidenceKind, Phase
from pytest_cutover.report.model import Gate, GateVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationInputs:
    """Everything that is known about the items of one phase on one target.

    `checks` are results by the name of the check, `tests` those of marked tests, `gates` what the
    other rooms handed in, `required` the families that must be judged here. `launched` says that
    the run started both sides itself. `again` gives the command that runs the first of some tests.
    """

    items: Items
    phase: Phase
    target: str
    launched: bool
    now: datetime
    gates: Sequence[Gate] = ()
    tests: Sequence[ItemTest] = ()
    checks: Mapping[str, CheckResult] = field(default_factory=dict)
    sign_offs: Sequence[SignOff] = ()
    required: Collection[str] = ()
    switched_at: datetime | None = None
    again: Callable[[Sequence[str]], str] = lambda _nodeids: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """What is known about one item."""

    verdict: GateVerdict
    evidence: str
    observed: str = ""
    code: str = "CUT401"
    message: str = ""
    limit: str = ""
    next: str = ""
    nodeids: tuple[str, ...] = ()
    signed_by: str = ""
    signed_at: str = ""
    # A gate of the same run already says so.
    told: bool = False


def answer_to(item: Item, inputs: EvaluationInputs) -> ItemAnswer:
    """Return what is known about an item of this phase on this target."""
    tests = [one for one in inputs.tests if item.id in one.items]
    if item.evidence is EvidenceKind.SIGN_OFF:
        return _signed(item, inputs)
    if item.evidence is EvidenceKind.GATE:
        return _by_gates(item, inputs)
    if tests:
        return _by_tests(tests, inputs)
    if item.evidence is EvidenceKind.TESTS:
        return ItemAnswer(
            verdict=OPEN,
            evidence="no test ran",
            message=f'no test marked checklist("{item.id}") ran',
            next=f'mark one: @pytest.mark.checklist("{item.id}")',
        )
    result = inputs.checks.get(item.check)
    if result is None:
        return ItemAnswer(
            verdict=OPEN, evidence="did not run", message=f"the check {item.check} did not run"
        )
    return ItemAnswer(
        verdict=result.verdict,
        evidence=f"{item.check}: {result.observed}",
        observed=result.observed,
        message=result.message,
        limit=result.limit,
        next=result.next or _again(inputs),
        code=_code_of(item),
    )


def _again(inputs: EvaluationInputs) -> str:
    """Return the command that asks a phase again; before the switch a whole run is too much to
    ask.
    """
    if inputs.phase.runs_the_suite:
        return ""
    return f"pytest --cutover-target={inputs.target} --cutover-phase={inputs.phase}"


def _code_of(item: Item) -> str:
    return "CUT408" if item.check.startswith("monitoring.") else "CUT401"


def _by_tests(tests: Sequence[ItemTest], inputs: EvaluationInputs) -> ItemAnswer:
    for verdict, words in ((FAIL, "failed"), (OPEN, "inconclusive")):
        mine = [one for one in tests if one.verdict == str(verdict)]
        if mine:
            return ItemAnswer(
                verdict=verdict,
                evidence=f"{len(mine)} of {len(tests)} tests {words}",
                message=mine[0].message,
                nodeids=tuple(one.nodeid for one in mine),
                next=inputs.again([mine[0].nodeid]),
            )
    count = len(tests)
    return ItemAnswer(verdict=PASS, evidence=f"{count} test{'' if count == 1 else 's'} passed")


def _by_gates(item: Item, inputs: EvaluationInputs) -> ItemAnswer:
    found = [gate for gate in inputs.gates if gate.code in item.gates]
    missing = [code for code in item.gates if not any(gate.code == code for gate in found)]
    names = ", ".join(dict.fromkeys(gate.id for gate in found))
    for verdict in (FAIL, OPEN):
        bad = [gate for gate in found if gate.verdict is verdict]
        if bad:
            return ItemAnswer(
                verdict=verdict,
                evidence=f"gate {bad[0].id}: {bad[0].observed or verdict}",
                told=verdict is FAIL or bad[0].required,
                message=bad[0].message,
                next=bad[0].next,
            )
    if missing:
        return ItemAnswer(
            verdict=OPEN,
            evidence="not measured",
            message=f"no gate {', '.join(missing)} was judged in this run",
            next=f"pytest-cutover explain {missing[0]}",
        )
    return ItemAnswer(verdict=PASS, evidence=f"gate {names}")


def _signed(item: Item, inputs: EvaluationInputs) -> ItemAnswer:
    mine = [entry for entry in inputs.sign_offs if entry.item == item.id]
    live = [entry for entry in mine if entry.counts(inputs.target, inputs.now, item.valid_for_s)]
    people = {entry.by.casefold(): entry for entry in sorted(live, key=lambda entry: entry.at)}
    if len(people) >= item.signatures:
        last = max(live, key=lambda entry: entry.at)
        return ItemAnswer(
            verdict=PASS,
            evidence=f"sign-off: {last.note}",
            signed_by=", ".join(entry.by for entry in people.values()),
            signed_at=last.at.isoformat(),
        )
    return ItemAnswer(
        verdict=OPEN,
        evidence=_why_unsigned(item, mine, len(people), inputs),
        code="CUT409",
        limit=f"{item.signatures} signature{'' if item.signatures == 1 else 's'}",
        message=f"{item.title}: nobody said so for {inputs.target}",
        next=f"pytest-cutover sign-off {item.id} --target={inputs.target} --note '…'",
    )


def _why_unsigned(
    item: Item, mine: Sequence[SignOff], signed: int, inputs: EvaluationInputs
) -> str:
    if signed:
        return f"signed by {signed} of {item.signatures}"
    here = [entry for entry in mine if entry.target == inputs.target]
    if here:
        last = max(here, key=lambda entry: entry.at)
        return f"expired {last.ends(item.valid_for_s):%Y-%m-%d}, signed by {last.by}"
    if mine:
        return f"signed for {mine[-1].target} only"
    return "not signed"
