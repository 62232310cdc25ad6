"""What a walk says of rows that stand in another order on each side. Pure."""

from __future__ import annotations

from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.drawn_order import Order, Told
from pytest_cutover.compare.diff.places import Path, pointer
from pytest_cutover.compare.diff.scope import Walk


def tell_order(walk: Walk, told: Told, path: Path, base: list[Any], cand: list[Any]) -> None:
    """Report an order that is another one, or leave open what one round cannot tell of it."""
    if told.order is Order.ANOTHER:
        walk.report(Kind.ORDER, path, "order → another", base, cand)
    elif told.order is Order.UNTOLD:
        leave_untold(walk, told, path, "so few rows may be sorted by name, or come in reverse")


def leave_untold(walk: Walk, told: Told, path: Path, reason: str) -> None:
    """Leave an order open, and keep it: further rounds may tell."""
    walk.leave_open(path, reason)
    if not walk.probing:
        place = walk.scope.exchange, pointer(path)
        walk.scope.numbers.orders[place] = told, reason
