"""Lists that are sorted by the names that a test makes up: another order in each round."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm import name_orders
from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.drawn_order import RowsOfSide
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

HTML_HEADERS = (("Content-Type", "text/html"),)
Order = Callable[[list[str]], list[str]]


def _in_reverse(names: list[str]) -> list[str]:
    return sorted(names, reverse=True)


def _as_written(names: list[str]) -> list[str]:
    return names


def _shuffled(names: list[str]) -> list[str]:
    return random.sample(names, len(names))


def _listed(baseline: Order, candidate: Order, size: int) -> Judged:
    """Ask a test that makes things up and lists them, for as many rounds as it wants."""
    orders = {Side.BASELINE: baseline, Side.CANDIDATE: candidate}

    def asked(side: Side) -> Transcript:
        names = [new_unique("gate") for _ in range(size)]
        puts = [
            exchange(body=b"", method="PUT", status=201, target=f"/f/{name}", endpoint="PUT /f/{n}")
            for name in names
        ]
        shown = orders[side](names)
        rows = {"files": [{"href": f"/f/{name}", "kind": "text"} for name in shown]}
        made = [("gate", name) for name in names]
        return transcript(*puts, exchange(rows, target="/f"), side=side, generated=made)

    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("order", [_in_reverse, _as_written, _shuffled])
def test_rows_that_the_candidate_sorts_no_more_are_found(order: Order) -> None:
    judged = _listed(sorted, order, 8)
    assert [(str(one.kind), one.pointer) for one in judged.differences] == [("order", "/files")]
    assert judged.differences[0].baseline != judged.differences[0].candidate


@pytest.mark.parametrize("size", [2, 3, 8])
@pytest.mark.parametrize("order", [sorted, _in_reverse])
def test_rows_that_both_sides_sort_are_in_order(order: Order, size: int) -> None:
    judged = _listed(order, order, size)
    assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})


def test_rows_in_no_order_are_in_none_on_either_side() -> None:
    for _ in range(5):
        judged = _listed(_shuffled, _shuffled, 4)
        assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})


def _with_ids(*, swapped: bool, told: bool, size: int = 2) -> Judged:
    """Ask a test that makes things and lists them by name, each beside the id that it was given.

    `swapped`: the candidate shows the ids of two of them at each other's. `told`: the answer to a
    write tells the id.
    """
    counts = {Side.BASELINE: itertools.count(11), Side.CANDIDATE: itertools.count(12)}

    def asked(side: Side) -> Transcript:
        names = [new_unique("many") for _ in range(size)]
        given = dict(zip(names, counts[side], strict=False))
        puts = [
            exchange(
                {"id": given[name]} if told else {"done": True},
                method="POST",
                status=201,
                target="/users",
                sent={"name": name},
            )
            for name in names
        ]
        shown = given.copy()
        if swapped and side is Side.CANDIDATE:
            shown |= {names[0]: given[names[1]], names[1]: given[names[0]]}
        page = [f'<li>User: <a href="/users/{shown[one]}">{one}</a></li>' for one in names]
        html = f"<html><body><ul>{''.join(sorted(page, key=_name))}</ul></body></html>"
        listed = exchange(body=html.encode(), headers=HTML_HEADERS, target="/users")
        made = [("many", name) for name in names]
        return transcript(*puts, listed, side=side, generated=made)

    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    return settled(TestState(None, None), judge, asked)


def _name(row: str) -> str:
    return row.partition(">many")[2]


@pytest.mark.parametrize("told", [True, False])
def test_ids_beside_names_that_both_sides_sort_are_in_order(told: bool) -> None:
    for _ in range(8):
        judged = _with_ids(swapped=False, told=told)
        assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})


def test_swapped_ids_beside_names_that_both_sides_sort_are_found() -> None:
    for _ in range(4):
        told = _with_ids(swapped=True, told=True)
        assert {one.pointer.rpartition("/")[2] for one in told.differences} == {"@href"}
        untold = _with_ids(swapped=True, told=False)
        assert not untold.differences
        assert untold.account.open  # nothing else says whose they are


def _best_sold(*, ranked: bool, turned: bool, size: int = 4) -> Judged:
    """Ask a test that sells what the last but one overtakes by, and shows the best sold.

    `ranked`: each row says its place. `turned`: the candidate shows the last two otherwise.
    """
    sold = {key: 10 * (size - key) for key in range(size)}
    writes = itertools.count()

    def asked(side: Side) -> Transcript:
        sold[size - 2 + next(writes) % 2] += 13
        best = sorted(sold, key=lambda key: -sold[key])
        if turned and side is Side.CANDIDATE:
            best[-2:] = best[-1:-3:-1]
        rows = [{"id": key, "name": f"n{key}", "sold": sold[key]} for key in best]
        if ranked:
            rows = [{"rank": rank, **row} for rank, row in enumerate(rows, 1)]
        post = exchange({"ok": True}, method="POST", status=201, target="/o", endpoint="POST /o")
        return transcript(post, exchange({"data": rows}, target="/best"), side=side)

    judge = Judge(Rulebook(shared_state=True), lambda _difference: None)
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("ranked", [True, False])
def test_the_best_sold_in_another_order_are_found(ranked: bool) -> None:
    judged = _best_sold(ranked=ranked, turned=True)
    assert [(str(one.kind), one.pointer) for one in judged.differences] == [("order", "/data")]
    shown = str(judged.differences[0].candidate).removeprefix("/sold: …, ").split(", ")
    assert int(shown[-2]) < int(shown[-1])  # which is not as on the baseline


@pytest.mark.parametrize("ranked", [True, False])
def test_the_best_sold_overtake_on_both_sides(ranked: bool) -> None:
    judged = _best_sold(ranked=ranked, turned=False)
    assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})


def _rows_by(sold: list[int], *, begin: int) -> RowsOfSide:
    """Rows with so many sold, of which the first two overtake each other where `begin` is 1."""
    names = [*("ab"[begin:] + "ab"[:begin]), *"cdefghij"]
    rows = [
        {"name": f"n{name}", "sold": str(many).encode()}
        for name, many in zip(names, sold, strict=True)
    ]
    return RowsOfSide.of(rows, {}, lambda _row: False)


@pytest.mark.parametrize("broken", [False, True])
def test_a_list_of_more_ties_than_the_baselines_is_sorted_all_the_same(broken: bool) -> None:
    ties = [10] * 6
    rounds = []
    for at in range(4):
        theirs = [50 + at, 25, 24, 10, *ties]
        if broken and at == 1:
            theirs[1:3] = theirs[2:0:-1]
        ours = _rows_by([49 + at, 25, 24, 11, *ties], begin=at % 2)
        found = ours, _rows_by(theirs, begin=at % 2)
        rounds.append(Numbers(unordered={(0, "/data"): found}))
    lost, untold = name_orders.judged(transcript(exchange({"data": []})), rounds)
    assert untold == []
    assert [(str(one.kind), one.candidate) for one in lost] == (
        [("order", "/sold: 51, 24, 25, …")] if broken else []
    )
