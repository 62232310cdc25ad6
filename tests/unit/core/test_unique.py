"""Codes that are new in every run: safe wherever a name is wanted, and known again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.core.exchange import Side
from pytest_cutover.core.unique import codes_in, new_unique, sides_in

LABELS = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,11}", fullmatch=True)


def is_unique(text: str) -> bool:
    """Whether a text is a label and a code, of this run or another one."""
    return any(end == len(text) for _, end in codes_in(text))


@given(LABELS)
def test_a_code_is_letters_and_digits_after_a_letter_and_known_again(label: str) -> None:
    code = new_unique(label)

    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]+", code)
    assert code.startswith(label)
    assert is_unique(code)
    # What services make of names.
    assert all(is_unique(one) for one in (code.lower(), code.upper(), code[len(label) :]))
    assert code.title() == code.capitalize() or re.search(r"\d", label)


@given(LABELS, st.integers(7, 30))
def test_with_a_length_it_has_that_length_and_is_known_too(label: str, room: int) -> None:
    code = new_unique(label, length=len(label) + room)

    assert len(code) == len(label) + room
    assert is_unique(code)


@given(LABELS, st.text(alphabet=" /.-_@,:", min_size=1, max_size=2))
def test_inside_longer_text_its_place_is_found(label: str, between: str) -> None:
    code = new_unique(label)
    text = f"see{between}{code}{between}or ask"

    [(start, end)] = codes_in(text)

    assert text[start:end] == code[-(end - start) :]
    assert text[:end].endswith(code)


def test_the_case_follows_the_label() -> None:
    assert new_unique("LOT").isupper()
    assert new_unique("pkg").islower()
    assert new_unique("Lot")[3:].islower()
    assert new_unique("2024").startswith("u2024")


def test_no_room_for_a_new_code_says_how_much_is_needed() -> None:
    with pytest.raises(ValueError, match=r"leaves 2 characters .* length >= 10"):
        new_unique("LOT", length=5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LOT-1",
        "rhythms",
        "2026-11-25T22:00:01Z",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "d41d8cd98f00b204e9800998ecf8427e",
        "eyJhbGciOiJIUzI1NiJ9",
        "application/json",
        "AKIAIOSFODNN7EXAMPLE",
        "nightshift2",
        "warehouse42",
        "SKU-100234",
    ],
)
def test_ordinary_text_is_none(text: str) -> None:
    assert not is_unique(text)


def test_a_text_of_nothing_but_letters_of_codes_is_read_in_one_go() -> None:
    code = new_unique("")
    letters = "bcdfghjk" * 50_000  # hours, if each letter were a beginning

    assert [*codes_in(letters)] == []
    assert [*codes_in(f"{letters} {code}")] == [(len(letters) + 1, len(letters) + 1 + len(code))]


@given(LABELS, st.sampled_from(Side))
def test_a_code_tells_the_side_that_it_was_made_for(label: str, side: Side) -> None:
    code = new_unique(label, side=side)

    for text in (code, code.upper(), f"/lots/{code}/edit"):
        assert [made_for for _, made_for in sides_in(text)] == [side]
