"""A template of two texts holds what does not vary, and each value to its format."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.noise.notation import read_text, write_text
from pytest_cutover.compare.noise.texts.text_match import match
from pytest_cutover.compare.noise.texts.text_template import align, open_holes
from pytest_cutover.compare.noise.texts.text_tokens import tokens
from pytest_cutover.normalize.matchers import Placeholder, Template

from .made_texts import VALUES, Piece, Pieces, departs, part, rendered, template_of, texts

seeds = st.integers(0, 2**32)
positions = st.integers(0, 10**6)


def formats_of(first: str, again: str) -> list[str]:
    """The holes of a template in a word each, between its literals."""
    found = align(first, again, part)
    parts = found.parts if isinstance(found, Template) else (found,)
    return [one if isinstance(one, str) else f"<{' or '.join(one.formats)}>" for one in parts]


@settings(max_examples=200, deadline=None)
@given(texts(), seeds)
def test_all_texts_of_one_kind_follow_and_nothing_in_them_is_free(
    pieces: Pieces, seed: int
) -> None:
    first, again, third = (rendered(pieces, seed + round_) for round_ in range(3))
    template = template_of(first, again)
    assert () == open_holes(template)
    for text in (first, again, third):
        assert not departs(template, text)


@settings(max_examples=200, deadline=None)
@given(texts(), seeds, positions, st.sampled_from(["X", "~", "", "12", "two words", "\n"]))
def test_any_other_token_between_the_values_is_a_departure(
    pieces: Pieces, seed: int, at: int, new: str
) -> None:
    template = template_of(rendered(pieces, seed), rendered(pieces, seed + 1))
    literals = [index for index, piece in enumerate(pieces) if piece.text]
    index = literals[at % len(literals)]
    words = re.findall(r"\w+|\W", pieces[index].text)
    words[at % len(words)] = new
    changed = [*pieces[:index], Piece("".join(words)), *pieces[index + 1 :]]
    if rendered(changed, seed + 2) != rendered(pieces, seed + 2):
        assert departs(template, rendered(changed, seed + 2))


@settings(max_examples=200, deadline=None)
@given(texts(), seeds, positions)
def test_what_is_no_value_of_its_kind_does_not_fit(pieces: Pieces, seed: int, at: int) -> None:
    template = template_of(rendered(pieces, seed), rendered(pieces, seed + 1))
    values = [index for index, piece in enumerate(pieces) if piece.kind]
    index = values[at % len(values)]
    wrong = Piece(VALUES[pieces[index].kind][1])
    assert departs(template, rendered([*pieces[:index], wrong, *pieces[index + 1 :]], seed + 2))


@settings(max_examples=100, deadline=None)
@given(texts(), seeds)
def test_the_notation_of_a_golden_gives_the_template_back(pieces: Pieces, seed: int) -> None:
    template = template_of(rendered(pieces, seed), rendered(pieces, seed + 1))
    assert template == read_text(write_text(template))


@settings(max_examples=50, deadline=None)
@given(texts(), seeds, st.integers(1, 40), st.booleans())
def test_the_characters_looked_at_are_a_small_multiple_of_the_text(
    pieces: Pieces, seed: int, times: int, wrong: bool
) -> None:
    many = [*pieces] * times
    template = template_of(rendered(many, seed), rendered(many, seed + 1))
    third = rendered(many, seed + 2)
    if wrong:
        third = third[: len(third) // 2] + "~" + third[len(third) // 2 :]
    assert match(template, third).inspected <= 4 * (len(third) + 4096)


@given(st.text())
def test_the_tokens_of_a_text_are_the_text(text: str) -> None:
    assert text == "".join(tokens(text))


@pytest.mark.parametrize("kind", sorted(VALUES))
@pytest.mark.parametrize(
    "around", ["at {} now", '<i id="{}">', "1,{},2", "a={}&b", "({})", "x {}."]
)
def test_what_reads_as_one_value_is_one_token(kind: str, around: str) -> None:
    for seed in range(50):
        value = rendered([Piece(kind=kind)], seed)
        assert value in tokens(around.format(value)), value


def test_a_path_with_ids_in_it_is_several_tokens() -> None:
    one = "/api/lots/1b4e28ba-2fa1-41d2-883f-0016d3cca427/items/17"
    other = "/api/lots/9c1d2e3f-4a5b-4e7b-8a39-0d5b8c5e2f4a/items/18"
    assert ["/api/lots/", "<uuid4>", "/items/", "<digits>"] == formats_of(one, other)


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        ("nonce-q3Rt0aZ7bC1dE9fG'", "nonce-Zx81Lm2Qw7eR5tYu'", ["nonce-", "<token 16>", "'"]),
        ("Total:    5 EUR\n", "Total:   12 EUR\n", ["Total:", "<blank>", "<digits>", " EUR\n"]),
        ("by Ann\nin Rome\n", "by Bob\nin Oslo\n", ["by ", "<word>", "\nin ", "<word>", "\n"]),
        ("<b>Ann Lee</b>\n<i>", "<b>Bob</b>\n<i>", ["<b>", "<text>", "</b>\n<i>"]),
        ("a\nx 1\nb", "a\nb", ["a\n", "<empty or string>", "b"]),
        ("/api/17:10:44/x", "/api/18:10:45/x", ["/api/", "<time>", "/x"]),
        ("/api/lots/17:10:44/x", "/api/lots/18:10:45/x", ["/api/lots/", "<time>", "/x"]),
        ("/abc/74RCg8Ppqw01be/I+d9tTlfO/x", "/abc/M8D/mNBTA2cTsVxDgDKzP7YM/x",
         ["/abc/", "<token 24>", "/x"]),
        ("/timers/tFZyXlpa0wF-", "/timers/QQ3KvBv-hvEL", ["/timers/", "<token 12>"]),
        ("/timers/uR_klxQnYSO-", "/timers/aSvUk_-XZstq", ["/timers/", "<text>"]),
        ("/shops/Ann-Lee", "/shops/Bob-Roy", ["/shops/", "<text>", "-", "<text>"]),
        ("up 12.5s", "up 13s", ["up ", "<decimal string or digits>", "s"]),
    ],
)  # fmt: skip
def test_a_hole_spans_whole_tokens_between_literals(
    first: str, again: str, expected: list[str]
) -> None:
    assert expected == formats_of(first, again)


def _log(*rows: tuple[int, str]) -> str:
    return "".join(f"2026-11-25 22:00:{at:02} INFO {what} took {at * 3} ms\n" for at, what in rows)


def test_lines_are_paired_by_what_they_say_where_one_side_has_more_of_them() -> None:
    first = _log((1, "load"), (2, "parse"), (3, "write"))
    again = _log((4, "load"), (5, "cache"), (6, "parse"), (7, "write"))
    assert [
        "<timestamp s no-zone space>", " INFO load took ", "<digits>", " ms\n",
        "<empty or string>",
        "<timestamp s no-zone space>", " INFO parse took ", "<digits>", " ms\n",
        "<timestamp s no-zone space>", " INFO write took ", "<digits>", " ms\n",
    ] == formats_of(first, again)  # fmt: skip


def test_a_hole_that_may_hold_anything_is_open_and_said_so() -> None:
    template = template_of("a\nx 1\nb", "a\nb")
    assert (1,) == open_holes(template)
    assert () == open_holes(template_of("a 1 b", "a 2 b"))
    assert (0,) == open_holes(Placeholder(("string",)))
    assert () == open_holes(Placeholder(("text",)))
    words = Template((Placeholder(("text",)), Placeholder(("word",)), " end"))
    assert (0,) == open_holes(words)


def test_a_golden_of_version_0_1_is_matched_as_it_is_written() -> None:
    template = read_text(r"Hello <text>, <digits> lots since <timestamp s Z>: <string>\<p>")
    assert isinstance(template, Template)
    assert not departs(template, "Hello Ann, 3 lots since 2026-11-25T22:00:01Z: a\nb<p>")
    assert departs(template, "Hello Ann, 3 lots since 2026-11-25: a\nb<p>")
    assert departs(template, "Hello Ann, no lots since 2026-11-25T22:00:01Z: a\nb<p>")
