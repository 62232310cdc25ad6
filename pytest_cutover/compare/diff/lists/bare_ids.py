"""Lists of nothing but ids: ``[17, 16, 15]``, ``["/api/items/17"]``. Pure.

Such a list says which rows there are, and in which order. Each id is taken for a row that has
nothing but its id, and then compared like any list of rows: by what this run wrote, on data of each
side's own by correspondence. Numbers are ids where their list is called so (`ids`, `lot_ids`), or
where an id stands in it that an earlier answer of the test gave out.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import Correspondence, text_of
from pytest_cutover.compare.diff.places import Implied, Path, name_of
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import is_made
from pytest_cutover.normalize.matchers import (
    EXACT,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    is_plain,
)

ID: Final = Implied("id")
OWN_NUMBERS: Final = "numbers that may be ids of each side's own database"
FEW_IDS: Final = "so few ids may come in reverse, or be given in another order"
_NAME: Final = re.compile(r"(?:^|[_\-. ])(?:ids|pks|uuids|guids|id)$|[a-z](?:Ids|IDs|Uuids|Id)$")
_NUMBER: Final = re.compile(r"[1-9]\d{0,17}")
_HASH: Final = re.compile(r"(?<![0-9a-z])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,}(?![0-9a-z])")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_AT_ITS_END: Final = re.compile(r"(\d{1,18})/?$")
_LONGEST: Final = 200
_FEW: Final = 2


def taken_for_rows(
    walk: Walk, mask: Any, base: list[Any], cand: list[Any], path: Path
) -> tuple[Any, list[Any], list[Any]] | None:
    """Return two lists of ids, and their mask, as rows; None where they are none."""
    grew = isinstance(mask, ArrayOf)
    if walk.scope.in_request or not base or not (grew or walk.scope.own_ids):
        return None
    if path and isinstance(path[1], int):
        return None  # a row of a table: its cells are no rows
    if not all(map(_is_scalar, base)) or not all(map(_is_scalar, cand)):
        return None
    if len(set(base)) < len(base) or not (_are_numbers(base) or _are_codes(base)):
        return None
    if not (_told_by_name(path) or _holds_given(walk, base) or all(map(_tells_itself, base))):
        return None
    return _mask_of_rows(mask), rows(base), rows(cand)


def rows(ids: list[Any]) -> list[Any]:
    """Return ids as rows that have nothing else."""
    return [{ID: item} for item in ids]


def are_rows(found: list[Any]) -> bool:
    """Return whether rows were ids alone."""
    return bool(found) and _is_row(found[0])


def is_of_test(row: Any, values: Correspondence) -> bool:
    """Return whether a row of the candidate holds a code that the very test made, or is an id alone
    that a write of this run gave out.
    """
    return is_made(row) or (_is_row(row) and values.is_partner(ID, text_of(row[ID]) or ""))


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and any(type(key) is Implied for key in row)


def come_in_reverse(walk: Walk, base: list[Any], cand: list[Any], path: Path) -> bool:
    """Tell, on data of each side's own, ids that rise where the baseline's fall; False for others.

    A database counts on: rows that both sides have in one order have ids in one direction.
    """
    if not walk.scope.own_ids or min(len(base), len(cand)) < _FEW:
        return False
    ways = _direction(base), _direction(cand)
    if 0 in ways or ways[0] == ways[1]:
        return False
    if len(base) > _FEW:
        walk.report(Kind.ORDER, path, "order → another", base, cand)
    else:
        walk.leave_open(path, FEW_IDS)
    return True


def are_shifted(walk: Walk, mask: Any, base: list[Any], cand: list[Any]) -> bool:
    """Return whether two lists of numbers are one but for where their databases began to count."""
    if not walk.scope.own_ids or walk.scope.in_request or not is_plain(mask):
        return False
    if len(base) != len(cand) or len(base) < _FEW:
        return False
    if not (_are_numbers(base) and _are_numbers(cand)):
        return False
    if any(_YEAR.fullmatch(item.decode()) for item in (*base, *cand)) or not _direction(base):
        return False
    return len({int(b) - int(a) for a, b in zip(base, cand, strict=True)}) == 1


def _is_scalar(item: Any) -> bool:
    return isinstance(item, str | bytes)


def _are_numbers(ids: list[Any]) -> bool:
    return all(isinstance(one, bytes) and _NUMBER.fullmatch(one.decode()) for one in ids)


def _are_codes(ids: list[Any]) -> bool:
    return all(
        isinstance(one, str)
        and len(one) <= _LONGEST
        and not any(c.isspace() for c in one)
        and any(c.isdigit() for c in one)
        for one in ids
    )


def _tells_itself(item: Any) -> bool:
    """Return whether an id is known for one by its form alone: a UUID, a link to a thing."""
    if not isinstance(item, str):
        return False
    if item.startswith("urn:") or _HASH.search(item):
        return True
    is_address = is_link(item) and _AT_ITS_END.search(item) is not None
    return is_address or formats.has_identity(formats.format_of(item))


def _told_by_name(path: Path) -> bool:
    return _NAME.search(name_of(path)) is not None


def _holds_given(walk: Walk, base: list[Any]) -> bool:
    """Return whether an answer gave one of these out as an id, in this test or an earlier one."""
    return any(walk.scope.values.is_of_run(ID, item) for item in base if text_of(item) is not None)


def _mask_of_rows(mask: Any) -> Any:
    if isinstance(mask, ArrayOf):
        item, row, same = map(_of_row, (mask.item, mask.row, mask.same))
        return ArrayOf(item, row, same, mask.unordered)
    if isinstance(mask, ArrayPattern):
        return ArrayPattern(tuple(map(_of_row, mask.items)), mask.unordered)
    return EXACT


def _of_row(mask: Pattern) -> Pattern:
    return None if mask is None else mask if is_plain(mask) else ObjectPattern({ID: mask})


def _direction(ids: list[Any]) -> int:
    """Return 1 where numbers rise, -1 where they fall, 0 for what is neither.

    What stands before a number that was counted is the same in all: an id that was drawn ends in
    digits by chance.
    """
    numbers, heads = [], set()
    for item in ids:
        text = text_of(item) or ""
        found = _AT_ITS_END.search(text)
        if found is None:
            return 0
        numbers.append(int(found[1]))
        heads.add(text[: found.start()])
    if len(heads) > 1:
        return 0
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return 1 if all(step > 0 for step in steps) else -1 if all(step < 0 for step in steps) else 0
