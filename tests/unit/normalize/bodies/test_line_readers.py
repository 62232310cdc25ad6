"""JSON lines, events and form fields."""

import pytest
from hypothesis import given

from tests.unit.normalize.bodies.documents import changed, require_seen, tree, why_not

NDJSON, EVENTS = "application/x-ndjson", "text/event-stream"
FORM = "application/x-www-form-urlencoded"


def test_json_lines_are_documents_with_their_spelling():
    assert tree(NDJSON, '{"id": 1}\n{"id": 2.50}\n') == {
        "lines": [{"id": b"1"}, {"id": b"2.50"}],
        "newline": "\n",
    }


@pytest.mark.parametrize(
    "kind", ["application/ndjson", "application/jsonl", "text/x-ndjson", "application/stream+json"]
)
def test_json_lines_have_many_types(kind):
    assert tree(kind, "1\n2\n")["lines"] == [b"1", b"2"]


def test_a_missing_last_line_end_and_mixed_ones_are_places():
    assert tree(NDJSON, "1\n2")["end"] == ""
    assert tree(NDJSON, "1\r\n2\n3\n")["newline"] == ["\r\n", "\n"]
    assert tree(NDJSON, "\n1\n")["start"] == "\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1}\n', '{ "a" : 1 }\n'),
        ('{"a":1,"b":2}\n', '{"b":2,"a":1}\n'),
        ('"\\u00e9"\n', '"é"\n'),
    ],
)
def test_json_lines_hold_equal_what_the_table_says(one, other):
    assert tree(NDJSON, one) == tree(NDJSON, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('{"a": 1}\n{"a": ', "JSON cut off"),
        ('{"a": 1, "a": 2}\n', "duplicate key"),
        ("1 2\n", "data after the end of the JSON"),
        (b'"\xff"\n', "invalid UTF-8"),
        ("[" * 200 + "]" * 200, "nested too deep to compare by field"),
    ],
)
def test_a_line_that_is_no_sound_json_is_unreadable(body, what):
    assert why_not(NDJSON, body) == what


@given(changed(['{"a":1}', '{"a":1.0}', '{"b":1}', "[1]", '"x"', "null", "\n", "\r\n", "\n\n"]))
def test_a_changed_token_of_json_lines_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(NDJSON, one, other, same=one == other)


def test_events_are_lists_of_fields_in_order():
    body = (
        'event: price\ndata: {"eur": 12}\nid: 7\n\n'
        ": keep-alive\n\n"
        "retry: 3000\ndata: a\ndata: b\n\n"
    )
    assert tree(EVENTS, body) == [
        [{"event": "price"}, {"data": {"eur": b"12"}}, {"id": "7"}],
        [{":": " keep-alive"}],
        [{"retry": "3000"}, {"data": "a"}, {"data": "b"}],
    ]


def test_an_event_that_was_never_sent_off_is_another():
    whole, ended, cut = (tree(EVENTS, "data: a" + end) for end in ("\n\n", "\n", ""))
    assert whole != ended != cut != whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("data: a\nid: 1\n\n", "data: a\r\nid: 1\r\n\r\n"),
        ("data: a\n\n", "data: a\r\r"),
        ("data: a\n\n", "data:a\n\n"),
        ("data\n\n", "data:\n\n"),
        ('data: {"a":1}\n\n', 'data: { "a": 1 }\n\n'),
    ],
)
def test_events_hold_equal_what_the_table_says(one, other):
    assert tree(EVENTS, one) == tree(EVENTS, other)


def test_events_that_are_not_in_their_charset_are_unreadable():
    assert why_not(EVENTS, b"data: \xff\n\n") == "invalid UTF-8"


@given(changed(["data: a\n", "data: b\n", "data:  a\n", "event: a\n", ": a\n", ":a\n", "\n",
                'data: {"a":1}\n', "id: 1\n", "retry: 1\n", "data: [1\n", "x\n"]))  # fmt: skip
def test_a_changed_line_of_events_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(EVENTS, one, other, same=one == other)


def test_form_fields_keep_order_and_repetition():
    assert tree(FORM, "tag=b&tag=a&name=Gate+1&on&off=") == [
        {"tag": "b"}, {"tag": "a"}, {"name": "Gate 1"}, {"on": None}, {"off": ""},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [("a=b+c", "a=b%20c"), ("a=%2f", "a=%2F"), ("a=%41", "a=A"), ("a=é", "a=%C3%A9")],
)
def test_forms_hold_equal_what_the_table_says(one, other):
    assert tree(FORM, one) == tree(FORM, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("a=%zz", "broken percent escape"),
        ("a=%2", "broken percent escape"),
        ("a=%FF", "invalid UTF-8"),
    ],
)
def test_a_broken_escape_is_unreadable(body, what):
    assert why_not(FORM, body) == what


@given(changed(["a", "b", "=", "&", "%26", "%3D", "%25", "%", "x", "%2B", "+"]))
def test_a_changed_sign_of_a_form_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(FORM, one, other, same=_fields(one) == _fields(other))


def _fields(body: str) -> list[tuple[str, str, str]]:
    """The fields, with `=` as itself or as its escape where it stands in a value."""
    fields = [piece.partition("=") for piece in body.split("&")]
    return [(name, equals, value.replace("=", "%3D")) for name, equals, value in fields]
