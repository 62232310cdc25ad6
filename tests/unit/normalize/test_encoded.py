"""What a text is decoded to, and what is no document at all."""

from __future__ import annotations

import base64

import pytest

from pytest_cutover.normalize.encoded import both_opened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/admin/auth/user/12/change/", "/admin/auth/user/13/change/"),
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
