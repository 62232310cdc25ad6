"""What a live baseline may answer otherwise than when it was recorded, and is not stale for. Pure.

When a golden is recorded nobody but the baseline's own tests writes. In a run the candidate's write
to a database that both share as well: a page of the newest rows shows others, and rows that
are sorted by a count come in another order; and the end of a window of time, which stood still
while it was recorded, is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.drawn_order import holds_code
from pytest_cutover.compare.noise import clock
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.matchers import (
    ArrayPattern,
    Pattern,
    Placeholder,
    is_plain,
    members_of,
)
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange, normalize
from pytest_cutover.normalize.substitution import Substitution

_A_DAY_S: Final = 86_400.0
_OF_VALUES: Final = frozenset((Kind.VALUE, Kind.HEADER_VALUE))


def departures(
    golden: Golden, baseline: Transcript, differences: Iterable[Difference]
) -> tuple[Difference, ...]:
    """Return the differences between a golden and the live baseline for which it is stale."""
    found = tuple(differences)
    if not found:
        return ()
    seen = normalize(baseline, substitution=Substitution.of(baseline), recorded=golden.exchanges)
    return tuple(
        one
        for one in found
        if one.exchange >= min(len(seen), len(golden.exchanges))
        or not (
            _is_of_others(one, seen)
            or _follows_a_count(one, golden.exchanges[one.exchange], seen[one.exchange])
            or _is_another_window(one, golden.exchanges[one.exchange], seen[one.exchange])
        )
    )


def _is_of_others(one: Difference, seen: Iterable[NormalizedExchange]) -> bool:
    """Whether a difference stands in a list of rows of which other tests made some, on this page
    of it or on another.
    """
    place = json_pointer.parse(one.pointer)
    return any(
        len(rows) > 1 and any(map(holds_code, rows))
        for beside in seen
        if beside.endpoint == one.endpoint and beside.response is not None
        for rows in _lists_to(beside.response.body.tree, place)
    )


def _follows_a_count(one: Difference, known: NormalizedExchange, seen: NormalizedExchange) -> bool:
    """Whether an order is that of a number which varied when it was recorded, greatest first."""
    if one.kind is not Kind.ORDER or known.response is None or seen.response is None:
        return False
    place = json_pointer.parse(one.pointer)
    rows, masks = (_at(side.response.body.tree, place) for side in (seen, known) if side.response)
    items = masks.items if isinstance(masks, ArrayPattern) else ()
    if not isinstance(rows, list) or not items:
        return False
    names = {key for key, mask in members_of(items[0]).items() if isinstance(mask, Placeholder)}
    for name in names:
        numbers = [_number(row, name) for row in rows]
        told = [number for number in numbers if number is not None]
        if len(told) == len(rows) and told == sorted(told, reverse=True):
            return True
    return False


def _lists_to(tree: Any, place: tuple[str, ...]) -> Iterator[list[Any]]:
    for token in (*place, ""):
        if isinstance(tree, list):
            yield tree
            tree = tree[int(token)] if token.isdigit() and int(token) < len(tree) else None
        else:
            tree = tree.get(token) if isinstance(tree, dict) else None


def _number(row: Any, name: str) -> Decimal | None:
    value = row.get(name) if isinstance(row, dict) else None
    return number_of(value) if isinstance(value, bytes) else None


def _is_another_window(
    one: Difference, known: NormalizedExchange, seen: NormalizedExchange
) -> bool:
    """Whether a value is a moment near that of the answer, and was an earlier one when recorded."""
    if one.kind not in _OF_VALUES or known.response is None or seen.response is None:
        return False
    place = json_pointer.parse(one.pointer)
    in_headers = one.kind is Kind.HEADER_VALUE
    names = place[1:] if in_headers else place
    was = _at(known.response.headers if in_headers else known.response.body.tree, names)
    now = _at(seen.response.headers if in_headers else seen.response.body.tree, names)
    if was is None or now is None or not is_plain(was) or type(was) is not type(now):
        return False
    before, after = clock.moment_s(was), clock.moment_s(now)
    if before is None or after is None or clock.other_unit(was, now) or len(was) != len(now):
        return False
    return before < after and abs(after - seen.ended_s) < _A_DAY_S


def _at(tree: Pattern, names: tuple[str, ...]) -> Any:
    """Return what stands at a place that is in no list; None where there is nothing."""
    for name in names:
        members = members_of(tree)
        if name not in members:
            return None
        tree = members[name]
    return tree
