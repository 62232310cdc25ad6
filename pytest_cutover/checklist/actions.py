"""What is to be done: the most urgent of what checks demand and of what open gates mean. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from pytest_cutover.checklist.results import FAIL, OPEN
from pytest_cutover.config.checklist import Phase
from pytest_cutover.config.monitoring import Switch
from pytest_cutover.report.model import Action, Gate
from pytest_cutover.report.phase_words import ActionName, sentence

_NEXT_PHASE = {
    Phase.PRE_CUTOVER: Phase.VALIDATION,
    Phase.VALIDATION: Phase.SWITCH,
    Phase.SWITCH: Phase.MONITORING,
    Phase.MONITORING: Phase.VERIFICATION,
    Phase.VERIFICATION: Phase.POST_CUTOVER,
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
    """Return the most urgent of what checks demand and of what open and failed gates mean.

    A gate that failed counts whether it was required or not, as it does for the verdict.
    """
    asked, seen = list(demanded), list(gates)
    if any(gate.verdict is FAIL for gate in seen):
        asked.append(_ON_FAILURE.get(phase, ActionName.HOLD))
    elif any(gate.verdict is OPEN and gate.required for gate in seen):
        asked.append(_WHEN_OPEN.get(phase, ActionName.HOLD))
    if not asked:
        return _WHEN_DONE.get(phase, ActionName.KEEP_MONITORING)
    return max(asked, key=lambda name: name.urgency)


def action_to_take(
    name: ActionName, phase: Phase, target: str, switch: Switch | None, *, settled: bool = True
) -> Action:
    """Return the action with its sentence and the command that carries it out, where there is one.

    Who rolls back without a command of the configuration does it by hand: what is left to run is
    the phase that confirms it. The next phase follows on one that is `settled` only.
    """
    told = sentence(phase, name, settled=settled)
    following = _NEXT_PHASE.get(phase) if settled else None
    if name is ActionName.ROLL_BACK:
        again = phase_command(target, Phase.ROLLBACK)
        if switch is not None and switch.to_baseline is not None:
            told = f"{told.rstrip('.')}: {again}" if phase is not Phase.ROLLBACK else told
            return Action(command=switch.to_baseline.shown, sentence=told, name=str(name))
        by_hand = "[checklist.switch] to_baseline names no command, so use your own."
        return Action(command=again, sentence=f"{told} {by_hand}", name=str(name))
    command = ""
    if name in (ActionName.SWITCH, ActionName.KEEP_MONITORING) and following is not None:
        command = phase_command(target, following)
    return Action(command=command, sentence=told, name=str(name))


def phase_command(target: str, phase: Phase) -> str:
    """Return the command that judges a phase of a target."""
    return f"pytest --cutover-target={shlex.quote(target)} --cutover-phase={phase}"
