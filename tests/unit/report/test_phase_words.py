"""The words of every phase: no phase is answered in the words of another."""

from __future__ import annotations

from itertools import product

import pytest

from pytest_cutover.checklist.actions import action_of, action_to_take
from pytest_cutover.config.checklist import Phase
from pytest_cutover.report.model import Gate, GateVerdict, Verdict
from pytest_cutover.report.phase_words import (
    TRAFFIC,
    ActionName,
    PhaseWords,
    Traffic,
    effective,
    sentence,
    words_of,
)

ACTIONS = ["", "an action of another version", *map(str, ActionName)]
EVERY = list(product(Phase, Verdict, ACTIONS))
BEFORE = [phase for phase in Phase if TRAFFIC[phase] is Traffic.ON_BASELINE]
AFTER = [phase for phase in Phase if TRAFFIC[phase] is Traffic.ON_CANDIDATE]


def words(phase: Phase, verdict: Verdict, action: str = "") -> PhaseWords:
    return words_of(phase, verdict, action, baseline="express", candidate="fastapi")


@pytest.mark.parametrize(("phase", "verdict", "action"), EVERY)
def test_every_phase_verdict_and_action_has_words(
    phase: Phase, verdict: Verdict, action: str
) -> None:
    found = words(phase, verdict, action)

    assert found.question.endswith("?")
    assert found.answer
    assert found.action
    assert "{" not in found.question + found.answer + found.action
    assert len(f"INCONCLUSIVE · {found.action}") < 70, "it is a headline"
    assert sentence(phase, effective(phase, verdict, action)).endswith(".")


@pytest.mark.parametrize(("phase", "verdict", "action"), EVERY)
def test_nobody_is_told_to_switch_or_not_to_switch_once_the_traffic_has_moved(
    phase: Phase, verdict: Verdict, action: str
) -> None:
    found = words(phase, verdict, action)

    if phase not in BEFORE:
        assert "do not switch" not in f"{found.action} {found.answer}"
        assert "may be switched" not in found.answer
    if phase in BEFORE:
        assert "keep the traffic" not in found.action
        assert "roll back" not in found.action


@pytest.mark.parametrize(("phase", "verdict", "action"), EVERY)
def test_only_a_go_switches_keeps_or_confirms(phase: Phase, verdict: Verdict, action: str) -> None:
    said = words(phase, verdict, action).action

    if verdict is not Verdict.GO:
        assert said not in (
            "switch the traffic",
            "ready for the switch",
            "keep the traffic on the candidate",
            "back on the baseline: confirmed",
        )


@pytest.mark.parametrize("phase", AFTER)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_demand_to_roll_back_is_the_headline_whatever_else_was_seen(
    phase: Phase, verdict: Verdict
) -> None:
    assert words(phase, verdict, "roll back").action == "roll back now"


@pytest.mark.parametrize("phase", AFTER)
@pytest.mark.parametrize("action", ["", "keep monitoring", "hold"])
def test_a_failure_with_traffic_on_the_candidate_is_never_calm(phase: Phase, action: str) -> None:
    assert words(phase, Verdict.NO_GO, action).action == "investigate now"


@pytest.mark.parametrize(
    ("phase", "verdict", "action", "expected"),
    [
        (Phase.PRE_CUTOVER, Verdict.GO, "switch", "ready for the switch"),
        (Phase.PRE_CUTOVER, Verdict.NO_GO, "", "do not switch"),
        (Phase.PRE_CUTOVER, Verdict.INCONCLUSIVE, "hold", "do not switch yet"),
        (Phase.VALIDATION, Verdict.GO, "switch", "switch the traffic"),
        (Phase.SWITCH, Verdict.GO, "keep monitoring", "watch the candidate"),
        (Phase.SWITCH, Verdict.INCONCLUSIVE, "hold", "confirm the switch first"),
        (Phase.MONITORING, Verdict.GO, "keep monitoring", "keep the traffic on the candidate"),
        (Phase.MONITORING, Verdict.INCONCLUSIVE, "keep monitoring", "go on watching"),
        (Phase.MONITORING, Verdict.NO_GO, "roll back", "roll back now"),
        (Phase.ROLLBACK, Verdict.GO, "hold", "back on the baseline: confirmed"),
        (Phase.ROLLBACK, Verdict.INCONCLUSIVE, "investigate", "find out who answers"),
        (Phase.POST_CUTOVER, Verdict.PARTIAL, "keep monitoring", "no answer yet"),
    ],
)
def test_the_headlines(phase: Phase, verdict: Verdict, action: str, expected: str) -> None:
    assert words(phase, verdict, action).action == expected


# -- what is to be done ---------------------------------------------------------------------------


def gate(verdict: GateVerdict, *, required: bool = True) -> Gate:
    return Gate(id="x", code="CUT401", title="x", verdict=verdict, required=required)


def test_a_failed_gate_counts_though_nobody_required_it() -> None:
    failed = gate(GateVerdict.FAIL, required=False)

    assert action_of(Phase.MONITORING, [failed]) is ActionName.INVESTIGATE


def test_an_open_gate_counts_where_it_is_required() -> None:
    unasked = gate(GateVerdict.INCONCLUSIVE, required=False)

    assert action_of(Phase.PRE_CUTOVER, [unasked]) is ActionName.SWITCH
    assert action_of(Phase.PRE_CUTOVER, [gate(GateVerdict.INCONCLUSIVE)]) is ActionName.HOLD


@pytest.mark.parametrize("phase", AFTER)
def test_who_rolls_back_by_hand_is_told_so_and_how_to_confirm_it(phase: Phase) -> None:
    action = action_to_take(ActionName.ROLL_BACK, phase, "production", None)

    assert action.command == "pytest --cutover-target=production --cutover-phase=rollback"
    assert "use your own" in action.sentence


def test_the_next_phase_follows_on_a_settled_one_only() -> None:
    settled = action_to_take(ActionName.KEEP_MONITORING, Phase.VERIFICATION, "production", None)
    unsettled = action_to_take(
        ActionName.KEEP_MONITORING, Phase.VERIFICATION, "production", None, settled=False
    )

    assert settled.command.endswith("--cutover-phase=post-cutover")
    assert (unsettled.command, unsettled.sentence) == (
        "",
        "Go on watching, and show what is still open.",
    )
