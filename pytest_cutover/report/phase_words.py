"""What a verdict means in the phase in which it is given: question, answer, action. Pure.

"Do not switch the traffic" is the right word before the switch and a wrong one after it. Every
renderer takes its words from here, so that no screen asks one phase and answers another. The words
follow from where the traffic is, from the verdict, and from the action that the checklist demands;
a pair of them that contradicts itself is read as the more careful of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pytest_cutover.config.checklist import Phase
from pytest_cutover.report.model import Verdict


class ActionName(StrEnum):
    """What to do now, from the calmest to the most urgent; `action.name` of gate.json."""

    SWITCH = "switch"
    KEEP_MONITORING = "keep monitoring"
    HOLD = "hold"
    INVESTIGATE = "investigate"
    PREPARE_ROLLBACK = "prepare rollback"
    ROLL_BACK = "roll back"

    @property
    def urgency(self) -> int:
        """Greater is more urgent."""
        return list(ActionName).index(self)


class Traffic(StrEnum):
    """Where users' requests go while a phase is judged."""

    ON_BASELINE = "on the baseline"
    MOVING = "moving to the candidate"
    ON_CANDIDATE = "on the candidate"
    MOVING_BACK = "moving back to the baseline"


TRAFFIC: Final = {
    Phase.PRE_CUTOVER: Traffic.ON_BASELINE,
    Phase.VALIDATION: Traffic.ON_BASELINE,
    Phase.SWITCH: Traffic.MOVING,
    Phase.MONITORING: Traffic.ON_CANDIDATE,
    Phase.VERIFICATION: Traffic.ON_CANDIDATE,
    Phase.ROLLBACK: Traffic.MOVING_BACK,
    Phase.POST_CUTOVER: Traffic.ON_CANDIDATE,
}


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """The question of a phase, its answer in a sentence, and the action as a headline."""

    question: str
    answer: str
    action: str


_QUESTIONS: Final = {
    Phase.PRE_CUTOVER: "May we switch the traffic from {baseline} to {candidate}?",
    Phase.VALIDATION: "May we switch the traffic from {baseline} to {candidate} now?",
    Phase.SWITCH: "Has the traffic moved from {baseline} to {candidate}?",
    Phase.MONITORING: "May the traffic stay on {candidate}?",
    Phase.VERIFICATION: "Can real users do their work on {candidate}?",
    Phase.ROLLBACK: "Is the traffic back on {baseline}?",
    Phase.POST_CUTOVER: "Is everything done that follows the move to {candidate}?",
}

# One answer for each phase and verdict; a part of the suite answers no question.
_ANSWERS: Final = {
    (Phase.PRE_CUTOVER, Verdict.GO): "the traffic may be switched",
    (Phase.PRE_CUTOVER, Verdict.NO_GO): "the traffic stays on {baseline}",
    (Phase.PRE_CUTOVER, Verdict.INCONCLUSIVE): "the evidence is not enough to switch the traffic",
    (Phase.VALIDATION, Verdict.GO): "the traffic may be switched now",
    (Phase.VALIDATION, Verdict.NO_GO): "the traffic stays on {baseline}",
    (Phase.VALIDATION, Verdict.INCONCLUSIVE): "the evidence is not enough to switch the traffic",
    (Phase.SWITCH, Verdict.GO): "the traffic is on {candidate}",
    (Phase.SWITCH, Verdict.NO_GO): "the switch did not go as it has to",
    (Phase.SWITCH, Verdict.INCONCLUSIVE): "it is not shown that the traffic has moved",
    (Phase.MONITORING, Verdict.GO): "nothing that was watched speaks against {candidate}",
    (Phase.MONITORING, Verdict.NO_GO): "{candidate} does not keep what it has to keep",
    (Phase.MONITORING, Verdict.INCONCLUSIVE): "too little is known to say so",
    (Phase.VERIFICATION, Verdict.GO): "users can do their work on {candidate}",
    (Phase.VERIFICATION, Verdict.NO_GO): "users cannot do their work on {candidate}",
    (Phase.VERIFICATION, Verdict.INCONCLUSIVE): "not everything is shown yet",
    (Phase.ROLLBACK, Verdict.GO): "{baseline} serves the users again",
    (Phase.ROLLBACK, Verdict.NO_GO): "{baseline} does not serve the users as it has to",
    (Phase.ROLLBACK, Verdict.INCONCLUSIVE): "it is not shown that the traffic is back",
    (Phase.POST_CUTOVER, Verdict.GO): "everything that is due is done",
    (Phase.POST_CUTOVER, Verdict.NO_GO): "something that is due has failed",
    (Phase.POST_CUTOVER, Verdict.INCONCLUSIVE): "not everything that is due is shown",
}
_PARTIAL_ANSWER: Final = "only a part was asked, so this answers nothing yet"

_ROLL_BACK: Final = "roll back now"
_PREPARE: Final = "prepare to roll back"
_HEADLINES: Final = {
    Traffic.ON_BASELINE: {
        ActionName.SWITCH: "switch the traffic",
        ActionName.KEEP_MONITORING: "do not switch yet",
        ActionName.HOLD: "do not switch",
        ActionName.INVESTIGATE: "do not switch: find out why",
        ActionName.PREPARE_ROLLBACK: "do not switch: find out why",
        ActionName.ROLL_BACK: "do not switch: move all traffic to the baseline",
    },
    Traffic.MOVING: {
        ActionName.SWITCH: "watch the candidate",
        ActionName.KEEP_MONITORING: "watch the candidate",
        ActionName.HOLD: "confirm the switch first",
        ActionName.INVESTIGATE: "find out who answers",
        ActionName.PREPARE_ROLLBACK: _PREPARE,
        ActionName.ROLL_BACK: _ROLL_BACK,
    },
    Traffic.ON_CANDIDATE: {
        ActionName.SWITCH: "keep the traffic on the candidate",
        ActionName.KEEP_MONITORING: "keep the traffic on the candidate",
        ActionName.HOLD: "go on watching",
        ActionName.INVESTIGATE: "investigate now",
        ActionName.PREPARE_ROLLBACK: _PREPARE,
        ActionName.ROLL_BACK: _ROLL_BACK,
    },
    Traffic.MOVING_BACK: {
        ActionName.SWITCH: "back on the baseline: confirmed",
        ActionName.KEEP_MONITORING: "back on the baseline: confirmed",
        ActionName.HOLD: "back on the baseline: confirmed",
        ActionName.INVESTIGATE: "find out who answers",
        ActionName.PREPARE_ROLLBACK: "move all traffic to the baseline now",
        ActionName.ROLL_BACK: "move all traffic to the baseline now",
    },
}
# What a phase means by itself where no checklist demanded anything.
_BY_VERDICT: Final = {
    Traffic.ON_BASELINE: (ActionName.SWITCH, ActionName.HOLD),
    Traffic.MOVING: (ActionName.KEEP_MONITORING, ActionName.INVESTIGATE),
    Traffic.ON_CANDIDATE: (ActionName.KEEP_MONITORING, ActionName.INVESTIGATE),
    Traffic.MOVING_BACK: (ActionName.HOLD, ActionName.INVESTIGATE),
}
# Said in place of the headline above where the verdict is not a GO: nothing is confirmed by it.
_UNLESS_GO: Final = {
    (Traffic.MOVING, ActionName.KEEP_MONITORING): "confirm the switch first",
    (Traffic.MOVING_BACK, ActionName.KEEP_MONITORING): "not confirmed that the traffic is back",
    (Traffic.MOVING_BACK, ActionName.HOLD): "not confirmed that the traffic is back",
    (Traffic.ON_CANDIDATE, ActionName.KEEP_MONITORING): "go on watching",
}
_SENTENCES: Final = {
    (Traffic.ON_BASELINE, ActionName.KEEP_MONITORING): "Close what is open first.",
    (Traffic.ON_BASELINE, ActionName.HOLD): "Do not move traffic until what is open is closed.",
    (Traffic.ON_BASELINE, ActionName.INVESTIGATE): "Find out why before anything is moved.",
    (Traffic.ON_BASELINE, ActionName.PREPARE_ROLLBACK): "Find out why before anything is moved.",
    (Traffic.ON_BASELINE, ActionName.ROLL_BACK): "Move what traffic there is to the baseline.",
    (Traffic.MOVING, ActionName.SWITCH): "The traffic has moved: watch it.",
    (Traffic.MOVING, ActionName.KEEP_MONITORING): "The traffic has moved: watch it.",
    (Traffic.MOVING, ActionName.HOLD): "Show what is open before anybody relies on the switch.",
    (
        Traffic.MOVING,
        ActionName.INVESTIGATE,
    ): "Find out who answers, and finish the switch or undo it.",
    (
        Traffic.ON_CANDIDATE,
        ActionName.HOLD,
    ): "Leave the traffic where it is and close what is open.",
    (
        Traffic.ON_CANDIDATE,
        ActionName.INVESTIGATE,
    ): "Find out why before going on; be ready to roll back.",
    (
        Traffic.MOVING_BACK,
        ActionName.HOLD,
    ): "The way back is done: write down why, and what follows.",
    (Traffic.MOVING_BACK, ActionName.INVESTIGATE): "Find out who still answers, then ask again.",
}
_SENTENCE_OF_PREPARING: Final = "Look for the cause, and have the rollback at hand."
_SENTENCE_OF_ROLLING_BACK: Final = "Move the traffic back to the baseline now, then confirm it."
_SENTENCE_OF_WATCHING: Final = "Nothing to do but to go on looking."
_NEXT_STEPS: Final = {
    Phase.PRE_CUTOVER: "What this phase asks for is shown: the final validation is next.",
    Phase.VALIDATION: "What this phase asks for is shown: move the traffic, then confirm it.",
    Phase.MONITORING: "What was watched stayed within its limits: the verification is next.",
    Phase.VERIFICATION: "Users are served: what is due in the first hour, day and weeks is next.",
    Phase.POST_CUTOVER: "Nothing more is due now.",
}


def words_of(
    phase: str, verdict: Verdict, action: str = "", *, baseline: str, candidate: str
) -> PhaseWords:
    """Return the words of a phase; `action` is what the checklist demands, if it was asked.

    A phase that is not known, out of a report of another version, is read as ``pre-cutover``.
    """
    known = phase_named(phase)
    names = {"baseline": baseline, "candidate": candidate}
    answer = _ANSWERS.get((known, verdict), _PARTIAL_ANSWER)
    return PhaseWords(
        question=_QUESTIONS[known].format(**names),
        answer=answer.format(**names),
        action=headline(known, verdict, action),
    )


def headline(phase: Phase, verdict: Verdict, action: str = "") -> str:
    """Return the action in the words of the phase: what stands beside the verdict."""
    name = effective(phase, verdict, action)
    traffic = TRAFFIC[phase]
    if verdict is Verdict.PARTIAL and name.urgency < ActionName.PREPARE_ROLLBACK.urgency:
        return "no answer yet"
    if phase is Phase.PRE_CUTOVER and name is ActionName.SWITCH:
        return "ready for the switch"
    if verdict is Verdict.INCONCLUSIVE and (traffic, name) == (
        Traffic.ON_BASELINE,
        ActionName.HOLD,
    ):
        return "do not switch yet"
    if verdict is not Verdict.GO and (traffic, name) in _UNLESS_GO:
        return _UNLESS_GO[traffic, name]
    return _HEADLINES[traffic][name]


def effective(phase: Phase, verdict: Verdict, action: str = "") -> ActionName:
    """Return the action that stands: never calmer than the verdict allows."""
    traffic = TRAFFIC[phase]
    when_go, otherwise = _BY_VERDICT[traffic]
    if action not in set(ActionName):
        return when_go if verdict is Verdict.GO else otherwise
    name = ActionName(action)
    if verdict is not Verdict.GO and name is ActionName.SWITCH:
        return otherwise
    calm = (ActionName.KEEP_MONITORING, ActionName.HOLD)
    if verdict is Verdict.NO_GO and traffic is not Traffic.ON_BASELINE and name in calm:
        return ActionName.INVESTIGATE
    return name


def sentence(phase: Phase, name: ActionName, *, settled: bool = True) -> str:
    """Return what carries out an action, in a sentence; `settled`: nothing required is open."""
    traffic = TRAFFIC[phase]
    if not settled and name is ActionName.KEEP_MONITORING and traffic is Traffic.ON_CANDIDATE:
        return "Go on watching, and show what is still open."
    if (traffic, name) in _SENTENCES:
        return _SENTENCES[traffic, name]
    if name is ActionName.ROLL_BACK:
        return _SENTENCE_OF_ROLLING_BACK
    if name is ActionName.PREPARE_ROLLBACK:
        return _SENTENCE_OF_PREPARING
    return _NEXT_STEPS.get(phase, _SENTENCE_OF_WATCHING)


def phase_named(name: str) -> Phase:
    """Return the phase of that name; the first one for a name that is not known."""
    return Phase(name) if name in set(Phase) else Phase.PRE_CUTOVER
