"""Lines cut into tokens: by a shorter expression, or from where they begin to be apart, as ever."""

from __future__ import annotations

import re
from itertools import takewhile
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.noise.texts import text_tokens
from pytest_cutover.compare.noise.texts.text_tokens import (
    alike,
    alike_in_place,
    shared_beginning,
    tokens,
)

WORDS = st.sampled_from(
    [
        *("lot", "LOT-0017", "Öre", "12.50", "-3", "17ms", "10.0.0.7", "a/b", "x" * 17, "é" * 18),
        *("2026-03-02T12:00:00.123Z", "2026-03-02 12:00", "2026-03-02", "12:00:05", "eyJa.eyJb.c"),
        *("Mon, 02 Mar 2026 12:00:00 GMT", "02/Mar/2026:12:00:00 +0000", "2026-03-02T12%3A00"),
        *("7f3b2c1e-0a5d-4c1b-9f3e-2b1a0c9d8e7f", "q3Rt+0aZ9xB7/kLm2Np=", "\ufdd0LOT #1\ufdd1"),
        *("https://lots.example/a,b;c?d=1", "/lots/7", "<td>", '"quoted, text"', "=", "a=b"),
    ]
)
SIGNS = st.sampled_from([",", ";", "|", " ", ", ", "\t", "<", '"', ":", "-", ".", "", "\r"])
LINES = st.lists(st.tuples(WORDS, SIGNS), min_size=1, max_size=8).map(
    lambda pieces: "".join(word + sign for word, sign in pieces) + "\n"
)


@given(LINES)
def test_the_shorter_expression_cuts_as_the_whole_one(line: str) -> None:
    with (
        patch.object(text_tokens, "_is_simple", lambda _: False),
        patch.object(text_tokens, "_LAST_CELL_OF_A_TIME", re.compile("(?!)")),
    ):
        expected = tokens(line)
    assert expected == tokens(line)


@pytest.mark.parametrize("sign", [",", ";", "|", "", ".", "/"])
@pytest.mark.parametrize(
    "time", ["2026-03-02T12:00:00.123Z", "2026-03-02 12:00", "2026-03-02T12:00:05+01:00", "12:00"]
)
@pytest.mark.parametrize("behind", ["\n", "\r\n", "", "1\n", "Z\n", ".5\n", ":7\n", "-\n", "\n\n"])
def test_a_last_cell_is_cut_as_any_text(sign: str, time: str, behind: str) -> None:
    cell = sign + time + behind
    expected = tokens(cell)
    with patch.object(text_tokens, "_LAST_CELL_OF_A_TIME", re.compile("(?!)")):
        assert tokens(cell) == expected


@given(st.text("aé\ud800\U0001f600", max_size=300), st.text(max_size=9), st.text(max_size=9))
def test_the_shared_beginning_is_counted_in_characters(both: str, one: str, other: str) -> None:
    pairs = zip(both + one, both + other, strict=False)
    expected = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    assert shared_beginning(both + one, both + other) == expected


@given(st.text("ab\0", max_size=300), st.text("ab\0", max_size=9), st.text("ab\0", max_size=9))
def test_it_is_in_ascii_too(both: str, one: str, other: str) -> None:
    pairs = zip(both + one, both + other, strict=False)
    expected = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    assert shared_beginning(both + one, both + other) == expected


@given(LINES, LINES, LINES)
def test_the_rest_of_a_line_is_cut_as_in_the_whole(shared: str, one: str, other: str) -> None:
    lines = [shared[:-1] + one, shared[:-1] + other]
    rows = alike_in_place(lines[:1], lines[1:], tokens, is_cut=False)
    assert (rows is not None) == alike(*map(tokens, lines))
    for beginning, *rests in rows or ():
        for line, rest in zip(lines, rests, strict=True):
            assert (tokens(beginning) if beginning else []) + rest == tokens(line)


@given(st.lists(st.one_of(WORDS, SIGNS, st.sampled_from(["a" * 15, "1", "_"]))).map("".join))
def test_what_may_tell_something_is_told_from_the_rest_at_a_glance(text: str) -> None:
    with patch.object(text_tokens, "may_tell", lambda _text: True):
        every = list(text_tokens.telling(text))
    assert list(text_tokens.telling(text)) == every
