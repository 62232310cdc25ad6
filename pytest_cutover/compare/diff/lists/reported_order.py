"""What a walk says of rows that stand in another order on each side. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.drawn_order import Order, OrderTold, RowsOfSide, loses_count
from pytest_cutover.compare.diff.ids.written_at_once import are_crossing
from pytest_cutover.compare.diff.places import Path, pointer
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import is_made

_FEWEST: Final = 5  # rows that seldom stand in the order of a number by chance
FEW: Final = "so few rows may be sorted by name, or come in reverse"
OF_ONE_SECOND: Final = "rows of one second, in an order that nothing in them explains"
UNRULED: Final = "rows of each side's own, in an order that nothing in them explains"


def tell_order(walk: Walk, told: OrderTold, path: Path, base: list[Any], cand: list[Any]) -> None:
    """Report an order that is another one, or leave open what one round cannot tell of it."""
    if told.order is Order.UNRULED and walk.scope.own_ids:
        walk.leave_open(path, UNRULED)
    elif told.order in (Order.ANOTHER, Order.UNRULED):
        walk.report(Kind.ORDER, path, "order → another", base, cand)
    elif told.order is Order.UNTOLD:
        leave_untold(walk, told, path, FEW if told.chance < inf else OF_ONE_SECOND)


def hold_count(
    walk: Walk, base: list[Any], cand: list[Any], matched: dict[int, int], path: Path
) -> None:
    """Report rows that are alike but for their numbers and times, and not in the order of these.

    `matched` are the places of the baseline's rows by those of the candidate's.
    """
    ours = [base[index] for index in sorted(matched.values())]
    theirs = [cand[index] for index in sorted(matched)]
    if loses_count(ours, theirs):
        tell_order(walk, OrderTold(Order.ANOTHER), path, ours, theirs)
    elif len(ours) >= _FEWEST and loses_count(ours, theirs, by_chance=True):
        walk.leave_open(path, FEW)


def tell_named(
    walk: Walk,
    order: Callable[[dict[int, int]], OrderTold],
    rows: tuple[list[Any], list[Any]],
    matched: dict[int, int],
    named: dict[int, int],
    path: Path,
) -> None:
    """Tell the order of this test's own rows, which their codes alone name, among the others."""
    base, cand = rows
    own = {theirs: ours for theirs, ours in named.items() if is_made(base[ours])}
    if own and are_crossing(matched | own) and not are_crossing(matched):
        tell_order(walk, order(matched | own), path, base, cand)


def keep_unordered(
    walk: Walk, path: Path, base: Sequence[Any], cand: Sequence[Any], *, of_drawn: bool = True
) -> None:
    """Keep rows that come in another order in each round: all rounds tell what sorts them.

    `of_drawn`: those that chance named as well.
    """
    scope = walk.scope
    if scope.same_side or walk.probing or walk.in_rows:
        return
    sides = [
        RowsOfSide.of(*one, lambda _row: False)
        for one in zip((base, cand), scope.made, strict=True)
    ]
    if of_drawn or not any(any(one.drawn) for one in sides):
        scope.numbers.unordered[scope.exchange, pointer(path)] = sides[0], sides[1]


def leave_untold(walk: Walk, told: OrderTold, path: Path, reason: str) -> None:
    """Leave an order open, and keep it: further rounds may tell."""
    walk.leave_open(path, reason)
    if not walk.probing:
        place = walk.scope.exchange, pointer(path)
        walk.scope.numbers.orders[place] = told, reason
