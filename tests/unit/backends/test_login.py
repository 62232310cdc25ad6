"""The codes of a login that tries again."""

from __future__ import annotations

from pytest_cutover.backends.login import let_in
from pytest_cutover.core.exchange import Exchange, Generated, Request, Response

FIRST, SECOND = Generated("anna", "annabqwzxvbcm32"), Generated("anna", "annadqwzxvbcm53")


def asked(code: Generated, status: int) -> Exchange:
    request = Request("PUT", f"/users/{code.value}", (), f'{{"name": "{code.value}"}}'.encode())
    return Exchange(request, Response(status, (), b""), "PUT /users/{name}")


def test_a_try_that_was_refused_is_left_out() -> None:
    assert let_in([FIRST, SECOND], [asked(FIRST, 500), asked(SECOND, 201)]) == [SECOND]


def test_what_was_let_in_or_never_sent_is_kept() -> None:
    both = [FIRST, SECOND]
    assert let_in(both, [asked(FIRST, 409), asked(FIRST, 201), asked(SECOND, 201)]) == both
    assert let_in(both, [asked(SECOND, 201)]) == both


def test_a_label_keeps_its_codes_where_none_was_let_in() -> None:
    assert let_in([FIRST], [asked(FIRST, 401)]) == [FIRST]
