"""Secrets are taken out by the values seen, in every spelling, and nothing else is."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from pytest_cutover.backends.secrets import Secrets

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
    assert "<secret #1>" in secrets.scrub(f"before {text} after")
    assert "s3cr3t" not in secrets.scrub(f"before {text} after")


def test_the_beginning_of_a_long_one_goes_with_what_is_left_of_it() -> None:
    known = Secrets()
    known.add("abcdefghijklmnopqrstuvwxyz0123456789")
    assert known.scrub("'abcdefghijklmn...456789' stays") == "'<secret #1>' stays"


@pytest.mark.parametrize("word", ["password", "token", "null", "true", "abc"])
def test_ordinary_words_are_no_secrets(word: str) -> None:
    known = Secrets()
    known.add(word)
    assert known.scrub(f"the {word} of x") == f"the {word} of x"


def test_a_short_secret_goes_only_where_it_is_a_word() -> None:
    known = Secrets()
    known.add("test")
    assert known.scrub("tests/test_it.py says 'test'") == "tests/test_it.py says '<secret #1>'"


def test_no_secret_is_found_in_the_label_of_another() -> None:
    known = Secrets()
    known.add("opensesame")
    known.add("secretly")
    known.add("cret #1x")
    assert known.scrub("opensesame") == "<secret #1>"


def test_many_secrets_are_still_fast() -> None:
    known = Secrets()
    for number in range(2000):
        known.add(f"token-{number:06d}-{number * 7919:012d}")
    text = "nothing to see here, " * 500
    started = time.perf_counter()
    for _ in range(20):
        known.scrub(text)
    assert time.perf_counter() - started < 2.0
