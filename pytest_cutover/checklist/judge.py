"""From items and evidence to the checklist of the report, its gates, and the action. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pytest_cutover.checklist.evaluate import EvaluationInputs, ItemAnswer, answer_to
from pytest_cutover.checklist.item import Item
from pytest_cutover.checklist.results import OPEN, PASS
from pytest_cutover.config.checklist import EvidenceKind
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report.model import ChecklistItem, Gate, NotJudged

_FAMILIES = {"CUT1": "parity", "CUT2": "performance"}
_CHECKLIST_FAMILIES = {
    "CUT402": "contract",
    "CUT403": "contract",
    "CUT404": "contract",
    "CUT405": "coverage",
    "CUT406": "coverage",
    "CUT407": "coverage",
}


def judged(inputs: EvaluationInputs) -> Contribution:
    """Return the checklist of the phase: its items, a gate for each open one, what is not
    judged.
    """
    rows: list[ChecklistItem] = []
    gates: list[Gate] = []
    elsewhere: list[Item] = []
    later: list[Item] = []
    for item in inputs.items.of(inputs.phase):
        here = item.judged_on(inputs.target, launched=inputs.launched)
        if not here or _not_asked(item, inputs):
            elsewhere.append(item)
            rows.append(_unasked(item, "not judged here", inputs))
        elif not _due(item, inputs):
            later.append(item)
            rows.append(_unasked(item, "not due yet", inputs))
        else:
            answer = answer_to(item, inputs)
            rows.append(_row(item, answer, inputs))
            if answer.verdict is not PASS and not answer.told:
                gates.append(_gate(item, answer))
    satisfied = sum(1 for row in rows if row.required and row.verdict is PASS)
    wanted = sum(1 for row in rows if row.required)
    if not gates:
        gates.append(_summary(satisfied, wanted, inputs))
    return Contribution(
        family="checklist",
        gates=tuple(gates),
        checklist=tuple(rows),
        not_judged=(*_not_judged(elsewhere, inputs), *_not_yet(later)),
        notes=(*_shown(rows, inputs), *_without(inputs), *_undated(rows, inputs)),
    )


def _due(item: Item, inputs: EvaluationInputs) -> bool:
    if inputs.switched_at is None or not item.due_s:
        return True
    return inputs.now >= inputs.switched_at + timedelta(seconds=item.due_s)


def _not_asked(item: Item, inputs: EvaluationInputs) -> bool:
    """Whether an item rests on gates of a family that this target does not require."""
    families = {_FAMILIES[code[:4]] for code in item.gates if code[:4] in _FAMILIES}
    families |= {_CHECKLIST_FAMILIES[code] for code in item.gates if code in _CHECKLIST_FAMILIES}
    absent = not any(gate.code in item.gates for gate in inputs.gates)
    return item.evidence is EvidenceKind.GATE and absent and not families & set(inputs.required)


def _unasked(item: Item, why: str, inputs: EvaluationInputs) -> ChecklistItem:
    """Return an item about which nobody was asked: it is not inconclusive, and it blocks
    nothing.
    """
    row = _row(item, ItemAnswer(verdict=OPEN, evidence=why), inputs)
    return replace(row, required=False, unasked=why)


def _row(item: Item, answer: ItemAnswer, inputs: EvaluationInputs) -> ChecklistItem:
    return ChecklistItem(
        id=item.id,
        title=item.title_on(launched=inputs.launched),
        phase=str(item.phase),
        group=item.group,
        verdict=answer.verdict,
        evidence=answer.evidence,
        signed_by=answer.signed_by,
        signed_at=answer.signed_at,
        next=answer.next,
    )


def _gate(item: Item, answer: ItemAnswer) -> Gate:
    return Gate(
        id=f"checklist.{item.id}",
        code=answer.code,
        title="sign-off" if answer.code == "CUT409" else "checklist",
        place=item.id,
        verdict=answer.verdict,
        limit=answer.limit,
        observed=answer.observed or answer.evidence,
        message=answer.message,
        nodeids=answer.nodeids,
        next=answer.next,
        because="nobody signed" if answer.code == "CUT409" else "",
    )


def _summary(satisfied: int, wanted: int, inputs: EvaluationInputs) -> Gate:
    """Pass when nothing is open; what is open has a gate of its own, so this never fails."""
    nobody = f"{inputs.target} is launched by the run itself, so no traffic is on it"
    return Gate(
        id="checklist.items",
        code="CUT401",
        title="checklist items",
        place=str(inputs.phase),
        verdict=PASS if satisfied == wanted and wanted else OPEN,
        required=wanted == 0,
        limit=f"{wanted} of {wanted}",
        observed=f"{satisfied} of {wanted}",
        message=""
        if wanted
        else f"{nobody}: give a target that has URLs"
        if inputs.launched
        else "every item of this phase is dropped, or judged on another target",
        next="" if wanted else f"pytest --cutover-target=TARGET --cutover-phase={inputs.phase}",
    )


def _not_judged(items: Sequence[Item], inputs: EvaluationInputs) -> list[NotJudged]:
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


def _shown(rows: Sequence[ChecklistItem], inputs: EvaluationInputs) -> tuple[str, ...]:
    """Return what checks measured, where that is all that a phase shows; of the suite's, the
    rehearsal.
    """
    checks = {item.id: item.check for item in inputs.items.of(inputs.phase)}
    return tuple(
        f"{row.id}: {row.evidence.removeprefix(f'{checks[row.id]}: ')}"
        for row in rows
        if row.required and row.verdict is PASS and checks[row.id] and not row.signed_by
        if not inputs.phase.runs_the_suite or checks[row.id] == "switch.rehearsal"
    )


def _without(inputs: EvaluationInputs) -> tuple[str, ...]:
    """Return what the project does without in this phase, one line for each reason."""
    ids: dict[str, list[str]] = {}
    for gone in inputs.items.dropped:
        if gone.item.phase is inputs.phase:
            ids.setdefault(gone.reason, []).append(gone.item.id)
    return tuple(
        f"{_items(len(mine))} dropped ({reason}): {', '.join(mine)}" for reason, mine in ids.items()
    )


def _undated(rows: Sequence[ChecklistItem], inputs: EvaluationInputs) -> tuple[str, ...]:
    """Return that nobody said from when on due dates count, where there are any."""
    asked = {row.id for row in rows if row.required}
    dated = any(item.due_s for item in inputs.items.of(inputs.phase) if item.id in asked)
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
