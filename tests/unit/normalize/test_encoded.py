"""What a text is decoded to, and what is no document at all."""

from __future__ import annotations

import base64
import random
import zlib

import pytest

from pytest_cutover.normalize.encoded import both_opened, opened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/admin/auth/user/12/change/", "/admin/auth/user/13/change/"),
        ("/accounts/XB07632881190437/deposits", "/accounts/XB07612295830642/deposits"),
        ("lots_of_gates_and_fences_v2", "lots_of_gates_and_fences_v3"),
    ],
)
def test_a_path_or_a_name_of_words_is_no_base64(one: str, other: str) -> None:
    assert both_opened(one, other) is None


def test_bytes_that_are_mostly_one_are_a_document() -> None:
    content = bytes(range(7, 60)) * 2
    one, other = (base64.b64encode(content + end).decode() for end in (b"\xf1\x0f", b"\x81\x0f"))
    found = both_opened(one, other)
    assert found is not None
    assert found[0].key == "bytes in base64"


def test_a_message_that_is_packed_without_a_head_is_a_document() -> None:
    """As a request of single sign-on is in a form."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    message = b"<AuthnRequest ID='_6f0c3c8e' AssertionConsumerServiceURL='https://a.example/acs'/>"
    found = opened(base64.b64encode(packer.compress(message) + packer.flush()).decode())

    assert found is not None
    assert found.key == "text in deflate in base64"


def test_random_bytes_are_packed_by_nobody() -> None:
    chance = random.Random(5)
    drawn = [base64.b64encode(chance.randbytes(64)).decode() for _ in range(2_000)]

    assert {opened(text) for text in drawn} <= {None}
