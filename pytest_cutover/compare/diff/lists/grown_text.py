"""A text that is a list: lines that came between two rounds, where a template holds nothing. Pure.

``4 lots`` above a line for each has another length each time. Its lines are compared like the rows
of any list; what they do not explain in full stays with the template, which leaves it open.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.lists import grown_lists, numbered_texts
from pytest_cutover.compare.diff.lists.row_masks import Masks
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.normalize.matchers import EXACT

BY: Final = "lines of a text that grew"


def is_explained(walk: Walk, base: Any, cand: str, path: Path) -> bool:
    """Whether the lines of both texts are the same but for what the run wrote."""
    scope = walk.scope
    if scope.in_request or scope.same_side or walk.probing or not isinstance(base, str):
        return False
    if "\n" not in base or "\n" not in cand or scope.rows_beside_at(path) is None:
        return False
    below = numbered_texts.isolated(walk)
    lines = base.split("\n"), cand.split("\n")
    grown_lists.compare(below, Masks(EXACT, EXACT), *lines, path, None)
    if below.differences or below.scope.account.open:
        return False
    scope.account.note(scope.endpoint, Fate.CONSTRAINED, BY)
    walk.take(below)
    return True
