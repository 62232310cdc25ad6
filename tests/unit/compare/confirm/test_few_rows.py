"""Two or three rows in another order: sorted by what each side drew, or simply in a wrong order."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, transcript

Rows = list[dict[str, Any]]
Order = Callable[[Rows], Rows]
KINDS = ("current", "savings", "trust")


def _as_written(rows: Rows) -> Rows:
    return rows


def _by_number(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: str(row["iban"]))


def _in_reverse(rows: Rows) -> Rows:
    return rows[::-1]


def _exchanged(rows: Rows) -> Rows:
    return [rows[1], rows[0], *rows[2:]]


def _asked(
    orders: tuple[Order, Order], size: int, seed: int, *, holder: bool = True
) -> tuple[Judged, int]:
    case = TestState(None, None)
    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    while True:
        pairs = []
        for side, order in zip((Side.BASELINE, Side.CANDIDATE), orders, strict=True):
            chance = random.Random(f"{seed} {side} {len(case.rounds)}")
            name = new_unique("name")
            rows = [
                {"iban": f"XB{chance.randrange(10**13, 10**14)}", "kind": kind}
                | ({"holder": name} if holder else {})
                for kind in KINDS[:size]
            ]
            posts = [
                exchange(
                    row, method="POST", target="/accounts", status=201, sent={"kind": row["kind"]}
                )
                for row in rows
            ]
            answer = {"accounts": order(rows)}
            made = [("name", name)]
            pairs.append(
                transcript(*posts, exchange(answer, target="/accounts"), side=side, generated=made)
            )
        case.rounds.append(Round(*pairs))
        judged = judge.live(case)
        if not judge.wants_round(case, judged):
            return judged, len(case.rounds)


@pytest.mark.parametrize("holder", [True, False], ids=["with their holder", "alone"])
@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("fault", [_in_reverse, _exchanged])
def test_rows_in_another_order_each_time_are_never_passed(
    fault: Order, size: int, holder: bool
) -> None:
    for seed in range(3):
        judged, rounds = _asked((_as_written, fault), size, seed, holder=holder)
        assert [str(one.kind) for one in judged.differences] == ["order"] or judged.account.open
        assert rounds <= ROUNDS_OF_CHANCE


@pytest.mark.parametrize("size", [2, 3])
def test_rows_that_each_side_sorts_by_its_own_numbers_are_in_order(size: int) -> None:
    found = [_asked((_by_number, _by_number), size, seed)[0] for seed in range(9)]
    assert [one.differences for one in found if one.differences] == []
    assert [one.account.open for one in found if one.account.open] == []
    alike = _asked((_as_written, _as_written), size, 1)
    assert not alike[0].differences
    assert not alike[0].account.open
    assert alike[1] <= 2


def test_what_all_rows_of_a_side_have_in_common_sorts_nothing() -> None:
    judged, _ = _asked((_as_written, _in_reverse), 3, 5)
    assert [(str(one.kind), one.pointer) for one in judged.differences] == [("order", "/accounts")]


CHILD = "<r><href>{place}</href><getetag>{mark}{digest}{mark}</getetag></r>"


def _listed(orders: tuple[Callable[[list[str]], list[str]], ...], mark: str) -> Judged:
    """A folder that lists its files by name, each with its validator in quotes or without."""
    case = TestState(None, None)
    judge = Judge(Rulebook(shared_state=False), lambda _difference: None)
    while True:
        pairs = []
        for side, order in zip((Side.BASELINE, Side.CANDIDATE), orders, strict=True):
            names = [new_unique("gate") for _ in range(2)]
            digests = {one: hashlib.sha1(one.encode()).hexdigest() for one in names}
            rows = [
                CHILD.format(place=f"/cal/{one}", mark=mark, digest=digests[one])
                for one in order(names)
            ]
            puts = [
                exchange(
                    body=b"", headers=(("ETag", f'"{digests[one]}"'),), method="PUT", status=201,
                    target=f"/cal/{one}", endpoint="PUT /cal/{name}",
                )
                for one in names
            ]  # fmt: skip
            body = f"<m>{''.join(rows)}</m>".encode()
            told = exchange(body=body, headers=(("Content-Type", "text/xml"),), target="/cal/")
            made = [("gate", one) for one in names]
            pairs.append(transcript(*puts, told, side=side, generated=made))
        case.rounds.append(Round(*pairs))
        judged = judge.live(case)
        if not judge.wants_round(case, judged):
            return judged


@pytest.mark.parametrize("mark", ['"', ""])
def test_a_folder_that_lists_its_files_by_name_with_their_validators(mark: str) -> None:
    for _ in range(8):
        judged = _listed((sorted, sorted), mark)
        assert (judged.differences, judged.inconclusive, judged.account.open) == ((), None, {})
