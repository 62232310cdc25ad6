"""A document that stands in a text is compared as what it decodes to."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from pytest_cutover.compare.diff.transcripts import compare_with_golden
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

Make = Callable[[int, str], bytes]


def _pdf(at: int, total: str) -> bytes:
    return f"%PDF-1.4\n%\0\n/CreationDate (D:{1764108001000 + at})\nBT ({total}) ET\n".encode()


def _gzip(at: int, total: str) -> bytes:
    return gzip.compress(f"made at {1764108001000 + at}\ntotal {total}\n".encode(), mtime=at)


def _zlib(at: int, total: str) -> bytes:
    return zlib.compress(_json(at, total))


def _zip(at: int, total: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", f"at,total\n{1764108001000 + at},{total}\n")
        archive.writestr("a.pdf", _pdf(at, total))
    return packed.getvalue()


def _json(at: int, total: str) -> bytes:
    return json.dumps({"id": 4, "at": 1764108001000 + at, "total": total}).encode()


def _msgpack(at: int, total: str) -> bytes:
    return msgspec.msgpack.encode({"at": 1764108001000 + at, "total": total})


def _text(at: int, total: str) -> bytes:
    return f"Invoice 7 of {1764108001000 + at}\nTotal {total}\n".encode()


def _xml(at: int, total: str) -> bytes:
    return f"<?xml version='1.0'?><a at='{1764108001000 + at}'><t>{total}</t></a>".encode()


def _protobuf(at: int, total: str) -> bytes:
    head = b"\x0a\x20" + bytes(range(128, 160)) + b"\x12" + bytes([len(total)]) + total.encode()
    return head + b"\x18" + at.to_bytes(6, "big")


DOCUMENTS = (_pdf, _gzip, _zlib, _zip, _json, _msgpack, _text, _xml, _protobuf)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


WRITTEN: dict[str, Callable[[bytes], str]] = {
    "base64": _base64,
    "base64url": lambda content: base64.urlsafe_b64encode(content).decode().rstrip("="),
    "data": lambda content: f"data:application/pdf;base64,{_base64(content)}",
    "lines": lambda content: base64.encodebytes(content).decode(),
    "hex": bytes.hex,
}


def _told(text: str) -> Transcript:
    return transcript(exchange({"id": 7, "file": text, "state": "paid"}))


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("make", DOCUMENTS, ids=lambda make: make.__name__)
def test_another_total_is_found_and_another_time_is_none(make: Make, written: str) -> None:
    write = WRITTEN[written]
    first, again, alike, wrong = (
        _told(write(make(at, total)))
        for at, total in ((1, "10 EUR"), (202, "10 EUR"), (30, "10 EUR"), (41, "99 EUR"))
    )
    found = judged(first, alike, again=again)
    assert not found.differences
    assert not found.account.open
    found = judged(first, wrong, again=again)
    assert found.differences
    assert all(one.pointer.startswith("/file/") for one in found.differences)
    kept = load(dump(learn(first, again)))
    assert kept == learn(first, again)
    assert not compare_with_golden(kept, alike).differences
    assert compare_with_golden(kept, wrong).differences
    assert not judged(first, wrong, again=again, shared_state=False).inconclusive


@pytest.mark.parametrize("make", DOCUMENTS, ids=lambda make: make.__name__)
def test_the_name_that_the_test_gave_stands_in_the_document(make: Make) -> None:
    def told(at: int, name: str, shown: str) -> Transcript:
        sent = exchange(
            {"file": _base64(make(at, shown))}, method="POST", sent={"name": name}, status=201
        )
        return transcript(sent, generated=[("inv", name)])

    first, again = told(1, "invk3ma7q9x", "invk3ma7q9x"), told(2, "invb8ma2c4z", "invb8ma2c4z")
    alike, wrong = (
        told(3, "invz5ma8r2y", "invz5ma8r2y"),
        told(4, "invp2ma6t8w", "invk3ma7q9x"),
    )
    assert not judged(first, alike, again=again).differences
    assert judged(first, wrong, again=again).differences


def test_a_document_of_another_length_each_time_is_open() -> None:
    texts = [_base64(_pdf(1, "10 EUR") + b"\0" * size) for size in (3, 5, 8)]
    found = judged(_told(texts[0]), _told(texts[2]), again=_told(texts[1]))
    assert not found.differences
    assert [one.pointer for one in found.account.open] == ["/file/bytes in base64"]


def test_what_is_no_such_document_any_more_is_another_format() -> None:
    first, again = _told(_base64(_zip(1, "10"))), _told(_base64(_zip(2, "10")))
    found = judged(first, _told(_base64(b"unavailable" * 3)), again=again)
    assert brief(found.differences) == [("format", "/file")]


def test_the_signs_of_base64_are_part_of_it() -> None:
    texts = [_base64(_pdf(at, "\u00bf\u00fe?" * 5)) for at in (1, 2, 3)]
    assert all("/" in text or "+" in text for text in texts)
    found = judged(
        _told(texts[0]), _told(texts[2].translate({43: "-", 47: "_"})), again=_told(texts[1])
    )
    assert [one.change for one in found.differences] == ["base64 → base64url"]


def test_ids_in_a_cursor_are_those_of_each_database() -> None:
    def page(number: int) -> Transcript:
        cursor = _base64(json.dumps({"id": number, "dir": "next"}).encode())
        return transcript(exchange({"data": [{"id": number, "n": "a"}], "next": cursor}))

    assert not judged(page(17), page(23), shared_state=False).differences
    assert judged(page(17), page(23)).differences


@pytest.mark.parametrize("size", [9, 16, 32, 48, 64, 96, 256, 400])
def test_a_random_value_is_no_document(size: int) -> None:
    drawn = random.Random(size)
    for write in WRITTEN.values():
        texts = [write(drawn.randbytes(size)) for _ in range(3)]
        found = judged(_told(texts[0]), _told(texts[2]), again=_told(texts[1]))
        assert not found.differences
        where: list[Any] = [one.pointer for one in found.account.open]
        assert where in ([], ["/file"])


@pytest.mark.parametrize("shared", [True, False])
def test_a_document_that_stands_still_is_none_of_each_database(shared: bool) -> None:
    def asked(state: str) -> Transcript:
        steps = [{"n": at, "what": f"step {at} of the flow"} for at in range(20)]
        return _told(_base64(json.dumps({"steps": steps, "state": state}).encode()))

    first = asked("open")
    assert not judged(first, asked("open"), shared_state=shared).differences
    found = brief(judged(first, asked("shut"), shared_state=shared).differences)
    assert [one for one, _ in found] == ["value"]
    assert found[0][1].endswith("/json in base64/state")
