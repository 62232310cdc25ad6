"""From items and evidence to the checklist of the report, its gates, and the action. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_cutover.checklist.catalogue import Item
from pytest_cutover.checklist.items import Items
from pytest_cutover.checklist.results import FAIL, OPEN, PASS, CheckResult, ItemTest
from pytest_cutover.checklist.signoffs import SignOff
from pytest_cutover.config.checklist import EvidenceKind, Phase
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report.model import ChecklistItem, Gate, GateVerdict, NotJudged

_FAMILIES = {"CUT1": "parity", "CUT2": "performance"}
_CHECKLIST_FAMILIES = {
    "CUT402": "contract",
    "CUT403": "contract",
    "CUT404": "contract",
    "CUT405": "coverage",
    "CUT406": "coverage",
    "CUT407": "coverage",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
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
class _Answer:
    """What is known about one item."""

    verdict: GateVerdict
    evidence: str
    code: str = "CUT401"
    message: str = ""
    limit: str = ""
    next: str = ""
    nodeids: tuple[str, ...] = ()
    signed_by: str = ""
    signed_at: str = ""
    # A gate of the same run already says so.
    told: bool = False


def judged(inputs: Inputs) -> Contribution:
    """The checklist of the phase: its items, a gate for each open one, what is not judged."""
    rows: list[ChecklistItem] = []
    gates: list[Gate] = []
    elsewhere: list[Item] = []
    later: list[Item] = []
    for item in inputs.items.of(inputs.phase):
        here = item.judged_on(inputs.target, launched=inputs.launched)
        if not here or _not_asked(item, inputs):
            elsewhere.append(item)
            rows.append(_row(item, _Answer(verdict=OPEN, evidence="not judged here"), False))
        elif not _due(item, inputs):
            later.append(item)
            rows.append(_row(item, _Answer(verdict=OPEN, evidence="not due yet"), False))
        else:
            answer = _answer(item, inputs)
            rows.append(_row(item, answer, True))
            if answer.verdict is not PASS and not answer.told:
                gates.append(_gate(item, answer))
    satisfied = sum(1 for row in rows if row.required and row.verdict is PASS)
    wanted = sum(1 for row in rows if row.required)
    if not gates:
        gates.append(_summary(satisfied, wanted, inputs.phase))
    return Contribution(
        family="checklist",
        gates=tuple(gates),
        checklist=tuple(rows),
        not_judged=(*_not_judged(elsewhere, inputs), *_not_yet(later)),
        notes=(*_without(inputs), *_undated(inputs)),
    )


def _due(item: Item, inputs: Inputs) -> bool:
    if inputs.switched_at is None or not item.due_s:
        return True
    return inputs.now >= inputs.switched_at + timedelta(seconds=item.due_s)


def _not_asked(item: Item, inputs: Inputs) -> bool:
    """Whether an item rests on gates of a family that this target does not require."""
    families = {_FAMILIES[code[:4]] for code in item.gates if code[:4] in _FAMILIES}
    families |= {_CHECKLIST_FAMILIES[code] for code in item.gates if code in _CHECKLIST_FAMILIES}
    absent = not any(gate.code in item.gates for gate in inputs.gates)
    return item.evidence is EvidenceKind.GATE and absent and not families & set(inputs.required)


def _answer(item: Item, inputs: Inputs) -> _Answer:
    tests = [one for one in inputs.tests if item.id in one.items]
    if item.evidence is EvidenceKind.SIGN_OFF:
        return _signed(item, inputs)
    if item.evidence is EvidenceKind.GATE:
        return _by_gates(item, inputs)
    if tests:
        return _by_tests(tests, inputs)
    if item.evidence is EvidenceKind.TESTS:
        return _Answer(
            verdict=OPEN,
            evidence="no test ran",
            message=f'no test marked checklist("{item.id}") ran',
            next=f'mark one: @pytest.mark.checklist("{item.id}")',
        )
    result = inputs.checks.get(item.check)
    if result is None:
        return _Answer(
            verdict=OPEN, evidence="did not run", message=f"the check {item.check} did not run"
        )
    return _Answer(
        verdict=result.verdict,
        evidence=f"{item.check}: {result.observed}",
        message=result.message,
        limit=result.limit,
        next=result.next,
        code=_code_of(item),
    )


def _code_of(item: Item) -> str:
    return "CUT408" if item.check.startswith("monitoring.") else "CUT401"


def _by_tests(tests: Sequence[ItemTest], inputs: Inputs) -> _Answer:
    for verdict, words in ((FAIL, "failed"), (OPEN, "inconclusive")):
        mine = [one for one in tests if one.verdict == str(verdict)]
        if mine:
            return _Answer(
                verdict=verdict,
                evidence=f"{len(mine)} of {len(tests)} tests {words}",
                message=mine[0].message,
                nodeids=tuple(one.nodeid for one in mine),
                next=inputs.again([mine[0].nodeid]),
            )
    count = len(tests)
    return _Answer(verdict=PASS, evidence=f"{count} test{'' if count == 1 else 's'} passed")


def _by_gates(item: Item, inputs: Inputs) -> _Answer:
    found = [gate for gate in inputs.gates if gate.code in item.gates]
    missing = [code for code in item.gates if not any(gate.code == code for gate in found)]
    names = ", ".join(dict.fromkeys(gate.id for gate in found))
    for verdict in (FAIL, OPEN):
        bad = [gate for gate in found if gate.verdict is verdict]
        if bad:
            return _Answer(
                verdict=verdict,
                evidence=f"gate {bad[0].id}: {bad[0].observed or verdict}",
                told=verdict is FAIL or bad[0].required,
                message=bad[0].message,
                next=bad[0].next,
            )
    if missing:
        return _Answer(
            verdict=OPEN,
            evidence="not measured",
            message=f"no gate {', '.join(missing)} was judged in this run",
            next=f"pytest-cutover explain {missing[0]}",
        )
    return _Answer(verdict=PASS, evidence=f"gate {names}")


def _signed(item: Item, inputs: Inputs) -> _Answer:
    mine = [entry for entry in inputs.sign_offs if entry.item == item.id]
    live = [entry for entry in mine if entry.counts(inputs.target, inputs.now, item.valid_for_s)]
    people = {entry.by.casefold(): entry for entry in sorted(live, key=lambda entry: entry.at)}
    if len(people) >= item.signatures:
        last = max(live, key=lambda entry: entry.at)
        return _Answer(
            verdict=PASS,
            evidence=f"sign-off: {last.note}",
            signed_by=", ".join(entry.by for entry in people.values()),
            signed_at=last.at.isoformat(),
        )
    return _Answer(
        verdict=OPEN,
        evidence=_why_unsigned(item, mine, len(people), inputs),
        code="CUT409",
        limit=f"{item.signatures} signature{'' if item.signatures == 1 else 's'}",
        message=f"{item.title}: nobody's statement counts on {inputs.target}",
        next=f"pytest-cutover sign-off {item.id} --target={inputs.target} --note '…'",
    )


def _why_unsigned(item: Item, mine: Sequence[SignOff], signed: int, inputs: Inputs) -> str:
    if signed:
        return f"signed by {signed} of {item.signatures}"
    here = [entry for entry in mine if entry.target == inputs.target]
    if here:
        last = max(here, key=lambda entry: entry.at)
        return f"expired {last.ends(item.valid_for_s):%Y-%m-%d}, signed by {last.by}"
    if mine:
        return f"signed for {mine[-1].target} only"
    return "not signed"


def _row(item: Item, answer: _Answer, required: bool) -> ChecklistItem:
    return ChecklistItem(
        id=item.id,
        title=item.title,
        phase=str(item.phase),
        group=item.group,
        verdict=answer.verdict,
        required=required,
        evidence=answer.evidence,
        signed_by=answer.signed_by,
        signed_at=answer.signed_at,
        next=answer.next,
    )


def _gate(item: Item, answer: _Answer) -> Gate:
    return Gate(
        id=f"checklist.{item.id}",
        code=answer.code,
        title="sign-off" if answer.code == "CUT409" else "checklist",
        place=item.id,
        verdict=answer.verdict,
        limit=answer.limit,
        observed=answer.evidence,
        message=answer.message,
        nodeids=answer.nodeids,
        next=answer.next,
    )


def _summary(satisfied: int, wanted: int, phase: Phase) -> Gate:
    """Passes when nothing is open; what is open has a gate of its own, so this never fails."""
    return Gate(
        id="checklist.items",
        code="CUT401",
        title="checklist items",
        place=str(phase),
        verdict=PASS if satisfied == wanted and wanted else OPEN,
        required=wanted == 0,
        limit=f"{wanted} of {wanted}",
        observed=f"{satisfied} of {wanted}",
        message="" if wanted else "no item of this phase can be judged on this target",
    )


def _not_judged(items: Sequence[Item], inputs: Inputs) -> list[NotJudged]:
    if not items:
        return []
    kinds = [
        "other targets show"
        if item.targets and inputs.target not in item.targets
        else "people sign"
        if item.evidence is EvidenceKind.SIGN_OFF
        else "rest on gates that are not asked for here"
        if item.evidence is EvidenceKind.GATE
        else "only a real environment can show"
        for item in items
    ]
    parts = [f"{kinds.count(kind)} that {kind}" for kind in dict.fromkeys(kinds)]
    return [
        NotJudged(
            title=f"checklist items: {', '.join(parts)}",
            reason=f"not on {inputs.target}: {', '.join(item.id for item in items)}",
            code="CUT401",
        )
    ]


def _without(inputs: Inputs) -> tuple[str, ...]:
    """What the project does without in this phase, one line for each reason."""
    ids: dict[str, list[str]] = {}
    for gone in inputs.items.dropped:
        if gone.item.phase is inputs.phase:
            ids.setdefault(gone.reason, []).append(gone.item.id)
    return tuple(
        f"{_items(len(mine))} dropped ({reason}): {', '.join(mine)}" for reason, mine in ids.items()
    )


def _undated(inputs: Inputs) -> tuple[str, ...]:
    """That nobody said from when on due dates count, where there are any."""
    dated = any(item.due_s for item in inputs.items.of(inputs.phase))
    if inputs.switched_at is not None or not dated:
        return ()
    return ("everything is due now: [checklist.after] switched_at says when traffic was moved",)


def _items(count: int) -> str:
    return "1 checklist item is" if count == 1 else f"{count} checklist items are"


def _not_yet(items: Sequence[Item]) -> list[NotJudged]:
    return [
        NotJudged(title=f"{item.id}: due {item.group}", reason="not due yet", code="CUT401")
        for item in items
    ]
