"""Ids of two databases: a number of each side's own, in the same words."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.ids.id_forms import of_one_kind


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
