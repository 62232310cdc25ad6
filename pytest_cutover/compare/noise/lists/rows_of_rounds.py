"""What a golden does not keep of lists that a suite changes, from the rounds of a run. Pure.

A golden of such a list holds the shape of its rows, or the rows that a page of the newest had when
it was recorded, which others have left since. What varies between two rows that are one, which is
one that has changed and which another, and whether their order means anything is seen in the live
baseline's own rounds, as it is where there is no golden. Where the recordings had different rows at
one place, the golden knows nothing of either but the form: the rounds say what they hold.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    children,
    is_plain,
    items_of,
    members_of,
    optional_of,
    renumber,
)
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange


def with_rows_of(golden: Golden, live: Golden) -> Golden:
    """Return a golden with what the rounds of a run showed of the rows of its lists; itself where
    they add nothing.
    """
    if len(golden.exchanges) != len(live.exchanges):
        return golden
    pairs = list(zip(golden.exchanges, live.exchanges, strict=True))
    found = tuple(_exchange(known, seen) for known, seen in pairs)
    if all(one is known for one, (known, _) in zip(found, pairs, strict=True)):
        return golden
    return replace(golden, exchanges=found)


def _exchange(known: NormalizedExchange, seen: NormalizedExchange) -> NormalizedExchange:
    if known.endpoint != seen.endpoint or known.response is None or seen.response is None:
        return known
    body, beside = known.response.body, seen.response.body
    if body.kind is not beside.kind:
        return known
    tree = _with_rows(body.tree, beside.tree)
    if tree is body.tree:
        return known
    return replace(known, response=replace(known.response, body=replace(body, tree=tree)))


def _with_rows(known: Pattern, seen: Pattern) -> Pattern:
    if isinstance(seen, ArrayOf):
        if isinstance(known, ArrayOf):
            return seen if known.row is None and known.keyed == seen.keyed else known
        return seen if isinstance(known, list | ArrayPattern) and not seen.keyed else known
    if isinstance(seen, ObjectPattern) or (isinstance(seen, dict) and not is_plain(known)):
        ours, theirs = members_of(known), members_of(seen)
        members = {
            key: _with_rows(item, theirs[key]) if key in theirs else item
            for key, item in ours.items()
        }
        if all(item is ours[key] for key, item in members.items()):
            return known
        return ObjectPattern(members, optional_of(known))
    if isinstance(seen, ArrayPattern) or (isinstance(seen, list) and not is_plain(known)):
        if isinstance(known, ArrayOf):
            return known if known.keyed or known.row is not None else renumber(seen, {})
        rows = list(children(seen))
        was = items_of(known, len(rows))
        items = [
            _of_rounds(one, row) if _were_several(one) else _with_rows(one, row)
            for one, row in zip(was, rows, strict=True)
        ]
        if all(map(is_, items, was)):
            return known
        return ArrayPattern(tuple(items), isinstance(known, ArrayPattern) and known.unordered)
    return known


def _were_several(known: Pattern) -> bool:
    """Whether the recordings had different rows at one place: its id is another one."""
    return isinstance(known, ObjectPattern) and any(
        names_an_id(key) and isinstance(one, Placeholder) for key, one in known.members.items()
    )


def _of_rounds(known: Pattern, seen: Pattern) -> Pattern:
    """Return what the rounds show of a row, with the ids as the golden has them."""
    if isinstance(known, Placeholder) and known.number is not None:
        return known
    if isinstance(known, ObjectPattern) and isinstance(seen, dict | ObjectPattern):
        theirs = members_of(seen)
        members = {
            key: _of_rounds(one, theirs[key]) if key in theirs and not names_an_id(key) else one
            for key, one in known.members.items()
        }
        return ObjectPattern(members, known.optional)
    return known if is_plain(known) else renumber(seen, {})
