"""What is to be done: the most urgent of what checks demand and of what open gates mean. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_cutover.checklist.results import FAIL, OPEN, ActionName
from pytest_cutover.config.checklist import Phase
from pytest_cutover.config.monitoring import Switch
from pytest_cutover.report.model import Action, Gate

_NEXT_PHASE = {
    Phase.PRE_CUTOVER: Phase.VALIDATION,
    Phase.VALIDATION: Phase.SWITCH,
    Phase.SWITCH: Phase.MONITORING,
    Phase.MONITORING: Phase.VERIFICATION,
    Phase.VERIFICATION: Phase.POST_CUTOVER,
}
_SENTENCES = {
    ActionName.SWITCH: "Everything that this phase asks for is shown: go on.",
    ActionName.HOLD: "Do not move traffic until what is open is closed.",
    ActionName.KEEP_MONITORING: "Nothing to do but to go on looking.",
    ActionName.INVESTIGATE: "Find out why before going on; traffic stays where it is.",
    ActionName.PREPARE_ROLLBACK: "Look for the cause, and have the rollback at hand.",
    ActionName.ROLL_BACK: "Move traffic back to the baseline now.",
}
_ON_FAILURE = {
    Phase.SWITCH: ActionName.INVESTIGATE,
    Phase.MONITORING: ActionName.INVESTIGATE,
    Phase.VERIFICATION: ActionName.ROLL_BACK,
    Phase.ROLLBACK: ActionName.ROLL_BACK,
    Phase.POST_CUTOVER: ActionName.INVESTIGATE,
}
_WHEN_OPEN = {
    Phase.SWITCH: ActionName.HOLD,
    Phase.MONITORING: ActionName.INVESTIGATE,
    Phase.VERIFICATION: ActionName.KEEP_MONITORING,
    Phase.ROLLBACK: ActionName.INVESTIGATE,
    Phase.POST_CUTOVER: ActionName.KEEP_MONITORING,
}
_WHEN_DONE = {
    Phase.PRE_CUTOVER: ActionName.SWITCH,
    Phase.VALIDATION: ActionName.SWITCH,
    Phase.ROLLBACK: ActionName.HOLD,
}


def action_of(
    phase: Phase, gates: Iterable[Gate], demanded: Iterable[ActionName] = ()
) -> ActionName:
    """The most urgent of what checks demand and of what open and failed gates mean in a phase."""
    asked = list(demanded)
    seen = [gate for gate in gates if gate.required]
    if any(gate.verdict is FAIL for gate in seen):
        asked.append(_ON_FAILURE.get(phase, ActionName.HOLD))
    elif any(gate.verdict is OPEN for gate in seen):
        asked.append(_WHEN_OPEN.get(phase, ActionName.HOLD))
    if not asked:
        return _WHEN_DONE.get(phase, ActionName.KEEP_MONITORING)
    return max(asked, key=lambda name: name.urgency)


def action_to_take(name: ActionName, phase: Phase, target: str, switch: Switch | None) -> Action:
    """The action with its sentence and, where there is one, the command that carries it out."""
    following = _NEXT_PHASE.get(phase)
    command = ""
    if name is ActionName.ROLL_BACK and switch is not None and switch.to_baseline is not None:
        command = switch.to_baseline.shown
    elif name in (ActionName.SWITCH, ActionName.KEEP_MONITORING) and following is not None:
        command = f"pytest --cutover-target={target} --cutover-phase={following}"
    return Action(command=command, sentence=_SENTENCES[name], name=str(name))
