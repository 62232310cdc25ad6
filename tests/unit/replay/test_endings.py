"""The ending of a format behind an id in a path."""

from __future__ import annotations

import pytest

from pytest_cutover.replay.given_out import without_ending


@pytest.mark.parametrize(
    ("segment", "parts"),
    [
        ("qwert.json", ("qwert", ".json")),
        ("a.b.csv", ("a.b", ".csv")),
        ("qwert", ("qwert", "")),
        ("v1.2", ("v1.2", "")),
        (".json", (".json", "")),
    ],
)
def test_an_ending_is_letters_behind_a_dot(segment: str, parts: tuple[str, str]) -> None:
    assert without_ending(segment) == parts
