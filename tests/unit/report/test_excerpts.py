"""Two texts on one line of the screen: what is left of them is what differs."""

from __future__ import annotations

import pytest

from pytest_cutover.report.blocker import excerpts

NONCES = "274fd736e19b8fd65275d292915502aa", "54390f128e36b532e01a86bbad302031"


def digest(nonce: str, more: str) -> str:
    return f'Digest realm="me@example.com", nonce="{nonce}", opaque="{nonce[::-1]}", {more}'


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [('qop="auth"', 'qop="auth-int"'), ("algorithm=MD5", "algorithm=SHA-256"), ("", "stale=1")],
)
def test_a_nonce_that_stands_before_it_is_not_what_differs(ours: str, theirs: str) -> None:
    one, other = excerpts(digest(NONCES[0], ours), digest(NONCES[1], theirs), 30)
    assert (ours in one, theirs in other) == (True, True)
    assert one != other


def test_where_nothing_else_differs_it_is_shown() -> None:
    one, other = excerpts(digest(NONCES[0], "a"), digest(NONCES[1], "a"), 40)
    assert NONCES[0][:6] in one
    assert NONCES[1][:6] in other


def test_short_texts_are_shown_whole() -> None:
    assert excerpts("a 5", "a 6", 30) == ("a 5", "a 6")
