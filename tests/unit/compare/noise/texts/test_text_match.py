"""A text that departs from its template says where, and nothing hides between two values."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.noise.texts.text_match import match
from pytest_cutover.normalize.matchers import Placeholder, Template

from .made_texts import Piece, departs, rendered, template_of

NONCE, TIME, ID = Piece(kind="base64"), Piece(kind="sql"), Piece(kind="uuid")
PAGE = [
    Piece('<!doctype html><html><head><script nonce="'), NONCE, Piece('">start()</script></head>'),
    Piece('<body><h1>Invoice 7</h1><p class="total">Total: 100 EUR</p>'),
    Piece('<form><input type="hidden" name="csrf" value="'), NONCE,
    Piece('"><input name="price" step="0.01"></form></body></html>\n'),
]  # fmt: skip
TABLE = [
    Piece("# exported "), TIME, Piece("\r\nid,name,quantity\r\n"),
    *[Piece(f"{at},Bolt {at},{at * 3}\r\n") for at in range(1, 300)],
    Piece("# end of "), ID, Piece("\r\n"),
]  # fmt: skip
CHANGES = {
    "another heading": ("Invoice 7", "Invoice 8 of somebody else"),
    "another attribute": ('step="0.01"', 'step="0.25"'),
    "an element less": ('<p class="total">Total: 100 EUR</p>', ""),
    "an element twice": ("<h1>Invoice 7</h1>", "<h1>Invoice 7</h1><h1>Invoice 7</h1>"),
    "another price": ("100 EUR", "10000 EUR"),
    "another class": ("total", "sum"),
    "a row less": ("200,Bolt 200,600\r\n", ""),
    "a row twice": ("200,Bolt 200,600\r\n", "200,Bolt 200,600\r\n200,Bolt 200,600\r\n"),
    "the first row less": ("1,Bolt 1,3\r\n", ""),
    "the last row twice": ("299,Bolt 299,897\r\n", "299,Bolt 299,897\r\n299,Bolt 299,897\r\n"),
    "two rows swapped": ("7,Bolt 7,21\r\n8,Bolt 8,24\r\n", "8,Bolt 8,24\r\n7,Bolt 7,21\r\n"),
    "a quantity of none": ("150,Bolt 150,450", "150,Bolt 150,0"),
    "no heading": ("id,name,quantity\r\n", ""),
    "another separator": ("id,name", "id;name"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_between_two_values_is_found_at_its_place(change: str) -> None:
    old, new = CHANGES[change]
    found = 0
    for pieces in (PAGE, TABLE):
        template = template_of(rendered(pieces, 1), rendered(pieces, 2))
        third = rendered(pieces, 3)
        assert not departs(template, third)
        if old not in third:
            continue
        found += 1
        wrong = third.replace(old, new, 1)
        gone = match(template, wrong).departure
        assert gone is not None
        assert third[: gone.at] == wrong[: gone.at]
        literal = template.parts[gone.part]
        assert isinstance(literal, str)
        assert literal[gone.within : gone.within + 3] == third[gone.at : gone.at + 3]
    assert found


@pytest.mark.parametrize("seed", range(30))
def test_pages_with_other_tokens_each_time_are_alike(seed: int) -> None:
    template = template_of(rendered(PAGE, 3 * seed), rendered(PAGE, 3 * seed + 1))
    assert not departs(template, rendered(PAGE, 3 * seed + 2))


def test_a_table_with_a_time_in_each_row_is_held_row_by_row() -> None:
    rows = [one for at in range(200) for one in (Piece(f"{at},Bolt,"), TIME, Piece(f",{at}\n"))]
    template = template_of(rendered(rows, 1), rendered(rows, 2))
    third = rendered(rows, 3).splitlines(keepends=True)
    assert not departs(template, "".join(third))
    for wrong in (
        third[:50] + third[51:],
        third[:50] + third[49:],
        [*third[:50], third[51], third[50], *third[52:]],
        [*third[:50], third[50].replace("50\n", "51\n"), *third[51:]],
        [*third, third[-1]],
        third[::-1],
    ):
        assert departs(template, "".join(wrong))


@pytest.mark.parametrize(
    "text",
    [
        "a1 red b1\na2 blue and more b2\n",
        "a1 red b1\na1 red b1\na2 blue b2\n",
        "a1 b1\na2 blue b2\n",
    ],
)
def test_a_word_that_varies_stays_one_word(text: str) -> None:
    template = template_of("a1 red b1\na2 blue b2\n", "a1 green b1\na2 grey b2\n")
    assert not departs(template, "a1 x b1\na2 y b2\n")
    assert departs(template, text)


def test_a_cell_may_hold_several_words_and_no_second_cell() -> None:
    template = template_of("1,Ann,x\n2,Bob,y\n", "1,Eve,x\n2,Joe,y\n")
    assert not departs(template, "1,Ann Lee,x\n2,Bob van Dyk,y\n")
    assert departs(template, "1,Ann,Lee,x\n2,Bob,y\n")
    page = template_of("<td>Ann</td><td>1</td>\n", "<td>Bob</td><td>1</td>\n")
    assert departs(page, "<td>Ann</td><td>Lee</td><td>1</td>\n")


def test_a_literal_that_also_stands_inside_a_value_confuses_nothing() -> None:
    stamp = Placeholder(("timestamp s no-zone space",))
    template = Template(("at ", stamp, "-", Placeholder(("digits",)), ":00"))
    assert not departs(template, "at 2026-11-25 22:00:01-17:00")
    assert departs(template, "at 2026-11-25-17:00")


def test_the_last_literal_is_searched_from_the_end() -> None:
    template = Template(("said: ", Placeholder(("text",)), " end"))
    found = match(template, "said: no end in sight end")
    assert found.follows
    assert "no end in sight" == found.pieces[0][1]


def test_words_that_vary_and_another_total_end_at_once() -> None:
    """Backtracking over four wide holes did not come back."""
    tail = " ".join(f"word{at % 7} and" for at in range(4000))
    first = f"Tip: red blue green black {tail} total 10"
    again = f"Tip: pink olive navy brown {tail} total 10"
    template = template_of(first, again)
    third = f"Tip: grey white pink red {tail} total 99"
    found = match(template, third)
    assert found.departure is not None
    assert third.index("99") == found.departure.at
    assert found.inspected <= 4 * (len(third) + 4096)


def test_words_of_one_line_do_not_take_a_second_one() -> None:
    template = template_of("<b>Ann Lee</b>\n<i>x</i>\n", "<b>Bob</b>\n<i>x</i>\n")
    assert not departs(template, "<b>Eve of York</b>\n<i>x</i>\n")
    assert departs(template, "<b>Eve\nYork</b>\n<i>x</i>\n")


def test_what_stands_behind_the_last_literal_is_a_departure() -> None:
    template = template_of("made 10:00:01 by us\n", "made 10:00:02 by us\n")
    assert not departs(template, "made 10:00:03 by us\n")
    assert departs(template, "made 10:00:03 by us\nand them\n")
