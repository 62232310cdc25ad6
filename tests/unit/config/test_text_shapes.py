"""What is left out of a text that was accepted: what is another in every run, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.config.text_shapes import broad, form, held, narrow, without_words

ONE, OTHER = "6f0c3c8e-3a3b-4c39-9a54-1d2f1f3a5b7c", "c7b6862a-1bad-4d95-90c6-4ea03ea2731b"
LINE = "2026-03-02T12:00:09.201Z INFO [worker-0] request {id}: lot LOT-156 held, 38.00 kg, 14 days"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (LINE.format(id=ONE), LINE.format(id=OTHER).replace("12:00:09.201", "23:59:58.007")),
        ("Mon, 02 Mar 2026 12:00:09 GMT, page 1", "Tue, 03 Nov 2026 01:02:03 GMT, page 1"),
        ("[02/Mar/2026:12:00:09 +0000] 200", "[03/Nov/2026:01:02:03 +0000] 200"),
        ("due 2026-03-02", "due 2027-11-30"),
        ("at 1772452809", "at 1790000000"),
        ("nonce=eOwYbjjE77WvDJIMojbXv_", "nonce=h3Tq9bjjE8aWvDJIMobXv1"),
        ('1 items: [{"id": 12, "name": "a"}]', '1 items: [{"id": 9, "name": "a"}]'),
    ],
)
def test_other_ids_and_times_make_no_other_text(text: str, again: str) -> None:
    assert narrow(text) == narrow(again)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("38.00", "38.01"),
        ("14 days", "140 days"),
        ("worker-0", "worker-00"),
        ("LOT-156", "LOT-157"),
        ("09.201Z", "09.201000Z"),
        ("2026-03-02T", "2026-03-"),
        (ONE, ONE.replace("-", "")),
        (ONE, ONE[1:]),
    ],
)
def test_other_numbers_and_other_forms_do(old: str, new: str) -> None:
    text = LINE.format(id=ONE)
    assert old in text
    assert narrow(text) != narrow(text.replace(old, new))


def test_an_id_that_stands_at_two_places_is_the_same_at_both() -> None:
    row = "<tr id={}><a href=/lots/{}>"
    assert narrow(row.format(ONE, ONE)) == narrow(row.format(OTHER, OTHER))
    assert narrow(row.format(ONE, ONE)) != narrow(row.format(ONE, OTHER))


def test_the_form_of_a_value_is_what_it_is_built_of() -> None:
    assert form("26 Nov 2026, 12:01") == form("3 March 1999, 9:59") == "<form 0 A 0, 0:0>"
    assert form("2026-03-:00") != form("2026-03-02T00:00")


@given(st.text(max_size=200))
def test_a_text_without_digits_is_bound_as_a_whole_and_no_text_is_too_odd(text: str) -> None:
    plain = "".join(sign for sign in text if not sign.isdigit())
    assert broad(plain) == plain
    assert isinstance(narrow(text) + form(text), str)


def test_what_differs_between_rounds_is_left_out_and_no_other_number() -> None:
    rounds = [f"12:00:0{n},37{n} job x{n}7 of 14 days, from 18:00" for n in range(3)]
    found = held(rounds)

    assert found is not None
    text, places = found
    assert text == "<clock>,<…> job <…> of 14 days, from 18:00"
    assert without_words("23:59:59,001 job a9 of 14 days, from 18:00", places) == {text}
    assert without_words("23:59:59,001 job a9 of 14 days, from 18:000", places) != {text}
    assert without_words("23:59:59,001 job none of 14 days", places) == frozenset()
    assert held(["a 1 b", "a 1"]) is None
    assert held(["a north b", "a south b"]) is None


LETTER = "Bring the key {} with you. Gates are closed from {} to 06:00, and free for 14 days."


@pytest.mark.parametrize(
    "keys", [("sjt8fo5oymkxxLFZ", "ROdRSEHRd50aLPCz"), ("a1b2c3d4e5", "q7wertz")]
)
def test_a_key_that_does_not_look_random_in_every_round(keys: tuple[str, str]) -> None:
    found = held([LETTER.format(key, "18:00") for key in keys])
    assert found is not None
    text, places = found
    assert text == LETTER.format("<…>", "18:00")
    for key in (*keys, "zzzz0zzzzzzzzzzz", "k3x9q1k3x9q1"):
        assert text in without_words(LETTER.format(key, "18:00"), places)
        assert text not in without_words(LETTER.format(key, "19:00"), places)
