"""Words in another order without a rule are open where no second process can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.unruled_order import by_seed, in_no_order, left_open
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import OF_THE_LOGIN, Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, transcript

ENDPOINT = "GET /status"
APART = Difference(0, ENDPOINT, Kind.ORDER, "/rows", "order → another")


def said(
    side: Side, rows: Any, sent: Any = None, made: Sequence[tuple[str, str]] = ()
) -> Transcript:
    told = [exchange({"rows": rows}, target="/status")]
    if sent is not None:
        told.append(exchange(body=b"", method="POST", target="/rows", sent=sent, status=201))
    return transcript(*told, side=side, generated=made)


@pytest.mark.parametrize(
    ("base", "cand", "has_none"),
    [
        (["system.Authenticated", "system.Everyone"], ["system.Everyone", "system.Authenticated"],
         True),
        (["write", "admin", "read", "list"], ["admin", "list", "read", "write"], True),
        ("POST, GET, HEAD, PUT", "GET, PUT, POST, HEAD", True),
        ([{"name": "oil", "at": 7}, {"name": "wax", "at": 9}, {"name": "dye", "at": 8}],
         [{"name": "wax", "at": 9}, {"name": "oil", "at": 7}, {"name": "dye", "at": 8}], True),
        (["admin", "list", "read", "write"], ["write", "admin", "read", "list"], False),
        ([3, 9, 4], [4, 9, 3], False),
        ([{"name": "oil", "at": 9}, {"name": "wax", "at": 8}, {"name": "dye", "at": 7}],
         [{"name": "wax", "at": 8}, {"name": "oil", "at": 9}, {"name": "dye", "at": 7}], False),
        (["read", "list"], ["list", "write"], False),
        ("read the list", "list the read", False),
    ],
)  # fmt: skip
def test_what_has_an_order_of_its_own(base: Any, cand: Any, has_none: bool) -> None:
    apart = Difference(0, ENDPOINT, Kind.ORDER, "/rows", "order → another")
    last = Round(said(Side.BASELINE, rows=base), said(Side.CANDIDATE, rows=cand))
    assert in_no_order(apart, [last]) is has_none


PRINCIPALS = ["system.Everyone", "account:anna", "system.Authenticated"]
SIX = ["write", "admin", "read", "list", "poll", "erase"]


@pytest.mark.parametrize(
    ("base", "cand", "sent", "may_be"),
    [
        (PRINCIPALS, [PRINCIPALS[at] for at in (1, 0, 2)], None, True),
        (PRINCIPALS, PRINCIPALS[::-1], None, True),  # once in six times
        ("write, admin, read, list", "list, write, admin, read", None, True),
        (SIX, [SIX[at] for at in (4, 2, 0, 5, 1, 3)], ["read"], True),
        # What chance does not make, and what the test sent, is accused as ever.
        (SIX, SIX[::-1], None, False),
        (SIX, sorted(SIX), None, False),
        (sorted(SIX), SIX, None, False),
        (["iron", "garden"], ["garden", "iron"], {"tags": ["iron", "garden"]}, False),
        (["iron", "garden"], ["garden", "iron"], [{"name": "iron"}, {"name": "garden"}], False),
        (["Rusty gate", "Oak"], ["Oak", "Rusty gate"], None, False),
        (["2026-11-26", "2026-11-25"], ["2026-11-25", "2026-11-26"], None, False),
        ([new_unique("gate"), "oak"], None, None, False),
        ([3, 9], [9, 3], None, False),
        (["oak", "oak", "elm"], ["elm", "oak", "oak"], None, False),
        ([{"name": "oil"}, {"name": "dye"}, {"name": "wax"}],
         [{"name": "dye"}, {"name": "oil"}, {"name": "wax"}], None, False),
    ],
)  # fmt: skip
def test_what_a_hash_seed_may_make(base: Any, cand: Any, sent: Any, may_be: bool) -> None:
    cand = base[::-1] if cand is None else cand
    rounds = [Round(said(Side.BASELINE, base, sent), said(Side.CANDIDATE, cand, sent))] * 2
    assert by_seed(APART, rounds) is may_be
    judged = left_open(Judged((APART,)), [APART], rounds)
    assert judged.differences == (() if may_be else (APART,))
    assert [one.pointer for one in judged.account.open] == (["/rows"] if may_be else [])


def test_an_order_that_comes_and_goes_or_is_accepted_stays_a_difference() -> None:
    rounds = [Round(said(Side.BASELINE, PRINCIPALS), said(Side.CANDIDATE, PRINCIPALS[::-1]))] * 2
    unstable = Judged((APART,), unstable=frozenset({APART.signature}))
    assert left_open(unstable, [APART], rounds).differences == (APART,)
    assert left_open(Judged((APART,)), [], rounds).differences == (APART,)


@pytest.mark.parametrize(
    ("label", "role", "may_be"),
    [
        (f"anna{OF_THE_LOGIN}", "account:{}", True),
        (f"anna{OF_THE_LOGIN}", "{}", True),
        ("anna", "account:{}", True),
        ("anna", "{}", False),  # a thing of the test's own
    ],
)
def test_a_role_is_named_for_who_logged_in(label: str, role: str, may_be: bool) -> None:
    def side_of(side: Side) -> Transcript:
        name = new_unique("anna")
        roles = [role.format(name), "system.Authenticated", "system.Everyone"]
        answered = roles if side is Side.BASELINE else [roles[at] for at in (0, 2, 1)]
        return said(side, answered, made=[(label, name)])

    rounds = [Round(side_of(Side.BASELINE), side_of(Side.CANDIDATE)) for _ in range(2)]
    assert by_seed(APART, rounds) is may_be
