"""A change is recognised from pairs of values, holds for others that it yields, and for no more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.config.transformation import (
    LONGEST,
    Binding,
    ValuePair,
    held_in,
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


_LOG = (
    "{}-11-26 22:{}:57,{} INFO accepted job job_8f754110a129d166\n2026-11-26 22:41:58,{} INFO {}\n"
)


def _log(*, year: int = 2026, minute: int = 41, ms: tuple[int, int], word: str) -> str:
    return _LOG.format(year, minute, *ms, word)


_RUNS = [
    ValuePair(_log(ms=(914, 129), word="taken"), _log(ms=(973, 186), word="took it")),
    ValuePair(_log(ms=(139, 454), word="taken"), _log(ms=(307, 514), word="took it")),
]


@pytest.mark.parametrize(
    "wrong",
    [{"year": 2027}, {"year": 2025}, {"minute": 11}],
    ids=["a year ahead", "a year behind", "half an hour"],
)
def test_an_accepted_text_holds_no_time_that_is_hours_off(wrong: dict[str, int]) -> None:
    known = held_in(_RUNS)
    assert known is not None
    before = _log(ms=(911, 126), word="taken")
    after = _log(ms=(977, 181), word="took it", **wrong)
    assert not Binding(values=(known,)).yields([ValuePair(before, after)])


def test_an_accepted_text_holds_no_time_that_lost_a_digit() -> None:
    def pair(number: int, hour: str = "12") -> ValuePair:
        said = f"order {number} of 7 at 2026-03-02T{{}}:00:{number % 60:02}.217Z"
        return ValuePair(said.format("12"), f"the {said.format(hour)}")

    held = Binding(values=(pair(4711).shape,))
    assert held.yields([pair(815)])
    assert not held.yields([pair(815, "1")])
    assert not held.yields([pair(815, "13")])


def test_but_the_time_of_any_run() -> None:
    known = held_in(_RUNS)
    assert known is not None
    pair = ValuePair(
        _log(year=2031, ms=(911, 126), word="taken").replace("2026", "2031"),
        _log(year=2031, ms=(977, 181), word="took it").replace("2026", "2031"),
    )
    assert Binding(values=(known,)).yields([pair])


def test_an_accepted_zone_is_the_same_in_every_run() -> None:
    pairs = [
        ValuePair(f"made at 2026-11-26T{h:02}:41:57Z for ana", f"2026-11-26T{h + 2:02}:41:58 ana")
        for h in (9, 12)
    ]
    known = held_in(pairs)
    assert known is not None
    held = Binding(values=(known,))
    other = "made at 2027-01-05T08:00:01Z for ana"
    assert held.yields([ValuePair(other, "2027-01-05T10:00:01 ana")])
    assert not held.yields([ValuePair(other, "2027-01-05T11:00:01 ana")])
