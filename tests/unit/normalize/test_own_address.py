"""Links of a side to itself are alike on both sides; a link that changed its kind is not."""

from __future__ import annotations

import json

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.normalize.normalized import normalize
from pytest_cutover.normalize.own_address import HOST, ORIGIN, OUTSIDE, address
from pytest_cutover.normalize.substitution import Substitution

HERE = address("http://127.0.0.1:5001")
BELOW = address("http://127.0.0.1:5001/api/v1", frozenset({"items"}), apart=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://127.0.0.1:5001/items", f"{ORIGIN}/items"),
        ("http://localhost:5001/items", f"{ORIGIN}/items"),
        ("https://127.0.0.1:5001/items", f"https://{HOST}/items"),
        ("//127.0.0.1:5001/items", f"//{HOST}/items"),
        ("ws://localhost:5001/feed", f"ws://{HOST}/feed"),
        ("at 127.0.0.1:5001 today", f"at {HOST} today"),
        (r"http:\/\/127.0.0.1:5001\/items", rf"{ORIGIN}\/items"),
        ("next=http%3A%2F%2F127.0.0.1%3A5001%2Fitems", f"next={ORIGIN}%2Fitems"),
        ("http://localhost:8000/items", "http://localhost:8000/items"),
        ("/items", "/items"),
    ],
)
def test_an_address_of_its_own_is_a_marker_and_another_scheme_or_port_is_not(
    text: str, expected: str
) -> None:
    assert HERE.text(text) == expected
    assert HERE.body(text.encode()) == expected.encode()


@pytest.mark.parametrize("large", [b"", b'{"port":5001,"at":"15:50","half":"50%"} ' * 1_000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see http://[::1]:5001/items", f"see {ORIGIN}/items"),
        ("next=http%3A%2F%2F%5B%3A%3A1%5D%3A5001%2Fitems", f"next={ORIGIN}%2Fitems"),
        ("next=http%3a%2f%2flocalhost%3a5001%2fitems", f"next={ORIGIN}%2fitems"),
        ("host localhost:5001 today", f"host {HOST} today"),
        ("port :5001, or 11%3, or 5001", "port :5001, or 11%3, or 5001"),
    ],
)
def test_an_address_is_found_in_a_body_of_any_size(text: str, expected: str, large: bytes) -> None:
    assert HERE.body(large + text.encode() + large) == large + expected.encode() + large


def test_a_host_without_a_port_is_its_own_under_its_scheme_only() -> None:
    own = address("https://shop.example.com")

    assert own.text("https://shop.example.com/x") == f"{ORIGIN}/x"
    assert own.text("http://shop.example.com/x") == f"http://{HOST}/x"
    assert own.text("mail to shop.example.com") == "mail to shop.example.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/api/v1/items/1", "/items/1"),
        ("/api/v1", "/"),
        ("/api/v1?page=2", "/?page=2"),
        ("/api/v10/items", "/api/v10/items"),
        ("/other/api/v1/x", "/other/api/v1/x"),
        ("http://127.0.0.1:5001/api/v1/items", f"{ORIGIN}/items"),
        ("http://127.0.0.1:5001/items", f"{ORIGIN}{OUTSIDE}/items"),
        ("at http://127.0.0.1:5001/api/v1/api/v1/items", f"at {ORIGIN}/api/v1/items"),
        ("/api/v1/api/v1/items", "/api/v1/items"),
        ('{"self": "/api/v1/items/1"}', '{"self": "/items/1"}'),
        (r'{"self": "\/api\/v1\/items\/1"}', r'{"self": "\/items\/1"}'),
        ('{"self": "/items/1"}', f'{{"self": "{OUTSIDE}/items/1"}}'),
        ('{"device": "/dev/null"}', '{"device": "/dev/null"}'),
        ('<a href="/api/v1/items">', '<a href="/items">'),
        ("back=%2Fapi%2Fv1%2Fitems", "back=%2Fitems"),
    ],
)
def test_a_base_path_is_nobodys_and_a_link_that_lost_it_is_told(text: str, expected: str) -> None:
    assert BELOW.text(text) == expected
    assert BELOW.body(text.encode()) == expected.encode()


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    odd = b"\xff\xfe /api/v1/items \x00\x80"

    assert BELOW.body(odd) == b"\xff\xfe /items \x00\x80"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Location", "/api/v1/items/1", "/items/1"),
        ("Location", "/login", f"{OUTSIDE}/login"),
        ("Link", "</api/v1/items?page=2>; rel=next", "</items?page=2>; rel=next"),
        ("Link", "</items?page=2>; rel=next", f"<{OUTSIDE}/items?page=2>; rel=next"),
        ("Set-Cookie", "a=1; Path=/api/v1; HttpOnly", "a=1; Path=/; HttpOnly"),
        ("Set-Cookie", "a=1; Path=/; HttpOnly", f"a=1; Path={OUTSIDE}/; HttpOnly"),
    ],
)
def test_headers_that_leave_the_base_are_told(name: str, value: str, expected: str) -> None:
    assert BELOW.header(name, value) == expected


def transcript(base_url: str, body: object) -> Transcript:
    exchange = Exchange(
        Request("GET", "/items", base_url=base_url),
        Response(200, (("Content-Type", "application/json"),), json.dumps(body).encode()),
        "GET /items",
    )
    return Transcript("test", Side.BASELINE, (exchange,))


def body_of(one: Transcript, other: Transcript) -> bytes:
    response = one.exchanges[0].response
    assert response is not None
    return Substitution.of(one, other).body(response.body)


def test_with_one_base_only_a_bare_path_may_be_below_it() -> None:
    root = transcript("http://a:1", {"self": "/items/1"})
    below = transcript("http://b:2/v2", {"self": "/v2/items/1"})
    bare = transcript("http://b:2/v2", {"self": "/items/1"})

    assert body_of(root, below) == body_of(below, root) == body_of(bare, root)


def test_with_two_bases_a_bare_path_is_outside_on_both() -> None:
    one = transcript("http://a:1/v1", {"self": "/v1/items/1", "path": "/items"})
    other = transcript("http://b:2/v2", {"self": "/v2/items/1", "path": "/items"})
    lost = transcript("http://b:2/v2", {"self": "/items/1", "path": "/items"})

    assert body_of(one, other) == body_of(other, one)
    assert body_of(one, lost) != body_of(lost, one)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("username-127-0-0-1-5001", f"username-{HOST}"),
        ("session_localhost_5001", f"session_{HOST}"),
        ("sid.5001", f"sid.{HOST}"),
        ("sid.5002", "sid.5002"),
        ("5001", "5001"),
        ("sid-5001-b", "sid-5001-b"),
        ("sid15001", "sid15001"),
        ("session_P5001", f"session_P{HOST}"),
    ],
)
def test_a_cookie_is_named_for_the_port_of_its_side(name: str, expected: str) -> None:
    value = "=5001-127-0-0-1-5001; Path=/; HttpOnly"
    assert HERE.header("Set-Cookie", name + value) == expected + value
    assert address("https://a.example.com").header("Set-Cookie", f"u-a-example-com{value}") == (
        f"u-{HOST}{value}"
    )


def test_a_cookie_of_another_name_or_that_is_lost_is_a_difference() -> None:
    def told(port: int, name: str) -> Transcript:
        request = Request("GET", "/", base_url=f"http://127.0.0.1:{port}")
        answer = Response(200, (("Set-Cookie", f"{name}=a; Path=/"),), b"")
        return Transcript("t", Side.BASELINE, (Exchange(request, answer, "GET /"),))

    def trees(*sides: tuple[int, str]) -> list[object]:
        seen = (normalize(told(*side))[0].response for side in sides)
        return [one and one.headers for one in seen]

    one, other = trees((5001, "user-127-0-0-1-5001"), (5002, "user-127-0-0-1-5002"))
    assert one == other
    one, other = trees((5001, "user-127-0-0-1-5001"), (5002, "user-127-0-0-1-5001"))
    assert one != other
