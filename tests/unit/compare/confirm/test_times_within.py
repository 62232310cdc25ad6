"""A time that each change moves on the baseline moves on the candidate; one that stays, stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, transcript

UPDATES, KEEPS, MAKES_ANEW = (True, False), (False, False), (True, True)
FORMS: dict[str, Callable[[float], str]] = {
    "milliseconds": lambda s: datetime.fromtimestamp(s, UTC).isoformat(timespec="milliseconds"),
    "seconds": lambda s: datetime.fromtimestamp(s, UTC).strftime("%Y-%m-%d %H:%M:%S"),
    "zeros": lambda s: datetime.fromtimestamp(s, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
}


def _judged(
    ours: tuple[bool, bool],
    theirs: tuple[bool, bool],
    form: str,
    *,
    rounds: int = 3,
    took_s: float = 0.03,
    wrapped: bool = False,
) -> Judged:
    """`ours` and `theirs`: whether a change moves `updated_at`, and whether `created_at`."""
    turns, told = count(), FORMS[form]

    def asked(moves: tuple[bool, bool], side: Side) -> Transcript:
        turn = next(turns)
        begun = NOON_S + 0.003 + 3.137 * turn
        row = {"id": turn, "title": "Gate", "updated_at": told(begun), "created_at": told(begun)}
        later = told(begun + 0.011 + took_s)
        names = ("updated_at", "created_at")
        moved = dict.fromkeys((one for one, yes in zip(names, moves, strict=True) if yes), later)
        answers = [{"data": one} if wrapped else one for one in (row, {**row, **moved})]
        made = exchange(
            answers[0], status=201, method="POST", target="/notes", sent={"t": 1}, at_s=begun
        )
        changed = exchange(
            answers[1],
            method="PUT",
            target=f"/notes/{turn}",
            endpoint="PUT /notes/{id}",
            sent={"t": 2},
            at_s=begun + 0.01 + took_s,
        )
        return transcript(made, changed, side=side)

    golden = learn(asked(ours, Side.BASELINE), asked(ours, Side.BASELINE))
    sides = [
        Round(asked(ours, Side.BASELINE), asked(theirs, Side.CANDIDATE)) for _ in range(rounds)
    ]
    return judge(sides, Rulebook().under(golden))


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(("form", "took_s"), [("milliseconds", 0.03), ("seconds", 1.2)])
@pytest.mark.parametrize(
    ("ours", "theirs", "where", "change"),
    [
        (UPDATES, KEEPS, "updated_at", "moves with each change → stays"),
        (KEEPS, UPDATES, "updated_at", "stays → moves with each change"),
        (UPDATES, MAKES_ANEW, "created_at", "stays → moves with each change"),
    ],
)
def test_what_moves_on_one_side_alone(
    ours: tuple[bool, bool],
    theirs: tuple[bool, bool],
    where: str,
    change: str,
    form: str,
    took_s: float,
    wrapped: bool,
) -> None:
    found = _judged(ours, theirs, form, took_s=took_s, wrapped=wrapped)
    pointer = f"/data/{where}" if wrapped else f"/{where}"
    assert [(one.pointer, one.change) for one in found.differences] == [(pointer, change)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("both", [UPDATES, KEEPS, MAKES_ANEW])
@pytest.mark.parametrize("took_s", [0.03, 1.2])
def test_what_moves_or_stays_on_both(both: tuple[bool, bool], form: str, took_s: float) -> None:
    for rounds in (1, 2, 3):
        assert _judged(both, both, form, took_s=took_s, rounds=rounds).differences == ()


@pytest.mark.parametrize("form", ["seconds", "zeros"])
def test_a_change_within_a_second_says_nothing_of_whole_seconds(form: str) -> None:
    found = _judged(MAKES_ANEW, KEEPS, form, took_s=0.9)
    assert found.differences == ()


def test_more_rounds_are_asked_for_before_it_accuses() -> None:
    found = _judged(UPDATES, KEEPS, "milliseconds", rounds=2)
    assert [one.change for one in found.differences] == []
    assert ("PUT /notes/{id}", "/updated_at") in found.moving
