"""Whether equal things stayed equal and distinct things distinct, over a whole transcript.

First-occurrence numbering is not used: one added field would shift every number after it. The
recordings say which places hold the same value; the candidate's values there are gathered, and the
majority of a class is right. Where the baseline's own values of this run are no more one value, or
no more two, than the candidate's, the recordings say nothing of today's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.noise import formats, signed

_TIMES_OF_A_TOKEN: Final = frozenset({"iat", "exp", "nbf", "auth_time"})
_A_FEW_SECONDS: Final = 5


class Observation(NamedTuple):
    """A candidate's value in a place of an identity class, and what the baseline has there."""

    number: int
    value: str
    scope: Scope
    path: tuple[Any, ...]
    base: Any = None


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
    pairs = set(map(itemgetter(0, 1), observations))
    if all(len(set(map(itemgetter(at), pairs))) == len(pairs) for at in (0, 1)):
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
            first = next(one for one in members if _as_said(one.value) == said)
            right = first.value
            wrong += [
                Confusion(one, "the same → another", right)
                for one in members
                if _as_said(one.value) != said
                and not one.scope.in_request
                and not _are_two(first.base, one.base)
                and not _are_of_one_login(first.value, one.value)
            ]
        owner = owners.setdefault(right, number)
        if owner != number and _as_said(right) == right:
            ours = {one.base for one in classes[owner] if one.value == right and _is_text(one.base)}
            blamed = next((o for o in members if o.value == right and not o.scope.in_request), None)
            if blamed is not None and not (_is_text(blamed.base) and _is_one_of(ours, blamed.base)):
                wrong.append(Confusion(blamed, "distinct → the same", None))
    return wrong


def _is_one_of(known: Iterable[str], value: str) -> bool:
    return any(value == one or _are_of_one_login(value, one) for one in known)


def _are_of_one_login(one: str, other: str) -> bool:
    """Whether two JSON web tokens say the same, given out a few seconds apart: within one second
    they would be one text.
    """
    head, dot, _ = one.partition(".")
    if not dot or not other.startswith(head + dot):
        return False
    left, right = formats.claims_of(one), formats.claims_of(other)
    if not left or not right or left.keys() != right.keys():
        return False
    apart = [name for name in left if left[name] != right[name]]
    steps = {_step(left[name], right[name]) for name in apart}
    step = steps.pop() if len(steps) == 1 and _TIMES_OF_A_TOKEN.issuperset(apart) else None
    return step is not None and abs(step) <= _A_FEW_SECONDS


def _step(one: object, other: object) -> int | None:
    return other - one if isinstance(one, int) and isinstance(other, int) else None


def _is_text(base: Any) -> bool:
    return isinstance(base, str)


def _are_two(one: Any, other: Any) -> bool:
    """Whether two values of the baseline are none that one class would have."""
    return _is_text(one) and _is_text(other) and _as_said(one) != _as_said(other)


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
