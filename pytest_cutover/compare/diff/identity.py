"""Whether equal things stayed equal and distinct things distinct, over a whole transcript.

First-occurrence numbering is not used: one added field would shift every number after it. The
recordings say which places hold the same value; the candidate's values there are gathered, and the
majority of a class is right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.noise import signed


class Observation(NamedTuple):
    """A candidate's value in a place of an identity class."""

    number: int
    value: str
    scope: Scope
    path: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """A place with a wrong value: another than elsewhere, or the same as of another class."""

    observation: Observation
    change: str
    expected: str | None


def confusions(observations: Iterable[Observation]) -> list[Confusion]:
    """Return the places whose value is not the one of their class, each once.

    A tie goes to the value that came first. Requests are heard but never blamed: they repeat what
    an answer said.
    """
    observations = list(observations)
    pairs = {one[:2] for one in observations}
    if len(pairs) == len({number for number, _ in pairs}) == len({value for _, value in pairs}):
        return []
    classes: dict[int, list[Observation]] = {}
    for one in observations:
        classes.setdefault(one.number, []).append(one)
    wrong: list[Confusion] = []
    owners: dict[str, int] = {}
    for number, members in classes.items():
        right = members[0].value
        if len(members) > 1:
            counts = Counter(_as_said(one.value) for one in members)
            said = max(counts, key=lambda value: counts[value])  # the first of equals
            right = next(one.value for one in members if _as_said(one.value) == said)
            wrong += [
                Confusion(one, "the same → another", right)
                for one in members
                if _as_said(one.value) != said and not one.scope.in_request
            ]
        if owners.setdefault(right, number) != number and _as_said(right) == right:
            blamed = next((o for o in members if o.value == right and not o.scope.in_request), None)
            if blamed is not None:
                wrong.append(Confusion(blamed, "distinct → the same", None))
    return wrong


def says_alike(partner: str | None, cand: Any) -> bool:
    """Return whether the candidate's value says what the partner of the baseline's says: signed in
    another second it is another text.
    """
    if partner is None or not (isinstance(cand, str) and signed.may_be_signed(cand)):
        return False
    return _as_said(partner) == _as_said(cand)


def _as_said(value: str) -> str:
    """Return what a signed session says, for another second makes it another text."""
    said = signed.said_in(value)
    return value if said is None else json.dumps(said, sort_keys=True)
