"""Secrets are taken out by the values seen, in every spelling, and nothing else is."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_cutover.backends.redaction import secret_texts
from pytest_cutover.backends.redaction.secrets import Secrets, is_secret_name

TOKEN = "s3cr3t/to ken+=with'odd\"signs"


@pytest.fixture
def secrets() -> Secrets:
    known = Secrets()
    known.add(TOKEN)
    return known


@pytest.mark.parametrize(
    "text",
    [TOKEN, quote(TOKEN, safe=""), json.dumps(TOKEN), repr(TOKEN)],
    ids=["plain", "url", "json", "repr"],
)
def test_every_spelling_goes(secrets: Secrets, text: str) -> None:
    assert "<secret>" in secrets.scrub(f"before {text} after")
    assert "s3cr3t" not in secrets.scrub(f"before {text} after")


def test_the_beginning_of_a_long_one_goes_with_what_is_left_of_it() -> None:
    known = Secrets()
    known.add("abcdefghijklmnopqrstuvwxyz0123456789")
    assert known.scrub("'abcdefghijklmn...456789' stays") == "'<secret>' stays"


@pytest.mark.parametrize("word", ["password", "token", "null", "true", "abc"])
def test_ordinary_words_are_no_secrets(word: str) -> None:
    known = Secrets()
    known.add(word)
    assert known.scrub(f"the {word} of x") == f"the {word} of x"


def test_a_short_secret_goes_only_where_it_is_a_word() -> None:
    known = Secrets()
    known.add("test")
    assert known.scrub("tests/test_it.py says 'test'") == "tests/test_it.py says '<secret>'"


def test_no_secret_is_found_in_the_label_of_another() -> None:
    known = Secrets()
    known.add("opensesame")
    known.add("secretly")
    known.add("cret #1x")
    assert known.scrub("opensesame") == "<secret>"


class Asked(str):
    """A text that counts how often it was searched."""

    searches = 0

    def __contains__(self, part: object) -> bool:
        self.searches += 1
        return isinstance(part, str) and super().__contains__(part)


def test_a_text_is_not_searched_for_each_of_many_secrets() -> None:
    known = Secrets()
    for number in range(2000):
        known.add(f"token-{number:06d}-{number * 7919:012d}")
    text = Asked("nothing to see here, " * 500)
    assert known.scrub(text) == text
    assert text.searches < 10


def test_many_are_found_by_their_ends_and_their_beginnings() -> None:
    known = Secrets()
    for number in range(1000):
        known.add(f"token-{number:06d}-{number * 7919:012d}-tail")
    text = f"a token-000500-{500 * 7919:012d}-tail b token-000501-0000"
    assert known.scrub(text) == "a <secret> b <secret>"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            "connected to postgresql://app:opensesame@db/x",
            "connected to postgresql://app:<secret>@db/x",
        ),
        ('{"password": "opensesame", "n": 1}', '{"password": "<secret>", "n": 1}'),
        ("Authorization: Bearer opensesame", "Authorization: Bearer <secret>"),
        ("Cookie: a=opensesame; b=opensesame", "Cookie: <secret>"),
        ("token_url = None and size=1000", "token_url = None and size=1000"),
    ],
)
def test_a_log_is_scrubbed_by_name_and_form_too(line: str, left: str) -> None:
    assert Secrets().scrub_log(line) == left


def test_variables_of_a_process_are_secrets_by_name_unless_they_are_plainly_none() -> None:
    known = Secrets()
    known.observe_environment(
        {
            "PWD": "/work",
            "AUTH_URL": "http://id.example/",
            "API_KEY": "ak-31415926",
            "SESSION": "gnome",
        }
    )
    assert known.values() == {"ak-31415926"}


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Ocp-Apim-Subscription-Key", True),
        ("X-RapidAPI-Key", True),
        ("connect.sid", True),
        ("account_sid", False),
        ("AccountSid", False),
        ("Idempotency-Key", False),
        ("primary_key", False),
    ],
)
def test_a_key_of_a_gateway_is_a_secret_and_the_name_of_an_account_is_none(
    name: str, secret: bool
) -> None:
    assert is_secret_name(name) is secret


@given(st.from_regex(secret_texts._NAME), st.sets(st.integers(0, 40)))
@example("ACCESS-TOKEN", {0})
@example("csrf", set())
@example("session", set())
@example("otp", set())
@example("order", set())
def test_the_short_look_for_a_telling_name_passes_none_over(text: str, capitals: set[int]) -> None:
    text = "".join(one.upper() if at in capitals else one for at, one in enumerate(text))
    spelled = secret_texts._CAMEL.sub("_", text).lower()
    assert is_secret_name(text) is (secret_texts._NAME.search(spelled) is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PATH=/bin DB_PASSWORD=tr0ub4dor-3 LANG=C", "PATH=/bin DB_PASSWORD=<secret> LANG=C"),
        ('{"error": "API_TOKEN=ab12cd34ef;x"}', '{"error": "API_TOKEN=<secret>;x"}'),
        ("SESSION=gnome TOKEN_PATH=/run/token MAX_TOKENS=4096", None),
        ("token=ab12cd34ef", None),
        ("a == b, KEY=, SECRET= none", None),
    ],
)
def test_the_value_of_a_telling_variable_goes_wherever_it_is_printed(
    text: str, expected: str | None
) -> None:
    assert (expected or text) == Secrets().scrub(text)


@pytest.mark.parametrize(
    "token",
    [
        "ghp_9aB8cD7eF6gH5iJ4kL3mN2oP1qR0sT9uV8wX",
        "glpat-9aB8cD7eF6gH5iJ4kL3m",
        "xoxb-123456789012-abcdefGHIJKLmnop",
        "sk_live_51HqLyjWDarjtT1zdp7dcXyZ",
        "AKIAIOSFODNN7EXAMPLQ",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "SG.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc",
        "xapp-1-A01BCDEFGHI-1234567890123-0a1b2c3d4e5f",
        "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",
        "dapi0123456789abcdef0123456789abcdef",
        "bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
    ],
)
def test_a_token_that_tells_who_issued_it_goes_out_of_any_text(token: str) -> None:
    """Nobody has to have seen it under a telling name."""
    for text in (f"use {token} for CI", f'{{"note": "{token}"}}', f"https://x/?t={token}&a=1"):
        assert token not in Secrets().scrub(text)
    for word in ("sk-SK", "ask_live_now", "xoxb-1", "AKIAKIAKIA", "MAKIAIOSFODNN7EXAMPLE"):
        assert Secrets().scrub(f"the {word} stays") == f"the {word} stays"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://hooks.slack.com/services/", "T024BE7LD/B0239PT04/XXyZ81mmB0c4Xy77Lp2sQ9"),
        ("https://discord.com/api/webhooks/", f"112233445566778899/{'aB3-dE5_fG' * 6}"),
    ],
)
def test_the_key_in_an_address_to_send_to_goes_and_the_address_stays(
    address: str, key: str
) -> None:
    """Who has such an address may write there; a path of the same form elsewhere is a path."""
    shown = Secrets().scrub(f'{{"hook": "{address}{key}"}}')
    assert key not in shown
    assert address in shown
    assert Secrets().scrub(f"/services/{key.partition('/')[0]}/a") == (
        f"/services/{key.partition('/')[0]}/a"
    )
