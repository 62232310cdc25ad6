"""What is shown of two values that differ shows how."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.truncate import Excerpts

numbers = st.integers().map(str).map(str.encode)
scalars = st.one_of(st.none(), st.booleans(), st.text(max_size=400), numbers)
keys = st.text(max_size=4)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
)
NOTHING_SECRET = Excerpts(())


@given(trees, trees)
def test_two_values_are_never_shown_alike(base: Any, cand: Any) -> None:
    assume(type(base) is not type(cand) or base != cand)
    one, other = NOTHING_SECRET.pair(base, cand)
    assert one != other


@given(st.text(min_size=1), st.text(min_size=1), st.integers(0, 5000), st.integers(0, 5000))
def test_long_texts_are_shown_where_they_differ(
    one: str, other: str, before: int, after: int
) -> None:
    assume(one != other)
    base, cand = (f"{'a' * before}{text}{'z' * after}" for text in (one, other))
    assume(base != cand)
    shown = NOTHING_SECRET.pair(base, cand)
    assert shown[0] != shown[1]
    assert max(map(len, shown)) < 1400  # each sign may be an escape of six


def test_a_late_word_is_shown_with_its_place() -> None:
    text = "Paragraph. " * 300
    one, other = NOTHING_SECRET.pair(text + "An OKAPI.", text + "A ZEBRA.")
    assert "An OKAPI." in one
    assert "A ZEBRA." in other
    assert "(character 3302 of 3309)" in one
    assert "(character 3302 of 3308)" in other


def test_a_short_text_is_shown_whole() -> None:
    assert ('"open"', '"closed"') == NOTHING_SECRET.pair("open", "closed")


def test_two_secrets_that_differ_are_told_apart_and_not_shown() -> None:
    secrets = ("q3Rt0aZ7bC1dE9fG", "Zx81Lm2Qw7eR5tYu")
    one, other = Excerpts(secrets).pair(*(f"the token {secret} is stale" for secret in secrets))
    assert '"the token <secret token 16> is stale"' == one
    assert '"the token <secret token 16> is stale" (another value, hidden alike)' == other


@pytest.mark.parametrize("before", [0, 30, 60, 61, 70, 80, 400])
@pytest.mark.parametrize("size", [16, 400])
def test_no_part_of_a_secret_is_at_the_edge_of_a_window(before: int, size: int) -> None:
    secret = ("q3Rt0aZ7bC1dE9fG" * 40)[:size]
    text = "x" * 300 + secret + " " + "y" * before
    one, other = Excerpts((secret,)).pair(text + "OKAPI" + "z" * 400, text + "ZEBRA" + "z" * 400)
    for shown in (one, other):
        assert secret[:6] not in shown
        assert secret[-6:] not in shown


def test_the_value_of_a_telling_variable_is_never_shown() -> None:
    text = "x" * 300 + " PATH=/bin AWS_SECRET_ACCESS_KEY=uQ8rT2vXk5Lm9BzW LANG=C "
    for before in (0, 20, 45, 60, 80):
        one, _ = NOTHING_SECRET.pair(text + "y" * before + "1", text + "y" * before + "2")
        assert "uQ8r" not in one
        assert "9BzW" not in one


def test_letters_that_look_the_same_are_named() -> None:
    one, other = NOTHING_SECRET.pair("p\u0430ge", "page")
    assert '"p\u0430ge" (U+0430)' == one
    assert '"page" (U+0061)' == other
