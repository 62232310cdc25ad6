"""What a live baseline may answer otherwise than when it was recorded, and is not stale for. Pure.

When a golden is recorded nobody but the baseline's own tests writes. In a run the candidate's write
to a database that both share as well: a page of the newest rows shows others, and rows that
are sorted by a count come in another order; and the end of a window of time, which stood still
while it was recorded, is another one. So are the pid and the start of a process, in a text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from pytest_cutover.compare.confirm.movement import number_of, numbers_in
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.drawn_order import holds_code
from pytest_cutover.compare.diff.lists.times_in_parts import as_text
from pytest_cutover.compare.diff.profiles import PROCESS_MEMBERS
from pytest_cutover.compare.noise import clock, formats, written_times
from pytest_cutover.compare.noise.lists.rows_of_rounds import HEADERS, Moves
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.matchers import (
    ArrayPattern,
    Pattern,
    Placeholder,
    members_of,
)
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange, normalize
from pytest_cutover.normalize.substitution import Substitution

_A_DAY_S: Final = 86_400.0
_PID: Final = re.compile(r"(?<=\bpid)(\W{1,3})\d+\b", re.IGNORECASE)
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
            or _is_of_another_process(one, golden.exchanges[one.exchange], seen[one.exchange])
            or _is_part_of_a_moment(one, golden.exchanges[one.exchange], seen[one.exchange])
        )
    )


def moving(rounds: Sequence[tuple[Transcript, Transcript]]) -> Moves:
    """Return what says whether a number moves on both sides, within what the baseline shows and
    what was recorded: both recordings had it by chance, as that of a few milliseconds.
    """

    @cache
    def seen(side: int) -> list[tuple[NormalizedExchange, ...]]:
        return [normalize(one[side]) for one in rounds]

    def moves(exchange: int, place: tuple[str, ...], recorded: str | bytes) -> bool:
        ours, theirs = (
            [numbers_in(_value_at(one, exchange, place)) for one in seen(side)] for side in (0, 1)
        )
        known = [numbers_in(recorded), *ours]
        if len({text for text, _ in known}) > 1:
            return False
        if len({text for text, _ in (*known, *theirs)}) > 1:
            return True  # what else is another on the candidate departs, whatever is known of these
        columns = [
            list(zip(*(numbers for _, numbers in side), strict=True)) for side in (known, theirs)
        ]
        return any(len(set(told)) > 1 for told in columns[1]) and all(
            min(was) <= max(told) and min(told) <= max(was)
            for was, told in zip(*columns, strict=True)
        )

    return moves


def _value_at(
    seen: Sequence[NormalizedExchange], exchange: int, place: tuple[str, ...]
) -> str | bytes:
    answer = seen[exchange].response if exchange < len(seen) else None
    if answer is None:
        return ""
    part, *names = place
    found = _at(answer.headers if part == HEADERS else answer.body.tree, tuple(names))
    return found if isinstance(found, str | bytes) else ""


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
    was, now = _values_at(one, known, seen)
    if was is None or now is None or type(was) is not type(now):
        return False
    before, after = clock.moment_s(was), clock.moment_s(now)
    if before is None or after is None or clock.other_unit(was, now) or len(was) != len(now):
        return False
    return before < after and abs(after - seen.ended_s) < _A_DAY_S


def _is_part_of_a_moment(
    one: Difference, known: NormalizedExchange, seen: NormalizedExchange
) -> bool:
    """Whether a number is a part, such as the day, of a time near that of the answer, of which
    another part, such as the second, varied when it was recorded, or all stood at an earlier time.
    """
    if one.kind is not Kind.VALUE or known.response is None or seen.response is None:
        return False
    *above, _ = json_pointer.parse(one.pointer) or ("",)
    was, now = (_at(side.response.body.tree, tuple(above)) for side in (known, seen)
                if side.response)  # fmt: skip
    moment, earlier = (formats.instant_s(as_text(side)) for side in (now, was))
    if moment is None or abs(moment - seen.ended_s) >= _A_DAY_S:
        return False
    parts = was.items if isinstance(was, ArrayPattern) else members_of(was).values()
    varied = any(isinstance(part, Placeholder) for part in parts)
    return varied or (earlier is not None and earlier < moment)


def _is_of_another_process(
    one: Difference, known: NormalizedExchange, seen: NormalizedExchange
) -> bool:
    """Whether a value is a process's own by its name, or a text is as recorded but for a pid and
    for times that are later ones.
    """
    was, now = _values_at(one, known, seen)
    if was is None or now is None or type(was) is not type(now):
        return False
    name = one.pointer.rpartition("/")[2].lower().replace("-", "_").removeprefix("x_")
    if name in PROCESS_MEMBERS:
        return formats.format_of(was) == formats.format_of(now) != "text"
    if not (isinstance(was, str) and isinstance(now, str)):
        return False
    was, now = _PID.sub("0", was), _PID.sub("0", now)
    return was == now or written_times.goes_on(was, now, seen.ended_s)


def _values_at(
    one: Difference, known: NormalizedExchange, seen: NormalizedExchange
) -> tuple[Any, Any]:
    """Return what was recorded at the place of a difference, and what stands there; None for what
    is no value, or varies.
    """
    if one.kind not in _OF_VALUES or known.response is None or seen.response is None:
        return None, None
    place = json_pointer.parse(one.pointer)
    in_headers = one.kind is Kind.HEADER_VALUE
    names = place[1:] if in_headers else place
    was = _at(known.response.headers if in_headers else known.response.body.tree, names)
    now = _at(seen.response.headers if in_headers else seen.response.body.tree, names)
    are_values = all(isinstance(value, str | bytes) for value in (was, now))
    return (was, now) if are_values else (None, None)


def _at(tree: Pattern, names: tuple[str, ...]) -> Any:
    """Return what stands at a place; None where there is nothing."""
    for name in names:
        if isinstance(tree, list | ArrayPattern):
            items = tree.items if isinstance(tree, ArrayPattern) else tree
            if not (name.isdigit() and int(name) < len(items)):
                return None
            tree = items[int(name)]
            continue
        members = members_of(tree)
        if name not in members:
            return None
        tree = members[name]
    return tree
