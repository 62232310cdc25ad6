"""A session of an application that is configured for production holds on this machine."""

from __future__ import annotations

import httpx
import pytest

from pytest_cutover.backends.http.client import Backend
from pytest_cutover.core.exchange import Side


@pytest.mark.parametrize(
    ("base", "sent"),
    [
        ("http://127.0.0.1:8000", "sid=abc"),
        ("http://[::1]:8000", "sid=abc"),
        ("http://localhost", "sid=abc"),
        ("https://staging.example", "sid=abc"),
        ("http://staging.example", None),
    ],
)
def test_a_secure_cookie_is_sent_in_the_clear_to_this_machine_alone(
    base: str, sent: str | None
) -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "sid=abc; Path=/; Secure"})

    with Backend(Side.BASELINE, base_url=base, transport=httpx.MockTransport(answer)) as backend:
        backend.get("/login")
        backend.get("/me")
    assert asked == [None, sent]
