"""A number of one database that both sides move: what a test does to it is the same on both."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from pytest_cutover.compare.confirm.baseline_alone import told
from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.steps_within import OF_ONE_UNIT
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, transcript

Step = Callable[[int], int]  # what the number is after the write, of what it was before
Spelling = Callable[[int], Any]
CHANGE = "moves within the test → does not move with it"


SPELLINGS: dict[str, Spelling] = {
    "a number": lambda number: number,
    "digits": str,
    "a sentence": lambda number: f"{number} are left",
    "a link": lambda number: f"/products/7?after={number}",
}


def _stock(number: int, at_s: float, name: str, spell: Spelling) -> Exchange:
    endpoint = "GET /products/{id}"
    return exchange({name: spell(number)}, target="/products/30", endpoint=endpoint, at_s=at_s)


def _judged(
    ours: Step,
    theirs: Step,
    *,
    rounds: int = 3,
    between: Step = lambda number: number,
    took_s: float = 0.01,
    every_s: float = 1.0,
    name: str = "stock",
    alone: Step | None = None,
    spell: Spelling = int,
) -> Judged:
    number, turns = 1_000, count()

    def asked(step: Step, side: Side) -> Transcript:
        nonlocal number
        number = between(number)
        begun = NOON_S + next(turns) * every_s
        before = _stock(number, begun, name, spell)
        order = exchange({"ok": True}, method="POST", target="/orders", sent={"n": 4}, at_s=begun)
        number = step(number)
        return transcript(before, order, _stock(number, begun + took_s, name, spell), side=side)

    first, _, again = (asked(ours, Side.BASELINE) for _ in range(3))
    golden = learn(first, again)
    sides = [
        Round(asked(ours, Side.BASELINE), asked(theirs, Side.CANDIDATE)) for _ in range(rounds)
    ]
    judged = judge(sides, Rulebook().under(golden))
    if alone is None:
        return judged
    later = [asked(alone, Side.BASELINE) for _ in range(2)]
    later += [asked(theirs, Side.CANDIDATE) for _ in range(2)]
    return told(judged, [sides[-1].candidate, *later])


def _takes(many: int) -> Step:
    return lambda number: number - many


@pytest.mark.parametrize("many", [0, 1, 8, -5])
def test_an_order_takes_as_much_from_the_stock_as_the_baselines(many: int) -> None:
    found = _judged(_takes(4), _takes(many))
    assert [(one.pointer, one.change) for one in found.differences] == [("/stock", CHANGE)]
    assert (found.differences[0].baseline, found.differences[0].candidate) == ("-4", f"{-many:+}")


def test_an_order_that_takes_as_much_is_none() -> None:
    for rounds in (1, 2, 3):
        assert _judged(_takes(4), _takes(4), rounds=rounds).differences == ()


def test_more_rounds_are_asked_for_before_it_accuses() -> None:
    found = _judged(_takes(4), _takes(0), rounds=2)
    assert [one.change for one in found.differences] == []
    assert ("GET /products/{id}", "/stock") in found.moving


def test_where_somebody_else_moves_it_nothing_is_said() -> None:
    found = _judged(_takes(4), _takes(0), between=lambda number: number + 1)
    assert found.differences == ()


def test_a_switch_is_turned_over_by_each_side() -> None:
    """On one side the test stars a thing, on the other it takes the star away."""
    found = _judged(lambda number: number + 1, lambda number: number - 1)
    assert found.differences == ()


def test_a_value_that_is_set_once_is_no_step() -> None:
    found = _judged(lambda _: 50, lambda _: 50)
    assert found.differences == ()


@pytest.mark.parametrize(("took_s", "accused"), [(1.5, False), (0.01, True)])
def test_seconds_that_go_by_between_two_reads_are_the_clocks(took_s: float, accused: bool) -> None:
    found = _judged(lambda number: number + 2, lambda number: number, took_s=took_s)
    assert bool(found.differences) == accused


@pytest.mark.parametrize(
    ("name", "accused", "is_open"),
    [("stock", False, True), ("likes_count", True, False), ("pages", False, False)],
)
def test_one_unit_may_be_rounded_but_not_of_a_count(
    name: str, accused: bool, is_open: bool
) -> None:
    """Of pages of two rows each side's row makes a new one on the first side alone."""
    found = _judged(lambda number: number + 1, lambda number: number, name=name)
    assert bool(found.differences) == accused
    assert (OF_ONE_UNIT in {one.reason for one in found.account.open}) == is_open


def _halved() -> Step:
    """What is shown of a half that is rounded up: each turn adds one to what lies behind it."""
    behind = count(2_000)
    return lambda _: -(-(next(behind) + 1) // 2)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_one_unit_is_told_where_two_turns_of_the_baseline_do_the_same(spell: Spelling) -> None:
    found = _judged(_takes(1), _takes(0), alone=_takes(1), spell=spell)
    assert [(one.pointer, one.change) for one in found.differences] == [("/stock", CHANGE)]
    assert found.account.open == {}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_one_unit_is_rounded_where_two_turns_of_the_baseline_differ(spell: Spelling) -> None:
    step = _halved()
    found = _judged(step, step, spell=spell)
    assert {one.reason for one in found.account.open} == {OF_ONE_UNIT}
    step = _halved()
    found = _judged(step, step, alone=step, spell=spell)
    assert found.differences == ()
    assert found.account.open == {}


def test_one_unit_stays_open_where_a_text_shows_two_numbers_that_may_be_meant() -> None:
    """The candidate's last turn reads 994 twice, of which one goes on, and the other does not."""
    found = _judged(
        _takes(1),
        _takes(0),
        alone=_takes(1),
        spell=lambda number: f"{number} of {max(number, 994)}",
    )
    assert found.differences == ()
    assert {one.reason for one in found.account.open} == {OF_ONE_UNIT}


def test_one_unit_stays_open_where_somebody_else_moves_it_meanwhile() -> None:
    moved = iter([*[0] * 9, 3, *[0] * 3])
    found = _judged(
        _takes(1), _takes(0), alone=_takes(1), between=lambda number: number + next(moved)
    )
    assert found.differences == ()
    assert {one.reason for one in found.account.open} == {OF_ONE_UNIT}


def test_turns_that_take_long_are_no_clock_where_their_steps_are_more_than_the_time() -> None:
    found = _judged(_takes(-2), _takes(0), took_s=0.2, every_s=0.3)
    assert [one.change for one in found.differences] == [CHANGE]
    found = _judged(_takes(-2), _takes(0), took_s=0.2, every_s=0.3, rounds=2)
    assert ("GET /products/{id}", "/stock") in found.moving


def _read_only(
    ours: int,
    theirs: int,
    *,
    others: Step = lambda number: number,
    reads_each: int = 2,
    shown: Step = lambda number: number,
) -> Judged:
    number, turns = 1_000, count()

    def asked(step: int, side: Side) -> Transcript:
        nonlocal number
        number, begun, reads = others(number), NOON_S + next(turns), list[Exchange]()
        for _ in range(reads_each):
            number += step
            reads.append(_stock(shown(number), begun, "requests", int))
        return transcript(*reads, side=side)

    golden = learn(asked(ours, Side.BASELINE), asked(ours, Side.BASELINE))
    sides = [Round(asked(ours, Side.BASELINE), asked(theirs, Side.CANDIDATE)) for _ in range(3)]
    return judge(sides, Rulebook().under(golden))


@pytest.mark.parametrize("theirs", [2, 3])
def test_a_read_that_counts_otherwise_is_told(theirs: int) -> None:
    found = _read_only(1, theirs)
    told = [(one.pointer, one.baseline, one.candidate) for one in found.differences]
    assert told == [("/requests", "+1", f"{theirs:+}")]


def test_reads_that_count_alike_are_none_nor_those_that_others_do_as_well() -> None:
    assert _read_only(1, 1).differences == ()
    step = count(1)
    assert _read_only(1, 2, others=lambda number: number + next(step)).differences == ()


@pytest.mark.parametrize("reads_each", [2, 3, 5])
def test_what_is_rounded_at_each_read_is_none(reads_each: int) -> None:
    found = _read_only(1, 1, reads_each=reads_each, shown=lambda number: number * 3 // 2)
    assert found.differences == ()
