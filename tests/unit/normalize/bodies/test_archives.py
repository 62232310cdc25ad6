"""ZIP, gzip and tar: their members, and what must not be unpacked."""

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.normalize.bodies.documents import require_seen, tree, why_not

ZIP, GZIP = "application/zip", "application/gzip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEMBERS = {"xl/a.xml": b"<a><b>1</b></a>", "media/": b"", "t.txt": b"hi", "i.png": b"\0\1"}


def packed(members=MEMBERS, *, method=zipfile.ZIP_DEFLATED, date=(2026, 1, 1, 0, 0, 0), comment=b"",
           mode=0o600, stream=False):  # fmt: skip
    class Unseekable(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

    held = Unseekable() if stream else io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in dict(members).items():
            info = zipfile.ZipInfo(name, date)
            info.external_attr = mode << 16
            info.compress_type = method
            archive.writestr(info, content)
        archive.comment = comment
    return held.getvalue()


def test_an_archive_is_its_members_in_order_each_read_by_its_own_reader():
    assert tree(XLSX, packed()) == {
        "members": [
            {"xl/a.xml": {"xml": {"a": [{"b": "1"}]}}},
            {"media/": {}},
            {"t.txt": {"text": "hi"}},
            {"i.png": {"binary": "AAE="}},
        ]
    }


def test_an_archive_is_known_by_its_first_bytes_where_its_type_says_nothing():
    assert tree("application/octet-stream", packed({"t.txt": b"hi"}))["members"]
    assert tree("", gzip.compress(b"hi", mtime=0)) == {"text": "hi"}


def _edited(*places: tuple[bytes, int, int]) -> bytes:
    """The archive with a byte changed at an offset of each header that begins with a mark."""
    body = bytearray(packed())
    for mark, offset, value in places:
        at = -1
        while (at := body.find(mark, at + 1)) >= 0:
            body[at + offset] = value
    return bytes(body)


@pytest.mark.parametrize(
    "other",
    [
        packed(date=(2020, 2, 2, 2, 2, 2)),
        packed(method=zipfile.ZIP_STORED),
        packed(mode=0o755),
        packed(stream=True),
        _edited((b"PK\x01\x02", 5, 0), (b"PK\x01\x02", 4, 63)),
        _edited((b"PK\x03\x04", 7, 8), (b"PK\x01\x02", 9, 8)),
    ],
    ids=[
        *("dates", "compression", "permissions", "sizes behind a member"),
        *("who packed", "names marked as UTF-8"),
    ],
)
def test_archives_hold_equal_what_the_table_says(other):
    assert packed() != other
    assert tree(ZIP, packed()) == tree(ZIP, other)


@pytest.mark.parametrize(
    "other",
    [
        packed(comment=b"made here"),
        packed(dict(reversed(MEMBERS.items()))),
        packed({**MEMBERS, "t.txt": b"ho"}),
        packed({**MEMBERS, "u.txt": b""}),
    ],
)
def test_another_archive_is_seen(other):
    assert tree(ZIP, packed()) != tree(ZIP, other)


def _encrypted() -> bytes:
    body = bytearray(packed())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.find(mark) + at
        body[place] |= 1
    return bytes(body)


def _wrong_checksum() -> bytes:
    body = bytearray(packed({"t.txt": b"hi"}, method=zipfile.ZIP_STORED))
    body[body.find(b"hi")] ^= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (packed()[:-5], "not a ZIP archive"),
        (packed() + b"x", "data after the end"),
        (b"x" + packed(), "data that belongs to no member"),
        (_encrypted(), "encrypted member"),
        (_wrong_checksum(), "wrong checksum"),
        (packed(method=zipfile.ZIP_BZIP2), "member packed by a method that is not read"),
        (b"PK\x03\x04 and no more", "not a ZIP archive"),
    ],
)
def test_a_broken_archive_is_unreadable(body, what):
    assert why_not(ZIP, body) == what


def test_a_bomb_is_not_unpacked():
    bomb = packed({"zeros": bytes(50_000_000)})
    assert why_not(ZIP, bomb, max_bytes=1_000_000) == "too large to read"
    assert (
        why_not(GZIP, gzip.compress(bytes(50_000_000)), max_bytes=1_000_000) == "too large to read"
    )


def test_members_take_from_one_purse_however_they_are_nested():
    inner = packed({"zeros": bytes(600_000)})
    body = packed({"a.zip": inner, "b.zip": inner})
    assert tree(ZIP, body, max_bytes=1_300_000)
    assert why_not(ZIP, body, max_bytes=1_100_000) == "too large to read"


def test_two_levels_are_read_and_a_third_is_not():
    two = packed({"inner.zip": packed({"t.txt": b"hi"})})
    assert tree(ZIP, two)["members"][0]["inner.zip"]["zip"]["members"] == [
        {"t.txt": {"text": "hi"}}
    ]
    assert why_not(ZIP, packed({"outer.zip": two})) == "nested too deep to read"


def test_a_gzip_file_is_its_content():
    held = io.BytesIO()
    with gzip.GzipFile("stock.csv", "wb", fileobj=held, mtime=1) as file:
        file.write(b"a,b\n")
    assert tree(GZIP, held.getvalue())["name"] == "stock.csv"
    assert tree(GZIP, held.getvalue())["csv"]["rows"] == [["a", "b"]]


def test_gzip_holds_equal_what_the_table_says():
    one = tree(GZIP, gzip.compress(b"hi there", mtime=1))
    assert one == tree(GZIP, gzip.compress(b"hi there", compresslevel=1, mtime=2))
    assert one == tree(GZIP, gzip.compress(b"hi ", mtime=0) + gzip.compress(b"there", mtime=0))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (gzip.compress(b"hi", mtime=0)[:-3], "gzip cut off"),
        (gzip.compress(b"hi", mtime=0) + b"rubbish", "data after the end"),
        (b"\x1f\x8b\x08 and no more", "not gzip"),
    ],
)
def test_a_broken_gzip_file_is_unreadable(body, what):
    assert why_not(GZIP, body) == what


def _tar(content=b"hi", mtime=0, mode=0o600, owner="me"):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size, info.mtime, info.mode, info.uname = len(content), mtime, mode, owner
        archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("b")
        link.type, link.linkname = tarfile.SYMTYPE, "a.txt"
        archive.addfile(link)
    return held.getvalue()


def test_a_packed_tar_archive_is_its_members():
    assert tree(GZIP, _tar())["members"] == [
        {"a.txt": {"text": "hi"}},
        {"b": {"type": "link", "link": "a.txt"}},
    ]
    assert tree(GZIP, _tar()) == tree(GZIP, _tar(mtime=9, mode=0o755, owner="you"))
    assert tree(GZIP, _tar()) != tree(GZIP, _tar(b"ho"))


def test_a_tar_archive_that_is_not_packed_is_another_thing():
    plain = gzip.decompress(_tar())
    assert tree("application/x-tar", plain)["members"] == tree(GZIP, _tar())["members"]
    assert tree("application/x-tar", plain) != tree("application/x-tar", _tar())
    assert why_not("application/x-tar", plain[:1024]) == "tar archive cut off"


def test_a_broken_tar_archive_is_unreadable():
    content = gzip.decompress(_tar())
    assert why_not(GZIP, gzip.compress(content[:1024], mtime=0)) == "tar archive cut off"
    assert why_not(GZIP, gzip.compress(content + b"x" * 512, mtime=0)) == "data after the end"


_CONTENTS = st.dictionaries(
    st.sampled_from(["a.txt", "b.json", "c.xml", "d.bin"]),
    st.sampled_from([b"1", b"2", b"<a/>", b"<a>1</a>", b"\0", b"", b"{}"]),
    max_size=4,
)


@given(_CONTENTS, _CONTENTS)
def test_other_members_are_seen(one, other):
    same = list(one.items()) == list(other.items())
    require_seen(ZIP, packed(one), packed(other), same=same)


@given(st.data())
def test_a_changed_byte_of_an_archive_is_seen_or_says_nothing(data):
    body = packed({"t.txt": b"hi there", "u.txt": b"1"}, method=zipfile.ZIP_STORED)
    at = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[at] ^= 1 << data.draw(st.integers(0, 7))
    require_seen(ZIP, body, bytes(other), same=at in _SAYS_NOTHING)


def _places_that_say_nothing() -> set[int]:
    """Versions, dates, attributes and flags of the headers: rows of the table."""
    body = packed({"t.txt": b"hi there", "u.txt": b"1"}, method=zipfile.ZIP_STORED)
    places: set[int] = set()
    at = -1
    while (at := body.find(b"PK\x03\x04", at + 1)) >= 0:
        places |= {at + n for n in (4, 5, 6, 7, 8, 9, *range(10, 26))}
    while (at := body.find(b"PK\x01\x02", at + 1)) >= 0:
        places |= {at + n for n in (4, 5, 6, 7, 8, 9, *range(12, 16), *range(34, 42))}
    return places


_SAYS_NOTHING = _places_that_say_nothing()
