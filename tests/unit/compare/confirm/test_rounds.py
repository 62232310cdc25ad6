"""How many rounds a test gets before it accuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.account import Account
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.lists.bare_ids import FEW_IDS, OWN_NUMBERS
from pytest_cutover.compare.diff.lists.own_rows import SOMEBODY_ELSE
from pytest_cutover.compare.diff.responses import UNREADABLE
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import exchange, transcript

ORDER = Difference(0, "GET /rows", Kind.ORDER, "", "order → another")


def rounds_of(
    judged: Judged, *, disturbed: bool = False, workers: bool = False, confirmed: frozenset[str]
) -> int:
    """The rounds that a test gets which is judged so after each of them."""
    judge = Judge(Rulebook(others_write=workers), lambda _one: None, confirmed)
    nothing = Round(*(Transcript("test", side) for side in Side))
    case = TestState(None, None, disturbed=nothing if disturbed else None)
    while not case.rounds or judge.wants_round(case, judged):
        case.rounds.append(Round(*(Transcript("test", side) for side in Side)))
    return len(case.rounds)


@pytest.mark.parametrize(
    ("unstable", "confirmed", "count"),
    [(False, False, 4), (True, False, 12), (False, True, 2), (True, True, 4)],
)
def test_what_comes_and_goes_is_asked_for_longer(
    unstable: bool, confirmed: bool, count: int
) -> None:
    known = frozenset({ORDER.signature})
    judged = Judged((ORDER,), unstable=known if unstable else frozenset())
    assert rounds_of(judged, confirmed=known if confirmed else frozenset()) == count


@pytest.mark.parametrize(("first", "left"), [(b'{"a": 1', [UNREADABLE]), (b'{"a": 1}', [])])
def test_what_one_round_could_not_read_stays_open_though_the_next_is_sound(
    first: bytes, left: list[str]
) -> None:
    ours = transcript(exchange(body=b'{"a": 1}'))
    rounds = [Round(ours, transcript(exchange(body=first))), Round(ours, ours)]
    judged = judge(rounds, Rulebook().under(learn(ours, ours)))
    assert left == [one.reason for one in judged.account.open]


def test_what_other_workers_disturbed_is_asked_twice() -> None:
    assert rounds_of(Judged(()), confirmed=frozenset()) == 1
    assert rounds_of(Judged(()), disturbed=True, confirmed=frozenset()) == 2


@pytest.mark.parametrize("reason", [SOMEBODY_ELSE, FEW_IDS, OWN_NUMBERS])
@pytest.mark.parametrize(("workers", "count"), [(True, 2), (False, 1)])
def test_rows_that_others_write_are_asked_for_again_where_there_are_others(
    workers: bool, count: int, reason: str
) -> None:
    account = Account()
    account.leave_open("GET /rows", "/rows", reason)
    judged = Judged((), account=account)
    assert rounds_of(judged, workers=workers, confirmed=frozenset()) == count


@pytest.mark.parametrize(("departures", "accused"), [(12, True), (6, True), (5, False), (1, False)])
def test_an_order_that_comes_and_goes_accuses_where_chance_does_not_explain_it(
    departures: int, accused: bool
) -> None:
    rows = [{"name": "gate"}, {"name": "fence"}]
    ours, theirs = transcript(exchange(rows)), transcript(exchange(rows[::-1]))
    compare = Rulebook().under(learn(ours, ours))
    rounds = [Round(ours, theirs if turn < departures else ours) for turn in range(12)]
    judged = judge(rounds, compare)
    assert [one.kind for one in judged.differences] == ([Kind.ORDER] if accused else [])
    assert (judged.inconclusive is None) is accused


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ((4999, 4998, 4997), False),
        ((99, 98, 97), False),  # of its own, by equal steps
        ((12, 4999, 4998), False),  # its window ended in between
        ((5000, 5000, 5000), True),
    ],
)
def test_what_is_left_of_a_limit_falls_where_the_baselines_does(
    theirs: tuple[int, ...], told: bool
) -> None:
    def asked(left: int) -> Transcript:
        return transcript(exchange({"a": 1}, headers=(("X-RateLimit-Remaining", str(left)),)))

    ours = [asked(left) for left in (4999, 4998, 4997)]
    compare = Rulebook().under(learn(ours[0], asked(4996)))
    pairs = zip(ours, map(asked, theirs), strict=True)
    judged = judge([Round(*pair) for pair in pairs], compare)
    places = [one.pointer for one in judged.differences]
    assert places == (["/headers/x-ratelimit-remaining"] if told else [])


@pytest.mark.parametrize("spelled", [lambda cents: cents / 100, lambda cents: f"{cents / 100:.2f}"])
@pytest.mark.parametrize(("step", "told"), [(250, False), (249, True)])
def test_a_balance_in_a_row_moves_by_the_baselines_steps(
    spelled: Callable[[int], float | str], step: int, told: bool
) -> None:
    def asked(cents: int) -> Transcript:
        rows = [{"account": "A", "balance": "10.00"}, {"account": "B", "balance": spelled(cents)}]
        return transcript(exchange(rows))

    ours = [asked(5000 + 250 * turn) for turn in (1, 2, 3)]
    compare = Rulebook().under(learn(ours[0], asked(5000 + 250 * 4)))
    theirs = [asked(5000 + step * turn) for turn in (1, 2, 3)]
    judged = judge([Round(*pair) for pair in zip(ours, theirs, strict=True)], compare)
    assert [one.pointer for one in judged.differences] == (["/1/balance"] if told else [])


def polled(*statuses: int, side: Side = Side.BASELINE) -> Transcript:
    """A test that asks until something is there."""
    asked = (exchange({"there": status == 200}, status=status) for status in statuses)
    return transcript(*asked, side=side)


@pytest.mark.parametrize(("late", "accused"), [(12, True), (6, True), (3, False), (1, False)])
def test_an_answer_on_the_way_accuses_where_chance_does_not_explain_it(
    late: int, accused: bool
) -> None:
    rounds = [
        Round(
            polled(200),
            polled(*([404] if turn < late else []), 200, side=Side.CANDIDATE),
        )
        for turn in range(12)
    ]
    case = TestState(None, None, rounds=rounds)
    found = Judge(Rulebook(), lambda _one: None).live(case)
    assert bool(found.differences) is accused
    assert bool(found.unstable) is (accused and late < 12)
    assert (found.inconclusive is None) is accused


def test_an_answer_on_the_way_that_came_once_is_asked_for_longer() -> None:
    case = TestState(None, None)
    judge = Judge(Rulebook(), lambda _one: None)
    candidates = [polled(404, 200), *[polled(200)] * 20]
    while not case.rounds or judge.wants_round(case, judge.live(case)):
        case.rounds.append(Round(polled(200), candidates[len(case.rounds)]))
    assert len(case.rounds) == 12


def test_a_page_that_went_on_is_no_departure_of_the_baseline_from_itself() -> None:
    """Rows stand one place further: what two of them say is not what one of them says twice."""
    rows = [{"id": n, "likes": n % 3, "by": "ada"} for n in range(9)]
    case = TestState(None, None)
    for last in (6, 7, 8):
        page = {"posts": rows[last : last - 5 : -1]}
        sides = (transcript(exchange(page, target="/posts"), side=side) for side in Side)
        case.rounds.append(Round(*sides))
    judge = Judge(Rulebook(), lambda _one: None)
    assert [one.pointer for one in judge.departed(case) if "/likes" in one.pointer] == []
    changed = {"posts": [row | {"likes": 9} for row in rows[8:3:-1]]}
    sides = (transcript(exchange(changed, target="/posts"), side=side) for side in Side)
    case.rounds.append(Round(*sides))
    assert [one.pointer for one in judge.departed(case) if "/likes" in one.pointer] != []
