"""Secrets of every kind, planted in every position and encoding, go; ordinary values stay."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from pytest_cutover.backends.redaction.likeness import is_common, looks_generated
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.core.exchange import Exchange, Request, Response

KINDS = {
    "hex": "9f3bA7c1e5Wd2f40kQ9f3b",
    "sha": "c4f1d8e2b6a90735c4f1d8e2b6a90735",
    "base64": "uQ8rT2vXk5Lm9BzWuQ8rT2vX/a+b==",
    "prefixed": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "password": "h0rse-battery!staple",
    "number": "8675309867530986",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg",
}


def answer(body: str, kind: str = "application/json", **headers: str) -> Exchange:
    given = [("Content-Type", kind), *headers.items()]
    return Exchange(Request("GET", "/x"), Response(200, tuple(given), body.encode()), "GET /x")


def packed(secret: str) -> Exchange:
    """An answer in MessagePack."""
    head = bytes([0xA0 + len(secret)]) if len(secret) < 32 else bytes([0xD9, len(secret)])
    body = b"\x82\xa1n\x01\xa9api_token" + head + secret.encode()
    kind = ("Content-Type", "application/msgpack")
    return Exchange(Request("GET", "/x"), Response(200, (kind,), body), "GET /x")


def asked(target: str = "/x", body: str = "", endpoint: str = "GET /x", **headers: str) -> Exchange:
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(Request("POST", target, sent, body.encode()), Response(204), endpoint)


def escaped(secret: str) -> str:
    return quote(secret, safe="")


POSITIONS: dict[str, Callable[[str], Exchange]] = {
    "bearer": lambda s: asked(Authorization=f"Bearer {s}"),
    "basic": lambda s: asked(
        Authorization="Basic " + base64.b64encode(f"ada:{s}".encode()).decode()
    ),
    "key header": lambda s: asked(X_Api_Key=s),
    "gateway header": lambda s: asked(Ocp_Apim_Subscription_Key=s),
    "cookie sent": lambda s: asked(Cookie=f"lang=en; session={s}"),
    "cookie set": lambda s: answer("{}", **{"Set-Cookie": f"sid={s}; Path=/"}),
    "header in a text": lambda s: answer(
        json.dumps({"sent": f"Authorization: Bearer {escaped(s)}"})
    ),
    "query": lambda s: asked(f"/x?page=2&access_token={escaped(s)}"),
    "signed link sent": lambda s: asked(f"/x?sig={escaped(s)}"),
    "redirect query": lambda s: answer("", Location=f"/cb?token={escaped(s)}&x=1"),
    "redirect fragment": lambda s: answer("", Location=f"/cb#access_token={escaped(s)}&x=1"),
    "signed link": lambda s: answer(
        json.dumps({"src": f"https://a.example/1.png?X-Amz-Signature={escaped(s)}&n=1"})
    ),
    "member": lambda s: answer(json.dumps({"data": [{"refresh_token": s}]})),
    "camel member": lambda s: answer(json.dumps({"clientSecret": s})),
    "json in json": lambda s: answer(json.dumps({"text": json.dumps({"apiKey": s})})),
    "form": lambda s: asked(body=f"user=ada&password={escaped(s)}"),
    "multipart": lambda s: asked(
        body=f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{s}\r\n--b--'
    ),
    "xml": lambda s: answer(f"<a><Password>{s}</Password></a>", "application/xml"),
    "attribute": lambda s: answer(f'<db user="app" password="{s}"/>', "application/xml"),
    "input": lambda s: answer(f'<p><input value="{s}" name="api_key"></p>', "text/html"),
    "yaml": lambda s: answer(f"port: 1\noauth:\n  - client_secret: {s}\n", "application/yaml"),
    "yaml in quotes": lambda s: answer(f"api_key: '{s}'  # of the shop\n", "application/yaml"),
    "properties": lambda s: answer(f"port=1\r\nspring.db.password = {s}\r\n", "text/plain"),
    "toml": lambda s: answer(f'port = 1\n[db]\nsecret_key = "{s}"\n', "application/toml"),
    "column": lambda s: answer(f'name,api_key\r\n"ann, b",{s}\r\n', "text/csv"),
    "pair": lambda s: answer(json.dumps({"env": [{"name": "DB_PASSWORD", "value": s}]})),
    "value of a member": lambda s: answer(json.dumps({"dbPassword": {"value": s}})),
    "export": lambda s: answer(f"PORT=1\nexport STRIPE_SECRET='{s}'\n", "text/plain"),
    "dictionary": lambda s: answer(f"<pre>{{&#x27;PASSWORD&#x27;: &#x27;{s}&#x27;}}</pre>"),
    "hash": lambda s: answer(json.dumps({"error": f"['db_password' => '{s}', 'port' => 1]"})),
    "dump": lambda s: answer(
        f'<pre>array(1) {{\n  ["AWS_SECRET_KEY"]=>\n  string(9) "{s}"\n}}\n</pre>', "text/html"
    ),
    "printed array": lambda s: answer(f"Array\n(\n    [db_password] => {s}\n)\n", "text/plain"),
    "connection": lambda s: answer(
        json.dumps({"at": f"AccountName=shop;AccountKey={s};EndpointSuffix=a.example"})
    ),
    "cells": lambda s: answer(
        f"<tr><td>SECRET_KEY</td>\n <td class=code><pre>'{s}'</pre></td></tr>", "text/html"
    ),
    "packed": packed,
    "url": lambda s: answer(f"postgresql://app:{escaped(s)}@db/x", "text/plain"),
    "variable": lambda s: answer(f"PATH=/bin AWS_SECRET_ACCESS_KEY={s} LANG=C", "text/plain"),
    "graphql": lambda s: asked(
        body=json.dumps({"query": f'mutation {{ login(password: "{s}") }}'})
    ),
    "graphql in a query": lambda s: asked(
        "/graphql?query=" + quote(f'query {{ me(apiKey: "{s}") {{ id }} }}', safe="")
    ),
    "template": lambda s: asked(f"/x/{escaped(s)}", endpoint="POST /x/{token}"),
    "private key": lambda s: answer(
        f"-----BEGIN PRIVATE KEY-----\n{s}\n-----END PRIVATE KEY-----", "text/plain"
    ),
    "private key of PGP": lambda s: answer(
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{s}\n-----END PGP PRIVATE KEY BLOCK-----",
        "text/plain",
    ),
    "private key of SSH2": lambda s: answer(
        f"---- BEGIN SSH2 PRIVATE KEY ----\n{s}\n---- END SSH2 PRIVATE KEY ----",
        "text/plain",
    ),
    "private key of PuTTY": lambda s: answer(
        f"Public-Lines: 1\nAAAAB3\nPrivate-Lines: 1\n{s}\nPrivate-MAC: 8fe3", "text/plain"
    ),
}
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": escaped,
    "json": lambda s: json.dumps({"it": s}),
    "repr": repr,
    "line": lambda s: f"before {s} after",
}
# What cannot stand in a position, as it could not in the wild.
ODD = {("variable", "password"), ("connection", "password"), ("graphql", "base64")}


PLANTED = [(kind, where) for kind in KINDS for where in POSITIONS if (where, kind) not in ODD]


@pytest.mark.parametrize(("kind", "position"), PLANTED)
def test_a_planted_secret_is_nowhere(kind: str, position: str) -> None:
    known = Secrets()
    known.observe(POSITIONS[position](KINDS[kind]))

    for spelled in ENCODINGS.values():
        shown = known.scrub(spelled(KINDS[kind]))
        assert KINDS[kind] not in shown
        assert escaped(KINDS[kind]) not in shown


ORDINARY = [
    *("admin", "guest", "en-US", "de-DE", "10042", "acme-42", "evil-99", "dark", "Europe/Berlin"),
    *("2026-11-25", "2026-11-25T22:00:01Z", "v1.24.3", "1.0.0-rc.1", "application/json", "GMT+2"),
    *("warehouse-7", "SKU-100234", "LOT-2024-0007", "north", "north-east", "red", "XL", "42.50"),
    *("Oak table, large", "order-100045", "checkout", "page-2", "/t/acme-42/home", "index.html"),
    *(f"item-{n}" for n in range(50)),
    *(f"{1000 + n}" for n in range(50)),
    *(f"user{n}@example.com" for n in range(30)),
    *(f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(30)),
    *(f"Lot {n} of {n * 7}" for n in range(30)),
]


def test_two_hundred_ordinary_values_stay() -> None:
    assert len(ORDINARY) >= 200
    known = Secrets()
    for value in ORDINARY:
        known.observe(answer(json.dumps({"name": value, "items": [value]})))
        known.observe(answer("{}", **{"Set-Cookie": f"locale={value}; Path=/"}))
        known.observe(
            asked(f"/items/{escaped(value)}?q={escaped(value)}", Cookie=f"tenant={value}")
        )
        known.observe(answer("", Location=f"/items/{escaped(value)}#top"))
    shown = "\n".join(ORDINARY)

    assert known.scrub(shown) == shown
    assert not any(looks_generated(value) for value in ORDINARY)


VENDORS = [
    *("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "xoxb-1234-abcdefGHIJ", "AKIAIOSFODNN7EXAMPLE"),
    *("AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "glpat-zYxWvUtSrQpOnMlKjIhG"),
    *("sk-proj-Ab12Cd34Ef56Gh78Ij90Kl", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
]


@pytest.mark.parametrize("key", VENDORS)
def test_the_key_of_a_known_service_goes_wherever_it_stands(key: str) -> None:
    known = Secrets()
    known.observe(answer(f"use {key}, and nothing else", "text/plain"))
    assert key not in known.scrub(f"the text: {key}")


@pytest.mark.parametrize(
    "body",
    [
        "token_store: redis-cache\nsession_timeout: 1800\nauth: off-site\n",
        '<meta name="csrf-param" content="authenticity_token"><input type="password" value="">',
        "name,token_type\r\nann,bearer\r\n",
        json.dumps([{"name": "token_ttl", "value": "3600"}, {"name": "auth", "value": "basic"}]),
        "risk-free task-force sk-ate xoxo, and pk_live in words",
    ],
)
def test_words_beside_a_telling_name_stay(body: str) -> None:
    known = Secrets()
    known.observe(answer(body, "text/plain"))
    assert not known.values()


ONCE = {
    "code of a redirect": lambda s: answer("", Location=f"/cb?code={s}&state=abc"),
    "ticket of a redirect": lambda s: answer("", Location=f"https://a.example/?ticket={s}"),
    "redirect of a page": lambda s: answer(
        f'<meta http-equiv="refresh" content="0; url=/cb?code={s}&amp;x=1">', "text/html"
    ),
    "code in a form": lambda s: asked(body=f"grant_type=authorization_code&code={s}"),
    "verifier in a form": lambda s: asked(body=f"grant_type=x&code_verifier={s}"),
    "signature of a hook": lambda s: asked(X_Hub_Signature_256=f"sha256={s}"),
    "signature with a time": lambda s: asked(Stripe_Signature=f"t=1798761600,v1={s}"),
}


@pytest.mark.parametrize("position", ONCE)
def test_what_lets_in_once_is_nowhere(position: str) -> None:
    known = Secrets()
    known.observe(ONCE[position](KINDS["hex"]))
    assert KINDS["hex"] not in known.scrub(f"sent {KINDS['hex']} on")


@pytest.mark.parametrize("value", ["LOTKXWBRTPDM47", "SKU-100234", "validation_error", "en-US"])
def test_a_code_of_a_product_stays(value: str) -> None:
    known = Secrets()
    known.observe(answer("", Location=f"/lots?code={value}&ticket={value}"))
    known.observe(asked(f"/lots?code={value}", body=f"name=a&code={value}", X_Signature=value))
    assert not known.values()


def test_a_code_that_a_list_is_asked_for_stays_though_it_is_random() -> None:
    known, value = Secrets(), KINDS["hex"]
    page = json.dumps({"self": f"/lots?code={value}&page=2", "ticket": f"/tickets?ticket={value}"})
    known.observe(asked(f"/lots?code={value}"))
    known.observe(answer(page))
    assert not known.values()
    known.observe(asked(f"/oauth/callback?code={value}"))
    assert value in known.values()


def test_a_common_word_that_is_a_password_goes_beside_its_name_and_nowhere_else() -> None:
    known = Secrets()
    known.observe(asked(body=json.dumps({"user": "admin", "password": "admin"})))

    shown = known.scrub(
        'curl /admin/users -d \'{"user": "admin", "password": "admin"}\' -d password=admin'
    )

    assert shown == (
        'curl /admin/users -d \'{"user": "admin", "password": "<secret>"}\' -d password=<secret>'
    )
    assert is_common("admin")


def test_what_a_login_gave_is_a_credential_and_what_a_body_names_is_none() -> None:
    known = Secrets()
    known.observe_login(answer(json.dumps({"token": KINDS["prefixed"]})))
    known.observe(answer(json.dumps({"api_key": KINDS["sha"]})))
    known.observe(asked(Authorization=f"Bearer {KINDS['hex']}"))

    assert {KINDS["prefixed"], KINDS["hex"]} <= known.credentials()
    assert KINDS["sha"] not in known.credentials()
    assert KINDS["sha"] in known.values()


def test_a_private_key_with_escaped_line_ends_goes_and_a_certificate_stays() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\\nHc9KQnB4vY1sWd\\ntE6uL0pRz3Xg=\\n-----END RSA"
    known = Secrets()
    known.observe(answer(json.dumps({"pem": text.replace("\\n", "\n")})))

    assert "Hc9KQnB4vY1sWd" not in known.scrub("one Hc9KQnB4vY1sWd alone, and " + text)
    certificate = "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----"
    assert known.scrub(certificate) == certificate
