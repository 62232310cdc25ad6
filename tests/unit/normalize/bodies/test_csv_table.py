"""Rows and cells."""

import pytest
from hypothesis import given

from tests.unit.normalize.bodies.documents import changed, require_seen, tree, why_not

CSV = "text/csv"


def test_rows_are_lists_of_cells():
    assert tree(CSV, "id,name\r\n1,Gate\r\n") == {
        "delimiter": ",",
        "newline": "\r\n",
        "rows": [["id", "name"], ["1", "Gate"]],
    }


def test_quotes_are_kept_and_hold_what_would_end_a_cell():
    assert tree(CSV, 'a,"b, ""c""\n d"\n')["rows"] == [["a", {'"': 'b, "c"\n d'}]]


@pytest.mark.parametrize(
    ("kind", "body", "delimiter"),
    [
        (CSV, "# made now, here\nid;name;price\n1;Gate;2,5\n", ";"),
        (CSV, '"a;b",c\n', ","),
        ("text/tab-separated-values", "a,b\tc\n", "\t"),
        (CSV, "a|b\n", "|"),
        (CSV, "alone\n", ","),
    ],
)
def test_the_delimiter_is_known_from_the_type_or_the_first_line(kind, body, delimiter):
    assert tree(kind, body)["delimiter"] == delimiter


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a,b\n", "a,b"),
        ("a,b\n", "a,b\r\n"),
        ("a,b\nc\n", "a,b\r\nc\n"),
        ("a,b\n", "\ufeffa,b\n"),
        ("a,b\n", 'a,"b"\n'),
        ("a,b\n", "a;b\n"),
        ("a\n", "a\n\n"),
        ("a,b\n", "a,b,\n"),
        ("a", "a\r"),
    ],
)
def test_nothing_is_held_equal(one, other):
    assert tree(CSV, one) != tree(CSV, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('a,"b', "quote that is not closed"),
        ('a,"b"c\n', "quote closed within a cell"),
        (b"a,\xff\n", "invalid UTF-8"),
        ('"' * 200_001, "quote that is not closed"),
    ],
)
def test_a_broken_table_is_unreadable(body, what):
    assert why_not(CSV, body) == what


def test_its_own_charset_is_followed():
    assert tree("text/csv; charset=iso-8859-1", b"caf\xe9\n")["rows"] == [["café"]]
    assert why_not("text/csv; charset=none-such", b"a\n") == "unknown charset"


@given(changed(["a", "b", ",", ";", '"', '""', "\n", "\r\n", "\r", " ", "#"]))
def test_a_changed_sign_of_a_table_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(CSV, one, other, same=one == other)
