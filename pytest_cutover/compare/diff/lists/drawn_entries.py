"""Entries of an object that have names of each side's own: an access list by the ids of its users.

The name of an entry is a value, and is told as one: it corresponds to the other side's, and a name
that is known to stand for another thing is a difference. What an entry holds is compared with its
partner's: the one that is known by its name, that agrees with it, or that comes next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from pytest_cutover.compare.diff import descriptions
from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.diff.lists.row_masks import masks_of
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists import drawn_keys, keyed_objects
from pytest_cutover.compare.noise.rules import Active, descend
from pytest_cutover.normalize.matchers import (
    EXACT,
    Placeholder,
    is_plain,
    members_of,
    optional_of,
)

OF_ANOTHER: Final = "a number that may be the id of another thing"


def are_drawn(mask: Any) -> bool:
    """Whether the baseline names entries otherwise each time, and has as many."""
    names = optional_of(mask)
    return bool(names) and drawn_keys.may_be_drawn(names)


def are_known(walk: Walk, base: Mapping[str, Any], cand: Mapping[str, Any]) -> bool:
    """Whether each entry that one side alone has is known for one of the other side's by name."""
    if base.keys() == cand.keys() or walk.scope.in_headers:
        return False
    ours, theirs = drawn_keys.apart(base, cand)
    if not 0 < len(ours) == len(theirs) <= drawn_keys.MOST:
        return False
    return len(_partners(walk, ours, theirs)) == len(ours)


def _partners(walk: Walk, ours: list[str], theirs: list[str]) -> dict[str, str]:
    """Return for the candidate's names those of the baseline that they stand for; a number may be
    the id of several things, and of which one it is nobody knows.
    """
    values, found = walk.scope.values, {}
    for name in theirs:
        known = [one for one in ours if values.are_partners(one, name)]
        if len(known) == 1:
            found[name] = known[0]
    many = Counter(found.values())
    return {name: one for name, one in found.items() if many[one] == 1}


def compare(
    walk: Walk, mask: Any, base: Any, cand: Mapping[str, Any], path: Path, rules: Active | None
) -> frozenset[str]:
    """Compare the entries that have other names on each side; return the names that are settled."""
    expected, masks = members_of(base), members_of(mask)
    ours, theirs = drawn_keys.apart(expected, cand)
    if not 0 < len(ours) <= drawn_keys.MOST >= len(theirs) or walk.scope.in_headers:
        return frozenset()
    are_times = drawn_keys.are_times(ours)
    partners = {} if are_times else _partners(walk, ours, theirs)
    drawn = [key for key in masks if key in optional_of(mask) and (are_times or key not in cand)]
    if not _may_pair(walk, drawn, expected, cand, ours, theirs, partners, path):
        return frozenset()
    known = {key: key for key in ours if key in masks and not are_times}
    if len(drawn) == len(ours):
        known |= drawn_keys.paired(
            [key for key in drawn if key not in known],
            [key for key in ours if key not in known],
            lambda one, name: drawn_keys.fits(masks[one], expected[name]),
        )
    other = EXACT
    if keyed_objects.is_pattern(mask) and (entry := masks_of(mask).written) is not None:
        other = keyed_objects.value_of(entry) or EXACT
    held = {key: masks[known[key]] if key in known else other for key in ours}
    rest = [key for key in ours if key not in partners.values()]
    partners |= drawn_keys.paired(
        rest,
        [name for name in theirs if name not in partners],
        lambda one, name: walk.agrees(held[one], expected[one], cand[name], descend(rules, one)),
    )
    places = list(dict.fromkeys((*masks, *ours)))
    for name, one in partners.items():
        place = path, places.index(known.get(one, one))
        _tell_name(walk, one if is_plain(base) else None, known.get(one, one), name, place)
        walk.visit(held[one], expected[one], cand[name], place, descend(rules, one))
    for one in (key for key in ours if key not in partners.values()):
        change = f"{descriptions.described(expected[one])} → absent"
        walk.report(Kind.MISSING, (path, places.index(known.get(one, one))), change, expected[one])
    for at, name in enumerate(name for name in theirs if name not in partners):
        change = f"absent → {descriptions.described(cand[name])}"
        walk.report(Kind.ADDED, (path, len(places) + at), change, cand=cand[name])
    return frozenset((*ours, *theirs))


def _may_pair(
    walk: Walk,
    drawn: list[str],
    expected: Mapping[str, Any],
    cand: Mapping[str, Any],
    ours: list[str],
    theirs: list[str],
    partners: Mapping[str, str],
    path: Path,
) -> bool:
    """Whether names are known to be of each side's own: by what they name, because the baseline has
    others each time, or as ids of two databases.
    """
    scope, names = walk.scope, [*ours, *theirs]
    if len(partners) == len(ours) == len(theirs):
        return True
    if scope.in_request:
        return False
    are_all = len(ours) == len(expected)
    if len(drawn) == len(ours) and drawn_keys.may_be_drawn([*drawn, *names], are_all=are_all):
        return True
    if drawn_keys.are_times(names):
        return len(ours) == len(theirs) and all(map(scope.both_read_the_clock, ours, theirs))
    is_own = scope.own_ids or scope.known_ids
    if not is_own or len(ours) != len(theirs):
        return False
    if all(formats.has_identity(formats.format_of(name)) for name in names):
        return True
    if are_all and all(map(str.isdecimal, names)) and drawn_keys.may_be_drawn(names):
        return True
    if keyed_objects.are_drawn(names, dict(expected), dict(cand)):
        return True
    return drawn_keys.may_be_drawn(names, are_all=are_all) and (
        bool(partners) or _differ_by_row(walk, ours, path)
    )


def _differ_by_row(walk: Walk, ours: list[str], path: Path) -> bool:
    """Whether another row of the baseline has other names there: members are the same in each."""
    if not path or not path[0] or not isinstance(path[0][1], int):
        return False
    (above, _), name = path
    rows = walk.scope.rows_beside_at(above) or ()
    others = (row.get(name) for row in rows if isinstance(row, dict))
    return any(isinstance(one, dict) and one and one.keys().isdisjoint(ours) for one in others)


def _tell_name(walk: Walk, base: str | None, like: str, name: str, path: Path) -> None:
    """Hold the name of an entry as a value, none where a golden tells the form alone that it is
    `like`.
    """
    scope, place, form = walk.scope, (path, keyed_objects.KEY), formats.format_of(like)
    if scope.in_request:
        return
    if drawn_keys.are_times((like, name)):
        if base is not None and (far := scope.clock_shift(base, name)):
            walk.report(Kind.VALUE, place, f"now → {far}", base, name)
        else:
            scope.account.note(scope.endpoint, Fate.CONSTRAINED, "timestamp")
    elif base and scope.values.has_partner(base) and not scope.values.are_partners(base, name):
        if not like.isdecimal() or name in scope.values.now.values():
            walk.report(Kind.IDENTITY, place, "the same → another", base, name)
        elif scope.values.has_partner(base, but_as=BARE):
            walk.leave_open(place, OF_ANOTHER)  # of one table it is one thing, of all it is many
    elif formats.has_identity(form):
        symbol = Placeholder((form,))
        walk.visit(symbol, symbol if base is None else base, name, place)
    elif not walk.probing:  # a code of few signs has letters alone by chance
        if base is not None:
            scope.values.heard(keyed_objects.KEY, base, name, varies=True)
        scope.account.note(scope.endpoint, Fate.CONSTRAINED, "correspondence")
