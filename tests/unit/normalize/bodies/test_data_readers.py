"""YAML and MessagePack."""

import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.normalize.bodies.documents import changed, require_seen, tree, why_not

YAML, MSGPACK = "application/yaml", "application/msgpack"


def test_yaml_keeps_what_was_written():
    body = (
        "status: ok\nprice: 12.50\non: yes\nnone: null\nlist: [1, 0x1F]\nsaid: \"yes\"\nraw: 'a'\n"
    )
    assert tree(YAML, body) == {
        "status": "ok",
        "price": b"12.50",
        "on": "yes",
        "none": None,
        "list": [b"1", "0x1F"],
        "said": {'"': "yes"},
        "raw": {"'": "a"},
    }


def test_anchors_tags_and_documents_stay_what_they_are():
    assert tree(YAML, "a: &x !!str 1\nb: *x\n") == {"a": {"&x": {"!!str": b"1"}}, "b": {"*": "x"}}
    assert tree(YAML, "--- 1\n--- 2\n") == {"---": [b"1", b"2"]}
    assert tree(YAML, "a: |\n  b\n  c\n") == {"a": {"|": "b\nc\n"}}


@pytest.mark.parametrize("kind", ["application/x-yaml", "text/yaml", "application/vnd.oai+yaml"])
def test_what_is_yaml_is_read_as_such(kind):
    assert tree(kind, "a: 1") == {"a": b"1"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: 1\n", "# said\n\na:   1   # so\n"),
        ("a: [1, 2]\n", "a:\n  - 1\n  - 2\n"),
        ("a: 1\nb: 2\n", "b: 2\na: 1\n"),
        ('a: "b\\u0063"\n', 'a: "bc"\n'),
        ("a: >\n  b\n  c\n", "a: >\n  b c\n"),
        ("a: 1\n", "---\na: 1\n...\n"),
        ("%TAG !e! tag:e,1:\n---\n!e!x a\n", "%TAG !f! tag:e,1:\n---\n!f!x a\n"),
    ],
)
def test_yaml_holds_equal_what_the_table_says(one, other):
    assert tree(YAML, one) == tree(YAML, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: 1", "a: 1.0"),
        ("a: yes", "a: true"),
        ("a: yes", 'a: "yes"'),
        ('a: "b"', "a: 'b'"),
        ("a: ~", "a: null"),
        ("a: 010", "a: 10"),
        ("a: b", "a: !x b"),
        ("1: a", '"1": a'),
        ("a: 1", "- a: 1"),
        ("%YAML 1.1\n---\na: yes\n", "%YAML 1.2\n---\na: yes\n"),
    ],
)
def test_yaml_tells_apart_what_some_client_would(one, other):
    assert tree(YAML, one) != tree(YAML, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("a: [1", "not YAML"),
        ("a: 1\na: 2\n", "duplicate key"),
        ("? [1]\n: 2\n", "key that is a mapping or a sequence"),
        ("[" * 500 + "]" * 500, "nested too deep to compare by field"),
        (b"a: \xff\n", "invalid UTF-8"),
        ("a: \x00\n", "not YAML"),
    ],
)
def test_yaml_that_is_none_is_unreadable(body, what):
    assert why_not(YAML, body) == what


@given(changed(["a: 1\n", "a: 2\n", "a: '1'\n", 'b: "1"\n', "b: [1, 2]\n", "c: {d: 1}\n", "c: ~\n",
                "- a\n", "- b\n", "---\n", "d: |\n  x\n", "d: >\n  x\n", "e: &f 1\n", "g: *f\n",
                "h: !!str 1\n", "h: 1\n"]))  # fmt: skip
def test_a_changed_line_of_yaml_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(YAML, one, other, same=_ordered(one) == _ordered(other))


def _ordered(body: str) -> list[list[str]]:
    """The lines of each document; the order of those that are members says nothing."""
    documents = body.removeprefix("---\n").split("---\n")
    whole = [text.replace("\n  ", " ").strip().split("\n") for text in documents]
    return [lines if any(line[:1] == "-" for line in lines) else sorted(lines) for lines in whole]


def test_messagepack_tells_numbers_texts_and_bytes_apart():
    body = msgspec.msgpack.encode({"a": [1, -70000, 2.0, None, True, b"\0\1", "x"], "#b": {7: "s"}})
    assert tree(MSGPACK, body) == {
        "a": [b"1", b"-70000", b"2.0", None, True, {"#bin": "AAE="}, "x"],
        "##b": {"#7": "s"},
    }


def test_messagepack_times_and_extensions_are_named():
    body = b"\x92" + b"\xd7\xff" + struct.pack(">Q", 5 << 34 | 1_764_108_001) + b"\xd4\x05a"
    assert tree(MSGPACK, body) == [
        {"#timestamp": "2025-11-25T22:00:01.000000005Z"},
        {"#ext 5": "YQ=="},
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"\x05", b"\xcc\x05"),
        (b"\x05", b"\xd3" + struct.pack(">q", 5)),
        (b"\xa1a", b"\xd9\x01a"),
        (b"\x91\x01", b"\xdc\x00\x01\x01"),
        (b"\x81\xa1a\x01", b"\xde\x00\x01\xa1a\x01"),
        (b"\xca" + struct.pack(">f", 1.5), b"\xcb" + struct.pack(">d", 1.5)),
        (b"\xcb\x7f\xf8" + bytes(6), b"\xcb\x7f\xf8" + bytes(5) + b"\1"),
        (b"\x82\xa1a\x01\xa1b\x02", b"\x82\xa1b\x02\xa1a\x01"),
        (b"\xd7\xff" + struct.pack(">Q", 7), b"\xc7\x0c\xff" + struct.pack(">Iq", 0, 7)),
    ],
)
def test_messagepack_holds_equal_what_the_table_says(one, other):
    assert tree(MSGPACK, one) == tree(MSGPACK, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\x82\xa1a\x01", "MessagePack cut off"),
        (b"\xdd\xff\xff\xff\xff", "MessagePack cut off"),
        (b"\x01\x01", "data after the end"),
        (b"\x82\xa1a\x01\xa1a\x02", "duplicate key"),
        (b"\xa1\xff", "invalid UTF-8"),
        (b"\xc1", "not MessagePack"),
        (b"\x81\x91\x01\x01", "key that is a map or an array"),
        (b"\x91" * 500 + b"\x01", "nested too deep to compare by field"),
    ],
)
def test_messagepack_that_is_none_is_unreadable(body, what):
    assert why_not(MSGPACK, body) == what


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
    | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=3) | st.integers(-9, 9), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(_VALUES, _VALUES)
def test_another_value_in_messagepack_is_seen(one, other):
    same = repr(one) == repr(other)
    same = same or (isinstance(one, dict) and one == other)
    bodies = [msgspec.msgpack.encode([value, 1]) for value in (one, other)]
    require_seen(MSGPACK, *bodies, same=same)


@given(_VALUES, st.data())
def test_a_changed_byte_of_messagepack_is_seen(value, data):
    body = msgspec.msgpack.encode(value)
    at = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[at] ^= 1 << data.draw(st.integers(0, 7))
    require_seen(MSGPACK, body, bytes(other), same=_shown(body) == _shown(bytes(other)))


def _shown(body: bytes) -> str:
    """What another decoder makes of it; a text, so that 1 is not 1.0."""
    try:
        return repr(msgspec.msgpack.decode(body, strict=False))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, TypeError):
        return repr(body)  # TypeError: a key that Python cannot hash
