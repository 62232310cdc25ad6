"""Few rows in another order on each side: sorted by a name that chance drew, or in a wrong order.

Two rows stand in the order of any word in every second round, so that one round says nothing. Names
are drawn anew in each round: rows that are sorted by one stand in its order every time, and now and
then in the same order on both sides. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, prod

from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.diff.account import Account, Fate, OpenPlace
from pytest_cutover.compare.diff.ids.drawn_order import ALMOST_NEVER, OrderTold
from pytest_cutover.compare.diff.lists.reported_order import FEW
from pytest_cutover.compare.diff.numbers import ListPlace, Numbers


def judged(
    numbers: Sequence[Numbers], merged: Sequence[ListPlace]
) -> tuple[dict[ListPlace, str], list[ListPlace]]:
    """Return the lists whose order is explained, and those of which more rounds would tell.

    The first have why the last round would leave them open. The pages of `merged` ones are known to
    be in the order of a name. What no more rounds tell is in neither.
    """
    explained, unknown = [*merged], []
    for place in sorted({place for one in numbers for place in one.orders} - {*merged}):
        told = [one.orders[place][0] for one in numbers if place in one.orders]
        if len(told) < len(numbers) or _is_told(told):
            explained.append(place)
        elif len(numbers) < ROUNDS_OF_CHANCE and any(one.chance < inf for one in told):
            unknown.append(place)
    orders = numbers[-1].orders
    reasons = {place: orders[place][1] for place in explained if place in orders}
    return dict.fromkeys(merged, FEW) | reasons, unknown


def _is_told(rounds: Sequence[OrderTold]) -> bool:
    """Whether the rows stood in the order of one and the same word too often for chance."""
    common = frozenset.intersection(*(one.by for one in rounds))
    return bool(common) and prod(one.chance for one in rounds) <= ALMOST_NEVER


def without_open(
    account: Account, explained: Mapping[ListPlace, str], endpoints: Sequence[str]
) -> Account:
    """Return the account of a round without the open places of orders that are explained.

    `explained` has why each was left open, `endpoints` are those of the exchanges.
    """
    less = Account(account.places.copy(), dict(account.open))
    for (index, where), reason in explained.items():
        if index < len(endpoints):
            place = OpenPlace(endpoints[index], where, reason)
            if place in less.open:
                del less.open[place]
                less.retract(place.endpoint, Fate.OPEN, reason)
                less.note(place.endpoint, Fate.CONSTRAINED, "order by a name of each side's own")
    return less
