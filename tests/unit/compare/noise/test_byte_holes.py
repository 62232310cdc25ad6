"""Bytes with volatile pieces."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.noise import byte_holes
from pytest_cutover.normalize.matchers import ArrayPattern, Placeholder


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _departs(*bodies: bytes, golden: tuple[bytes, bytes]) -> bool:
    mask = byte_holes.learn(*map(_b64, golden))
    return byte_holes.departure(mask, *map(_b64, bodies)) is not None


PDF = "%PDF\0 /CreationDate (D:{}) /Id <{}> Total {} EUR"
FIRST = PDF.format("1764108001123", "00ff3c", 10).encode()
AGAIN = PDF.format("1764108001999", "a1003d", 10).encode()


def test_a_hole_is_the_whole_number_in_which_recordings_differ():
    assert byte_holes.learn(_b64(FIRST), _b64(AGAIN)) == ArrayPattern(
        (
            _b64(b"%PDF\0 /CreationDate (D:"),
            Placeholder(("13 digits",)),
            _b64(b") /Id <"),
            Placeholder(("6 bytes",)),
            _b64(b"> Total 10 EUR"),
        )
    )


@pytest.mark.parametrize(
    ("candidate", "departs"),
    [
        (PDF.format("1764999999999", "123456", 10), False),
        (PDF.format("1764999999999", "123456", 99), True),
        (PDF.format("176499999999x", "123456", 10), True),
        (PDF.format("1764999999999", "12345", 10), True),
        (PDF.format("1764999999999", "123456", 10) + "\n", True),
        (PDF.format("1764999999999", "123456", 10)[:-1], True),
    ],
)
def test_what_stands_between_holes_is_literal(candidate, departs):
    assert _departs(AGAIN, candidate.encode(), golden=(FIRST, AGAIN)) is departs


def test_a_departure_shows_the_bytes_around_it():
    mask = byte_holes.learn(_b64(FIRST), _b64(AGAIN))
    other = PDF.format("1764108001999", "a1003d", 99).encode()
    found = byte_holes.departure(mask, _b64(AGAIN), _b64(other))
    assert found is not None
    assert "Total 10 EUR" in found.baseline
    assert "Total 99 EUR" in found.candidate


def test_recordings_of_two_lengths_hold_nothing():
    assert byte_holes.learn(_b64(b"a\0"), _b64(b"ab\0")) == byte_holes.ANYTHING
    assert not _departs(b"a\0", b"zz", golden=(b"a\0", b"ab\0"))


def test_bytes_that_were_equal_by_chance_are_no_anchor():
    left, right = bytes(range(64)), bytes(255 - n for n in range(64))
    left, right = left[:30] + b"\x07" + left[31:], right[:30] + b"\x07" + right[31:]
    mask = byte_holes.learn(_b64(b"head" + left), _b64(b"head" + right))
    assert mask == ArrayPattern((_b64(b"head"), Placeholder(("64 bytes",))))


def test_what_was_volatile_stays_so_when_recorded_again():
    earlier = byte_holes.learn(_b64(b"at 12 of 9"), _b64(b"at 13 of 9"))
    assert byte_holes.learn(_b64(b"at 14 of 9"), _b64(b"at 14 of 9"), earlier) == earlier


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_changed_byte_outside_of_every_hole_departs(content, data):
    again = bytearray(content)
    at = data.draw(st.integers(0, len(content) - 1))
    again[at] ^= data.draw(st.integers(1, 255))
    mask = byte_holes.learn(_b64(content), _b64(bytes(again)))
    assert isinstance(mask, ArrayPattern)
    assert byte_holes.departure(mask, _b64(content), _b64(bytes(again))) is None
    place = 0
    for part in mask.items:
        size = len(base64.b64decode(part)) if isinstance(part, str) else 0
        if size:
            other = bytearray(content)
            other[place + data.draw(st.integers(0, size - 1))] ^= 1
            assert byte_holes.departure(mask, _b64(content), _b64(bytes(other))) is not None
        if not size:
            assert isinstance(part, Placeholder)
            size = int(part.formats[0].split()[0])
        place += size
    assert place == len(content)
