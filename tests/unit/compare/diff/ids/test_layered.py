"""What a run knows is shared by its comparisons: each adds its own, and copies none of the rest."""

from __future__ import annotations

import tracemalloc
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.ids import layered
from pytest_cutover.compare.diff.ids.correspondence import MOST_KEPT, Correspondence
from pytest_cutover.compare.diff.ids.layered import Layered

MANY = 10_000
CHANGES = st.dictionaries(st.integers(0, 9), st.none() | st.integers(), max_size=4)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put pairs to the old ones often."""
    monkeypatch.setattr(layered, "_FEW", 3)


@given(st.lists(CHANGES, max_size=12), st.dictionaries(st.integers(0, 9), st.integers()))
def test_a_map_of_layers_is_the_map_that_all_changes_make(
    changes: list[dict[int, int | None]], own: dict[int, int]
) -> None:
    tried, expected = Layered[int, int](), dict[int, int | None]()
    for change in changes:
        tried, _ = tried.settled(change)
        expected |= change
    beside = tried.branch()
    for key, value in own.items():
        beside[key] = value
    for one, changed in ((tried, expected), (beside, expected | own)):
        there = {key: value for key, value in changed.items() if value is not None}
        assert dict(one.items()) == there
        assert [one.get(key) for key in range(10)] == [there.get(key) for key in range(10)]
        assert [key for key in range(10) if key in one] == sorted(there)


def test_the_oldest_are_left_out() -> None:
    tried = Layered[int, str]()
    lost: list[int] = []
    for number in range(40):
        tried, gone = tried.settled({number: str(number)}, most=10)
        lost += gone
    assert lost == list(range(len(lost)))
    assert list(tried) == list(range(len(lost), 40))
    assert 10 <= len(tried) <= 14


def pair() -> tuple[str, str]:
    return str(uuid.uuid4()), str(uuid.uuid4())


def test_a_comparison_copies_nothing_of_what_the_run_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    known = Correspondence()
    for left, right in (pair() for _ in range(MANY)):
        known.heard("id", left, right)
    known = known.carried()
    known.partners()
    tracemalloc.start()
    later = known.copy()
    later.generated([("LOTkrtvw42", "LOTmnpqr77")])
    later.heard("id", *pair())
    later = later.carried()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 100_000
    assert len(later.strong) > MANY


def test_a_value_that_got_another_partner_loses_the_one_it_had() -> None:
    known = Correspondence()
    known.heard("id", b"7", b"12")
    known.heard("lot_id", b"8", b"12")
    known = known.carried()
    later = known.copy()
    later.heard("id", b"7", b"20")
    later = later.carried()

    assert not later.is_partner("id", "12")
    assert later.is_partner("lot_id", "12")
    assert later.is_partner("id", "20")
    assert later.same("id", b"7", b"20")
    assert known.same("id", b"7", b"12")
    assert not known.is_partner("id", "20")


def test_what_was_left_out_has_no_partner_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_cutover.compare.diff.ids.correspondence.MOST_KEPT", 20)
    pairs, known = [pair() for _ in range(100)], Correspondence()
    for left, right in pairs:
        known = known.copy()
        known.heard("id", left, right)
        known = known.carried()

    kept = [right for _, right in pairs if known.is_partner("id", right)]
    assert 20 <= len(kept) <= 24 < MOST_KEPT
    assert kept == [right for _, right in pairs[-len(kept) :]]
    assert [right for _, right in pairs if right in known.partners().values] == kept
