"""A change is recognised from pairs of values, holds for others that it yields, and for no more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.config.transformation import (
    LONGEST,
    ValuePair,
    is_known,
    is_shown,
    transformations,
    yields,
)

TEXTS = st.text(max_size=3 * LONGEST)


def recognised(*pairs: tuple[str, str]) -> str:
    return next((name for name in transformations(pairs) if is_shown(name, pairs)), "")


@pytest.mark.parametrize(
    ("pairs", "name"),
    [
        ([("12.34", "1234")], "×100"),
        ([("1", "100"), ("2", "200")], "×100"),
        ([("1550", "1.55")], "÷1000"),
        ([("5", "5.00")], "padded to 2 decimals"),
        ([("5", "5.00"), ("12.5", "12.50")], "padded to 2 decimals"),
        ([("5.00", "5")], "same number"),
        ([("12.5", "12.5")], "same text, other type"),
        ([("Pending", "pending")], "lower case"),
        ([("a ", "a")], "trimmed"),
        ([("2024-05-02", "2024-05-02T00:00:00Z")], "same day"),
        ([("2024-05-02T08:15:30Z", "1714637730")], "same instant"),
        ([("1714637730000", "2024-05-02T10:15:30+02:00")], "same instant"),
        ([("a&b", "a&amp;b")], "HTML-escaped"),
        ([("a b", "a%20b")], "percent-encoded"),
        ([("e\u0301", "\u00e9")], "composed letters"),
    ],
)
def test_what_a_candidate_does_to_all_values_has_a_name(
    pairs: list[tuple[str, str]], name: str
) -> None:
    assert recognised(*pairs) == name


@pytest.mark.parametrize(
    "pairs",
    [
        [("waiting", "pending")],
        [("12.345", "12.35")],
        [("12.34", "1233")],
        [("1", "10")],
        [("10", "1000")],
        [("1500", "1.5")],
        [("0.5", "500")],
        [("12", "24"), ("13", "26")],
        [("12.34", "1234"), ("5", "501")],
        [("5", "5.00"), ("waiting", "pending")],
    ],
)
def test_a_coincidence_and_a_fault_have_none(pairs: list[tuple[str, str]]) -> None:
    assert recognised(*pairs) == ""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("×100", "7", "701"),
        ("padded to 2 decimals", "5", "5.000"),
        ("padded to 2 decimals", "5", "6.00"),
        ("same text, other type", "5", "6"),
        ("lower case", "Pending", "deleted"),
        ("same day", "2024-05-02", "1999-01-01T00:00:00Z"),
        ("same instant", "2024-05-02T08:15:30Z", "1714641330"),
    ],
)
def test_another_value_is_not_what_a_change_makes(name: str, before: str, after: str) -> None:
    assert is_known(name)
    assert not yields(name, before, after)


@given(st.decimals(-(10**6), 10**6, places=2), st.sampled_from((10, 100, 1000)))
def test_a_factor_yields_its_multiples_and_nothing_beside_them(price: Decimal, by: int) -> None:
    after = price * by
    assert yields(f"×{by}", f"{price:f}", f"{after:f}")
    assert not yields(f"×{by}", f"{price:f}", f"{after + Decimal('0.01'):f}")


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_what_is_recognised_yields_every_pair(pairs: list[tuple[str, str]]) -> None:
    assert all(yields(name, *pair) for name in transformations(pairs) for pair in pairs)


@given(TEXTS, TEXTS, TEXTS)
def test_a_listed_pair_covers_itself_and_no_other_text(one: str, other: str, third: str) -> None:
    reviewed = ValuePair(one, other)

    assert reviewed.is_yielded("", [reviewed.listed])
    assert ValuePair(one, third).is_yielded("", [reviewed.listed]) == (other == third)


def test_an_entry_may_list_a_text_with_holes_for_what_is_another_in_every_run() -> None:
    agreed = [ValuePair("Order 17 is ready", "Order no. 17 is ready").shape]

    assert ValuePair("Order 18 is ready", "Order no. 18 is ready").is_yielded("", agreed)
    assert not ValuePair("Order 18 is ready", "Order no. 18 is lost").is_yielded("", agreed)
    assert not ValuePair("17", "18").has_shape
