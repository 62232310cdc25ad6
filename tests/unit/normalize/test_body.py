"""What a body is held for: by its type, by its bytes, and by what a golden recorded."""

from dataclasses import replace

import pytest

from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.golden import text as golden_text
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Generated
from pytest_cutover.normalize.body import Body, BodyKind, body_of
from pytest_cutover.normalize.matchers import Pattern
from pytest_cutover.normalize.normalized import Golden, normalize
from pytest_cutover.normalize.own_address import CLOSE, OPEN
from pytest_cutover.normalize.substitution import Substitution
from tests.unit.compare.building import exchange, transcript

NOTHING = Substitution(())


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("application/json", b"{}", BodyKind.JSON),
        ("application/problem+json", b"{}", BodyKind.JSON),
        ("application/x-amz-json-1.0", b"{}", BodyKind.JSON),
        ("application/x-jsonnet", b"{}", BodyKind.TEXT),
        ("text/plain; charset=utf-8", b' {"a": [1]}\n', BodyKind.JSON),
        ("text/html", b'{"a": 1}', BodyKind.JSON),
        ("text/plain", b'{"a": 1}, and more', BodyKind.TEXT),
        ("text/plain", b"[1", BodyKind.TEXT),
        ("text/plain", b"12", BodyKind.TEXT),
        ("text/markdown", b'{"a": 1}', BodyKind.TEXT),
        ("application/x-tar", b"not at all", BodyKind.BINARY),
        ("application/x-ndjson", b"{}\n", BodyKind.NDJSON),
        ("text/event-stream", b"data: a\n\n", BodyKind.EVENT_STREAM),
        ("application/x-www-form-urlencoded", b"a=1", BodyKind.FORM),
        ("text/html", b"<p>", BodyKind.HTML),
        ("application/rss+xml", b"<a/>", BodyKind.XML),
        ("text/csv", b"a,b\n", BodyKind.CSV),
        ("application/x-yaml", b"a: 1\n", BodyKind.YAML),
        ("application/msgpack", b"\x01", BodyKind.MSGPACK),
        ("text/plain", b"a", BodyKind.TEXT),
        ("application/x-sh", b"echo \xc3\xa9\n", BodyKind.TEXT),
        ("application/x-sh", b"\0\1", BodyKind.BINARY),
        ("application/vnd.of-somebody", b"\xff", BodyKind.BINARY),
        ("image/png", b"no picture at all", BodyKind.BINARY),
        ("application/pdf", b"%PDF-1.4", BodyKind.BINARY),
        ("", b'{"a": 1}', BodyKind.JSON),
        ("", b"<!doctype html><p>", BodyKind.HTML),
        ("", b"<?xml version='1.0'?><a/>", BodyKind.XML),
        ("", b"a", BodyKind.TEXT),
        ("", b"\0", BodyKind.BINARY),
        ("text/plain", b"", BodyKind.EMPTY),
    ],
)
def test_the_kind_of_a_body(content_type, body, kind):
    assert body_of(body, content_type, NOTHING).kind is kind


def test_a_text_that_its_reader_cannot_read_is_a_text_with_a_reason():
    found = body_of(b"<a><b></a>", "application/xml", NOTHING)
    assert (found.kind, found.tree) == (BodyKind.XML, "<a><b></a>")
    assert [problem.what for problem in found.problems] == ["not XML: mismatched tag"]


def test_an_archive_that_cannot_be_read_is_bytes_with_a_reason():
    found = body_of(b"PK\x03\x04", "application/zip", NOTHING)
    assert found.kind is BodyKind.BINARY
    assert [problem.what for problem in found.problems] == ["not a ZIP archive"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/yaml", b"a: LOT-7Q2X # said\nb: 1\n"),
        ("application/x-www-form-urlencoded", b"a=LOT%2D7Q2X&b=1"),
        ("application/msgpack", b"\x81\xa1a\xa8LOT-7Q2X"),
        ("text/csv", b"a,LOT-7Q2X\n"),
        ("application/xml", b"<a>LOT-7Q2X</a>"),
    ],
)
def test_generated_values_become_markers_whatever_the_format(content_type, body):
    made = Substitution([Generated("LOT", "LOT-7Q2X")])
    assert f"{OPEN}LOT #1{CLOSE}" in _texts(body_of(body, content_type, made).tree)


def _texts(tree):
    if isinstance(tree, dict | list):
        return [
            t for item in (tree.values() if isinstance(tree, dict) else tree) for t in _texts(item)
        ]
    return [tree]


def test_a_generated_value_in_another_case_is_another_text():
    made = Substitution([Generated("LOT", "LOT7Q2X"), Generated("a/b", "A/B7Q2XW")])
    assert made.text("LOT7Q2X, lot7q2x") == f"{OPEN}LOT #1{CLOSE}, {OPEN}LOT #1 lower{CLOSE}"
    # The case of an escape says nothing.
    assert made.text("A%2FB7Q2XW") == made.text("A%2fB7Q2XW") == f"{OPEN}a/b #1{CLOSE}"


def test_a_short_generated_value_is_known_as_a_whole_only():
    made = Substitution([Generated("N", "abc")])
    tree = body_of(b"abc,abcd\n", "text/csv", made).tree
    assert isinstance(tree, dict)
    assert tree["rows"] == [[f"{OPEN}N #1{CLOSE}", "abcd"]]


def test_the_boundary_of_a_multipart_is_in_no_header():
    def seen(boundary):
        body = f'--{boundary}\r\nContent-Disposition: x; name="a"\r\n\r\n1\r\n--{boundary}--\r\n'
        headers = (("Content-Type", f"multipart/mixed; boundary={boundary}"),)
        return normalize(transcript(exchange(body=body.encode(), headers=headers)))[0].response

    assert seen("one") == seen("another")


def _told(body: str, content_type: str = "text/csv"):
    headers = (("Content-Type", content_type),)
    return transcript(exchange(body=body.encode(), headers=headers))


def _recorded_by_0_1(kind: BodyKind, tree: str, content_type: str):
    learned = golden_text.dump(learn(*[_told("x", "text/plain")] * 2))
    return golden_text.load(
        learned.replace('"text": "x"', f'"{kind}": {golden_text._quoted(tree)}').replace(
            "text/plain", content_type
        )
    )


@pytest.mark.parametrize(
    ("kind", "recorded", "body", "other", "content_type"),
    [
        ("text", "a,<timestamp s Z>\n", "a,2026-03-02T12:00:00Z\n", "b,2026-03-02T12:00:00Z\n",
         "text/csv"),
        ("html", "\\<p><uuid4>", "<p>7d444840-9dc0-41d1-b245-5ffdce74fad2",
         "<b>7d444840-9dc0-41d1-b245-5ffdce74fad2", "text/html"),
        ("binary", "YTogMQo=", "a: 1\n", "a: 2\n", "application/x-yaml"),
    ],
)  # fmt: skip
def test_a_golden_of_text_or_bytes_is_held_as_it_was_recorded(
    kind, recorded, body, other, content_type
):
    golden = _recorded_by_0_1(BodyKind(kind), recorded, content_type)
    base, same, changed = (_told(text, content_type) for text in (body, body + "", other))
    assert compare(base, same, golden=golden).differences == ()
    assert [d.kind for d in compare(base, changed, golden=golden).differences] == ["value"]


def test_a_place_in_each_kind_of_body_is_a_short_pointer():
    cases = {
        "text/csv": ("id,n\n1,2\n", "id,n\n1,3\n", "/rows/1/1"),
        "text/html": ("<p>a</p>", "<p>b</p>", "/0/p"),
        "application/xml": ('<a><b c="1"/></a>', '<a><b c="2"/></a>', "/a/0/@c"),
        "application/yaml": ("a: {b: 1}", "a: {b: 2}", "/a/b"),
        "application/x-ndjson": ('{"a": 1}\n', '{"a": 2}\n', "/lines/0/a"),
        "text/event-stream": ("data: a\n\n", "data: b\n\n", "/0/0/data"),
        "application/x-www-form-urlencoded": ("a=1", "a=2", "/0/a"),
    }
    for content_type, (one, other, pointer) in cases.items():
        base, cand = _told(one, content_type), _told(other, content_type)
        found = compare(base, cand, golden=learn(base, base)).differences
        assert [d.pointer for d in found] == [pointer]


@pytest.mark.parametrize("kind", [kind for kind in BodyKind if kind is not BodyKind.EMPTY])
def test_a_golden_keeps_the_kind_of_each_body(kind):
    cells: list[Pattern] = ["b", b"1.50", None, True]
    members: dict[str, Pattern] = {"a": cells}
    tree = "YQ==" if kind is BodyKind.BINARY else members
    learned = learn(*[_told("a")] * 2).exchanges[0]
    assert learned.response is not None
    response = replace(learned.response, body=Body(kind, tree))
    golden = Golden("t", (replace(learned, response=response),))
    assert golden_text.load(golden_text.dump(golden)) == golden
