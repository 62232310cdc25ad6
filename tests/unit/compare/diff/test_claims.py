"""A token is each side's own; what it grants, and for how long, is not."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest

from pytest_cutover.compare.diff import claims
from tests.unit.compare.building import JSON_HEADERS, NOON_S, brief, exchange, judged, transcript

UUID, NOON = "efc56624-f39c-4ce1-9a25-3a784324901d", int(NOON_S)


def jwt(seed: int = 1, *, lives_s: int = 3600, **says: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    now = int(NOON_S) + seed
    body = {"sub": "ann", "iat": now, "exp": now + lives_s, **says}
    signature = base64.urlsafe_b64encode(random.Random(seed).randbytes(32)).rstrip(b"=").decode()
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(body)}.{signature}"


def found(one: Any, other: Any) -> tuple[str, ...] | None:
    return claims.departure(one, other, lambda _one, _other: False)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"jti": "9f3bA7c1e5Wd2f40kQ"}, {"jti": "Zt81mmB0c4Xy77Lp2s"}),
        ({"uid": 12, "org": "17"}, {"uid": 40, "org": "3"}),
        ({"roles": ["reader", "writer"]}, {"roles": ["writer", "reader"]}),
        ({"iss": "http://127.0.0.1:5001"}, {"iss": "http://127.0.0.1:5002"}),
        (
            {"iss": "https://old.example/", "aud": "old.api"},
            {"iss": "https://new.example/", "aud": "new.api"},
        ),
        ({"lives_s": 3600}, {"lives_s": 3599}),
        ({"score": 1}, {"score": 1.5}),
        ({"sid": UUID}, {"sid": UUID.upper()}),
        ({"jti": "cGFzcyQhZW5k"}, {"jti": "abcdefghKLMN"}),  # one has digits by chance
        ({"made_at": NOON_S}, {"made_at": NOON_S + 9.5}),
    ],
)
def test_what_is_of_each_side(ours: Any, theirs: Any) -> None:
    assert found(jwt(1, **ours), jwt(2, **theirs)) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ({"role": "reader"}, {"role": "admin"}, ("claim role: text → text", "reader", "admin")),
        (
            {"realm_access": {"roles": ["user"]}},
            {"realm_access": {"roles": ["user", "admin"]}},
            ("claim realm_access.roles: text → text", "user", "admin, user"),
        ),
        (
            {"scope": "read:lots write:lots"},
            {"scope": "read:lots"},
            ("claim scope: text → text", "read:lots write:lots", "read:lots"),
        ),
        ({"mfa": True}, {"mfa": False}, ("claim mfa: text → text", "true", "false")),
        ({"lives_s": 3600}, {"lives_s": 60}, ("claim exp: lifetime → another", "3600 s", "60 s")),
        ({"uid": 12}, {"uid": "12"}, ("claim uid: number → string", "12", '"12"')),
        ({"org": {"id": 12}}, {"org": {"id": None}}, ("claim org.id: number → null", "12", "null")),
        ({"sid": UUID}, {"sid": "17"}, ("claim sid: uuid4 → digits", f'"{UUID}"', '"17"')),
        ({"jti": "x7"}, {"jti": ""}, ("claim jti: text → empty", '"x7"', '""')),
        ({"jti": "x7"}, {"jti": "undefined"}, ("claim jti: text → text", '"x7"', '"undefined"')),
        (
            {"auth_time": NOON},
            {"auth_time": 0},
            ("claim auth_time: a time → no time", f"{NOON}", "0"),
        ),
        (
            {"auth_time": NOON},
            {"auth_time": NOON * 1000},
            ("claim auth_time: epoch s → epoch ms", f"{NOON}", f"{NOON}000"),
        ),
    ],
)
def test_what_a_token_grants(ours: Any, theirs: Any, told: tuple[str, ...]) -> None:
    assert found(jwt(1, **ours), jwt(2, **theirs)) == told


def test_other_texts_say_nothing() -> None:
    assert found("a.b.c", jwt()) is None
    assert found(None, b"12") is None


@pytest.mark.parametrize("where", ["body", "cookie", "fragment"])
def test_a_token_is_held_wherever_it_stands(where: str) -> None:
    def login(seed: int, role: str) -> Any:
        token = jwt(seed, role=role)
        if where == "body":
            return exchange({"access_token": token}, method="POST", sent={})
        cookie = f"auth={token}; Path=/; HttpOnly"
        pair = ("Set-Cookie", cookie) if where == "cookie" else ("Location", f"/#token={token}")
        return exchange({"ok": True}, method="POST", sent={}, headers=(*JSON_HEADERS, pair))

    def beside(role: str) -> list[tuple[str, str]]:
        one, again, cand = (
            transcript(login(seed, said), secrets=[jwt(seed, role=said)])
            for seed, said in ((1, "reader"), (2, "reader"), (3, role))
        )
        return brief(judged(one, cand, again=again).differences)

    assert beside("reader") == []
    assert [kind in ("value", "header-value") for kind, _ in beside("admin")] == [True]


def test_the_token_that_a_request_sends_is_its_sides_own() -> None:
    def asked(seed: int, role: str) -> Any:
        one = exchange({"ok": True}, method="POST", sent={"token": jwt(seed, role=role)})
        return transcript(one, secrets=[jwt(seed, role=role)])

    both = asked(1, "reader"), asked(3, "admin")
    assert judged(*both, again=asked(2, "reader")).differences == ()
