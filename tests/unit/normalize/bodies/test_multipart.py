"""Parts of an upload or of a mixed answer."""

import pytest
from hypothesis import given

from tests.unit.normalize.bodies.documents import changed, require_seen, tree, why_not

KIND = "multipart/form-data; boundary=Xy7"
FIELD = 'Content-Disposition: form-data; name="note"\r\n\r\nhello'
FILE = (
    'Content-Disposition: form-data; name="file"; filename="stock.csv"\r\n'
    "Content-Type: text/csv\r\n\r\nid,name\r\n1,Gate\r\n"
)


def _body(*parts: str, boundary: str = "Xy7", end: str = "--\r\n") -> str:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}{end}"


def test_a_part_is_its_header_and_its_content_read_by_its_own_reader():
    read = tree(KIND, _body(FIELD, FILE))["parts"]
    assert read[0] == {
        "headers": {"content-disposition": 'form-data; name="note"'},
        "text": "hello",
    }
    assert read[1]["csv"]["rows"] == [["id", "name"], ["1", "Gate"]]


def test_a_file_without_a_type_is_read_by_its_name():
    part = 'Content-Disposition: form-data; name="f"; filename="a.json"\r\n\r\n{"id": 1}'
    assert tree(KIND, _body(part))["parts"][0]["json"] == {"id": b"1"}


def test_a_part_that_is_not_what_it_says_is_text():
    part = "Content-Type: application/json\r\n\r\n{"
    assert tree(KIND, _body(part))["parts"][0]["text"] == "{"


def test_what_stands_around_the_parts_is_seen():
    read = tree(KIND, "hi\r\n" + _body(FIELD) + "rubbish")
    assert read["preamble"] == {"text": "hi"}
    assert read["epilogue"] == {"text": "\r\nrubbish"}
    assert tree(KIND, _body(FIELD, end="--"))["epilogue"] == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: 1\r\nb: 2\r\n\r\nx", "b: 2\r\na: 1\r\n\r\nx"),
        ("A: 1\r\n\r\nx", "a: 1\r\n\r\nx"),
        ("a: 1\r\n\r\nx", "a:1 \r\n\r\nx"),
    ],
)
def test_parts_hold_equal_what_the_table_says(one, other):
    assert tree(KIND, _body(one)) == tree(KIND, _body(other))


def test_the_boundary_is_nobodys_value():
    inner = "Content-Type: multipart/mixed; boundary={}\r\n\r\n" + "{}"
    trees = [
        tree(
            f"multipart/form-data; boundary={outer}",
            _body(FIELD, inner.format(within, _body(FILE, boundary=within)), boundary=outer),
        )
        for outer, within in (("Xy7", "a1b2"), ("Zz9", "c3d4e"))
    ]
    assert trees[0] == trees[1]


@pytest.mark.parametrize(
    ("kind", "body", "what"),
    [
        ("multipart/form-data", _body(FIELD), "multipart without a boundary"),
        (KIND, _body(FIELD)[:-6], "multipart cut off"),
        (KIND, "--Xy7\r\nno colon\r\n\r\nx\r\n--Xy7--\r\n", "part with a broken header field"),
        (KIND, "--Xy7\r\na: 1\r\n--Xy7--\r\n", "part without an empty line behind its header"),
        (KIND, "--Xy7z\r\n\r\nx\r\n--Xy7--\r\n", "multipart delimiter that goes on"),
    ],
)
def test_a_broken_multipart_is_unreadable(kind, body, what):
    assert why_not(kind, body) == what


def test_multiparts_in_each_other_end_somewhere():
    body = FIELD
    for number in range(9):
        body = f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n" + _body(
            body, boundary=f"b{number}"
        )
    assert why_not(KIND, _body(body)) == "nested too deep to read"


@given(changed(["--Xy7\r\n", "--Xy7--", "\r\n", "a: 1\r\n", "a: 2\r\n", "b: 1\r\n\r\n", "x", "{}",
                "\r\n--Xy7\r\n\r\n", "\r\n--Xy7--\r\n"]))  # fmt: skip
def test_a_changed_token_of_a_multipart_is_seen(pair):
    one, other = ("--Xy7\r\na: 1\r\n\r\nx" + "".join(tokens) + "\r\n--Xy7--\r\n" for tokens in pair)
    require_seen(KIND, one, other, same=one == other or _by_name(one) == _by_name(other))


def _by_name(body: str) -> list[str]:
    """The body with the lines of each header sorted, which only differ by name here."""
    return [line for part in body.split("--Xy7") for line in sorted(part.split("\r\n"))]
