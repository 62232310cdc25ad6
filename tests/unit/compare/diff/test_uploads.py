"""What a test uploaded and gets back is its own on each side, and nothing else is."""

from __future__ import annotations

import base64
import gzip
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response
from tests.unit.compare.building import brief, judged, transcript

OURS, THEIRS = (gzip.compress(name * 9, mtime=0) for name in (b"gatebqwz", b"gatedqwzxvvv"))
BYTES = (("Content-Type", "application/x-own"),)


def sent(body: bytes) -> Exchange:
    return Exchange(Request("PUT", "/f", (), body), Response(201, BYTES), "PUT /f")


def got(body: bytes, status: int = 200) -> Exchange:
    return Exchange(Request("GET", "/f"), Response(status, BYTES, body), "GET /f")


def found(ours: list[Exchange], theirs: list[Exchange]) -> list[Any]:
    comparison = judged(transcript(*ours), transcript(*theirs))
    assert not comparison.account.open
    return brief(d for d in comparison.differences if d.endpoint == "GET /f")


def as_part(content: bytes) -> bytes:
    return b"--cut\r\nContent-Disposition: form-data\r\n\r\n" + content + b"\r\n--cut--\r\n"


def as_base64(content: bytes) -> bytes:
    return b'{"data": "' + base64.b64encode(content) + b'"}'


@pytest.mark.parametrize("form", [bytes, as_part, as_base64])
def test_an_upload_that_comes_back_is_equal(form: Any) -> None:
    assert found([sent(form(OURS)), got(OURS)], [sent(form(THEIRS)), got(THEIRS)]) == []


@pytest.mark.parametrize("form", [bytes, as_part, as_base64])
@pytest.mark.parametrize(
    "given",
    [THEIRS[:-1], THEIRS + b"\n", THEIRS[:20] + b"!" + THEIRS[21:]],
    ids=["shorter", "longer", "changed"],
)
def test_one_byte_of_it_is_a_difference(form: Any, given: bytes) -> None:
    ours, theirs = [sent(form(OURS)), got(OURS)], [sent(form(THEIRS)), got(given)]
    assert found(ours, theirs) == [("value", "")]


def test_so_is_another_upload_than_the_one_that_the_baseline_gives_back() -> None:
    ours = [sent(OURS), sent(OURS * 2), got(OURS)]
    theirs = [sent(THEIRS), sent(THEIRS * 2), got(THEIRS * 2)]
    assert found(ours, theirs) == [("value", "")]


def test_what_comes_back_with_another_status_is_told() -> None:
    ours, theirs = [sent(OURS), got(OURS)], [sent(THEIRS), got(THEIRS, 206)]
    assert ("status", "") in found(ours, theirs)


def test_an_answer_before_the_upload_is_no_upload() -> None:
    assert found([got(OURS), sent(OURS)], [got(THEIRS), sent(THEIRS)]) == [("value", "")]
