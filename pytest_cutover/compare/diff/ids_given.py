"""Ids that the writes of a test gave out, and what each answer says of them: reported as it is.

An id that differs on each side's own data is no difference by itself. Where this test made the
thing, the answers to its writes and the words that it sent say which id it has on each side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids import (
    agreeing_ids,
    asked_ids,
    asked_links,
    edge_cursors,
    gifts,
    self_named,
)
from pytest_cutover.compare.diff.ids.given_ids import Departure, GivenIds, writes
from pytest_cutover.compare.diff.ids.named_things import OTHER_ORDER, NamedThings
from pytest_cutover.compare.diff.ids.partners import ByName
from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.diff.places import Path, pointer, tokens_of
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.walker import Walker
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.normalize.normalized import NormalizedExchange

_ANOTHER = "the same → another"


@dataclass(slots=True)
class IdsGiven:
    """What is known of the ids that one test's writes gave out; `made` are the codes it made.

    `is_shared`: both sides look at the same rows.
    """

    made: tuple[Mapping[str, str], Mapping[str, str]]
    is_shared: bool
    _given: GivenIds = field(default_factory=GivenIds)
    _things: NamedThings = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self._things = NamedThings(self.made, self.is_shared)

    def held(
        self,
        scope: Scope,
        base: NormalizedExchange,
        cand: NormalizedExchange,
        told: Collection[str],
        rules: Rules,
        *,
        names_itself: bool,
    ) -> list[Difference]:
        """Return where the candidate's answer calls a thing by another id than it gave it.

        `told` are the places of which the comparison told already. `names_itself`: both sides
        answered, so that what an answer calls its thing, and what it was asked by, is held
        too.
        """
        known = set(told)
        found: list[Difference] = []

        def is_known(path: Path, *, in_headers: bool = False) -> bool:
            tokens = tokens_of(path)
            at = ["headers", *tokens] if in_headers else tokens
            where = pointer(path, in_headers=in_headers)
            if where in known or rules.waive(base.endpoint, at):
                return True
            known.add(where)
            return False

        def tell(walk: Walker, path: Path, one: Any, other: Any) -> None:
            walk.report(Kind.IDENTITY, path, _ANOTHER, one, other)
            found.extend(walk.differences)

        if names_itself:
            for in_headers, gone in _of_itself(base, cand):
                if not is_known(gone.path, in_headers=in_headers):
                    scope.account.retract(base.endpoint, Fate.EXACT)
                    walk = Walker(replace(scope, in_headers=in_headers))
                    tell(walk, gone.path, gone.base, gone.cand)
        things = self._things.compare(base, cand) if names_itself else None
        departures = self._given.departures(base, cand, is_shared=not scope.own_ids)
        if names_itself:
            departures += self._given.crossed(base, cand, partial(_knew, scope.values.weak))
        named = [] if things is None else things.departures
        agreeing = agreeing_ids.parted(base, cand) if names_itself else agreeing_ids.NOTHING
        is_other = False
        slots = scope.id_slots().departures() if names_itself and scope.own_ids else ()
        earlier = self._gifts_held(scope, base, cand) if names_itself else []
        for gone in (*departures, *named, *agreeing.departures, *slots, *earlier):
            if is_known(gone.path):
                continue
            is_other = True
            if gone.base != gone.cand:
                scope.account.retract(base.endpoint, Fate.CONSTRAINED, "correspondence")
            tell(Walker(scope), gone.path, gone.base, gone.cand)
        for path in () if things is None else things.open:
            if not is_known(path):
                Walker(scope).leave_open(path, OTHER_ORDER)
        for path in agreeing.open:
            if not is_known(path):
                Walker(scope).leave_open(path, agreeing_ids.OTHER_IDS)
        if not is_other:
            self._given.learn(base, cand)
        return found

    def _gifts_held(
        self, scope: Scope, base: NormalizedExchange, cand: NormalizedExchange
    ) -> list[gifts.Departure]:
        """Return where a row shows what its write did not give out, and note what this one does."""
        one, other = base.response, cand.response
        if not scope.own_ids or one is None or other is None:
            return []
        known = scope.values.writers.gifts
        trees = one.body.tree, other.body.tree
        gone = known.departures(*trees, self.made) if one.raw != other.raw else []
        for side, made in zip((base, cand), self.made, strict=True):
            known.heard(side, made)
        return gone


def _knew(known: ByName, name: str, left: str, right: str) -> bool:
    """Return whether an earlier test knows two ids as those of one thing, by a name or as its
    own.
    """
    return any(known.earlier((one, left)) == right for one in (name, *BARE))


def _of_itself(
    base: NormalizedExchange, cand: NormalizedExchange
) -> Iterator[tuple[bool, Departure]]:
    """Yield where an answer calls what it is about by another id, each with whether that is in the
    headers.
    """
    if base.response is not None and cand.response is not None and writes(base.request.method):
        yield from self_named.departures(base.response, cand.response)
    yield from edge_cursors.departures(base.response, cand.response)
    yield from asked_links.departures(base, cand)
    yield from ((False, gone) for gone in asked_ids.departures(base, cand))
