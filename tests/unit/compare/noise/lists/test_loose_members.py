"""Rows of which only some columns are looked into are learned as they are one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.noise import learner
from pytest_cutover.compare.noise.lists.loose_members import loose_cells, loose_members
from pytest_cutover.compare.noise.model import Golden, learn
from tests.unit.compare.building import Plant, exchange, transcript

_NONE: Callable[..., None] = lambda *_args: None  # noqa: E731
few = settings(max_examples=60, deadline=None)


def rows(size: int, plant: Plant, changes: int) -> list[dict[str, Any]]:
    """Rows with ids, times, texts that a run makes or not, and other members in them."""
    found: list[dict[str, Any]] = [
        {
            "n": n,
            "id": plant.uuid(),
            "at": plant.time(),
            "day": "2026-03-02" if n % 2 else "2026",
            "word": "steady",
            "key": "3f0c9a7be21d4c55a6d1b0e7f8a92c34",
            "tags": ["a", {"deep": [True, None, 1.5, "x" * (n % 20)]}],
        }
        for n in range(size)
    ]
    if changes & 1:
        found[0]["word"] = "another"
    if changes & 2:
        found[-1]["more"] = 1
    if changes & 4:
        found.reverse()
    return found


def learned(documents: list[list[Any]]) -> Golden:
    first, *others = [transcript(exchange({"rows": document})) for document in documents]
    golden = None
    for other in others:
        golden = learn(first, other, earlier=golden)
    return golden or learn(first, first)


@few
@given(st.integers(8, 12), st.lists(st.integers(0, 7), min_size=1, max_size=3), st.booleans())
def test_what_is_learned_is_the_same(size: int, changes: list[int], anew: bool) -> None:
    documents = [
        rows(size, Plant(1 + anew * place), change if place else 0)
        for place, change in enumerate([0, *changes])
    ]
    by_column = learned(documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learner, "loose_members", _NONE)
        assert learned(documents) == by_column


@few
@given(st.integers(7, 12), st.lists(st.integers(0, 7), min_size=1, max_size=3), st.booleans())
def test_what_is_learned_of_rows_of_cells_is_the_same(
    size: int, changes: list[int], anew: bool
) -> None:
    documents = [
        [[*row.values()] for row in rows(size, Plant(1 + anew * place), change if place else 0)]
        for place, change in enumerate([0, *changes])
    ]
    by_column = learned(documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learner, "loose_cells", _NONE)
        assert learned(documents) == by_column


def test_a_column_that_is_equal_and_literal_is_not_looked_into() -> None:
    first = [{"id": str(n), "word": "a"} for n in range(8)]
    again = [{"id": str(n + 1), "word": "a"} for n in range(8)]
    nothing = [None] * 8
    assert loose_members(first, again, nothing, lambda _: True) == ("id",)
    assert loose_members(first, first, nothing, lambda values: "a" not in values) == ("word",)
    assert loose_members(first, [*again[1:], {"id": "1"}], nothing, lambda _: True) is None
    assert loose_members(first[:7], again[:7], nothing[:7], lambda _: True) is None


def test_a_column_of_cells_that_is_equal_and_literal_is_not_looked_into() -> None:
    first = [[str(n), "a"] for n in range(8)]
    again = [[str(n + 1), "a"] for n in range(8)]
    assert loose_cells(first, again, lambda _: True) == (0,)
    assert loose_cells(first, first, lambda values: "a" not in values) == (1,)
    assert loose_cells(first, [*again[1:], ["1"]], lambda _: True) is None
    assert loose_cells(first, [*again[1:], {"id": "1"}], lambda _: True) is None
    assert loose_cells(first[:7], again[:7], lambda _: True) is None
