"""A number that is read once, after a write, and is the same on both sides in each round."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm import own_write
from pytest_cutover.compare.confirm.baseline_alone import told
from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import exchange, transcript

# What a side's write makes of the two databases, and what it shows then.
Turn = Callable[[dict[str, int], Side], int]


def one_database(numbers: dict[str, int], _side: Side) -> int:
    numbers["both"] += 4
    return numbers["both"]


def two_databases(numbers: dict[str, int], side: Side) -> int:
    numbers[side] += 4
    return numbers[side]


def not_made(numbers: dict[str, int], side: Side) -> int:
    numbers["both"] += 4 * (side is Side.BASELINE)
    return numbers["both"]


def not_shown(numbers: dict[str, int], side: Side) -> int:
    return one_database(numbers, side) - 4 * (side is Side.CANDIDATE)


def in_pairs(numbers: dict[str, int], side: Side) -> int:
    numbers["both"] += 1
    return (numbers["both"] + 1) // 2


def _judged(turn: Turn, *, rounds: int = 3, reads: bool = True) -> Judged:
    numbers = dict.fromkeys(("both", *map(str, Side)), 40)

    def asked(side: Side) -> Transcript:
        vote = exchange(status=204, body=b"", method="POST", target="/votes", sent={"for": "Ada"})
        shown = exchange({"votes": turn(numbers, side)}, endpoint="GET /votes", target="/votes")
        return transcript(*([vote] if reads else []), shown, side=side)

    golden = learn(asked(Side.BASELINE), asked(Side.BASELINE))
    numbers.update(dict.fromkeys(numbers, 60))
    sides = [Round(asked(Side.BASELINE), asked(Side.CANDIDATE)) for _ in range(rounds)]
    judged = judge(sides, Rulebook().under(golden))
    later = [asked(side) for side in (*[Side.BASELINE] * 2, *[Side.CANDIDATE] * 2)]
    return told(judged, [sides[-1].candidate, *later])


@pytest.mark.parametrize(
    ("turn", "shown"), [(not_made, ("76, 80", "80, 80")), (not_shown, ("88, 92", "92, 96"))]
)
def test_a_write_that_the_candidate_does_not_make_or_show(
    turn: Turn, shown: tuple[str, str]
) -> None:
    [found] = _judged(turn).differences
    assert (found.pointer, found.baseline, found.candidate) == ("/votes", *shown)


@pytest.mark.parametrize("turn", [one_database, two_databases, in_pairs])
def test_a_write_that_is_made_accuses_nobody(turn: Turn) -> None:
    assert _judged(turn).differences == ()


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_round_or_two_ask_for_more(rounds: int) -> None:
    assert _judged(not_made, rounds=rounds).moving == {("GET /votes after POST /votes", "/votes")}
    assert not _judged(one_database, rounds=2).moving


def test_a_number_that_nobody_wrote_before_may_be_the_same() -> None:
    found = _judged(not_made, reads=False)
    assert (found.differences, found.moving) == ((), frozenset())


_VOTE = exchange({"id": 7}, status=201, method="POST", endpoint="POST /votes", sent={"for": "Ada"})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"votes": 46}', True),
        (b'{"votes":46}', True),
        (b"There are 46.", True),
        (b"<p>46</p>", True),
        (b'{"id": 7}', False),
        (b'{"at": "2026-11-29T10:46:00Z", "version": "4.6.1", "page": "/votes/46"}', False),
    ],
)
def test_where_nothing_was_recorded_a_number_that_no_write_told_asks_for_a_round(
    body: bytes, told: bool
) -> None:
    shown = exchange(body=body, endpoint="GET /votes")
    places = {where for where, _ in own_write.untold(*_both(_VOTE, shown))} - {"POST /votes"}
    assert places == ({"GET /votes after POST /votes"} if told else set())


def test_what_was_sent_or_is_shown_by_one_side_alone_asks_for_none() -> None:
    vote = exchange(status=204, body=b"", method="POST", endpoint="POST /votes", sent={"n": 46})
    assert own_write.untold(*_both(vote, exchange({"votes": 46}))) == frozenset()
    ours, theirs = (transcript(_VOTE, exchange({"votes": n})) for n in (46, 47))
    assert {where for where, _ in own_write.untold(ours, theirs)} == {"POST /votes"}


def test_a_query_is_read_as_a_get_is_and_a_refused_write_wrote_nothing() -> None:
    query = exchange({"votes": 46}, method="POST", endpoint="POST /graphql", sent={"query": "{}"})
    refused = exchange({"code": 3}, status=409, method="POST", endpoint="POST /votes", sent={})
    assert {where for where, _ in own_write.untold(*_both(_VOTE, query))} == {
        "POST /votes",
        "POST /graphql after POST /votes",
    }
    assert own_write.untold(*_both(refused, exchange({"votes": 46}))) == frozenset()


def _both(*exchanges: Exchange) -> tuple[Transcript, Transcript]:
    return transcript(*exchanges), transcript(*exchanges, side=Side.CANDIDATE)
