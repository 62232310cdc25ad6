"""Which answers need not be compared again, and which do."""

from __future__ import annotations

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.equal_answers import EqualAnswers

HEADERS = (("Date", "today"), ("Content-Length", "2"), ("Server", "a"))


def _round(
    ours: bytes = b"{}",
    theirs: bytes = b"{}",
    *,
    headers: tuple[tuple[str, str], ...] = HEADERS,
    other: tuple[tuple[str, str], ...] = HEADERS,
    status: int = 404,
) -> Round:
    sides = [
        Transcript(
            "fuzz",
            side,
            (
                Exchange(
                    Request("GET", "/a", base_url=f"http://{side}.example"),
                    Response(code, given, body),
                    "GET /a",
                ),
            ),
        )
        for side, body, given, code in (
            (Side.BASELINE, ours, headers, 404),
            (Side.CANDIDATE, theirs, other, status),
        )
    ]
    return Round(*sides)


def _is_known_after(first: Round, then: Round) -> bool:
    known = EqualAnswers()
    known.keep(known.key_of(first))
    return known.is_known(known.key_of(then))


def test_the_same_bytes_under_headers_that_were_compared_are_equal() -> None:
    later = (("Date", "tomorrow"), ("Content-Length", "3"), ("Server", "a"))
    assert _is_known_after(_round(), _round(b"[1]", b"[1]", headers=later, other=later))


def test_nothing_is_known_before_it_was_compared() -> None:
    known = EqualAnswers()
    assert not known.is_known(known.key_of(_round()))


def test_another_header_body_status_or_length_is_compared() -> None:
    assert not _is_known_after(_round(), _round(b"{}", b"[]"))
    assert not _is_known_after(_round(), _round(status=400))
    assert not _is_known_after(_round(), _round(other=(*HEADERS, ("Vary", "Origin"))))
    assert not _is_known_after(_round(), _round(other=HEADERS[1:]))
    longer = (HEADERS[0], ("Content-Length", "3"), HEADERS[2])
    assert not _is_known_after(_round(), _round(other=longer))


def test_bytes_that_name_one_side_are_compared() -> None:
    named = b"http://baseline.example/a"
    assert EqualAnswers().key_of(_round(named, named)) is None
