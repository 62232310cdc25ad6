"""The place of a test's own row among others, where the baseline keeps rows in no order."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pytest_cutover.compare.confirm.chance import told_by_chance
from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.normalize.own_address import CLOSE, OPEN

LIST = Difference(1, "GET /flags", Kind.ORDER, "/flags", "order → another", "a", "b")


def rounds(places: Sequence[int]) -> list[Comparison]:
    """Comparisons in which the baseline shows its own row at these places among four others."""
    found = []
    for place in places:
        rows: list[Any] = [{"name": f"flag {n}"} for n in range(4)]
        rows.insert(place, {"name": f"{OPEN}unique flag #1{CLOSE}"})
        numbers = SimpleNamespace(rows={(1, "/flags"): (rows, rows)}, orders={})
        found.append(SimpleNamespace(numbers=numbers))
    return cast("list[Comparison]", found)


@pytest.mark.parametrize(
    ("places", "is_by_chance"), [((4, 2), True), ((0, 4), True), ((4,), False), ((0,), False)]
)
def test_an_order_that_the_baseline_does_not_keep_accuses_nobody(
    places: tuple[int, ...], is_by_chance: bool
) -> None:
    comparisons = rounds([places[at % len(places)] for at in range(ROUNDS_OF_CHANCE)])
    every: list[dict[str, Difference]] = [{"order": LIST}] * (ROUNDS_OF_CHANCE - 1)
    found = told_by_chance({"order": LIST}, [*every, {}], comparisons, frozenset())
    assert bool(found) is is_by_chance


def test_an_order_that_is_another_every_time_is_none_by_chance() -> None:
    every = [{"order": LIST}] * ROUNDS_OF_CHANCE
    comparisons = rounds([4, 2] * (ROUNDS_OF_CHANCE // 2))
    assert not told_by_chance({"order": LIST}, every, comparisons, frozenset())
