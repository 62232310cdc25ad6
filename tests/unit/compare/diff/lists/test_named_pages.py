"""Pages in the order of names that tests made up, of which each side shows others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.drawn_order import RowsOfSide
from pytest_cutover.compare.diff.lists.named_pages import BEFORE, FEW, are_beyond
from pytest_cutover.core.unique import new_unique

NAMES = [sorted(new_unique("lot") for _ in range(12)) for _ in range(2)]
SIZE = 5


def beyond(
    partners: Sequence[int], ours: Sequence[int], theirs: Sequence[int], *, lonely: Any = None
) -> str | None:
    """What is said of pages that show the n-th names of each side, where `partners` has, for the
    n-th name of the baseline, that of the candidate.
    """
    values = Correspondence()
    values.generated((NAMES[0][at], NAMES[1][other]) for at, other in enumerate(partners))
    sides = [
        RowsOfSide.of([{"name": NAMES[side][at]} for at in page], {}, lambda _: False)
        for side, page in enumerate((ours, theirs))
    ]
    alone = [at for at, name in enumerate(ours) if partners[name] not in theirs]
    known = {partners[name] for name in ours}
    return are_beyond(values, sides, (alone, [i for i, at in enumerate(theirs) if at not in known]))


FIRST = range(SIZE)
# The first and second of the baseline's page are the last but one and the last of the candidate's
# names, and the last two of the baseline's are on the candidate's page.
CROSSED = [10, 11, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_side_alone_shows_may_be_beyond_the_other_side_s_page(turned: bool) -> None:
    order = FIRST[::-1] if turned else FIRST
    assert beyond(CROSSED, order, order) == ""


def test_a_row_that_has_its_place_on_the_page_is_not_beyond_it() -> None:
    assert beyond(CROSSED, FIRST, [0, 1, 2, 4, 5]) is None  # the fourth is left out
    assert beyond(CROSSED, [0, 1, 2, 4, 5], FIRST) is None


def test_a_page_in_another_order_is_none_of_names() -> None:
    assert beyond(CROSSED, FIRST, FIRST[::-1]) is None


def test_a_page_that_begins_one_too_late_is_told_where_a_name_before_it_shows_that() -> None:
    assert beyond([0, 11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1], FIRST, range(1, SIZE + 1)) == BEFORE


def test_so_few_rows_may_be_in_order_by_chance() -> None:
    assert beyond(CROSSED, range(3), range(3)) == FEW
    assert beyond(CROSSED, range(2), range(2)) is None  # no page of rows
