"""Rows that are alike but for a drawn name: the name tells which is which, once it is known."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.lists.alike_rows import NamedRow, paired


def _rows(*rows: str) -> list[NamedRow]:
    """Rows written as key and names: `placed ann`."""
    return [
        NamedRow(place, key, tuple(names))
        for place, (key, *names) in enumerate(row.split() for row in rows)
    ]


def test_the_same_customer_has_both_orders() -> None:
    ours = _rows("placed ann", "placed bea", "cancelled bea")
    theirs = _rows("placed yve", "placed zoe", "cancelled yve")
    assert paired(ours, theirs) == {0: 1, 1: 0, 2: 2}


def test_rows_that_nothing_tells_apart_keep_their_order() -> None:
    assert paired(_rows("a x", "a y", "b"), _rows("a p", "a q", "b")) == {0: 0, 1: 1, 2: 2}


def test_a_row_too_many_has_no_partner() -> None:
    ours, theirs = _rows("a x", "a y"), _rows("a p", "a q", "a r", "b s")
    assert paired(ours, theirs) == {0: 0, 1: 1}
    assert paired(theirs, ours) == {0: 0, 1: 1}


def test_who_wrote_more_on_one_side_still_has_rows_that_pair() -> None:
    ours = _rows("placed ann", "cancelled ann", "placed bea")
    theirs = _rows("placed yve", "placed zoe")
    assert paired(ours, theirs) == {0: 2, 1: 0}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=14), st.randoms())
def test_in_any_order_who_alone_wrote_such_rows_keeps_them(
    written: list[tuple[str, int]], chance: random.Random
) -> None:
    ours = [NamedRow(at, key, (f"our {who}",)) for at, (key, who) in enumerate(written)]
    other = chance.sample(written, len(written))
    theirs = [NamedRow(at, key, (f"their {who}",)) for at, (key, who) in enumerate(other)]
    found = paired(ours, theirs)
    assert sorted(found) == sorted(found.values()) == list(range(len(written)))
    assert all(theirs[at].key == ours[source].key for at, source in found.items())
    wrote = {who: Counter(key for key, one in written if one == who) for _, who in written}
    for at, source in found.items():
        one, two = other[at][1], written[source][1]
        assert one == two or wrote[one] == wrote[two]
