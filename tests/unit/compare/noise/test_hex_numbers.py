"""Random numbers in hex: without zeros in front, so that one in sixteen is a digit shorter."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.noise.constraints import conforms, formats_for
from tests.unit.compare.building import brief, exchange, judged, transcript

DIGITS = "c4b19e6d07f2835ab6e1d90c7f4a2e83b5d60917fca28e4d39b7c05e61f8a2d4"
OTHER = "91f0d3c7b58e2a46f7c91d0e3b6a5284ce70f91d2b8a6c35e4d7f1908b2c6ae5"
PADDED = "0" + OTHER[1:]


@pytest.mark.parametrize("form", ["0x{}", "<opaquelocktoken:0x{}>", "lock 0x{} is held"])
@pytest.mark.parametrize(
    ("known", "digits", "is_told"),
    [
        ((DIGITS, OTHER), DIGITS[::-1][:64], False),
        ((DIGITS, OTHER), DIGITS[1:], False),
        ((DIGITS, OTHER[1:]), OTHER[2:], False),
        ((DIGITS[1:], OTHER[1:]), DIGITS[::-1], False),
        ((DIGITS, OTHER), DIGITS[:32], True),
        ((DIGITS, OTHER), OTHER[:-1] + "g", True),
        ((DIGITS, OTHER), DIGITS + OTHER, True),
        # One that is filled up with zeros has a length.
        ((DIGITS, PADDED), OTHER[1:], True),
        ((DIGITS, PADDED), PADDED[::-1], False),
    ],
)
def test_a_number_may_be_a_digit_shorter(
    form: str, known: tuple[str, str], digits: str, is_told: bool
) -> None:
    first, again, cand = (
        transcript(exchange({"token": form.format(one)})) for one in (*known, digits)
    )
    found = brief(judged(first, cand, again=again, shared_state=False).differences)
    assert [where for _, where in found] == (["/token"] if is_told else [])


def test_a_token_and_a_hex_of_one_length_are_a_token_of_it() -> None:
    formats = formats_for(("ab12ab12ab12ab12", "zz12ab12ab12ab12"))
    assert formats == ("token 16",)
    assert conforms("yy12ab12ab12ab12", formats)
    assert not conforms("yy12ab12ab12ab1", formats)


def test_an_address_that_stands_still_is_held() -> None:
    address = "0x52908400098527886e0f7030069857d2e4169ee7"
    first, cand = (
        transcript(exchange({"wallet": one})) for one in (address, address.replace("52", "53"))
    )
    assert [where[:7] for _, where in brief(judged(first, cand).differences)] == ["/wallet"]
