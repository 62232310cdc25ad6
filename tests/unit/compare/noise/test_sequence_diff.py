"""What two sequences share is found in order, and in linear time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.noise.sequence_diff import same_stretches

items = st.lists(st.sampled_from("abcdefgh"), max_size=30)


@given(items, items)
def test_stretches_are_the_same_on_both_sides_and_come_in_order(
    left: list[str], right: list[str]
) -> None:
    found = same_stretches(left, right)
    at = other = 0
    for one in found:
        assert one.left >= at
        assert one.right >= other
        at, other = one.left + one.size, one.right + one.size
        assert left[one.left : at] == right[one.right : other]
    assert (at, other) == (len(left), len(right))


@given(items, st.data())
def test_what_was_taken_out_leaves_the_rest_aligned(left: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(left)))
    end = data.draw(st.integers(start, len(left)))
    found = same_stretches(left, left[:start] + left[end:])
    assert len(left) - (end - start) == sum(one.size for one in found)


def test_rows_that_stand_once_anchor_what_is_between_them() -> None:
    left = [*"xx1xxx2xx3"]
    right = [*"yy1y2yyyy3"]
    found = same_stretches(left, right)
    assert ["1", "2", "3", ""] == ["".join(left[s.left : s.left + s.size]) for s in found]


class _Counted(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        _Counted.compared += 1
        return str.__eq__(self, str(other))

    __hash__ = str.__hash__


def _comparisons(size: int) -> int:
    left = [_Counted(f"row {at % 7}") for at in range(size)]
    right = [_Counted(f"row {at % 5}") for at in range(size)]
    _Counted.compared = 0
    same_stretches(left, right)
    return _Counted.compared


def test_many_rows_without_an_anchor_are_left_alone_rather_than_tried_in_every_way() -> None:
    small, large = _comparisons(1_000), _comparisons(10_000)
    assert small > 0
    assert large <= 11 * small
