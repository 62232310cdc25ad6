"""An answer that refers to another thing of the test than the baseline's does. Pure.

A test makes a parent and a child. On the baseline the child refers to the parent's id, under
whatever name, in a global id or as the subject of a token; on the candidate to the id that it gave
the child itself. Small numbers are the ids of other things as well: nothing is said but where the
candidate's is what it gave another thing that was made at the same address.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.encoded_ids import decoded
from pytest_cutover.compare.noise.lists.rows import names_an_id

_TOKEN: Final = re.compile(r"ey[\w-]+\.(ey[\w-]+)\.[\w-]*", re.ASCII)
_OF_A_THING: Final = re.compile(r"(\D*)(\d{1,18})")
_SUBJECT: Final = "sub"

Given = Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # address and the candidate's id


def crossed(
    given: Given,
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    is_excused: Callable[[str, str, str], bool],
) -> Iterator[str]:
    """Yield the members of an object of the baseline that refer to another thing on the candidate.

    `given`: what each id of the baseline, by its name, was given beside it. `is_excused`: whether
    an earlier test knows two ids, by a member's name, as those of one thing.
    """
    partners: dict[str, set[tuple[str, str]]] = {}
    for (_, text), those in given.items():
        partners.setdefault(text, set()).update(those)
    for name, value in ours.items():
        for called, one, other in _references(name, value, theirs.get(name)):
            mine = partners.get(one)
            if mine is None or other in {partner for _, partner in mine}:
                continue
            at = {address for address, _ in mine}
            is_anothers = any(
                (address, other) in those for those in partners.values() for address in at
            )
            if is_anothers and not is_excused(called, one, other):
                yield name


def is_token(value: Any) -> bool:
    """Whether a value is a token that says whose it is."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _references(name: str, base: Any, cand: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the ids in two values of a member that differ, each with what it is called."""
    left, right = text_of(base), text_of(cand)
    if left is None or right is None or left == right:
        return
    if (one := _TOKEN.fullmatch(left)) and (other := _TOKEN.fullmatch(right)):
        ours, theirs = _claims(one[1]), _claims(other[1])
        for claim, value in ours.items():
            if claim in theirs and (claim == _SUBJECT or names_an_id(claim)):
                yield claim, str(value), str(theirs[claim])
        return
    mine, yours = decoded(left) or left, decoded(right) or right
    numbers = _OF_A_THING.fullmatch(mine), _OF_A_THING.fullmatch(yours)
    if numbers[0] and numbers[1] and numbers[0][1] == numbers[1][1] and names_an_id(name):
        yield name, numbers[0][2], numbers[1][2]


def _claims(part: str) -> dict[str, Any]:
    try:
        said = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
