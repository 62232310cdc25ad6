"""Sessions that a framework signs: one form, packed or not, and what they say is held."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from pytest_cutover.compare.diff.claims import departure
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.signed import said_in

MARKS = "xC5onq-F6gg5RBZErJZFfkIG7_E"


def signed(said: Any, *, packed: bool = False, at: str = "aWhBxg", mark: str = ".") -> str:
    content = json.dumps(said).encode()
    text = base64.urlsafe_b64encode(zlib.compress(content) if packed else content).decode()
    return mark.join([("." if packed else "") + text.rstrip("="), at, MARKS])


@pytest.mark.parametrize("mark", [".", ":"])
@pytest.mark.parametrize("packed", [False, True])
def test_packed_or_not_is_one_form(packed: bool, mark: str) -> None:
    value = signed({"user": 4, "role": "clerk"}, packed=packed, mark=mark)
    assert said_in(value) == {"user": 4, "role": "clerk"}
    assert formats.format_of(value) == "signed {role,user}"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("text", ["72c8c97ee12199e125df8bb0a31f844cb177f7eb", "anna", "Zoë"])
def test_the_token_of_a_form_is_a_text(text: str, packed: bool) -> None:
    value = signed(text, packed=packed)
    assert said_in(value) == {"text": text}
    assert formats.format_of(value) == "signed {text}"


@pytest.mark.parametrize(
    "text",
    [
        "eyJhIjoxfQ",
        signed([1]),
        signed({"a": 1}).removesuffix("7_E"),
        signed({"a": 1})[1:],
        ".eJwrongwrong.aWhBxg." + MARKS,
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert said_in(text) is None


def test_what_a_session_says_is_held() -> None:
    def told(one: Any, other: Any) -> object:
        return departure(signed(one), signed(other, at="aWhCxg"), lambda _one, _other: False)

    assert told({"id": 4, "role": "clerk"}, {"id": 7, "role": "clerk"}) is None
    assert told({"role": "clerk"}, {"role": "chief"}) is not None


def test_what_a_token_of_a_form_says_is_held() -> None:
    def told(one: str, other: str) -> object:
        return departure(signed(one), signed(other, at="aWhCxg"), lambda _one, _other: False)

    assert (
        told("72c8c97ee12199e125df8bb0a31f844cb177f7eb", "0500ff0dd13473e709b6c1024394e16f") is None
    )
    assert told("reset", "confirm") is not None
