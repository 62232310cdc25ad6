"""Ids of two databases: a number of each side's own, in the same words."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.ids.id_forms import are_alike_but_for, of_one_kind


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("tag:feed.example,2024:89", "tag:feed.example,2024:7"),
        ("SO-000013", "SO-000109"),
        ("A7K2", "9QX1"),
        ("kqz81m0", "81mxq0a"),
        ("12", "47"),
        ("V1StGXR8_Z5jdHi6B-myT", "Uakgb_J5m9g-0JDMbcJqL"),
    ],
)
def test_the_ids_of_one_thing_in_two_databases(left: str, right: str) -> None:
    assert of_one_kind(left, right)


@pytest.mark.parametrize(
    "right",
    [
        "TAG:feed.example,2024:7",
        "tag:feed.example|2024:7",
        "tag:feed.example,0024:7",
        "tag:feed.example,2025:7",
        "tag:feed.example,2024:",
        "7",
    ],
)
def test_an_id_that_loses_or_changes_its_words(right: str) -> None:
    assert not of_one_kind("tag:feed.example,2024:89", right)


@pytest.mark.parametrize(
    ("left", "alike", "wrong"),
    [
        ("INV-2026-0001", "INV-2026-0417", ("INV-2025-0001", "INV-2026-2", "INV-0026-0001")),
        ("20261127-0001", "20261128-0002", ("20191127-0002", "20261127-2")),
        ("2026-11-27-0001", "2026-11-27-0009", ("2019-11-27-0001", "2026-11-27-9")),
        ("0001", "0417", ("2",)),
        ("0001", "10417", ()),
        ("8814-20070912", "3301-44519", ()),
    ],
)
def test_a_year_in_an_id_is_a_year_and_zeros_in_front_fill_a_width(
    left: str, alike: str, wrong: tuple[str, ...]
) -> None:
    assert of_one_kind(left, alike)
    assert [one for one in wrong if of_one_kind(left, one)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("99", "99 drifted"), ("99", "99 99"), ("7", "7a"), ("A-17", "A-17!"), ("k3x9q1", "k3 x9q1")],
)
def test_an_id_with_something_beside_it_is_of_another_kind(one: str, other: str) -> None:
    assert not of_one_kind(one, other)
    assert not of_one_kind(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("99", "103"), ("7", "12"), ("k3x9q1", "20417"), ("V1StGXR8_Z5j", "Uakgb-J5m9g0")],
)
def test_numbers_and_codes_of_any_length_are_of_one_kind(one: str, other: str) -> None:
    assert of_one_kind(one, other)


@pytest.mark.parametrize("text", ["no lot {}", "lot-{}=; Path=/", "removed lot{}", "{}/{}.png"])
def test_a_text_with_the_id_that_was_asked_for(text: str) -> None:
    pairs = {"45": "7"}
    assert are_alike_but_for(pairs, text.format(45, 45), text.format(7, 7))
    assert not are_alike_but_for(pairs, text.format(45, 45), text.format(8, 7))
