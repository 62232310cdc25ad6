"""JavaScript's patterns hold here as they do there; what cannot be read is said."""

from __future__ import annotations

import re

import pytest

from pytest_cutover.openapi.patterns import compiled


@pytest.mark.parametrize(
    ("pattern", "taken", "refused"),
    [
        (r"^(?=.{2,8}$)\p{Lu}[a-z]+$", "Émile"[:1] + "mile", "ann"),
        (r"^[\p{L}\d' -]+$", "Zoë O'Hara", "Zoë_O"),
        (r"^\P{L}+$", "1-2", "1a"),
        (r"^[^\p{Lowercase_Letter}]$", "A", "a"),
        (r"^\pN$", "4", "a"),
        (r"^\p{General_Category=Decimal_Number}$", "٣", "x"),
        (r"^(?<year>\d{4})-\k<year>$", "2026-2026", "2026-2025"),
        (r"^\u{1f600}\p{L}$", "\U0001f600a", "a"),
        (r"^[^]\p{L}$", "\na", "a"),
        (r"^\[\p{L}\]$", "[a]", "a"),
        (r"^(?P<word>\w+)$", "word", "-"),
    ],
)
def test_a_pattern_takes_what_it_takes_in_javascript(
    pattern: str, taken: str, refused: str
) -> None:
    assert compiled(pattern).search(taken)
    assert not compiled(pattern).search(refused)


@pytest.mark.parametrize("pattern", [r"\p{Script=Greek}", r"\p{Emoji}", r"(\p{L}", r"\p{Any"])
def test_what_cannot_be_read_is_no_pattern(pattern: str) -> None:
    with pytest.raises(re.error):
        compiled(pattern)
