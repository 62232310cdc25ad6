"""A list of nothing but ids is a list of rows that have nothing but their id."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

Spell = Callable[[int], Any]
SPELLED: dict[str, Spell] = {
    "number": lambda number: number,
    "digits": str,
    "iri": lambda number: f"/api/items/{number}",
    "link": lambda number: f"http://127.0.0.1:8000/items/{number}/",
    "code": lambda number: f"ITEM-{number:06d}",
}


def _sim(
    spell: Spell,
    shown: Callable[[list[Any]], Any],
    *,
    shared: bool,
    fault: Callable[[list[Any]], list[Any]] = list,
) -> Judged:
    """Make an item and list all, in rounds, as two backends would."""
    databases = [list(range(1, 5))] if shared else [list(range(1, 5)), list(range(21, 25))]
    case = TestState(None, None)
    judge = Judge(Rulebook(shared_state=shared), lambda _difference: None)

    def asked(side: Side) -> Transcript:
        rows = databases[0 if side is Side.BASELINE else -1]
        rows.append(rows[-1] + 1)
        spelled = [spell(number) for number in reversed(rows)]
        if side is Side.CANDIDATE:
            spelled = fault(spelled)
        made = exchange({"id": spell(rows[-1])}, status=201, method="POST", sent={"name": "a"})
        return transcript(made, exchange(shown(spelled)), side=side)

    while True:
        case.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        judged = judge.live(case)
        if not judge.wants_round(case, judged):
            return judged


SHOWN: dict[str, Callable[[list[Any]], Any]] = {
    "bare": list,
    "member": lambda ids: {"item_ids": ids, "count": len(ids)},
    "unnamed": lambda ids: {"items": ids},
}
FAULTS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "newest missing": lambda ids: ids[1:],
    "oldest missing": lambda ids: ids[:-1],
    "reversed": lambda ids: ids[::-1],
    "empty": lambda _ids: [],
    "doubled": lambda ids: [one for one in ids for _ in range(2)],
    "newest is another": lambda ids: [ids[1], *ids[1:]],
}


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("spelled", SPELLED)
def test_a_list_of_ids_that_grows(spelled: str, shown: str, shared: bool) -> None:
    alike = _sim(SPELLED[spelled], SHOWN[shown], shared=shared)
    assert not alike.differences
    assert not alike.inconclusive
    assert not alike.account.open
    for name, fault in FAULTS.items():
        found = _sim(SPELLED[spelled], SHOWN[shown], shared=shared, fault=fault)
        assert found.differences, name


def _listed(ids: list[Any], name: str = "lot_ids") -> Transcript:
    return transcript(exchange({name: ids}))


@pytest.mark.parametrize("spelled", ["number", "iri", "link"])
def test_ids_of_seeded_rows_are_those_of_each_database_in_one_order(spelled: str) -> None:
    ours, theirs = ([SPELLED[spelled](n) for n in side] for side in ((9, 7, 4), (29, 27, 24)))
    assert not judged(_listed(ours), _listed(theirs), shared_state=False).differences
    backwards = judged(_listed(ours), _listed(theirs[::-1]), shared_state=False)
    assert [str(one.kind) for one in backwards.differences] == ["order"]
    assert judged(_listed(ours), _listed(theirs), shared_state=True).differences


def _apart(ours: list[Any], theirs: list[Any]) -> Comparison:
    return judged(_listed(ours, "ids"), _listed(theirs, "ids"), shared_state=False)


def test_ids_that_end_in_digits_by_chance_come_in_no_direction() -> None:
    for more in ([], ["c47f9e1d55"]):
        found = _apart(["a3f9c21e17", "b8d04c7f46", *more], ["9e5d7ab081", "f06c3d9a12", *more])
        assert brief(found.differences) == []
        assert found.account.open == {}


def test_and_ids_that_are_counted_behind_a_word_do() -> None:
    two = _apart(["SO-17", "SO-18"], ["SO-28", "SO-27"])
    assert [one.pointer for one in two.account.open] == ["/ids"]
    three = _apart(["SO-17", "SO-18", "SO-19"], ["SO-29", "SO-28", "SO-27"])
    assert brief(three.differences) == [("order", "/ids")]


def test_numbers_without_a_name_are_open_where_a_database_may_have_counted_them() -> None:
    ours, theirs = _listed([9, 8, 7], "data"), _listed([29, 28, 27], "data")
    found = judged(ours, theirs, shared_state=False)
    assert not found.differences
    assert [one.pointer for one in found.account.open] == ["/data"]
    for other in ([10, 8, 7], [2019, 2018, 2017], [29, 28]):
        assert judged(ours, _listed(other, "data"), shared_state=False).differences
    years = judged(_listed([2024, 2025], "data"), _listed([2025, 2026], "data"), shared_state=False)
    assert years.differences


def test_the_cells_of_a_row_of_a_table_are_no_list_of_ids() -> None:
    """A code that an earlier test drew ends below the row's id on one side, and above it on the
    other.
    """
    ours, theirs = "LOTZPZQHSKZX93", "LOTBCBMHGCHX26"
    known = Correspondence()
    known.generated([(ours, theirs)])
    known.heard("id", b"2", b"72")

    def table(number: int, code: str) -> Transcript:
        csv = f"id,code\r\n1,SEED\r\n{number},{code}\r\n".encode()
        return transcript(exchange(body=csv, headers=[("Content-Type", "text/csv")]))

    def found(code: str) -> Comparison:
        golden = learn(table(2, ours), table(2, ours))
        context = RoundContext(known=known)
        pair = table(2, ours), table(72, code)
        return compare(*pair, context, golden=golden, shared_state=False)

    assert (found(theirs).differences, found(theirs).account.open) == ((), {})
    assert found("SEED").differences


def _uuid(draw: random.Random) -> str:
    return str(UUID(int=draw.getrandbits(128), version=4))


def _taken_away(fault: Callable[[list[str]], list[str]] = list) -> Judged:
    """Make an item, list the ids of all and take it away; somebody else adds one each time."""
    draw = random.Random(1)
    database = [_uuid(draw) for _ in range(3)]
    case = TestState(None, None)
    judge = Judge(Rulebook(shared_state=True), lambda _difference: None)

    def asked(side: Side) -> Transcript:
        mine, foreign = _uuid(draw), _uuid(draw)
        shown = [*database, mine] if side is Side.BASELINE else fault([*database, mine])
        database.append(foreign)
        made = exchange({"id": mine}, status=201, method="POST", sent={"name": "a"})
        path, endpoint = f"/items/{mine}", "DELETE /items/{id}"
        gone = exchange(body=b"", status=204, method="DELETE", target=path, endpoint=endpoint)
        return transcript(made, exchange(shown), gone, side=side)

    while True:
        case.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        found = judge.live(case)
        if not judge.wants_round(case, found):
            return found


def test_an_id_in_the_place_of_one_that_was_taken_away_is_another_thing() -> None:
    alike = _taken_away()
    assert (alike.differences, alike.inconclusive, alike.account.open) == ((), None, {})
    for fault in (
        lambda ids: ids[:-1],
        lambda ids: ids[1:],
        lambda ids: [_uuid(random.Random(2)), *ids[1:]],
    ):
        assert _taken_away(fault).differences
